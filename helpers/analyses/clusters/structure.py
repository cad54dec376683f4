"""Are there natural groups? Stretches with few customers, against data without any structure.

Stability alone does not show structure: one smooth cloud is cut in the same place every time.
"""

import numpy as np
from scipy.optimize import isotonic_regression
from scipy.stats import norm, rankdata

from helpers.analyses.clusters.kmeans import Fit, fit_kmeans
from helpers.analyses.clusters.scale import Scale

# Our convention: between two natural groups the customers are at most half as dense as in both.
EMPTY_ENOUGH = 0.5
LOOK_AT_MOST = 3_000
# The line between two centres (0 and 1) and a quarter beyond each, in bins of an eighth. A valley is looked for in the
# middle half only: at the centres themselves it would be a hole inside a group.
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
        # The first and the last value have a neighbour on one side only: they get the same room on the other.
        low[:, place] -= np.r_[half[0], half][back]
        high[:, place] += np.r_[half, half[-1]][back]
        if values[0] >= 0:
            # What cannot be negative is spread no further below 0 than a rounded number can lie.
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
    line = fit.centres[second] - fit.centres[first]
    length = line @ line
    if length == 0:
        return 0.0
    along = (members - fit.centres[first]) @ line / length
    counts = np.histogram(along, bins=_EDGES)[0].astype(float)
    # Smoothed over three bins, so that one empty bin of a small group is no valley.
    dense = np.convolve(np.r_[counts[0], counts, counts[-1]], [0.25, 0.5, 0.25], "valid")
    depths = []
    for place in _BETWEEN:
        lower_peak = min(dense[:place].max(), dense[place + 1 :].max())
        if lower_peak > 0:
            depths.append(1 - dense[place] / lower_peak)
    return max(depths, default=0.0)


def structureless_copy(scaled: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Draw customers like these, but without groups.

    Each feature keeps its own shape as far as one with a single peak can follow it (isotonic
    regression up to the peak and down after it, Barlow et al. 1972), and the features keep their
    correlation (Gaussian copula on normal scores). The combination as a null is our convention.
    """
    size, count = scaled.shape
    scores = norm.ppf((rankdata(scaled, axis=0) - 0.5) / size)
    correlation = np.atleast_2d(np.corrcoef(scores.T))
    drawn = rng.multivariate_normal(np.zeros(count), correlation, size, check_valid="ignore")
    columns = [_draw_single_peaked(scaled[:, place], norm.cdf(drawn[:, place])) for place in range(count)]
    return np.column_stack(columns)


def _draw_single_peaked(column: np.ndarray, chance: np.ndarray) -> np.ndarray:
    """Values at the given quantiles (0 to 1) of the single-peaked density that follows the column best."""
    bins = int(np.clip(np.sqrt(len(column)), 10, 60))
    counts, edges = np.histogram(column, bins=bins)
    density = counts / len(column)
    fits = [_up_and_down(density, peak) for peak in range(bins)]
    best = min(fits, key=lambda fitted: ((fitted - density) ** 2).sum())
    return np.interp(chance, np.r_[0, np.cumsum(best) / best.sum()], edges)


def _up_and_down(density: np.ndarray, peak: int) -> np.ndarray:
    up = isotonic_regression(density[: peak + 1]).x
    down = isotonic_regression(density[peak:], increasing=False).x
    return np.r_[up[:-1], max(up[-1], down[0]), down[1:]]


def subsample(scaled: np.ndarray, seed: int) -> np.ndarray:
    """Return at most 3,000 customers, so that the comparison does not grow with the firm."""
    if len(scaled) <= LOOK_AT_MOST:
        return scaled
    rows = np.random.default_rng(seed).choice(len(scaled), LOOK_AT_MOST, replace=False)
    return scaled[np.sort(rows)]


def reference_emptiness(scaled: np.ndarray, clusters: int, references: int, seed: int) -> np.ndarray:
    """Return the emptiness that the same search finds in data without groups, per reference."""
    rng = np.random.default_rng(seed)
    depths = []
    for _draw in range(references):
        copy = structureless_copy(scaled, rng)
        depths.append(emptiness(copy, fit_kmeans(copy, clusters, int(rng.integers(2**31)), starts=5)))
    return np.array(depths)
