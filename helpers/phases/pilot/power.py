"""How small an effect a pilot can see, how many people it needs, and how many days.

Sizes are those of the test that will read the pilot, Newcombe's interval with arms of these sizes (``statistics.power``), at the
level of the last planned look (``statistics.sequential``), which makes the plan slightly careful (our convention).

A rise is relative, as marketing plans it. Where it would take more than everybody it is refused and not capped: a capped rise
would be another hope than the client's (our convention).
"""

import numpy as np
import pandas as pd

from helpers.phases.pilot.pace import PaceOf
from helpers.statistics.power import needed_z, people_for_rates, smallest_rate_seen

STEP_DAYS = 7


def is_possible(base_rate: float, rise: float) -> bool:
    """Return whether a relative rise leaves a share within 0 and 1; True where the base rate is not known."""
    return not base_rate * (1 + rise) > 1


def smallest_rise(base_rate: float, treated: int, holdout: int, *, alpha: float = 0.05, power: float = 0.8) -> float:
    """Return the smallest relative rise that is seen with the wanted power (1.61 means 161 % more).

    Parameters
    ----------
    base_rate : share that converts without the treatment, 0 to 1.
    treated, holdout : people in each arm.
    alpha, power : two-sided level, and the chance to see the rise when it is there.

    Returns
    -------
    Infinite when even everybody converting would not be enough, or an arm is empty; NaN for a base rate of 0.

    """
    if not 0 < base_rate < 1:
        return float("nan")
    return smallest_rate_seen(base_rate, treated, holdout, alpha=alpha, power=power) / base_rate - 1


def people_needed(base_rate: float, rise: float, *, holdout_share: float = 0.5, alpha: float = 0.05, power: float = 0.8) -> int:
    """Return how many people, both arms together, are needed to see a relative rise; 0 where it cannot be said."""
    if not 0 < base_rate < 1 or not 0 < base_rate * (1 + rise) <= 1 or rise == 0:
        return 0
    return people_for_rates(base_rate * (1 + rise), base_rate, holdout_share=holdout_share, alpha=alpha, power=power)


def smallest_difference(spread: float, treated: int, holdout: int, *, alpha: float = 0.05, power: float = 0.8) -> float:
    """Return the smallest difference of a mean that is seen, in the unit of ``spread`` (a standard deviation)."""
    if min(treated, holdout) < 1:
        return float("inf")
    return float(needed_z(alpha, power) * spread * np.sqrt(1 / treated + 1 / holdout))


def duration_curve(pace: PaceOf, treated: int, holdout: int, *, most_days: int, alpha: float, power: float) -> pd.DataFrame:
    """Return, week by week, the base rate and the smallest rise that a pilot of that length can see.

    Parameters
    ----------
    pace : from ``pace.pace_of``.
    treated, holdout : people in each arm.
    most_days : longest length considered.

    Returns
    -------
    One row per week: days, base_rate, conversions (expected without effect), smallest_rise.
    """
    # Whole weeks, because a week has its own rhythm; the longest length is shown even where it is none.
    lengths = sorted({*range(STEP_DAYS, most_days + 1, STEP_DAYS), most_days})
    rows = []
    for days in lengths:
        rate = pace(days).base_rate
        rise = smallest_rise(rate, treated, holdout, alpha=alpha, power=power)
        rows.append({"days": days, "base_rate": rate, "conversions": rate * (treated + holdout), "smallest_rise": rise})
    return pd.DataFrame(rows)


def days_needed(curve: pd.DataFrame, rise: float) -> int | None:
    """Return the shortest length that can see the rise, where it is possible at all; None when none of the curve can."""
    can_rise = np.array([is_possible(rate, rise) for rate in curve["base_rate"]], dtype=bool)
    long_enough = curve.loc[(curve["smallest_rise"] <= rise) & can_rise, "days"]
    return int(long_enough.iloc[0]) if len(long_enough) else None
