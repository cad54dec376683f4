"""How sure: the same customers drawn again and again (bootstrap), and what stays."""

from dataclasses import dataclass

import numpy as np
from scipy.optimize import linear_sum_assignment

from helpers.analyses.clusters.agreement import adjusted_rand_index
from helpers.analyses.clusters.kmeans import Fit, fit_kmeans, nearest_centre

# Resamples never need more customers than this; it keeps the cost linear for large firms.
RESAMPLE_AT_MOST = 5_000


@dataclass(frozen=True)
class Stability:
    """What stays when the customers are drawn again.

    Parameters
    ----------
    agreement : per resample, the adjusted Rand index with the groups (1 = the same, 0 = chance).
    jaccard : per group, the mean overlap with its best match in the resamples (0 to 1).
    centres : per resample, its centres renumbered to match the groups.
    """

    agreement: np.ndarray
    jaccard: np.ndarray
    centres: tuple[np.ndarray, ...]

    @property
    def weakest(self) -> float:
        """The overlap of the least stable group."""
        return float(self.jaccard.min())


def bootstrap_stability(scaled: np.ndarray, fit: Fit, resamples: int, seed: int) -> Stability:
    """Fit again on bootstrap resamples and compare, group by group.

    Cluster-wise Jaccard stability is Hennig (2007, Computational Statistics & Data Analysis 52);
    the adjusted Rand index is Hubert & Arabie (1985). Our convention: every customer is assigned
    to the resample's centres, drawn or not, and a resample holds at most 5,000 customers.
    Hennig reads at least 0.75 as stable and below 0.6 as not to be trusted.

    Parameters
    ----------
    scaled : the customers that were fitted, on the scale of the fit.
    fit : the groups that are judged.
    resamples : number of resamples.
    seed : whole number.
    """
    rng = np.random.default_rng(seed)
    size, clusters = len(scaled), len(fit.centres)
    agreements, overlaps, centres = [], [], []
    for _draw in range(resamples):
        rows = np.sort(rng.integers(0, size, min(size, RESAMPLE_AT_MOST)))
        refit = fit_kmeans(scaled[rows], clusters, int(rng.integers(2**31)), starts=3)
        labels = nearest_centre(scaled, refit.centres)
        cross = np.bincount(fit.labels * clusters + labels, minlength=clusters**2).reshape(clusters, clusters)
        agreements.append(float(adjusted_rand_index(cross)))
        overlap = _jaccard(cross)
        overlaps.append(overlap.max(axis=1))
        # Each group is matched to one group of the resample, and no two to the same (Kuhn 1955).
        centres.append(refit.centres[linear_sum_assignment(-overlap)[1]])
    return Stability(np.array(agreements), np.mean(overlaps, axis=0), tuple(centres))


def _jaccard(cross: np.ndarray) -> np.ndarray:
    """Overlap of every group (rows) with every group of the resample (columns)."""
    either = cross.sum(axis=1)[:, None] + cross.sum(axis=0)[None, :] - cross
    return cross / np.maximum(either, 1)


def share_of_resamples_alike(scaled: np.ndarray, labels: np.ndarray, stability: Stability) -> np.ndarray:
    """Return per customer the share of resamples (0 to 1) that give the matched group.

    Parameters
    ----------
    scaled : any customers, on the scale of the fit.
    labels : their groups (0, 1, …).
    stability : from ``bootstrap_stability``; its centres stand in the order of the groups.
    """
    alike = np.zeros(len(scaled))
    for centres in stability.centres:
        alike += nearest_centre(scaled, centres) == labels
    return alike / max(1, len(stability.centres))
