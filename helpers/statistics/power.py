"""How many people it takes to see a difference: each computation of power once, for every room.

All of them are closed forms under the normal distribution, so that a whole curve costs nothing. ``alpha`` is the two-sided
level, ``power`` the chance to see the difference when it is there; 5 % and 80 % are the customary ones (Cohen 1988).
"""

import numpy as np
from scipy.stats import norm


def needed_z(alpha: float = 0.05, power: float = 0.8) -> float:
    """Return how many standard errors a true difference must measure to be seen: z(1 - alpha / 2) + z(power).

    Parameters
    ----------
    alpha : two-sided level, in (0, 1).
    power : chance to see the difference, in (0, 1).

    Returns
    -------
    About 2.80 for a level of 5 % and a power of 80 % (Cohen 1988, chapter 2).
    """
    return float(norm.ppf(1 - alpha / 2) + norm.ppf(power))


def arcsine_effect(rate: float, other_rate: float) -> float:
    """Return the difference of two shares on the scale where their variance is the same: Cohen's h (1988, chapter 6).

    Parameters
    ----------
    rate, other_rate : shares, 0 to 1; the effect is positive when the first is larger.
    """
    return float(2 * (np.arcsin(np.sqrt(rate)) - np.arcsin(np.sqrt(other_rate))))


def people_for_rates(rate: float, other_rate: float, *, holdout_share: float = 0.5, alpha: float = 0.05, power: float = 0.8) -> int:
    """Return how many people, both arms together, tell two shares apart (Cohen 1988, section 6.4).

    It is what statsmodels' ``NormalIndPower`` with ``proportion_effectsize`` solves for, in closed form.

    Parameters
    ----------
    rate, other_rate : the two shares, 0 to 1, not equal.
    holdout_share : part of the people in the smaller, untreated arm, in (0, 1).
    alpha, power : two-sided level, and chance to see the difference.
    """
    z = needed_z(alpha, power)
    return int(np.ceil((z / arcsine_effect(rate, other_rate)) ** 2 * (1 / holdout_share + 1 / (1 - holdout_share))))


def people_per_group(rate: float, other_rate: float, *, alpha: float = 0.05, power: float = 0.8) -> int:
    """Return the people in each of two groups of one size that tell two shares apart (Fleiss 1981, without continuity correction).

    Parameters
    ----------
    rate, other_rate : the two shares, in (0, 1), not equal.
    alpha, power : two-sided level, and chance to see the difference.
    """
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
