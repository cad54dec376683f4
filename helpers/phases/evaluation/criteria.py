"""The criteria set before the start, held against what was measured: an estimate with its interval per measure."""

from collections.abc import Mapping
from typing import Any, Literal

import numpy as np
import pandas as pd

from helpers.phases.evaluation.conversions import Difference
from helpers.phases.evaluation.readings import Readings
from helpers.phases.evaluation.revenue import Shift
from helpers.phases.evaluation.verdict import Money
from helpers.statistics.intervals import wilson

Figure = tuple[float, float, float]
Answer = Literal["met", "not_met", "unknown"]
UNKNOWN: Figure = (float("nan"), float("nan"), float("nan"))


def figures_of(people: pd.DataFrame, readings: Readings, money: Money, reached: Mapping[str, float]) -> dict[str, Figure]:
    """Return every measure that a criterion may name, as (estimate, low, high); NaN where it is not known.

    Parameters
    ----------
    people : one row per assigned person, with ``opted_out_now`` where objections are known.
    readings, money : the comparisons and what they are worth; reached : from ``balance.reach``.
    """
    return {
        "conversion_uplift": _ends(readings.conversions),
        "revenue_per_person": _ends(readings.revenue),
        "net_money": (money.net, money.low, money.high),
        # A count of everybody, and no sample: its interval is the figure itself.
        "reached_share": (reached["treated_reached"], reached["treated_reached"], reached["treated_reached"]),
        "opt_out_rate": _opt_outs(people),
    }


def _ends(comparison: Difference | Shift | None) -> Figure:
    return (comparison.difference, comparison.low, comparison.high) if comparison else UNKNOWN


def _opt_outs(people: pd.DataFrame) -> Figure:
    """Return the share of the treated who objected since the assignment."""
    if "opted_out_now" not in people:
        return UNKNOWN
    opted_out = people.loc[people["treated"], "opted_out_now"]
    low, high = wilson(int(opted_out.sum()), len(opted_out))
    return float(opted_out.mean()), float(low), float(high)


def check_criteria(plan: Mapping[str, Any], figures: Mapping[str, Figure]) -> pd.DataFrame:
    """Hold the criteria set before the start against what was measured.

    Parameters
    ----------
    plan : its ``criteria``: dicts with measure, at_least or at_most, surely.
    figures : measure to (estimate, low, high); NaN where not known.

    Returns
    -------
    One row per criterion: measure, at_least, at_most, surely, estimate, low, high, answer, ruled_out (its whole interval is on the
    wrong side, so that it is surely not met).
    """
    rows = []
    for criterion in plan.get("criteria") or ():
        figure = figures.get(criterion["measure"], UNKNOWN)
        least, most, surely = criterion.get("at_least"), criterion.get("at_most"), bool(criterion.get("surely", True))
        ruled_out = answer_of(figure, least, most, True) == "not_met"
        rows.append((criterion["measure"], least, most, surely, *figure, answer_of(figure, least, most, surely), ruled_out))
    columns = ["measure", "at_least", "at_most", "surely", "estimate", "low", "high", "answer", "ruled_out"]
    return pd.DataFrame(rows, columns=columns)


def by_the_estimate_only(row: Any) -> bool:
    """Return whether a row of ``check_criteria`` is met by its estimate, while a part of its interval does not meet it."""
    least = row.at_least if row.at_least == row.at_least else None  # in a frame, what is not there is NaN
    return row.answer == "met" and answer_of((row.estimate, row.low, row.high), least, row.at_most, True) != "met"


def answer_of(figure: Figure, least: float | None, most: float | None, surely: bool) -> Answer:
    """Return whether a figure meets its criterion: by its estimate, or surely, with its whole interval.

    Parameters
    ----------
    figure : estimate, low, high; NaN where not known.
    least, most : the border, as at least or as at most; the other is None.
    surely : True: the whole interval must meet it.
    """
    estimate, low, high = figure
    if np.isnan(estimate):
        return "unknown"
    border = least
    if border is None:
        # Turned round, "at most" is "at least" of the negative.
        border, estimate, low, high = -float(most or 0), -estimate, -high, -low
    if not surely:
        return "met" if estimate >= border else "not_met"
    if np.isnan(low):
        return "unknown"
    # "Surely at least nothing" asks for a gain: a lower end of exactly zero is not one.
    if low > border or (low == border and border != 0):
        return "met"
    return "not_met" if high < border else "unknown"
