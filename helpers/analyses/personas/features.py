"""Web events → one row of features per visitor: what was looked at, when, from where, on what.

Words come from paths by the very function that the web site will use (``serving.page_words``), so a
visit is read the same way when segments are made and when content is served.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import sparse

from helpers.analyses.personas.function_words import FUNCTION_WORDS
from helpers.analyses.personas.serving import page_words
from helpers.analyses.personas.settings import Settings

DAYPARTS = ("night", "morning", "afternoon", "evening")  # six hours each, from midnight


@dataclass(frozen=True)
class Vocabulary:
    """What the columns of the features mean.

    Parameters
    ----------
    words : words of paths, in the order of the columns.
    idf : weight of each word: log of visitors divided by visitors who saw it, plus 1.
    context : circumstances as "device=mobile", the columns after the words.
    """

    words: tuple[str, ...]
    idf: np.ndarray
    context: tuple[str, ...]


@dataclass(frozen=True)
class Features:
    """Visitors as rows.

    Parameters
    ----------
    visitors : their ids, sorted.
    matrix : visitors × (words, context), every row of length 1 (or 0 where nothing is known).
    seen : visitors × words, 1 where the visitor saw the word.
    pages : page views per visitor.
    vocabulary : what the columns are.
    """

    visitors: np.ndarray
    matrix: sparse.csr_array
    seen: sparse.csr_array
    pages: np.ndarray
    vocabulary: Vocabulary


def daypart(times: pd.Series) -> pd.Series:
    """Return "weekday morning" and the like: six-hour parts of the client's clock."""
    hour, weekend = times.dt.hour.to_numpy() // 6, times.dt.day_of_week.to_numpy() >= 5
    names = np.array([f"{day} {part}" for day in ("weekday", "weekend") for part in DAYPARTS])
    return pd.Series(names[hour + 4 * weekend], index=times.index)


def build(views: pd.DataFrame, settings: Settings) -> Features:
    """Return the features of every visitor.

    Parameters
    ----------
    views : page views only (no noise, robots or outcomes), sorted, see ``events.prepare``.
    settings : weights and limits.
    """
    at, distinct = pd.factorize(views["visitor_id"], sort=True)
    visitors = np.asarray(distinct, dtype=object)
    counts, words = _words(views, at, len(visitors), settings)
    told, context = _context(views, at, len(visitors), settings)
    chosen = _chosen_words(counts, words, settings)
    seen = _ones(counts[:, chosen])
    users = np.asarray(seen.sum(axis=0)).ravel()
    idf = np.log(max(len(visitors), 1) / np.maximum(users, 1)) + 1
    often = np.flatnonzero(np.asarray(told.sum(axis=0)).ravel() >= settings.fewest_visitors)
    vocabulary = Vocabulary(tuple(words[i] for i in chosen), idf, tuple(context[i] for i in often))
    matrix = _weighted(counts[:, chosen], told[:, often], vocabulary, settings)
    return Features(visitors, unit_rows(matrix), seen, np.bincount(at, minlength=len(visitors)), vocabulary)


def matrix_for(views: pd.DataFrame, visitors: np.ndarray, vocabulary: Vocabulary, settings: Settings):
    """Return the features of given visitors in a known vocabulary, for scoring part of their views.

    Returns
    -------
    Sparse matrix, one row per visitor in the order of ``visitors`` (sorted); rows have no set length.
    """
    at = np.searchsorted(visitors, views["visitor_id"].to_numpy(dtype=object))
    counts, words = _words(views, at, len(visitors), settings)
    told, context = _context(views, at, len(visitors), settings)
    return _weighted(
        _columns(counts, words, vocabulary.words),
        _columns(told, context, vocabulary.context),
        vocabulary,
        settings,
    )


def unit_rows(matrix: sparse.csr_array) -> sparse.csr_array:
    """Return the rows divided by their length; empty rows stay empty."""
    lengths = np.sqrt(np.asarray(matrix.multiply(matrix).sum(axis=1)).ravel())
    scale = np.divide(1.0, lengths, out=np.zeros_like(lengths), where=lengths > 0)
    return sparse.csr_array(sparse.diags_array(scale) @ matrix)


