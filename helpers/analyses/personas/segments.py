"""Visitors into segments: K-Means on a reduction of their words, or topics by factorisation.

Latent semantic analysis followed by K-Means is the usual way with texts (Deerwester et al. 1990;
the scikit-learn guide on clustering text). Whatever made the segments, each ends as one centre
in the space of words, and a visitor belongs to the nearest centre by cosine: that is the rule
that a web site can follow as well.
"""

import numpy as np
from scipy import sparse
from sklearn.cluster import KMeans
from sklearn.decomposition import NMF, TruncatedSVD

DIRECTIONS = 8  # used for K-Means: on a real site 8 gave steadier segments than 20 or 40
STARTS = 5


def reduce(matrix: sparse.csr_array, seed: int) -> np.ndarray:
    """Return the visitors in at most 8 directions, each row of length 1."""
    directions = min(DIRECTIONS, matrix.shape[1] - 1, matrix.shape[0] - 1)
    if directions < 1:
        return np.asarray(matrix.todense())
    space = TruncatedSVD(directions, random_state=seed).fit_transform(matrix)
    return space / np.maximum(np.linalg.norm(space, axis=1, keepdims=True), 1e-12)


def fit_centres(matrix: sparse.csr_array, space: np.ndarray, segments: int, seed: int, method: str) -> np.ndarray:
    """Return the centres of the segments in the space of words, each of length 1.

    Parameters
    ----------
    matrix : visitors × features, rows of length 1.
    space : what ``reduce`` returned for it (not used for topics).
    segments : how many.
    seed : of the random starts.
    method : "clusters" or "topics".
    """
    if method == "topics":
        model = NMF(segments, init="nndsvda", random_state=seed, max_iter=400, tol=1e-3)
        labels = model.fit_transform(matrix).argmax(axis=1)
    else:
        labels = KMeans(segments, n_init=STARTS, random_state=seed).fit_predict(space)
    return mean_rows(matrix, labels, segments)


def mean_rows(matrix: sparse.csr_array, labels: np.ndarray, segments: int) -> np.ndarray:
    """Return the mean row per label, scaled to length 1."""
    member = sparse.csr_array((np.ones(len(labels)), (labels, np.arange(len(labels)))), shape=(segments, len(labels)))
    total = np.asarray((member @ matrix).todense())
    return total / np.maximum(np.linalg.norm(total, axis=1, keepdims=True), 1e-12)


def assign(matrix: sparse.csr_array, centres: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the nearest centre of every row (from 0), and its margin over the second (0 to 1)."""
    # Rounded, because sums in another order differ in the last digit: equal behaviour, equal segment.
    likeness = np.round(np.asarray(matrix @ centres.T), 12)
    labels = likeness.argmax(axis=1)
    ordered = np.sort(likeness, axis=1)
    best, second = ordered[:, -1], ordered[:, -2]
    margin = np.divide(best - second, best, out=np.zeros_like(best), where=best > 0)
    return labels, margin


def by_size(matrix: sparse.csr_array, centres: np.ndarray) -> np.ndarray:
    """Return the centres with the largest segment first; segments without a visitor are left out."""
    labels, _margin = assign(matrix, centres)
    sizes = np.bincount(labels, minlength=len(centres))
    order = np.lexsort((np.arange(len(centres)), -sizes))
    return centres[[label for label in order if sizes[label] > 0]]
