"""Tables for people: the arms side by side, and go or no-go criterion by criterion."""

from typing import Any

from helpers.core.results import Verdict
from helpers.core.wording import _, currency_sign, day, money, percent
from helpers.phases.evaluation.criteria import by_the_estimate_only
from helpers.phases.evaluation.plan import arm_name
from helpers.phases.evaluation.result import Result
from helpers.phases.evaluation.verdict import STOPPED
from helpers.story import Table
from helpers.story.criteria import measure_names


def arms_table(result: Result) -> Table:
    """Return the arms side by side."""
    frame = result.profile.assign(arm=[arm_name(arm, result.plan) for arm in result.profile["arm"]])
    return Table(
        frame,
        (
            _("The arms side by side, up to {day}; they cannot be compared")
            if result.judgement.kind in STOPPED
            else _("The arms side by side, up to {day}")
        ).format(day=day(result.until)),
        {
            "arm": (_("Arm"), "text"),
            "people": (_("People"), "number"),
            "converted": (_("Converted"), "number"),
            "rate": (_("Share converted"), "percent1"),
            "revenue_per_person": (_("Revenue per person, {sign}").format(sign=currency_sign()), "money2"),
            "reached": (_("Really reached"), "percent"),
        },
    )


def criteria_table(result: Result) -> Table | None:
    """Return go / no-go criterion by criterion, as set before the start; None where none was."""
    if result.criteria.empty:
        return None
    criteria = result.criteria
    frame = criteria.assign(
        wanted=[_bound(row) for row in criteria.itertuples()],
        found=[_found(row) for row in criteria.itertuples()],
        measure=criteria["measure"].map(measure_names()),
        answer=[_answer(row) for row in criteria.itertuples()],
    )
    return Table(
        frame,
        _("Go or no-go: what has to hold") if "undeclared" in result.plan else _("Go or no-go: the criteria set before the start"),
        ({"arm": (_("Arm"), "text")} if "arm" in frame else {})
        | {
            "measure": (_("What is judged"), "text"),
            "wanted": (_("Wanted"), "text"),
            "found": (_("Found"), "text"),
            "answer": (_("Answer"), "verdict"),
        },
    )


def _answer(row: Any) -> Verdict:
    """Return the answer; what only the estimate meets is not as sure as what the whole interval meets."""
    if by_the_estimate_only(row):
        return Verdict("caution", _("met by the estimate only"))
    words = {"met": Verdict("go", _("met")), "not_met": Verdict("not_yet", _("not met")), "unknown": Verdict("caution", _("not known"))}
    return words[row.answer]


def _found(row: Any) -> str:
    """Return the estimate with its interval, where there is one."""
    estimate = _amount(row.measure, row.estimate)
    if row.low != row.low or row.low == row.high:
        return estimate
    return _("{estimate} (from {low} to {high})").format(
        estimate=estimate, low=_amount(row.measure, row.low), high=_amount(row.measure, row.high)
    )


def _bound(row: Any) -> str:
    # In a frame, a bound that is not there is NaN as soon as another row has one.
    has_least = row.at_least is not None and row.at_least == row.at_least
    pattern = {
        (True, True): _("surely at least {x}"),
        (True, False): _("at least {x}"),
        (False, True): _("surely at most {x}"),
        (False, False): _("at most {x}"),
    }[bool(has_least), bool(row.surely)]
    return pattern.format(x=_amount(row.measure, row.at_least if has_least else row.at_most))


def _amount(measure: str, value: float) -> str:
    if measure in ("net_money", "revenue_per_person"):
        return money(value, 2 if measure == "revenue_per_person" else 0)
    return percent(value, 1)