def _words(views: pd.DataFrame, at: np.ndarray, size: int, settings: Settings):
    """Return visitors × words (sums of page and path weights) and the words, sorted."""
    codes, paths = pd.factorize(views["page_path"])
    ignored = FUNCTION_WORDS | set(settings.ignore_words)
    read = [[(word, page) for word, page in page_words(str(path)) if word not in ignored] for path in paths]
    words = sorted({word for one in read for word, _ in one})
    place = {word: i for i, word in enumerate(words)}
    rows = np.repeat(np.arange(len(read)), [len(one) for one in read])
    columns = np.array([place[word] for one in read for word, _ in one], dtype=int)
    weights = np.array([settings.page_weight if page else settings.path_weight for one in read for _, page in one])
    per_page = sparse.csr_array((weights.astype(float), (rows, columns)), shape=(len(read), len(words)))
    known = codes >= 0
    opened = sparse.csr_array((np.ones(known.sum()), (at[known], codes[known])), shape=(size, len(read)))
    counts = sparse.csr_array(opened @ per_page)
    counts.eliminate_zeros()
    return counts, words


def _context(views: pd.DataFrame, at: np.ndarray, size: int, settings: Settings):
    """Return visitors × circumstances (1 where it applied to any view) and their names."""
    blocks, names = [sparse.csr_array((size, 0))], []
    for name in settings.context:
        if name != "daypart" and name not in views:
            continue
        values = daypart(views["event_time"]) if name == "daypart" else views[name]
        codes, distinct = pd.factorize(values)
        known = codes >= 0
        block = sparse.csr_array((np.ones(known.sum()), (at[known], codes[known])), shape=(size, len(distinct)))
        blocks.append(_ones(block))
        names += [f"{name}={str(one).lower()}" for one in distinct]
    return _merged(sparse.csr_array(sparse.hstack(blocks)), names)


def _merged(block: sparse.csr_array, names: list[str]):
    """Join columns of one name (they differed in capitals) and sort them."""
    distinct = sorted(set(names))
    place = {name: i for i, name in enumerate(distinct)}
    to = sparse.csr_array(
        (np.ones(len(names)), (np.arange(len(names)), [place[one] for one in names])),
        shape=(len(names), len(distinct)),
    )
    return _ones(sparse.csr_array(block @ to)), distinct


def _ones(matrix) -> sparse.csr_array:
    flags = sparse.csr_array(matrix, copy=True)
    flags.sum_duplicates()
    flags.data = np.ones_like(flags.data)
    return flags


def _chosen_words(counts: sparse.csr_array, words: list[str], settings: Settings) -> np.ndarray:
    users = np.asarray(_ones(counts).sum(axis=0)).ravel()
    ranked = np.lexsort((np.arange(len(words)), -users))
    return np.sort([i for i in ranked[: settings.most_words] if users[i] >= settings.fewest_visitors]).astype(int)


def _columns(matrix: sparse.csr_array, names: list[str], wanted: tuple[str, ...]) -> sparse.csr_array:
    place = {name: i for i, name in enumerate(wanted)}
    pairs = [(i, place[name]) for i, name in enumerate(names) if name in place]
    rows, columns = zip(*pairs, strict=True) if pairs else ((), ())
    pick = sparse.csr_array((np.ones(len(pairs)), (rows, columns)), shape=(len(names), len(wanted)))
    return sparse.csr_array(matrix @ pick)


def _weighted(counts, told, vocabulary: Vocabulary, settings: Settings) -> sparse.csr_array:
    roots = sparse.csr_array(counts, copy=True)
    roots.data = np.sqrt(roots.data)
    roots = roots @ sparse.diags_array(vocabulary.idf)
    return sparse.csr_array(sparse.hstack([roots, told * settings.context_weight]))
