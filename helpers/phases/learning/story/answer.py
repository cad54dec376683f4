"""Learning in words: what to show more often, what it would bring, and what it cannot say."""

import math

import numpy as np

from helpers.core.results import Action, Finding, KeyFigure, Refusal, Verdict
from helpers.core.wording import _, between, money, number, percent, plural
from helpers.phases.learning.off_policy import PolicyValue
from helpers.phases.learning.result import Result
from helpers.phases.learning.settings import Settings
from helpers.story import Actions, Answer, Reasoned, Sentence


def answer(result: Result | Refusal) -> Answer | Reasoned:
    """Return what the log says about other weights, or what to bring."""
    if isinstance(result, Refusal):
        return Reasoned(result)
    return Answer(headline(result), (value_sentence(result).text, cost_sentence(result).text), verdict(result))


def headline(result: Result) -> str:
    """Return the chapter's heading as a full sentence."""
    facts = {"after": percent(result.after.snips[0], 2), "before": percent(result.before.snips[0], 2)}
    if not result.after.known:
        return _("This log cannot say what new weights would bring, so there is no weights file")
    if result.is_worse:
        return _("The new weights would have brought less: {after} succeed instead of {before}").format(**facts)
    if not result.is_better:
        return _("Whether new weights do better than what is shown cannot be told yet: {range} succeed, against {before}").format(
            range=successes_range(result.after.snips), **facts
        )
    best = result.table.sort_values(["weight", "option"], ascending=[False, True]).iloc[0]
    text = _("Shown by the new weights, {after} succeed instead of {before}; {option} gets the most room, {share}")
    return text.format(option=best["option"], share=percent(best["weight"]), **facts)


def verdict(result: Result) -> Verdict:
    """Return whether the new weights are known to do better."""
    if not result.after.known:
        return Verdict("not_yet", _("cannot be known"))
    if result.is_worse:
        return Verdict("not_yet", _("worse"))
    return Verdict("go", _("better")) if result.is_better else Verdict("caution", _("not sure"))


def value_sentence(result: Result) -> Sentence:
    """Return what the new weights would have brought, or why that cannot be known."""
    if not result.after.known:
        return Sentence(reason(result.after, result.settings))
    return Sentence(
        _(
            "On rows they were not learnt from, the new weights would have had {after} successes, somewhere from "
            "{range}; what was shown had {before}. For the new weights these {rows} rows are worth {effective}."
        ).format(
            after=percent(result.after.snips[0], 2),
            range=successes_range(result.after.snips),
            before=percent(result.before.snips[0], 2),
            rows=number(result.after.rows),
            effective=number(result.after.effective),
        )
    )


def reason(value: PolicyValue, settings: Settings) -> str:
    """Return why a log cannot say what weights are value."""
    return {
        "few": _(
            "The log has {rows} rows, but for these weights it is worth only {effective}; below {least} any figure "
            "would be an accident. The heaviest row would count {largest} times."
        ),
        "successes": _(
            "For these weights the log is worth {effective} rows with {successes} successes; below {least_successes} successes any "
            "figure would be an accident. About {times} times as long a log would do."
        ),
        "share": _(
            "Of the {rows} rows only {share} count for these weights; below {least_share} any figure would be an "
            "accident. The heaviest row would count {largest} times."
        ),
        "unseen": _("The new weights give {unseen} of the room to options that this log never showed, so it cannot judge them."),
        "chance": _("The chance with which things were shown was not logged on every row, so other weights cannot be judged."),
    }[value.reason].format(
        rows=number(value.rows),
        effective=number(value.effective),
        least=number(settings.least_effective),
        successes=number(value.successes, 1),
        least_successes=number(settings.least_successes),
        times=number(np.ceil(settings.least_successes / max(value.successes, 0.1))),
        share=percent(value.effective_share, 1),
        least_share=percent(settings.least_effective_share),
        largest=number(value.largest),
        unseen=percent(value.unseen),
    )


def cost_sentence(result: Result) -> Sentence:
    """Return what exploring costs, in money where the value of a success is known."""
    simulation, value = result.simulation, result.value_of_success
    weeks = number(len(simulation.weekly))
    if math.isnan(value):
        return Sentence(
            _(
                "Finding the good options costs about {lost} successes in {weeks} weeks, against {equal} when all are "
                "shown equally often; in money once learning.value_of_success is filled in."
            ).format(lost=number(simulation.lost), weeks=weeks, equal=number(simulation.lost_equal))
        )
    return Sentence(
        _(
            "Exploring costs about {lost} in {weeks} weeks, against {equal} when all are shown equally often; the "
            "floor alone costs {floor} a week, and keeps every option known."
        ).format(
            lost=money(simulation.lost * value),
            weeks=weeks,
            equal=money(simulation.lost_equal * value),
            floor=money(simulation.floor_a_week * value),
        )
    )


def actions(result: Result) -> Actions:
    """Return what to do with the weights."""
    days = plural("{n} day", "{n} days", result.settings.batch_days)
    if result.is_worse:
        first = Action(_("Keep showing what is shown now, and log it"), verdict(result).word, "", rank=6)
    elif not result.is_better and result.after.known:
        first = Action(
            _("Go on showing what is shown now, and log the chance of everything shown: no weights file before new weights do better"),
            verdict(result).word,
            _("again in {days}").format(days=days),
            rank=6,
        )
    elif result.is_better:
        first = Action(
            _("Put weights.json where the site or mailing tool reads it, and log the chance of everything shown"),
            verdict(result).word,
            _("again in {days}").format(days=days),
            rank=5,
            chance=result.after.same_for_all,
        )
    else:
        first = Action(
            _("Show every option equally often, drawn by chance, and log the chance: then other weights can be judged"),
            _("certain"),
            _("before switching"),
            rank=5,
        )
    steps = [first]
    if result.positions.source in ("unknown", "contradicted"):
        steps.append(
            Action(
                _("Swap the places of the options by chance, so that the effect of the place can be measured"),
                _("certain"),
                _("makes the weights fair"),
                rank=6,
            )
        )
    return Actions(steps)


def finding(result: Result | Refusal) -> Finding:
    """Return the record for the summary and the next round."""
    if isinstance(result, Refusal):
        return Finding(result.heading, (result.gate.reason,), result.gate.verdict, rank=9)
    figures: tuple[KeyFigure, ...] = ()
    if result.after.known:
        figures = (
            KeyFigure(
                percent(result.after.snips[0], 2),
                _("successes by the new weights"),
                _("{range}; shown so far: {before}").format(
                    range=successes_range(result.after.snips), before=percent(result.before.snips[0], 2)
                ),
                rank=6,
                chance=result.after.same_for_all,
            ),
        )
    # Only "better" and "worse" claim something; that it cannot be told claims nothing.
    chance = result.after.same_for_all if result.is_better or result.is_worse else None
    records = figures, tuple(actions(result).actions)
    return Finding(headline(result), (value_sentence(result).text,), verdict(result), *records, rank=6, chance=chance)


def successes_range(interval: tuple[float, float, float]) -> str:
    """Return the ends of an interval of rates (estimate, low, high) in words."""
    return between(percent(interval[1], 2), percent(interval[2], 2))
