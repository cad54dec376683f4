"""The table a web site uses within a visit."""

from typing import Any

import numpy as np
from scipy import sparse

from helpers.analyses.personas.features import Vocabulary
from helpers.analyses.personas.settings import Settings

DIGITS = 6  # weights are rounded, so that the table is small and every language reads the same number


def make(centres: np.ndarray, vocabulary: Vocabulary, names: list[str], contents: list[str], settings: Settings) -> dict[str, Any]:
    """Return the serving table as plain JSON values.

    Parameters
    ----------
    centres : segments × features, each row of length 1.
    vocabulary : the features.
    names, contents : name and content of every segment.
    settings : weights, margin, standard content and the most words.

    Returns
    -------
    dict with version, segments (id, name, content), standard, margin, page_weight, path_weight,
    ignore, words (word → one weight per segment), context_names and context ("device=mobile" → weights).
    """
    size = len(vocabulary.words)
    words = np.round(centres[:, :size] * vocabulary.idf, DIGITS)
    context = np.round(centres[:, size:] * settings.context_weight, DIGITS)
    spread = words.max(axis=0) - words.min(axis=0)
    # A word that weighs the same in every segment decides nothing: the words that differ most are served.
    served = np.sort(np.lexsort((np.arange(size), -spread))[: settings.serving_words])
    return {
        "version": 1,
        "segments": [
            {"id": at + 1, "name": name, "content": content} for at, (name, content) in enumerate(zip(names, contents, strict=True))
        ],
        "standard": settings.standard_content,
        "margin": settings.serving_margin,
        "page_weight": settings.page_weight,
        "path_weight": settings.path_weight,
        "ignore": sorted(settings.ignore_words),
        "words": {vocabulary.words[at]: words[:, at].tolist() for at in served if words[:, at].any()},
        "context_names": list(settings.context),
        "context": {name: context[:, at].tolist() for at, name in enumerate(vocabulary.context) if context[:, at].any()},
    }


def answers(table: dict[str, Any], matrix: sparse.csr_array, vocabulary: Vocabulary) -> tuple[np.ndarray, np.ndarray]:
    """Return what the table says of many visits at once; the reference scorers do this one visit at a time.

    Parameters
    ----------
    table : from ``make``.
    matrix : from ``features.matrix_for``.
    vocabulary : what its columns are.

    Returns
    -------
    Segment per visit, from 1 (0 = standard content), and its margin over the second (0 to 1).
    """
    size, count = len(vocabulary.words), len(table["segments"])
    zero = [0.0] * count
    weights = np.array([table["words"].get(word, zero) for word in vocabulary.words]).reshape(size, count)
    weights = weights / vocabulary.idf[:, None]
    context_weights = np.array([table["context"].get(name, zero) for name in vocabulary.context]).reshape(-1, count)
    # The matrix holds the weight of the context already, and the table holds it too: it counts once.
    context_weight = max(matrix[:, size:].max(), 1e-12) if matrix[:, size:].nnz else 1.0
    scores = np.asarray(matrix[:, :size] @ weights) + np.asarray(matrix[:, size:] @ (context_weights / context_weight))
    ordered = np.sort(scores, axis=1)
    best, second = ordered[:, -1], ordered[:, -2] if count > 1 else np.zeros(len(scores))
    margin = np.divide(best - second, best, out=np.zeros_like(best), where=best > 0)
    known = np.asarray(matrix[:, :size] @ (weights != 0).any(axis=1).astype(float)).ravel() > 0
    return np.where(known & (margin >= table["margin"]), scores.argmax(axis=1) + 1, 0), margin
