"""How many people it takes to see a difference: each computation of power once, for every room.

Shares are planned for the test that reads them, Newcombe's interval, with arms of any size: the chance is added up over what
the counts may be. Means are closed forms under the normal distribution. ``alpha`` is the two-sided level, ``power`` the chance
to see the difference when it is there; 5 % and 80 % are the customary ones (Cohen 1988).
"""

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq
from scipy.stats import binom, norm

from helpers.statistics.intervals import critical_value, wilson

LEAST_CONVERSIONS = 10  # expected in the smaller arm: with fewer no rates are compared (our convention)
_CELLS = 60  # into which the counts of an arm are put together: with these a power is right to three decimals

Floats = NDArray[np.float64]


def needed_z(alpha: float = 0.05, power: float = 0.8) -> float:
    """Return how many standard errors a true difference must measure to be seen: 2.80 for 5 % and 80 % (Cohen 1988, chapter 2)."""
    return float(norm.ppf(1 - alpha / 2) + norm.ppf(power))


def arcsine_effect(rate: float, other_rate: float) -> float:
    """Return the difference of two shares (0 to 1) on the scale where their variance is the same: Cohen's h (1988, chapter 6)."""
    return float(2 * (np.arcsin(np.sqrt(rate)) - np.arcsin(np.sqrt(other_rate))))


def chance_to_see(
    rate: float, people: int, other_rate: float, other_people: int, *, alpha: float = 0.05, least: int = LEAST_CONVERSIONS
) -> float:
    """Return the chance that Newcombe's interval (1998, method 10) of a difference lies on the true side of zero.

    Parameters
    ----------
    rate, people : share (0 to 1) and size of one arm; other_rate, other_people : of the other; the shares are not equal.
    alpha : two-sided level of the interval.
    least : conversions to expect in the smaller arm (both arms at one rate), or the pilot is not read; 0 for no such rule.

    Returns
    -------
    Exact but for putting the lower arm's counts together in cells; the chance to alarm on the wrong side is not counted.
    """
    if min(people, other_people) < 1:
        return 0.0
    (low_rate, low_people), (high_rate, high_people) = sorted([(rate, people), (other_rate, other_people)])
    # Counts further than six standard errors (and a few, where hardly any are expected) from the mean do not come up.
    middle, reach = low_people * low_rate, 6 * np.sqrt(low_people * low_rate * (1 - low_rate)) + 6
    edges = np.unique(np.rint(np.linspace(max(0, middle - reach), min(low_people, middle + reach), _CELLS + 1)))
    hits = np.concatenate([edges[:1], (edges[:-1] + 1 + edges[1:]) / 2])
    chances = np.diff(binom.cdf(edges, low_people, low_rate), prepend=0)
    seen_from = np.ceil(high_people * _share_above(hits, low_people, high_people, alpha) - 1e-9)
    read_from = np.ceil(least * (people + other_people) / min(people, other_people) - hits)
    return float(chances @ binom.sf(np.maximum(seen_from, read_from) - 1, high_people, high_rate))


def _share_above(hits: Floats, low_people: int, high_people: int, alpha: float) -> Floats:
    """Return the least share of one arm whose interval lies above what the other arm had (``hits`` of ``low_people``).

    Wilson's lower end l of a share p obeys p = l + z √(l (1 - l) / n), so the share is found by halving over that end.
    """
    z, share = critical_value(alpha), hits / low_people
    upper_part = wilson(hits, low_people, alpha)[1] - share
    below, above = share, np.ones_like(share)
    for _turn in range(24):
        end = (below + above) / 2
        spread = z * np.sqrt(end * (1 - end) / high_people)
        # Newcombe's lower end is above zero: the difference is longer than both parts at a right angle.
        is_seen = end + spread - share >= np.hypot(spread, upper_part)
        below, above = np.where(is_seen, below, end), np.where(is_seen, end, above)
    return above + z * np.sqrt(above * (1 - above) / high_people)


def people_for_rates(rate: float, other_rate: float, *, holdout_share: float = 0.5, alpha: float = 0.05, power: float = 0.8) -> int:
    """Return how many people, both arms together, tell two unequal shares apart with Newcombe's interval (see ``chance_to_see``).

    The first is the share of the treated, the other that of the people left out, who are the part ``holdout_share`` of all, in (0, 1).
    """

    def is_enough(people: int) -> bool:
        holdout = round(people * holdout_share)
        return chance_to_see(rate, people - holdout, other_rate, holdout, alpha=alpha) >= power

    # The textbook's number (Cohen 1988, section 6.4) is close: go up from it until it is enough, then halve the gap down to 0.2 %.
    enough = int((needed_z(alpha, power) / arcsine_effect(rate, other_rate)) ** 2 * (1 / holdout_share + 1 / (1 - holdout_share))) + 1
    too_few = enough // 2
    while not is_enough(enough):
        too_few, enough = enough, int(1.15 * enough) + 2
    while enough - too_few > max(1, enough // 500):
        middle = (too_few + enough) // 2
        too_few, enough = (too_few, middle) if is_enough(middle) else (middle, enough)
    return enough


def smallest_rate_seen(base_rate: float, treated: int, holdout: int, *, alpha: float = 0.05, power: float = 0.8) -> float:
    """Return the lowest share of the treated that is told from a lower ``base_rate`` of the holdout group; infinite where none is."""

    def short_of_power(angle: float) -> float:
        return chance_to_see(float(np.sin(angle) ** 2), treated, base_rate, holdout, alpha=alpha) - power

    if min(treated, holdout) < 1:
        return float("inf")
    # On the scale of the angle the spread is the same everywhere; at a right angle everybody converts.
    base, step = float(np.arcsin(np.sqrt(base_rate))), needed_z(alpha, power) * np.sqrt(1 / treated + 1 / holdout) / 2
    above = min(base + 1.1 * step, np.pi / 2)
    while short_of_power(above) < 0:
        if above == np.pi / 2:
            return float("inf")
        above = min(above + step / 2, np.pi / 2)
    return float(np.sin(brentq(short_of_power, base + step / 2, above, xtol=step / 1000)) ** 2)


def people_per_group(rate: float, other_rate: float, *, alpha: float = 0.05, power: float = 0.8) -> int:
    """Return the people in each of two groups that tell two unequal shares apart (Fleiss 1981, without continuity correction)."""
    mean = (rate + other_rate) / 2
    # Under "no difference" the spread is that of the mean; when there is one, each group has its own.
    spread = np.sqrt(2 * mean * (1 - mean)), np.sqrt(rate * (1 - rate) + other_rate * (1 - other_rate))
    top = norm.ppf(1 - alpha / 2) * spread[0] + norm.ppf(power) * spread[1]
    return int(np.ceil((top / (rate - other_rate)) ** 2))


def customers_per_arm(variance: float, difference: float) -> float:
    """Return the customers in each of two arms of one size that see a difference of two means (Cohen 1988, section 2.4).

    Parameters
    ----------
    variance : variance of the measure between customers, in its unit squared.
    difference : smallest difference worth seeing at 5 % with a power of 80 %, in the unit of the measure; not 0.
    """
    return float(np.ceil(2 * needed_z() ** 2 * variance / difference**2))
