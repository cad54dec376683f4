"""How large and how long a pilot is, and the smallest effect that it can see."""

from dataclasses import asdict, dataclass

import pandas as pd

from helpers.phases.pilot.assignment import HOLDOUT
from helpers.phases.pilot.pace import Pace, PaceOf
from helpers.phases.pilot.power import days_needed, duration_curve, people_needed, smallest_rise
from helpers.phases.pilot.settings import Settings
from helpers.statistics.sequential import level_of_look


@dataclass(frozen=True)
class Size(Pace):
    """How large a pilot is and what it can see, at the pace of its people.

    Parameters
    ----------
    treated_people, holdout_people : people in each arm.
    days : length; days_needed : shortest length that sees the rise hoped for, None where none does.
    last_alpha : level at which the last look is read.
    smallest_rise : relative (0.2 is 20 % more); smallest_uplift : absolute (0.01 is one percentage point).
    people_needed : people, both arms together, for the rise hoped for; 0 where it cannot be said.
    """

    treated_people: int
    holdout_people: int
    days: int
    days_needed: int | None
    last_alpha: float
    smallest_rise: float
    smallest_uplift: float
    people_needed: int


def size_of(pace: PaceOf, drawn: pd.DataFrame, settings: Settings) -> tuple[Size, pd.DataFrame]:
    """Return the size of a pilot, and the curve of smallest rise by length (see ``power.duration_curve``).

    Parameters
    ----------
    pace : how many convert anyway, by length, from ``pace.pace_of``.
    drawn : the people's assignment.
    settings : length, shares, level and power.
    """
    holdout = int((drawn["treatment"] == HOLDOUT).sum())
    treated = len(drawn) - holdout
    level, power = level_of_look(settings.looks, settings.looks, settings.alpha), settings.power
    curve = duration_curve(pace, treated, holdout, most_days=settings.most_days, alpha=level, power=power)
    shortest = days_needed(curve, settings.hoped_rise)
    # As the client says; else as long as it takes; else as long as may be.
    days = settings.days or shortest or settings.most_days
    at_length = pace(days)
    rise = smallest_rise(at_length.base_rate, treated, holdout, alpha=level, power=power)
    needed = people_needed(at_length.base_rate, settings.hoped_rise, holdout_share=settings.holdout_share, alpha=level, power=power)
    size = Size(
        **asdict(at_length),
        treated_people=treated,
        holdout_people=holdout,
        days=days,
        days_needed=shortest,
        last_alpha=level,
        smallest_rise=rise,
        smallest_uplift=at_length.base_rate * rise,
        people_needed=needed,
    )
    return size, curve
