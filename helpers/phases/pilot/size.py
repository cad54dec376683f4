"""How large and how long a pilot is, and the smallest effect that it can see."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from helpers.phases.pilot.assignment import HOLDOUT
from helpers.phases.pilot.power import days_needed, duration_curve, people_needed, recent_order_share, smallest_rise
from helpers.phases.pilot.settings import Settings
from helpers.statistics.sequential import level_of_look


@dataclass(frozen=True)
class Size:
    """How large a pilot is and what it can see.

    Parameters
    ----------
    treated_people, holdout_people : people in each arm.
    days : length; days_needed : shortest length that sees the rise hoped for, None where none does.
    last_alpha : level at which the last look is read.
    base_rate : share (0 to 1) that converts in that time anyway; NaN where it is not known.
    smallest_rise : relative (0.2 is 20 % more); smallest_uplift : absolute (0.01 is one percentage point).
    people_needed : people, both arms together, for the rise hoped for; 0 where it cannot be said.
    """

    treated_people: int
    holdout_people: int
    days: int
    days_needed: int | None
    last_alpha: float
    base_rate: float
    smallest_rise: float
    smallest_uplift: float
    people_needed: int


def size_of(people: pd.DataFrame, drawn: pd.DataFrame, settings: Settings) -> tuple[Size, pd.DataFrame]:
    """Return the size of a pilot, and the curve of smallest rise by length (see ``power.duration_curve``).

    Parameters
    ----------
    people : the eligible people, with ``recency_days`` where orders are known.
    drawn : their assignment.
    settings : length, shares, level, power, and the client's own base rate where given.
    """
    holdout = int((drawn["treatment"] == HOLDOUT).sum())
    treated = len(drawn) - holdout
    level, power = level_of_look(settings.looks, settings.looks, settings.alpha), settings.power
    recency = people["recency_days"] if "recency_days" in people else pd.Series(np.nan, index=people.index)
    curve = duration_curve(recency, treated, holdout, most_days=settings.most_days, base_rate=settings.base_rate, alpha=level, power=power)
    shortest = days_needed(curve, settings.hoped_rise)
    # As the client says; else as long as it takes; else as long as may be.
    days = settings.days or shortest or settings.most_days
    rate = _base_rate(recency, days, settings)
    rise = smallest_rise(rate, treated, holdout, alpha=level, power=power)
    needed = people_needed(rate, settings.hoped_rise, holdout_share=settings.holdout_share, alpha=level, power=power)
    return Size(treated, holdout, days, shortest, level, rate, rise, rate * rise, needed), curve


def _base_rate(recency: pd.Series, days: int, settings: Settings) -> float:
    """Return the client's own rate, built up evenly to this length; the pace of the last days where none is given."""
    if settings.base_rate is None:
        return recent_order_share(recency, days)
    return settings.base_rate * min(1, days / settings.most_days)
