"""What was measured, as the criteria set before the start ask for it: an estimate with its interval per measure."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from helpers.phases.evaluation.conversions import Difference
from helpers.phases.evaluation.readings import Readings
from helpers.phases.evaluation.revenue import Shift
from helpers.phases.evaluation.verdict import Money
from helpers.statistics.intervals import wilson

Figure = tuple[float, float, float]
UNKNOWN: Figure = (float("nan"),) * 3


def figures_of(people: pd.DataFrame, found: Readings, money: Money, reached: Mapping[str, float]) -> dict[str, Figure]:
    """Return every measure that a criterion may name, as (estimate, low, high); NaN where it is not known.

    Parameters
    ----------
    people : one row per assigned person, with ``opted_out_now`` where objections are known.
    found, money : the comparisons and what they are worth; reached : from ``balance.reach``.
    """
    return {
        "conversion_uplift": _ends(found.conversions),
        "revenue_per_person": _ends(found.revenue),
        "net_money": (money.net, money.low, money.high),
        "reached_share": (reached["treated_reached"],) * 3,
        "opt_out_rate": _opt_outs(people),
    }


def _ends(found: Difference | Shift | None) -> Figure:
    return (found.difference, found.low, found.high) if found else UNKNOWN


def _opt_outs(people: pd.DataFrame) -> Figure:
    """Return the share of the treated who objected since the assignment."""
    if "opted_out_now" not in people:
        return UNKNOWN
    mine = people.loc[people["treated"], "opted_out_now"]
    low, high = wilson(int(mine.sum()), len(mine))
    return float(mine.mean()), float(low), float(high)
