"""At which levels comparable customers really buy, told apart from the luck of a year.

A finite mixture of normal distributions (McLachlan and Peel, 2000) of how far customers lie from their peers, in logarithms:
one class means that all buy what their size implies and the rest is noise; a class below is a group that stays behind. The
number of classes is chosen by BIC (Schwarz, 1978; Fraley and Raftery, 2002). Where several years tell the noise, what is wider
than noise within a class lasts and counts as well; from one year alone it counts as noise.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import norm

Array = NDArray[np.float64]
CLASSES = 3  # at most; our convention
SMALLEST = 0.05  # a class holds at least so many of the customers, or it is taken for outliers (our convention)
ROUNDS = 50  # of the EM algorithm (Dempster, Laird and Rubin, 1977)
TINY = 1e-3  # a spread that counts as none


@dataclass(frozen=True)
class Levels:
    """Classes of levels, one fit per row (the customers as they are, or drawn again).

    Parameters
    ----------
    weights, centres : share and centre of each class, shape (rows, CLASSES); unused classes have no weight.
    variance : within a class, lasting and noise together; lasting : the part that lasts; both of shape (rows,).
    """

    weights: Array
    centres: Array
    variance: Array
    lasting: Array

    def reference(self, level: float) -> Array:
        """Return the level that only ``1 - level`` of the customers really exceed, per row."""
        spread = np.sqrt(self.lasting + TINY**2)[:, None]
        low, high = self.centres.min(axis=1) - 6 * spread[:, 0], self.centres.max(axis=1) + 6 * spread[:, 0]
        for _halving in range(25):
            middle = (low + high) / 2
            below = (self.weights * norm.cdf((middle[:, None] - self.centres) / spread)).sum(axis=1) < level
            low, high = np.where(below, middle, low), np.where(below, high, middle)
        return np.where(self.lasting > 0, high, self._class_at(level))

    def _class_at(self, level: float) -> Array:
        """Return the centre of the class that holds the quantile, where nothing lasts within classes."""
        order = np.argsort(self.centres, axis=1)
        reached = np.take_along_axis(self.weights, order, 1).cumsum(axis=1) >= level - 1e-9
        return np.take_along_axis(np.take_along_axis(self.centres, order, 1), reached.argmax(axis=1)[:, None], 1)[:, 0]

    def posterior(self, points: Array) -> tuple[Array, Array, Array]:
        """Return, for customers seen at ``points``, the chance of each class and mean and variance of the true level within it.

        Returns
        -------
        Chances and means of shape (rows, points, CLASSES), and variances of shape (rows, 1, 1).
        """
        logs, _ = _log_density(points, self.weights, self.centres, self.variance)
        chances = np.exp(logs - logs.max(axis=2, keepdims=True))
        kept = (self.lasting / self.variance)[:, None, None]  # reliability: the share of a difference that lasts
        centres = self.centres[:, None, :]
        means = centres + kept * (points[None, :, None] - centres)
        return chances / chances.sum(axis=2, keepdims=True), means, kept * (self.variance - self.lasting)[:, None, None]

    def expected(self, points: Array, level: float) -> tuple[Array, Array]:
        """Return what customers seen at ``points`` are expected to buy and to leave below the reference, shape (rows, points).

        Both as multiples of what peers buy: E[exp(true level)] and E[max(exp(reference) - exp(true level), 0)].
        """
        chances, means, variance = self.posterior(points)
        bought = np.exp(means + variance / 2)
        top, spread = self.reference(level)[:, None, None], np.sqrt(variance + TINY**4)
        at = (top - means) / spread
        behind = np.exp(top) * norm.cdf(at) - bought * norm.cdf(at - spread)
        return (chances * bought).sum(axis=2), (chances * np.maximum(behind, 0)).sum(axis=2)


def fit_levels(counts: Array, points: Array, noise: Array | None = None) -> Levels:
    """Return the classes of levels, one fit per row.

    Parameters
    ----------
    counts : customers seen at each point, shape (rows, points).
    points : how far customers lie from their peers, as logarithms of ratios, rising.
    noise : variance that one customer's figure has by itself, per row; None where one year alone cannot tell.
    """
    step = points[1] - points[0]
    least = np.full(len(counts), step**2) if noise is None else np.maximum(noise, step**2)
    fits = [_em(counts, points, classes, least) for classes in range(1, CLASSES + 1)]
    criteria = np.array([fit[3] for fit in fits])
    best = criteria.argmin(axis=0)
    weights, centres, variance = (np.take_along_axis(np.stack([fit[part] for fit in fits]), _pick(best, part), 0)[0] for part in range(3))
    lasting = np.zeros(len(counts)) if noise is None else np.maximum(variance - least, 0)
    return Levels(weights, centres, variance, lasting)


def _pick(best: NDArray[np.intp], part: int) -> NDArray[np.intp]:
    return best[None, :] if part == 2 else best[None, :, None]


def _em(counts: Array, points: Array, classes: int, least: Array) -> tuple[Array, Array, Array, Array]:
    """Return weights, centres, variance and BIC of a mixture with ``classes`` classes of one variance."""
    customers = counts.sum(axis=1)
    cumulated = counts.cumsum(axis=1) / customers[:, None]
    starts = (np.arange(classes) + 0.5) / classes
    centres = points[(cumulated[:, :, None] >= starts).argmax(axis=1)]
    mean, square = counts @ points / customers, counts @ points**2 / customers
    variance = np.maximum((square - mean**2) / classes, least)
    weights = np.full(centres.shape, 1 / classes)
    for _round in range(ROUNDS if classes > 1 else 1):
        # The square of a point is the same for all classes: the shares need only what is linear in it.
        logs = (centres / variance[:, None])[:, :, None] * points + (np.log(weights) - centres**2 / 2 / variance[:, None])[:, :, None]
        shares = np.exp(logs - logs.max(axis=1, keepdims=True))
        shares *= (counts / shares.sum(axis=1))[:, None, :]
        sizes = np.maximum(shares.sum(axis=2), 1e-9)
        centres, weights = shares @ points / sizes, sizes / customers[:, None]
        variance = np.maximum(square - (weights * centres**2).sum(axis=1), least)
    _logs, density = _log_density(points, weights, centres, variance)
    criterion = -2 * (counts * density).sum(axis=1) + 2 * classes * np.log(customers)
    empty = ((0, 0), (0, CLASSES - classes))
    padded = np.pad(weights, empty), np.pad(centres, empty, mode="edge")
    return *padded, variance, np.where(weights.min(axis=1) < SMALLEST, np.inf, criterion)


def _log_density(points: Array, weights: Array, centres: Array, variance: Array) -> tuple[Array, Array]:
    """Return the logarithm of each class's part of the density, and of the density, up to a constant."""
    spread = variance[:, None, None]
    distance = (points[None, :, None] - centres[:, None, :]) ** 2
    logs = np.log(np.maximum(weights, 1e-300))[:, None, :] - 0.5 * distance / spread - 0.5 * np.log(spread)
    top = logs.max(axis=2)
    return logs, top + np.log(np.exp(logs - top[:, :, None]).sum(axis=2))
