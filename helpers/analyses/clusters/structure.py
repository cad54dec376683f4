"""Are there natural groups? Stretches with few customers, against data without any structure.

Stability alone does not show structure: one smooth cloud is cut in the same place every time.
"""

from __future__ import annotations

import numpy as np
from scipy.optimize import isotonic_regression
from scipy.stats import norm, rankdata

from helpers.analyses.clusters.fit import Fit, kmeans
from helpers.analyses.clusters.scale import Scale

# Our convention: between two natural groups the customers are at most half as dense as in both.
EMPTY_ENOUGH = 0.5
LOOK_AT_MOST = 3_000
_EDGES = np.linspace(-0.25, 1.25, 13)
_BETWEEN = range(4, 8)


def spread_ties(features: np.ndarray, scale: Scale, seed: int) -> np.ndarray:
    """Return scaled features with ties spread evenly over the room of their value (our convention).

    Whole numbers leave empty stretches between 1 and 2 orders that mean nothing. A feature with
    many ties gets every value spread from halfway the previous to halfway the next one.
    """
    rng = np.random.default_rng(seed)
    low, high = features.astype(float).copy(), features.astype(float).copy()
    for place, column in enumerate(features.T):
        values, back = np.unique(column, return_inverse=True)
        if len(values) < 2 or len(values) > len(column) / 2:
            continue
        half = np.diff(values) / 2
        low[:, place] -= np.r_[half[0], half][back]
        high[:, place] += np.r_[half, half[-1]][back]
        if values[0] >= 0:
            low[:, place] = np.maximum(low[:, place], -0.5)
    start, stop = scale.apply(low), scale.apply(high)
    return start + (stop - start) * rng.random(features.shape)


def emptiness(scaled: np.ndarray, fit: Fit) -> float:
    """Return how empty the stretch between the two least separated groups is (at most 1).

    For every pair of groups the customers are seen along the line between the two centres: 1 is
    nobody in between, 0 is as dense in between as in the thinner group, below 0 is denser. The
    valley between two modes is the idea of Hartigan's dip (1985); this simple form is ours.
    """
    depth = 1.0
    for first in range(len(fit.centres)):
        for second in range(first):
            depth = min(depth, _valley(scaled, fit, first, second))
    return depth


def _valley(scaled: np.ndarray, fit: Fit, first: int, second: int) -> float:
    members = scaled[(fit.labels == first) | (fit.labels == second)]
    way = fit.centres[second] - fit.centres[first]
    length = way @ way
    if length == 0:
        return 0.0
    along = (members - fit.centres[first]) @ way / length
    counts = np.histogram(along, bins=_EDGES)[0].astype(float)
    dense = np.convolve(np.r_[counts[0], counts, counts[-1]], [0.25, 0.5, 0.25], "valid")
    tops = [min(dense[:bin_].max(), dense[bin_ + 1 :].max()) for bin_ in _BETWEEN]
    depths = [1 - dense[bin_] / top for bin_, top in zip(_BETWEEN, tops, strict=True) if top > 0]
    return max(depths, default=0.0)


def without_structure(scaled: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Draw customers like these, but without groups.

    Each feature keeps its own shape as far as one with a single peak can follow it (isotonic
    regression up to the peak and down after it, Barlow et al. 1972), and the features keep their
    correlation (Gaussian copula on normal scores). The combination as a null is our convention.
    """
    size, count = scaled.shape
    scores = norm.ppf((rankdata(scaled, axis=0) - 0.5) / size)
    together = np.atleast_2d(np.corrcoef(scores.T))
    drawn = rng.multivariate_normal(np.zeros(count), together, size, check_valid="ignore")
    columns = [_one_peak(scaled[:, place], norm.cdf(drawn[:, place])) for place in range(count)]
    return np.column_stack(columns)


def _one_peak(column: np.ndarray, chance: np.ndarray) -> np.ndarray:
    bins = int(np.clip(np.sqrt(len(column)), 10, 60))
    counts, edges = np.histogram(column, bins=bins)
    fits = [_up_and_down(counts / len(column), peak) for peak in range(bins)]
    best = min(fits, key=lambda dense: ((dense - counts / len(column)) ** 2).sum())
    return np.interp(chance, np.r_[0, np.cumsum(best) / best.sum()], edges)


def _up_and_down(dense: np.ndarray, peak: int) -> np.ndarray:
    up = isotonic_regression(dense[: peak + 1]).x
    down = isotonic_regression(dense[peak:], increasing=False).x
    return np.r_[up[:-1], max(up[-1], down[0]), down[1:]]


def seen(scaled: np.ndarray, seed: int) -> np.ndarray:
    """Return at most 3,000 customers, so that the comparison does not grow with the firm."""
    if len(scaled) <= LOOK_AT_MOST:
        return scaled
    rows = np.random.default_rng(seed).choice(len(scaled), LOOK_AT_MOST, replace=False)
    return scaled[np.sort(rows)]


def reference_emptiness(scaled: np.ndarray, clusters: int, references: int, seed: int) -> np.ndarray:
    """Return the emptiness that the same search finds in data without groups, per reference."""
    rng = np.random.default_rng(seed)
    found = []
    for _draw in range(references):
        copy = without_structure(scaled, rng)
        found.append(emptiness(copy, kmeans(copy, clusters, int(rng.integers(2**31)), starts=5)))
    return np.array(found)
