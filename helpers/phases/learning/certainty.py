"""How sure the weights are, and how they were computed."""

from helpers.core.wording import _, number, percent
from helpers.phases.learning.result import Result
from helpers.phases.learning.weights import SURE, effective_floor
from helpers.story import HowSure
from helpers.story.chance import chance_words


def how_sure(result: Result) -> HowSure:
    """Return the closed part of the chapter: method, checks, limits."""
    return HowSure({_("Method"): method(result), _("Checks"): checks(result), _("Limits"): limits(result)})


def method(result: Result) -> list[str]:
    """Return how weights and their value are computed."""
    thompson = _("Each option is shown as often as it may still be the best one, given its successes (Thompson sampling).")
    top_two = _("Half of that room goes to the runner-up, until one option is the best with a chance of {sure}.")
    return [
        thompson,
        *([top_two.format(sure=percent(SURE))] if result.settings.method == "top_two" else []),
        _("No option gets less than {floor}, so that every later log can still judge it.").format(
            floor=percent(effective_floor(result.settings.floor, len(result.table)), 1)
        ),
        _(
            "The value of other weights is read from the old log: each row counts as often as the new weights would "
            "have shown it, divided by how often it was shown. The weights that are judged were learnt on the earlier "
            "{past} of the log, and judged on the rest."
        ).format(past=percent(1 - result.settings.judge_share)),
    ]


def checks(result: Result) -> list[str]:
    """Return the figures that say how much the log can bear."""
    after = result.after
    if after.reason == "chance":
        return [_("The chances were not logged, so nothing could be checked.")]
    sentences = [
        _(
            "For the new weights {rows} rows are worth {effective} ({share}) with {successes} successes; the heaviest row counts "
            "{largest} times."
        ).format(
            rows=number(after.rows),
            successes=number(after.successes, 1),
            effective=number(after.effective),
            share=percent(after.effective_share, 1),
            largest=number(after.largest, 1),
        ),
        _("The rows count {mean} times on average; far from one means that the logged chances are not the real ones.").format(
            mean=number(after.mean, 2)
        ),
    ]
    if after.known and after.same_for_all:
        sentences.append(chance_words(after.same_for_all, lambda rate: percent(rate, 2)))
        sentences.append(
            _("Three ways of reading give {snips}, {ips} and {robust}.").format(
                snips=percent(after.snips[0], 2), ips=percent(after.ips[0], 2), robust=percent(after.doubly_robust[0], 2)
            )
        )
    return sentences


def limits(result: Result) -> list[str]:
    """Return what the weights cannot know."""
    return [
        _("The same weights go to everybody; what suits one kind of customer better is not learnt here."),
        _("Logged chances are checked over all customers; chances that are wrong for some kinds only may pass unseen."),
        _("The simulator takes the rates of the log for the truth; taste and season change them."),
    ]
