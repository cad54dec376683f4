"""How many segments, and would other visitors give the same ones?

The visitors are split in half at random, segments are made from each half, and both put all
visitors in their segments. Agreement is the adjusted Rand index (Hubert and Arabie 1985); per
segment the Jaccard overlap with its best match, where below 0.6 is not to be trusted and 0.75 is
stable (Hennig 2007). Stability is not structure: shuffled copies say what chance alone gives.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import sparse
from scipy.optimize import linear_sum_assignment
from sklearn.metrics import adjusted_rand_score

from helpers.analyses.personas import segments as seg
from helpers.analyses.personas.features import Features, unit_rows
from helpers.analyses.personas.settings import Settings
from helpers.analyses.personas.words import log_odds

STABLE = 0.75
MOST_VISITORS = 15_000  # for the repeated fits; with 5,000 the segments of a real site came out unsteady
TOP = 10


@dataclass(frozen=True)
class Stability:
    """What the split halves say about one number of segments.

    Parameters
    ----------
    agreement : mean adjusted Rand index between two halves.
    jaccard : mean overlap per segment of the fit on all.
    words : mean share of the ten strongest words that both halves find, per segment.
    """

    agreement: float
    jaccard: np.ndarray
    words: np.ndarray

    @property
    def weakest(self) -> float:
        """The overlap of the least stable segment."""
        return float(self.jaccard.min())


def evidence(features: Features, settings: Settings, seed: int) -> pd.DataFrame:
    """Return one row per number of segments: agreement, weakest, smallest_share, chance, proposed.

    The proposal is the largest number whose every segment is stable (0.75), large enough and
    steadier than in the shuffled copies; where there is none, the number with the steadiest weakest.
    """
    matrix = _sample(features.matrix, seed)
    most = min(settings.most_segments, len(np.unique(matrix.toarray(), axis=0)) if matrix.shape[0] < 200 else 99)
    rows = []
    halves = halves_of(matrix, settings.halves, seed)
    shuffled = [halves_of(_shuffle(matrix, seed + i), 2, seed) for i in range(settings.references)]
    for count in range(settings.fewest_segments, max(most, settings.fewest_segments) + 1):
        found = compare(halves, count, seed, settings.method)
        chance = max(compare(one, count, seed, settings.method).weakest for one in shuffled)
        labels, _ = seg.assign(matrix, _fit(halves.matrix, halves.space, count, seed, settings.method))
        smallest = np.bincount(labels, minlength=count).min() / len(labels)
        rows.append((count, found.agreement, found.weakest, smallest, chance))
    table = pd.DataFrame(rows, columns=["segments", "agreement", "weakest", "smallest_share", "chance"])
    large = table["smallest_share"] >= settings.smallest_share
    table["natural"] = (table["weakest"] >= STABLE) & (table["weakest"] > table["chance"])
    good = table[table["natural"] & large]
    if len(good):
        chosen = good["segments"].max()
    else:
        chosen = table.loc[table["weakest"].where(large, -1).idxmax(), "segments"]
    return table.assign(proposed=table["segments"] == chosen)


def stability(features: Features, count: int, settings: Settings, seed: int, centre: np.ndarray) -> Stability:
    """Return the stability of the segments that are used, in the order of ``centre``."""
    matrix = _sample(features.matrix, seed)
    halves = halves_of(matrix, settings.halves, seed)
    found = compare(halves, count, seed, settings.method, centre)
    seen = _sample(features.seen, seed)
    words = _words_kept(halves, seen, count, settings, seed, centre)
    return Stability(found.agreement, found.jaccard, words)


@dataclass(frozen=True)
class _Halves:
    matrix: sparse.csr_array
    space: np.ndarray
    pairs: tuple[tuple[np.ndarray, np.ndarray], ...]
    spaces: tuple[tuple[np.ndarray, np.ndarray], ...]


def _sample(matrix: sparse.csr_array, seed: int) -> sparse.csr_array:
    if matrix.shape[0] <= MOST_VISITORS:
        return matrix
    return matrix[np.sort(np.random.default_rng(seed).choice(matrix.shape[0], MOST_VISITORS, replace=False))]


def halves_of(matrix: sparse.csr_array, times: int, seed: int) -> _Halves:
    """Return the visitors split in half at random, so many times, each part reduced by itself."""
    random, size, pairs = np.random.default_rng(seed), matrix.shape[0], []
    for _ in range(times):
        order = random.permutation(size)
        pairs.append((np.sort(order[: size // 2]), np.sort(order[size // 2 :])))
    spaces = tuple((seg.reduce(matrix[a], seed), seg.reduce(matrix[b], seed)) for a, b in pairs)
    return _Halves(matrix, seg.reduce(matrix, seed), tuple(pairs), spaces)


def _fit(matrix, space, count: int, seed: int, method: str) -> np.ndarray:
    return seg.centres(matrix, space, min(count, matrix.shape[0]), seed, method)


def compare(halves: _Halves, count: int, seed: int, method: str, centre: np.ndarray | None = None) -> Stability:
    """Return how well segments made from both halves agree with those made from all; ``words`` stays empty."""
    if centre is None:
        centre = _fit(halves.matrix, halves.space, count, seed, method)
    whole, _ = seg.assign(halves.matrix, centre)
    agreements, overlaps = [], []
    for pair, spaces in zip(halves.pairs, halves.spaces, strict=True):
        labels = [
            seg.assign(halves.matrix, _fit(halves.matrix[part], space, count, seed, method))[0]
            for part, space in zip(pair, spaces, strict=True)
        ]
        agreements.append(adjusted_rand_score(*labels))
        overlaps += [_jaccard(whole, one, len(centre)) for one in labels]
    return Stability(float(np.mean(agreements)), np.mean(overlaps, axis=0), np.array([]))


def _jaccard(whole: np.ndarray, other: np.ndarray, count: int) -> np.ndarray:
    both = np.zeros((count, other.max() + 1))
    np.add.at(both, (whole, other), 1)
    either = both.sum(axis=1, keepdims=True) + both.sum(axis=0, keepdims=True) - both
    return (both / np.maximum(either, 1)).max(axis=1)


def _words_kept(halves: _Halves, seen, count: int, settings: Settings, seed: int, centre: np.ndarray) -> np.ndarray:
    """Return, per segment, how many of its ten strongest words both halves find by themselves."""
    whole, _ = seg.assign(halves.matrix, centre)
    kept = []
    for pair, spaces in zip(halves.pairs, halves.spaces, strict=True):
        tops = []
        for part, space in zip(pair, spaces, strict=True):
            own = _fit(halves.matrix[part], space, count, seed, settings.method)
            labels, _ = seg.assign(halves.matrix, own)
            strengths = log_odds(seen[part], labels[part], len(own), settings.prior_visitors)
            tops.append([set(np.argsort(-strengths[i], kind="stable")[:TOP]) for i in _matched(whole, labels, len(centre))])
        kept.append([len(a & b) / max(min(TOP, len(a)), 1) for a, b in zip(*tops, strict=True)])
    return np.mean(kept, axis=0)


def _matched(whole: np.ndarray, labels: np.ndarray, count: int) -> list[int]:
    both = np.zeros((count, max(count, labels.max() + 1)))
    np.add.at(both, (whole, labels), 1)
    rows, columns = linear_sum_assignment(-both)
    return [min(int(one), int(labels.max())) for one in columns[np.argsort(rows)]]


def _shuffle(matrix: sparse.csr_array, seed: int) -> sparse.csr_array:
    """Give every word to other visitors at random: the words stay, what goes together is lost."""
    random = np.random.default_rng(seed)
    by_word = sparse.csc_array(matrix, copy=True)
    for column in range(by_word.shape[1]):
        part = slice(by_word.indptr[column], by_word.indptr[column + 1])
        by_word.indices[part] = random.choice(matrix.shape[0], part.stop - part.start, replace=False)
    return unit_rows(sparse.csr_array(by_word))
