"""Drawing again: what a figure could have been with other customers (bootstrap), or by chance alone (permutations).

Bootstrap with percentiles: Efron (1979); Efron and Tibshirani (1993), An Introduction to the Bootstrap, chapter 13.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.stats import rankdata

MIDDLE_95 = (0.025, 0.975)


def percentile_interval(draws: ArrayLike, ends: tuple[float, float] = MIDDLE_95) -> tuple[float, float]:
    """Return the ends between which the middle of the draws lies: a 95 % interval, unless ``ends`` names other shares of the draws."""
    low, high = np.quantile(np.asarray(draws, dtype=float), ends)
    return float(low), float(high)


def bootstrap_counts(size: int, draws: int, rng: np.random.Generator) -> NDArray[np.float64]:
    """Return how often each of ``size`` customers comes up when as many are drawn with putting back, shape (draws, size).

    Counts instead of rows, because a sum over a draw is then a product with the data, whatever their number.
    """
    return rng.multinomial(size, np.full(size, 1 / size), size=draws).astype(float)


def permutation_p_values(
    observed: ArrayLike, permuted: ArrayLike, near: ArrayLike | None = None
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the one-sided p-values of a statistic against its permutations: of one so large, and of one so small.

    The data as they are count as one permutation, so that no p-value is zero (Phipson and Smyth 2010).

    Parameters
    ----------
    observed : the statistic, or an array of them with a last axis of length one.
    permuted : the statistic in each permutation; the last axis is the permutation.
    near : how close to the observed one counts as equal, since sums in another order differ in their last digits; None for
        a billionth of one plus its size.
    """
    seen, dealt = np.asarray(observed, dtype=float), np.asarray(permuted, dtype=float)
    tolerance = 1e-9 * (1 + np.abs(seen)) if near is None else np.asarray(near, dtype=float)
    count = dealt.shape[-1] + 1
    as_large = (1 + (dealt >= seen - tolerance).sum(axis=-1)) / count
    return as_large, (1 + (dealt <= seen + tolerance).sum(axis=-1)) / count


def least_p_values(counts: np.ndarray) -> list[float]:
    """Return p-values of large counts, corrected for how many claims are read together (step-down minP; Westfall and Young 1993).

    Parameters
    ----------
    counts : rows are the data and each draw by chance, columns the claims; what claims have in common is not corrected for twice.
    """
    p_values = rankdata(-counts, "max", axis=0) / len(counts)
    order = np.argsort(p_values[0], kind="stable")
    least = np.minimum.accumulate(p_values[:, order[::-1]], axis=1)[:, ::-1]
    corrected = np.empty(len(order))
    corrected[order] = np.maximum.accumulate((least <= least[0]).mean(axis=0))
    return corrected.tolist()


def holm(p_values: list[float]) -> list[float]:
    """Return p-values corrected for how many were looked at (Holm 1979); missing ones (NaN) stay missing."""
    corrected = np.array(p_values, dtype=float)
    known = np.flatnonzero(~np.isnan(corrected))
    order = known[np.argsort(corrected[known], kind="stable")]
    steps = corrected[order] * np.arange(len(order), 0, -1)
    corrected[order] = np.minimum(np.maximum.accumulate(steps), 1.0)
    return corrected.tolist()
