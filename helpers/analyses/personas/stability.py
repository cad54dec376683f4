"""How many segments, and would other visitors give the same ones?

The visitors are split in half at random, segments are made from each half, and both put all
visitors in their segments. Agreement is the adjusted Rand index (Hubert and Arabie 1985); per
segment the Jaccard overlap with its best match, where below 0.6 is not to be trusted and 0.75 is
stable (Hennig 2007). Stability is not structure: shuffled copies say what chance alone gives.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import sparse
from scipy.optimize import linear_sum_assignment
from sklearn.metrics import adjusted_rand_score

from helpers.analyses.personas import segments
from helpers.analyses.personas.features import Features, unit_rows
from helpers.analyses.personas.log_odds import log_odds
from helpers.analyses.personas.settings import Settings
from helpers.analyses.steadiness import STABLE

MOST_VISITORS = 15_000  # for the repeated fits; with 5,000 the segments of a real site came out unsteady
TOP_WORDS = 10
SHUFFLED_SPLITS = 2
FEW_VISITORS = 200  # below this the visitors are looked through for equal ones: there may be fewer kinds than segments


@dataclass(frozen=True)
class Agreement:
    """How far segments made from both halves agree.

    Parameters
    ----------
    agreement : mean adjusted Rand index between two halves.
    jaccard : mean overlap (0 to 1) per segment of the fit on all.
    """

    agreement: float
    jaccard: np.ndarray

    @property
    def weakest(self) -> float:
        """The overlap of the least stable segment."""
        return float(self.jaccard.min())


@dataclass(frozen=True)
class Stability(Agreement):
    """What the split halves say about the segments that are used.

    Parameters
    ----------
    words : mean share (0 to 1) of the ten strongest words that both halves find, per segment.
    """

    words: np.ndarray


@dataclass(frozen=True)
class Halves:
    """Visitors, and the random splits of them in two halves.

    Parameters
    ----------
    matrix : visitors × features.
    space : the visitors reduced, see ``segments.reduce``.
    pairs : rows of both halves, per split.
    spaces : both halves, each reduced by itself, per split.
    """

    matrix: sparse.csr_array
    space: np.ndarray
    pairs: tuple[tuple[np.ndarray, np.ndarray], ...]
    spaces: tuple[tuple[np.ndarray, np.ndarray], ...]


def evidence(features: Features, settings: Settings, seed: int) -> pd.DataFrame:
    """Return one row per number of segments: agreement, weakest, smallest_share, chance, natural, proposed.

    Parameters
    ----------
    features : of the visitors that segments are fitted on.
    settings : the numbers of segments looked at, the splits and the shuffled copies.
    seed : of every random draw.

    Notes
    -----
    The proposal is the largest number whose every segment is stable (0.75), large enough and
    steadier than in the shuffled copies; where there is none, the number with the steadiest weakest.
    """
    matrix = _sample(features.matrix, seed)
    halves = halves_of(matrix, settings.halves, seed)
    shuffled_halves = [halves_of(_shuffle(matrix, seed + copy), SHUFFLED_SPLITS, seed) for copy in range(settings.references)]
    rows = []
    for count in _numbers_of_segments(matrix, settings):
        both_halves = compare(halves, count, seed, settings.method)
        chance = max(compare(shuffled, count, seed, settings.method).weakest for shuffled in shuffled_halves)
        labels, _margin = segments.assign(matrix, _fit(halves.matrix, halves.space, count, seed, settings.method))
        smallest_share = np.bincount(labels, minlength=count).min() / len(labels)
        rows.append((count, both_halves.agreement, both_halves.weakest, smallest_share, chance))
    return propose(pd.DataFrame(rows, columns=["segments", "agreement", "weakest", "smallest_share", "chance"]), settings)


def _numbers_of_segments(matrix: sparse.csr_array, settings: Settings) -> range:
    most = settings.most_segments
    if matrix.shape[0] < FEW_VISITORS:
        most = min(most, len(np.unique(matrix.toarray(), axis=0)))
    return range(settings.fewest_segments, max(most, settings.fewest_segments) + 1)


def propose(table: pd.DataFrame, settings: Settings) -> pd.DataFrame:
    """Return the evidence with ``natural`` (stable beyond chance) and ``proposed`` (True for one row).

    Parameters
    ----------
    table : one row per number of segments: segments, weakest, smallest_share, chance.
    settings : with the smallest share of visitors that a segment may hold.
    """
    large = table["smallest_share"] >= settings.smallest_share
    natural = (table["weakest"] >= STABLE) & (table["weakest"] > table["chance"])
    if (natural & large).any():
        chosen = table.loc[natural & large, "segments"].max()
    else:
        chosen = table.loc[table["weakest"].where(large, -1).idxmax(), "segments"]
    return table.assign(natural=natural, proposed=table["segments"] == chosen)


def stability(features: Features, count: int, settings: Settings, seed: int, centres: np.ndarray) -> Stability:
    """Return the stability of the segments that are used, in the order of ``centres``.

    Parameters
    ----------
    features : of the visitors that segments were fitted on.
    count : number of segments made from each half.
    settings : splits, method and the weight of the prior for words.
    seed : of every random draw.
    centres : of the segments that are used.
    """
    halves = halves_of(_sample(features.matrix, seed), settings.halves, seed)
    both_halves = compare(halves, count, seed, settings.method, centres)
    words = _words_in_both_halves(halves, _sample(features.seen, seed), count, settings, seed, centres)
    return Stability(both_halves.agreement, both_halves.jaccard, words)


def _sample(matrix: sparse.csr_array, seed: int) -> sparse.csr_array:
    if matrix.shape[0] <= MOST_VISITORS:
        return matrix
    return matrix[np.sort(np.random.default_rng(seed).choice(matrix.shape[0], MOST_VISITORS, replace=False))]


def halves_of(matrix: sparse.csr_array, times: int, seed: int) -> Halves:
    """Return the visitors split in half at random, so many times, each part reduced by itself."""
    rng = np.random.default_rng(seed)
    size = matrix.shape[0]
    pairs = []
    for _split in range(times):
        order = rng.permutation(size)
        pairs.append((np.sort(order[: size // 2]), np.sort(order[size // 2 :])))
    spaces = tuple((segments.reduce(matrix[left], seed), segments.reduce(matrix[right], seed)) for left, right in pairs)
    return Halves(matrix, segments.reduce(matrix, seed), tuple(pairs), spaces)


def _fit(matrix: sparse.csr_array, space: np.ndarray, count: int, seed: int, method: str) -> np.ndarray:
    return segments.fit_centres(matrix, space, min(count, matrix.shape[0]), seed, method)


def compare(halves: Halves, count: int, seed: int, method: str, centres: np.ndarray | None = None) -> Agreement:
    """Return how well segments made from both halves agree with those made from all.

    Parameters
    ----------
    halves : from ``halves_of``.
    count : number of segments.
    seed : of the fits.
    method : "clusters" or "topics".
    centres : of the segments of all visitors; None fits them.
    """
    if centres is None:
        centres = _fit(halves.matrix, halves.space, count, seed, method)
    all_labels, _margin = segments.assign(halves.matrix, centres)
    agreements, overlaps = [], []
    for pair, spaces in zip(halves.pairs, halves.spaces, strict=True):
        # Both halves put all visitors in their segments, so that the same people are compared.
        labels = [
            segments.assign(halves.matrix, _fit(halves.matrix[rows], space, count, seed, method))[0]
            for rows, space in zip(pair, spaces, strict=True)
        ]
        agreements.append(adjusted_rand_score(*labels))
        overlaps += [_jaccard(all_labels, half_labels, len(centres)) for half_labels in labels]
    return Agreement(float(np.mean(agreements)), np.mean(overlaps, axis=0))


def _cross_table(labels: np.ndarray, other_labels: np.ndarray, shape: tuple[int, int]) -> np.ndarray:
    cross = np.zeros(shape)
    np.add.at(cross, (labels, other_labels), 1)
    return cross


def _jaccard(labels: np.ndarray, other_labels: np.ndarray, count: int) -> np.ndarray:
    """Return the overlap of each segment with the one that it shares most with."""
    both = _cross_table(labels, other_labels, (count, other_labels.max() + 1))
    either = both.sum(axis=1, keepdims=True) + both.sum(axis=0, keepdims=True) - both
    return (both / np.maximum(either, 1)).max(axis=1)


def _words_in_both_halves(
    halves: Halves, seen: sparse.csr_array, count: int, settings: Settings, seed: int, centres: np.ndarray
) -> np.ndarray:
    """Return, per segment, the share of its ten strongest words that both halves find by themselves."""
    all_labels, _margin = segments.assign(halves.matrix, centres)
    shares = []
    for pair, spaces in zip(halves.pairs, halves.spaces, strict=True):
        top_words = []
        for rows, space in zip(pair, spaces, strict=True):
            half_centres = _fit(halves.matrix[rows], space, count, seed, settings.method)
            labels, _margin = segments.assign(halves.matrix, half_centres)
            strengths = log_odds(seen[rows], labels[rows], len(half_centres), settings.prior_visitors)
            matched = _matched(all_labels, labels, len(centres))
            top_words.append([set(np.argsort(-strengths[segment], kind="stable")[:TOP_WORDS]) for segment in matched])
        shares.append([len(left & right) / max(min(TOP_WORDS, len(left)), 1) for left, right in zip(*top_words, strict=True)])
    return np.mean(shares, axis=0)


def _matched(labels: np.ndarray, other_labels: np.ndarray, count: int) -> list[int]:
    """Return, per segment, the segment of the other division it belongs to, so that most visitors agree."""
    both = _cross_table(labels, other_labels, (count, max(count, other_labels.max() + 1)))
    rows, columns = linear_sum_assignment(-both)
    return [min(int(column), int(other_labels.max())) for column in columns[np.argsort(rows)]]


def _shuffle(matrix: sparse.csr_array, seed: int) -> sparse.csr_array:
    """Give every word to other visitors at random: the words stay, what goes together is lost."""
    rng = np.random.default_rng(seed)
    by_word = sparse.csc_array(matrix, copy=True)
    for column in range(by_word.shape[1]):
        part = slice(by_word.indptr[column], by_word.indptr[column + 1])
        by_word.indices[part] = rng.choice(matrix.shape[0], part.stop - part.start, replace=False)
    return unit_rows(sparse.csr_array(by_word))
