"""How small an effect a pilot can see, how many people it needs, and how many days.

Proportions are compared through the arcsine of their root (Cohen 1988, chapter 6), as statsmodels' ``NormalIndPower``
with ``proportion_effectsize`` does; the formulas here are its closed form, so that a whole curve costs nothing. The
level used is that of the last planned look (see ``helpers.statistics.sequential``), which makes the plan slightly
careful (our convention).
"""

import numpy as np
import pandas as pd

from helpers.statistics.power import needed_z, people_for_rates

STEP_DAYS = 7


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
    if min(treated, holdout) < 1:
        return float("inf")
    effect = needed_z(alpha, power) * np.sqrt(1 / treated + 1 / holdout)
    # On the scale of the angle the effect is added to the base rate; at a right angle everybody converts.
    angle = np.arcsin(np.sqrt(base_rate)) + effect / 2
    return float("inf") if angle >= np.pi / 2 else float(np.sin(angle) ** 2 / base_rate - 1)


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


def recent_order_share(recency_days: pd.Series, days: int) -> float:
    """Return the share of these people that ordered in the last ``days`` days, read from their recency.

    It is what the same number of days without a pilot would bring, if the coming days are like the last ones; NaN where no order of
    any of them is known, since that says nothing of what they do.
    """
    if not recency_days.notna().any():
        return float("nan")
    return float((recency_days < days).sum() / len(recency_days))


def duration_curve(
    recency_days: pd.Series, treated: int, holdout: int, *, most_days: int, alpha: float, power: float, base_rate: float | None = None
) -> pd.DataFrame:
    """Return, week by week, the base rate and the smallest rise that a pilot of that length can see.

    Parameters
    ----------
    recency_days : days since the last order of the eligible people.
    treated, holdout : people in each arm.
    most_days : longest length considered; a ``base_rate`` given by the client belongs to this length, and is taken to
        build up evenly.

    Returns
    -------
    One row per week: days, base_rate, conversions (expected without effect), smallest_rise.
    """
    # Whole weeks, because a week has its own rhythm; the longest length is shown even where it is none.
    lengths = sorted({*range(STEP_DAYS, most_days + 1, STEP_DAYS), most_days})
    rows = []
    for days in lengths:
        rate = recent_order_share(recency_days, days) if base_rate is None else base_rate * days / most_days
        rise = smallest_rise(rate, treated, holdout, alpha=alpha, power=power)
        rows.append({"days": days, "base_rate": rate, "conversions": rate * (treated + holdout), "smallest_rise": rise})
    return pd.DataFrame(rows)


def days_needed(curve: pd.DataFrame, rise: float) -> int | None:
    """Return the shortest length that can see the rise; None when none of the curve can."""
    long_enough = curve.loc[curve["smallest_rise"] <= rise, "days"]
    return int(long_enough.iloc[0]) if len(long_enough) else None
