"""Web events → one row of features per visitor: what was looked at, when, from where, on what.

Words come from paths by the very function that the web site will use (``serving.page_words``), so a
visit is read the same way when segments are made and when content is served.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import sparse

from helpers.analyses.personas.serving import page_words
from helpers.analyses.personas.settings import Settings

# They say nothing about a visitor: words that only hold a sentence together, in the languages of the reports and in
# French, and names of files. A client adds more under ``personas.ignore_words``.
FUNCTION_WORDS = frozenset(
    (
        "the and for of to in on at by with from your you our an is are "  # English
        "de het een en van voor met op te bij aan uit naar of onze je uw over "  # Dutch
        "der die das und fuer für mit von zu im am auf ein eine ihr "  # German
        "le la les et des du un une pour avec sur au aux nos vos "  # French
        "och att för med av på till ett den det om vi din "  # Swedish
        "index www html php home page default"  # names of files
    ).split()
)
DAYPARTS = ("night", "morning", "afternoon", "evening")  # six hours each, from midnight
_CLASS_WORD = re.compile(r"\{\w+\}")  # such as {token}, which a visitor never opened (tables.web.paths)


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
    distinct_pages : how many different pages all of them opened.
    """

    visitors: np.ndarray
    matrix: sparse.csr_array
    seen: sparse.csr_array
    pages: np.ndarray
    vocabulary: Vocabulary
    distinct_pages: int = 0

    def select(self, chosen: np.ndarray) -> Features:
        """Return the features of some visitors; ``chosen`` is True for those."""
        return Features(self.visitors[chosen], self.matrix[chosen], self.seen[chosen], self.pages[chosen], self.vocabulary)


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
    rows, distinct = pd.factorize(views["visitor_id"], sort=True)
    visitors = np.asarray(distinct, dtype=object)
    counts, words = _count_words(views, rows, len(visitors), settings)
    flags, circumstances = _context(views, rows, len(visitors), settings)

    frequent_words = _frequent_words(counts, words, settings)
    seen = _as_flags(counts[:, frequent_words])
    visitors_per_word = np.asarray(seen.sum(axis=0)).ravel()
    # One is added, so that a word that everybody saw weighs little but not nothing (as in scikit-learn).
    idf = np.log(max(len(visitors), 1) / np.maximum(visitors_per_word, 1)) + 1
    frequent_flags = np.flatnonzero(np.asarray(flags.sum(axis=0)).ravel() >= settings.fewest_visitors)
    vocabulary = Vocabulary(tuple(words[i] for i in frequent_words), idf, tuple(circumstances[i] for i in frequent_flags))
    matrix = _weighted(counts[:, frequent_words], flags[:, frequent_flags], vocabulary, settings)
    pages = np.bincount(rows, minlength=len(visitors))
    return Features(visitors, unit_rows(matrix), seen, pages, vocabulary, int(views["page_path"].nunique()))


def matrix_for(views: pd.DataFrame, visitors: np.ndarray, vocabulary: Vocabulary, settings: Settings) -> sparse.csr_array:
    """Return the features of given visitors in a known vocabulary, for scoring part of their views.

    Parameters
    ----------
    views : page views of these visitors.
    visitors : their ids, sorted.
    vocabulary : what the columns are.
    settings : weights.

    Returns
    -------
    Sparse matrix, one row per visitor in the order of ``visitors``; rows have no set length.
    """
    rows = np.searchsorted(visitors, views["visitor_id"].to_numpy(dtype=object))
    counts, words = _count_words(views, rows, len(visitors), settings)
    flags, circumstances = _context(views, rows, len(visitors), settings)
    return _weighted(
        _pick_columns(counts, words, vocabulary.words), _pick_columns(flags, circumstances, vocabulary.context), vocabulary, settings
    )


def unit_rows(matrix: sparse.csr_array) -> sparse.csr_array:
    """Return the rows divided by their length; empty rows stay empty."""
    lengths = np.sqrt(np.asarray(matrix.multiply(matrix).sum(axis=1)).ravel())
    scale = np.divide(1.0, lengths, out=np.zeros_like(lengths), where=lengths > 0)
    return sparse.csr_array(sparse.diags_array(scale) @ matrix)


