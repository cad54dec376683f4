"""How sure: the same customers drawn again and again, and what stays."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.optimize import linear_sum_assignment

from helpers.analyses.clusters.fit import Fit, kmeans, nearest

# Resamples never need more customers than this; it keeps the cost linear for large firms.
RESAMPLE_AT_MOST = 5_000


@dataclass(frozen=True)
class Stability:
    """What stays when the customers are drawn again.

    Parameters
    ----------
    agreement : per resample, the adjusted Rand index with the groups (1 = the same, 0 = chance).
    jaccard : per group, the mean overlap with its best match in the resamples (0 to 1).
    centres : per resample, its centres renumbered to match the groups (NaN row: no match).
    """

    agreement: np.ndarray
    jaccard: np.ndarray
    centres: tuple[np.ndarray, ...]

    @property
    def weakest(self) -> float:
        """The overlap of the least stable group."""
        return float(self.jaccard.min())


def stability(scaled: np.ndarray, fit: Fit, resamples: int, seed: int) -> Stability:
    """Fit again on bootstrap resamples and compare, group by group.

    Cluster-wise Jaccard stability is Hennig (2007, Computational Statistics & Data Analysis 52);
    the adjusted Rand index is Hubert & Arabie (1985). Our convention: every customer is assigned
    to the resample's centres, drawn or not, and a resample holds at most 5,000 customers.
    Hennig reads at least 0.75 as stable and below 0.6 as not to be trusted.
    """
    rng = np.random.default_rng(seed)
    size, clusters = len(scaled), len(fit.centres)
    agreement, overlap, centres = [], [], []
    for _draw in range(resamples):
        rows = np.sort(rng.integers(0, size, min(size, RESAMPLE_AT_MOST)))
        again = kmeans(scaled[rows], clusters, int(rng.integers(2**31)), starts=3)
        labels = nearest(scaled, again.centres)
        both = np.bincount(fit.labels * clusters + labels, minlength=clusters**2).reshape(clusters, clusters)
        agreement.append(adjusted_rand(both))
        shared = _jaccard(both)
        overlap.append(shared.max(axis=1))
        centres.append(again.centres[linear_sum_assignment(-shared)[1]])
    return Stability(np.array(agreement), np.mean(overlap, axis=0), tuple(centres))


def adjusted_rand(both: np.ndarray) -> float:
    """Return the adjusted Rand index of a cross table of two groupings (1 = the same, 0 = chance).

    Hubert & Arabie (1985, Journal of Classification 2), from the table that is there already:
    scikit-learn's takes all labels, which costs more than the fits.
    """
    same, ours, theirs, all_ = (
        (counts * (counts - 1) / 2).sum() for counts in (both, both.sum(axis=1), both.sum(axis=0), both.sum(keepdims=True))
    )
    by_chance, most = ours * theirs / all_, (ours + theirs) / 2
    return float((same - by_chance) / (most - by_chance)) if most > by_chance else 1.0


def _jaccard(both: np.ndarray) -> np.ndarray:
    """Overlap of every group (rows) with every group of the resample (columns)."""
    either = both.sum(axis=1)[:, None] + both.sum(axis=0)[None, :] - both
    return both / np.maximum(either, 1)


def stay_share(scaled: np.ndarray, labels: np.ndarray, found: Stability) -> np.ndarray:
    """Return per customer the share of resamples (0 to 1) that give the matched group.

    Parameters
    ----------
    scaled : any customers, on the scale of the fit.
    labels : their groups (0, 1, …).
    found : from ``stability``; groups were matched one to one (Kuhn 1955) by overlap.
    """
    stays = np.zeros(len(scaled))
    for centres in found.centres:
        stays += nearest(scaled, centres) == labels
    return stays / max(1, len(found.centres))
