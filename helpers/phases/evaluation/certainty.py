"""How sure the verdict is: who was reached, were the arms alike, how was it computed, and the limits."""

import math

from helpers.core.wording import _, between, day, number, percent
from helpers.phases.evaluation.result import Result
from helpers.story import HowSure, Sentence


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
    return [
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
    ]


def _checks(result: Result) -> list[str]:
    checks = [_sizes(result), _came_back(result), *result.notes, balance_sentence(result).text]
    if result.drift and result.drift.holds:
        checks.append(_came_in(result))
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
    text = _("As many people came back of each arm, as far as the tables show it (p = {p}; below {stop} nothing is read).")
    return text.format(p=number(result.attrition.p_value, 3), stop=number(result.ratio.stop, 3))


def _came_in(result: Result) -> str:
    """Return when people came in, how long they had to convert, and that the split stayed the same."""
    first, last = result.table["assigned_time"].min(), result.table["assigned_time"].max()
    window = result.plan.get("days_to_convert")
    least, most = (window or (result.until - moment.date()).days for moment in (last, first))
    text = _(
        "People came in from {first} to {last} and had {days} days to convert, in all arms alike: the split between the arms stayed the "
        "same over time (p = {p})."
    )
    days = number(least) if least == most else between(number(least), number(most))
    return text.format(first=day(first), last=day(last), days=days, p=number(result.drift.p_value, 3))
