"""K-Means with groups in a fixed order: numbered from the lowest to the highest spend."""

import warnings
from dataclasses import dataclass

import numpy as np
from sklearn.cluster import KMeans
from sklearn.exceptions import ConvergenceWarning

MOST_CLUSTERS = 20  # as in the settings; one more distinct row than this is never needed


@dataclass(frozen=True)
class Fit:
    """Centres on the scale of the fit, and the group (0, 1, …) of every fitted customer."""

    centres: np.ndarray
    labels: np.ndarray

    @property
    def sizes(self) -> np.ndarray:
        """Customers per group."""
        return np.bincount(self.labels, minlength=len(self.centres))


def fit_kmeans(scaled: np.ndarray, clusters: int, seed: int, starts: int = 20) -> Fit:
    """Fit K-Means (Lloyd 1982, started by k-means++ of Arthur & Vassilvitskii 2007; scikit-learn).

    Parameters
    ----------
    scaled : rows = customers, in a fixed order.
    clusters : number of groups, at most the number of distinct rows.
    seed : whole number.
    starts : random starts, the best is kept.
    """
    model = KMeans(clusters, n_init=starts, random_state=seed)
    with warnings.catch_warnings():
        # A resample may hold fewer distinct customers than groups: an empty group is then the right answer.
        warnings.simplefilter("ignore", ConvergenceWarning)
        centres = model.fit(scaled).cluster_centers_
    return Fit(centres, nearest_centre(scaled, centres))


def nearest_centre(scaled: np.ndarray, centres: np.ndarray) -> np.ndarray:
    """Return for each customer the number of the nearest centre.

    Distances are summed feature by feature and not by a matrix product, so that two customers
    with equal behaviour get the equal group whatever row they stand in.
    """
    return squared_distances(scaled, centres).argmin(axis=1)


def squared_distances(scaled: np.ndarray, centres: np.ndarray) -> np.ndarray:
    """Return squared distances, rows = customers, columns = centres."""
    squared = np.zeros((len(scaled), len(centres)))
    for group, centre in enumerate(centres):
        for feature, coordinate in enumerate(centre):
            squared[:, group] += (scaled[:, feature] - coordinate) ** 2
    return squared


def order_by_spend(fit: Fit, monetary: np.ndarray) -> Fit:
    """Return the same groups, numbered from the lowest to the highest mean spend.

    Parameters
    ----------
    fit : groups in any order.
    monetary : spend of the fitted customers.
    """
    sizes = np.maximum(fit.sizes, 1)
    mean_spend = np.bincount(fit.labels, weights=monetary, minlength=len(fit.centres)) / sizes
    # Groups of equal spend are told apart by their centres, so that their numbers never depend on the random start.
    order = np.lexsort((*fit.centres.T[::-1], mean_spend))
    number = np.empty(len(order), dtype=int)
    number[order] = np.arange(len(order))
    return Fit(fit.centres[order], number[fit.labels])


def most_groups(features: np.ndarray) -> int:
    """Return how many groups could be told apart: the number of distinct rows (up to 21)."""
    return min(MOST_CLUSTERS + 1, len(np.unique(features, axis=0)))
