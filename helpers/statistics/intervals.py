"""Intervals of shares and of their differences: each once, for every room.

Wilson's interval (1927) of a share and Newcombe's hybrid of two of them (1998, method 10) for a difference keep what they
promise where few convert, unlike the textbook's (Newcombe 1998; Brown, Cai and DasGupta 2001).
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.stats import beta, norm
from statsmodels.stats.proportion import proportion_confint

Ends = tuple[NDArray[np.float64], NDArray[np.float64]]


def wilson(hits: ArrayLike, trials: ArrayLike, alpha: float = 0.05) -> Ends:
    """Return the ends of Wilson's interval of a share.

    Parameters
    ----------
    hits, trials : counts, or arrays of counts of the same shape; 0 ≤ hits ≤ trials.
    alpha : two-sided level in (0, 1); 0.05 for a 95 % interval.

    Returns
    -------
    Low and high, within 0 and 1; NaN where there are no trials.
    """
    of = np.asarray(trials, dtype=float)
    low, high = proportion_confint(np.asarray(hits, dtype=float), np.where(of > 0, of, np.nan), alpha, method="wilson")
    return np.asarray(low), np.asarray(high)


def share_and_interval(hits: int, trials: int) -> tuple[float, float, float]:
    """Return a share with its 95 % interval: share, low, high; three NaN without trials."""
    low, high = wilson(hits, trials)
    return (hits / trials if trials else float("nan")), float(low), float(high)


def newcombe(hits: ArrayLike, trials: ArrayLike, other_hits: ArrayLike, other_trials: ArrayLike, alpha: float = 0.05) -> Ends:
    """Return the ends of Newcombe's interval of a difference of two shares, the first minus the other.

    Parameters
    ----------
    hits, trials : counts of the first, or arrays of counts.
    other_hits, other_trials : counts of the other, of the same shape.
    alpha : two-sided level in (0, 1).

    Returns
    -------
    Low and high; NaN where either has no trials.
    """
    first_low, first_high = wilson(hits, trials, alpha)
    other_low, other_high = wilson(other_hits, other_trials, alpha)
    with np.errstate(invalid="ignore", divide="ignore"):
        first = np.asarray(hits, dtype=float) / np.asarray(trials, dtype=float)
        other = np.asarray(other_hits, dtype=float) / np.asarray(other_trials, dtype=float)
    low = first - other - np.hypot(first - first_low, other_high - other)
    return low, first - other + np.hypot(first_high - first, other - other_low)


def difference_and_interval(hits: int, trials: int, other_hits: int, other_trials: int) -> tuple[float, float, float]:
    """Return a difference of two shares with its 95 % interval: difference, low, high; NaN without trials."""
    if not trials or not other_trials:
        return (float("nan"),) * 3
    low, high = newcombe(hits, trials, other_hits, other_trials)
    return hits / trials - other_hits / other_trials, float(low), float(high)


def beta_interval(hits: ArrayLike, misses: ArrayLike) -> Ends:
    """Return the ends of the 95 % credible interval of a share whose chances follow a Beta (Gelman et al. 2013, section 2.4).

    Parameters
    ----------
    hits, misses : the two parameters of the Beta, above 0: what was counted plus what the prior weighs.
    """
    return np.asarray(beta.ppf(0.025, hits, misses)), np.asarray(beta.ppf(0.975, hits, misses))


def critical_value(alpha: float = 0.05) -> float:
    """Return how many standard errors the ends of a normal interval lie from its middle: 1.96 for a two-sided level of 5 %."""
    return float(norm.ppf(1 - alpha / 2))


def level_of(critical_value: float) -> float:
    """Return the two-sided level that belongs to a critical value of the normal distribution, such as 0.05 to 1.96."""
    return float(2 * norm.sf(critical_value))
