"""Words that distinguish a segment, and not words that are merely frequent.

Log-odds ratio with an informative Dirichlet prior (Monroe, Colaresi and Quinn 2008, "Fightin'
Words", equations 16 and 22), counted over visitors and not over views, so that one busy visitor
does not speak for a segment. The prior is the whole site's use of words; its weight is our choice.
"""

import numpy as np
import pandas as pd
from scipy import sparse

SIGNIFICANT_Z = 1.96  # beyond what chance gives one word in twenty


def log_odds(seen: sparse.csr_array, labels: np.ndarray, segments: int, prior_visitors: float) -> np.ndarray:
    """Return the z-value of every word in every segment against all others.

    Parameters
    ----------
    seen : visitors × words, 1 where the visitor saw the word.
    labels : segment of every visitor, from 0.
    segments : how many.
    prior_visitors : weight of the whole, in words seen.

    Returns
    -------
    segments × words; above 1.96 a word marks the segment.
    """
    member = sparse.csr_array((np.ones(len(labels)), (labels, np.arange(len(labels)))), shape=(segments, len(labels)))
    inside = np.asarray((member @ seen).todense())
    total = inside.sum(axis=0)
    # Words that are rare on the whole site are pulled to the site's use of them, so that few views do not shout.
    prior = prior_visitors * (total + 1e-9) / max(total.sum(), 1e-9)
    size, rest = inside.sum(axis=1, keepdims=True), total - inside
    rest_size, strength = total.sum() - size, prior.sum()
    odds = np.log((inside + prior) / (size + strength - inside - prior + 1e-12))
    others = np.log((rest + prior) / (rest_size + strength - rest - prior + 1e-12))
    return (odds - others) / np.sqrt(1 / (inside + prior) + 1 / (rest + prior))


def words_table(
    seen: sparse.csr_array, labels: np.ndarray, words: tuple[str, ...], segments: int, prior_visitors: float, most: int
) -> pd.DataFrame:
    """Return the distinguishing words of every segment, strongest first.

    Parameters
    ----------
    seen, labels, segments, prior_visitors : as for ``log_odds``.
    words : the words of the columns.
    most : most words per segment.

    Returns
    -------
    Frame with segment (from 1), rank, word, strength (z), share (of the segment's visitors who saw
    it) and others (the same among all other visitors); only words with strength above 1.96.
    """
    strength = log_odds(seen, labels, segments, prior_visitors)
    parts = []
    for segment in range(segments):
        inside = labels == segment
        order = np.lexsort((np.arange(len(words)), -np.round(strength[segment], 9)))[:most]
        order = order[strength[segment][order] > SIGNIFICANT_Z]
        parts.append(
            pd.DataFrame(
                {
                    "segment": segment + 1,
                    "rank": np.arange(1, len(order) + 1),
                    "word": [words[i] for i in order],
                    "strength": strength[segment][order],
                    "share": _share(seen, inside, order),
                    "others": _share(seen, ~inside, order),
                }
            )
        )
    return pd.concat(parts, ignore_index=True)


def _share(seen: sparse.csr_array, members: np.ndarray, columns: np.ndarray) -> np.ndarray:
    return np.asarray(seen[np.flatnonzero(members)][:, columns].sum(axis=0)).ravel() / max(int(members.sum()), 1)
