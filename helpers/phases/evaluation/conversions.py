"""Conversions of treated people against the holdout group: the difference of two rates and its interval.

The interval is Newcombe's (1998, method 10: two Wilson intervals joined), which holds its level also for small
counts, and never leaves the possible range. Its p-value is the level at which the interval just touches zero (our
convention, so that test and interval cannot disagree). Below ``least`` expected conversions in the smaller arm no
test is worth its name: the answer is "too little data". That rule looks at both arms together, so that applying it
does not spoil the level.
"""

from dataclasses import dataclass

from helpers.statistics.intervals import level_of, newcombe


@dataclass(frozen=True)
class Difference:
    """Two rates and their difference: treated minus holdout group.

    Parameters
    ----------
    treated, treated_people, holdout, holdout_people : converted people and all people of each arm.
    difference : difference of the rates; ``low`` and ``high`` its interval.
    p_value : two-sided.
    """

    treated: int
    treated_people: int
    holdout: int
    holdout_people: int
    difference: float
    low: float
    high: float
    p_value: float

    @property
    def treated_rate(self) -> float:
        """Share of the treated that converted."""
        return self.treated / self.treated_people

    @property
    def holdout_rate(self) -> float:
        """Share of the holdout group that converted."""
        return self.holdout / self.holdout_people


def compare_conversions(treated: int, treated_people: int, holdout: int, holdout_people: int, *, alpha: float = 0.05) -> Difference:
    """Compare the rates of two arms.

    Parameters
    ----------
    treated, holdout : people who converted in each arm.
    treated_people, holdout_people : all people assigned to each arm, reached or not (intention to treat).
    alpha : two-sided level.

    Raises
    ------
    ValueError : when an arm is empty.
    """
    if min(treated_people, holdout_people) < 1:
        raise ValueError("both arms need at least one person")
    low, high = newcombe(treated, treated_people, holdout, holdout_people, alpha)
    difference = treated / treated_people - holdout / holdout_people
    p_value = _p_value(treated, treated_people, holdout, holdout_people)
    return Difference(treated, treated_people, holdout, holdout_people, difference, float(low), float(high), p_value)


def _p_value(treated: int, treated_people: int, holdout: int, holdout_people: int) -> float:
    """Return the level at which the interval just touches zero, by halving over its critical value."""
    # Beyond 38 standard errors a level is too small to be written as a number.
    inside, outside = 0.0, 38.0
    for _turn in range(60):
        middle = (inside + outside) / 2
        low, high = newcombe(treated, treated_people, holdout, holdout_people, level_of(middle))
        if low > 0 or high < 0:
            inside = middle
        else:
            outside = middle
    return level_of(inside)


def enough_expected(converted: int, treated_people: int, holdout_people: int, least: int) -> bool:
    """Return whether the smaller arm may expect at least ``least`` conversions if there is no effect."""
    people = treated_people + holdout_people
    return people > 0 and converted * min(treated_people, holdout_people) / people >= least