def _count_words(views: pd.DataFrame, rows: np.ndarray, visitors: int, settings: Settings) -> tuple[sparse.csr_array, list[str]]:
    """Return visitors × words (sums of page and path weights) and the words, sorted; ``rows`` has the visitor of each view."""
    # Each path is read once: a site has few of them, and many views.
    codes, paths = pd.factorize(views["page_path"])
    ignored = FUNCTION_WORDS | set(settings.ignore_words)
    pages = [_CLASS_WORD.sub("", str(path)) for path in paths]
    words_per_path = [[(word, is_page) for word, is_page in page_words(page) if word not in ignored] for page in pages]
    words = sorted({word for path_words in words_per_path for word, _is_page in path_words})
    column_of = {word: column for column, word in enumerate(words)}

    path_rows = np.repeat(np.arange(len(words_per_path)), [len(path_words) for path_words in words_per_path])
    columns = np.array([column_of[word] for path_words in words_per_path for word, _is_page in path_words], dtype=int)
    weights = np.array(
        [settings.page_weight if is_page else settings.path_weight for path_words in words_per_path for _word, is_page in path_words]
    )
    per_path = sparse.csr_array((weights.astype(float), (path_rows, columns)), shape=(len(words_per_path), len(words)))
    known = codes >= 0
    opened = sparse.csr_array((np.ones(known.sum()), (rows[known], codes[known])), shape=(visitors, len(words_per_path)))
    counts = sparse.csr_array(opened @ per_path)
    counts.eliminate_zeros()
    return counts, words


def _context(views: pd.DataFrame, rows: np.ndarray, visitors: int, settings: Settings) -> tuple[sparse.csr_array, list[str]]:
    """Return visitors × circumstances (1 where it applied to any view) and their names; ``rows`` as in ``_count_words``."""
    blocks: list[sparse.csr_array] = [sparse.csr_array((visitors, 0))]
    names: list[str] = []
    for circumstance in settings.context:
        if circumstance != "daypart" and circumstance not in views:
            continue
        values = daypart(views["event_time"]) if circumstance == "daypart" else views[circumstance]
        codes, distinct = pd.factorize(values)
        known = codes >= 0
        block = sparse.csr_array((np.ones(known.sum()), (rows[known], codes[known])), shape=(visitors, len(distinct)))
        blocks.append(_as_flags(block))
        names += [f"{circumstance}={str(value).lower()}" for value in distinct]
    return _join_same_names(sparse.csr_array(sparse.hstack(blocks)), names)


def _join_same_names(flags: sparse.csr_array, names: list[str]) -> tuple[sparse.csr_array, list[str]]:
    """Join columns of one name (they differed in capitals) and sort them."""
    distinct = sorted(set(names))
    column_of = {name: column for column, name in enumerate(distinct)}
    target = sparse.csr_array(
        (np.ones(len(names)), (np.arange(len(names)), [column_of[name] for name in names])), shape=(len(names), len(distinct))
    )
    return _as_flags(sparse.csr_array(flags @ target)), distinct


def _as_flags(matrix: sparse.csr_array) -> sparse.csr_array:
    """Return 1 for every entry that is there."""
    flags = sparse.csr_array(matrix, copy=True)
    flags.sum_duplicates()
    flags.data = np.ones_like(flags.data)
    return flags


def _frequent_words(counts: sparse.csr_array, words: list[str], settings: Settings) -> np.ndarray:
    """Return the columns of the words that enough visitors saw, at most ``most_words``."""
    visitors_per_word = np.asarray(_as_flags(counts).sum(axis=0)).ravel()
    ranked = np.lexsort((np.arange(len(words)), -visitors_per_word))
    return np.sort([i for i in ranked[: settings.most_words] if visitors_per_word[i] >= settings.fewest_visitors]).astype(int)


def _pick_columns(matrix: sparse.csr_array, names: list[str], wanted: tuple[str, ...]) -> sparse.csr_array:
    """Return the columns of the names wanted, in that order; a name that is not there gets an empty column."""
    column_of = {name: column for column, name in enumerate(wanted)}
    pairs = [(i, column_of[name]) for i, name in enumerate(names) if name in column_of]
    rows, columns = zip(*pairs, strict=True) if pairs else ((), ())
    target = sparse.csr_array((np.ones(len(pairs)), (rows, columns)), shape=(len(names), len(wanted)))
    return sparse.csr_array(matrix @ target)


def _weighted(counts: sparse.csr_array, flags: sparse.csr_array, vocabulary: Vocabulary, settings: Settings) -> sparse.csr_array:
    # Square roots, so that a visitor who sees one page again and again does not become that page.
    roots = sparse.csr_array(counts, copy=True)
    roots.data = np.sqrt(roots.data)
    roots = roots @ sparse.diags_array(vocabulary.idf)
    return sparse.csr_array(sparse.hstack([roots, flags * settings.context_weight]))
