"""How sure the verdict is: who was reached, were the arms alike, how was it computed, and the limits."""

import math

from helpers.core.results import NEWS, Chance
from helpers.core.wording import _, between, day, money, number, percent
from helpers.phases.evaluation.conversions import Difference
from helpers.phases.evaluation.result import Result
from helpers.phases.evaluation.revenue import Shift
from helpers.story import HowSure, Sentence
from helpers.story.chance import chance_words


def reached_sentence(result: Result) -> Sentence:
    """Return who was really reached."""
    shares = result.reached
    if math.isnan(shares["treated_reached"]):
        return Sentence(_("Who was really reached is not known: no exposures were brought back, so everyone assigned counts."))
    text = _(
        "{treated} of the treated were really reached, and {held} of those left out all the same; everyone counts where the draw put them."
    ).format(treated=percent(shares["treated_reached"]), held=percent(shares["holdout_reached"], 1))
    return Sentence(text)


def balance_sentence(result: Result) -> Sentence:
    """Return whether the arms were alike before the start."""
    table = result.balance
    if table.empty:
        return Sentence(_("What was known of the people before the start was not kept, so balance cannot be checked."))
    uneven = table[~table["even"].astype(bool)]
    if uneven.empty:
        text = _("Before the start the arms were alike in all {n} features that are known.")
        return Sentence(text.format(n=number(len(table))))
    text = _("Before the start the arms differed in {n} of {all} features known, more than chance would do; read the result with care.")
    return Sentence(text.format(n=number(len(uneven)), all=number(len(table))))


def how_sure(result: Result) -> HowSure:
    """Return how it was computed, the checks, the looks, and the limits."""
    return HowSure(
        {
            _("Method"): _method(result),
            _("Checks"): _checks(result),
            _("Limits"): [_("An effect after {day} is not in these figures.").format(day=day(result.until))],
        }
    )


def _method(result: Result) -> list[str]:
    main, in_money = by_chance(result, main_comparison(result)), result.plan.get("main_metric") == "revenue"
    alone = (
        chance_words(main, lambda end: money(end, 2) if in_money else _("{points} points").format(points=number(100 * end, 1)))
        if main
        else ""
    )
    method = [
        _(
            "Everyone counts where the draw put them, reached or not. Shares: Newcombe's interval. Revenue: the treatments are dealt "
            "out again by chance many times (permutation test), because a few large orders mislead every usual test."
        ),
        _("Look {look} of {looks}, read at a level of {alpha}, so that all looks together alarm falsely in {whole} of cases.").format(
            look=number(result.look),
            looks=number(len(result.plan["look_dates"])),
            alpha=percent(result.alpha, 2),
            whole=percent(float(result.plan.get("alpha") or 0.05)),
        ),
        alone,
    ]
    return [sentence for sentence in method if sentence]


def main_comparison(result: Result) -> Difference | Shift | None:
    """Return the comparison of the metric that decides; None where several arms differ, since then nothing is said of all together."""
    if result.judgement.kind == "arms_differ":
        return None
    return result.revenue if result.plan.get("main_metric") == "revenue" else result.conversions


def by_chance(result: Result, comparison: Difference | Shift | None) -> Chance | None:
    """Return a difference beside what it is without an effect, held to the level of this look.

    Parameters
    ----------
    comparison : of the main metric, or of the other one; this one is news only where the main one is too, so that a second look is no
        second chance (tests in a fixed order; Maurer, Hothorn and Lehmacher 1995).
    """
    main = main_comparison(result)
    if comparison is None or main is None:
        return None
    half = (comparison.high - comparison.low) / 2
    p_values = [comparison.p_value, main.p_value]
    if result.judgement.kind == "described" or result.judgement.losses_unchecked:
        p_values.append(1.0)  # what was not declared, or may come of people lost, beats nothing
    if result.arm_verdicts:  # all together say no more than the arm that says most
        p_values.append(float(result.variants["p_holm"].astype(float).fillna(1.0).min()))
    p_value = min(1.0, max(p_values) * NEWS / result.alpha)
    return Chance(comparison.difference, 0.0, -half, half, p_value, _("Without an effect the draw alone moves the arms that far apart."))


def _checks(result: Result) -> list[str]:
    checks = [_sizes(result), _came_back(result), *result.notes, balance_sentence(result).text]
    if result.drift and result.drift.holds:
        checks.append(_came_in(result, result.drift.p_value))
    variance_left = result.quality["variance_left"]
    # NaN, where revenue was not read, is not below one either.
    if variance_left < 1:
        text = _("The spend before explains {share} of the differences in revenue between people.")
        checks.append(text.format(share=percent(1 - variance_left)))
    return [check for check in checks if check]


def _sizes(result: Result) -> str:
    """Return how the sizes of the arms compare with the plan; empty for a draw of our own, which has the planned sizes by itself."""
    if "undeclared" not in result.plan:
        return ""
    sizes = _("Sizes of the arms against the plan: p = {p}; a deviation of {points} percentage points would nearly surely be seen.")
    if not result.plan.get("shares_declared", True):
        sizes = _(
            "No shares were declared, so the sizes of the arms were held against equal ones: p = {p}; below {stop} the test is only "
            "described. A deviation of {points} percentage points would nearly surely be seen."
        )
    p, points = number(result.ratio.p_value, 3), number(100 * result.ratio.detectable, 1)
    return sizes.format(p=p, points=points, stop=number(result.ratio.stop, 3))


def _came_back(result: Result) -> str:
    """Return whether people of one arm were lost on the way back."""
    if result.attrition is None:
        return _("Whether more people were lost in one arm than in another is not known: nothing that came back names them all.")
    if not result.attrition.holds:
        return ""
    text = _(
        "As many people came back of each arm, as far as the tables show it (p = {p}; below {stop} nothing is read): a loss of {loss} of "
        "one arm would nearly surely be seen."
    )
    facts = {"p": number(result.attrition.p_value, 3), "stop": number(result.ratio.stop, 3)}
    return text.format(**facts, loss=percent(min(1.0, result.attrition.detectable), 1))


def _came_in(result: Result, p_value: float) -> str:
    """Return when people came in, how long they had to convert, and that the split stayed the same."""
    first, last = result.table["assigned_time"].min(), result.table["assigned_time"].max()
    window = result.plan.get("days_to_convert")
    least, most = (window or (result.until - moment.date()).days for moment in (last, first))
    text = _(
        "People came in from {first} to {last} and had {days} days to convert, in all arms alike: the split between the arms stayed the "
        "same over time (p = {p})."
    )
    days = number(least) if least == most else between(number(least), number(most))
    return text.format(first=day(first), last=day(last), days=days, p=number(p_value, 3))
