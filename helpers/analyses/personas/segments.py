"""Visitors into segments: K-Means on a reduction of their words, or topics by factorisation.

Latent semantic analysis followed by K-Means is the usual way with texts (Deerwester et al. 1990;
the scikit-learn guide on clustering text). Whatever made the segments, each ends as one centre
in the space of words, and a visitor belongs to the nearest centre by cosine: that is the rule
that a web site can follow as well.
"""

from __future__ import annotations

import numpy as np
from scipy import sparse
from sklearn.cluster import KMeans
from sklearn.decomposition import NMF, TruncatedSVD

REDUCED = 8  # directions kept before K-Means: on a real site 8 gave steadier segments than 20 or 40
STARTS = 5


def reduce(matrix: sparse.csr_array, seed: int) -> np.ndarray:
    """Return the visitors in at most 8 directions, each row of length 1."""
    kept = min(REDUCED, matrix.shape[1] - 1, matrix.shape[0] - 1)
    if kept < 1:
        return np.asarray(matrix.todense())
    space = TruncatedSVD(kept, random_state=seed).fit_transform(matrix)
    return space / np.maximum(np.linalg.norm(space, axis=1, keepdims=True), 1e-12)


def centres(matrix: sparse.csr_array, space: np.ndarray, segments: int, seed: int, method: str) -> np.ndarray:
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
    return means(matrix, labels, segments)


def means(matrix: sparse.csr_array, labels: np.ndarray, segments: int) -> np.ndarray:
    """Return the mean row per label, scaled to length 1."""
    member = sparse.csr_array((np.ones(len(labels)), (labels, np.arange(len(labels)))), shape=(segments, len(labels)))
    total = np.asarray((member @ matrix).todense())
    return total / np.maximum(np.linalg.norm(total, axis=1, keepdims=True), 1e-12)


def assign(matrix: sparse.csr_array, centre: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the nearest centre of every row, and its margin over the second (0 to 1)."""
    likeness = np.round(np.asarray(matrix @ centre.T), 12)  # equal behaviour, equal segment
    labels = likeness.argmax(axis=1)
    ordered = np.sort(likeness, axis=1)
    best, second = ordered[:, -1], ordered[:, -2]
    margin = np.divide(best - second, best, out=np.zeros_like(best), where=best > 0)
    return labels, margin


def by_size(matrix: sparse.csr_array, centre: np.ndarray) -> np.ndarray:
    """Return the centres with the largest segment first; segments without a visitor are left out."""
    labels, _ = assign(matrix, centre)
    sizes = np.bincount(labels, minlength=len(centre))
    order = np.lexsort((np.arange(len(centre)), -sizes))
    return centre[[at for at in order if sizes[at] > 0]]
