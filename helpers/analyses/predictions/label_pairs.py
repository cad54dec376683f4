"""The leak guard of a given label for columns that know it only together: counts that part, flags that agree, a total and its price.

Pairs are looked at as difference, distance and ratio; a pair is asked about where it ranks customers far better than either column alone,
or where one stops following the other (a ratio: a third column) for one side of the label. All borders are our conventions.
"""

from collections.abc import Iterator
from itertools import combinations

import numpy as np
import pandas as pd
from scipy.stats import norm, rankdata

from helpers.analyses.predictions import measures
from helpers.analyses.predictions.label_guard import LEAST, NEARLY_STRONG, STRONG, TOO_GOOD, LateColumn, apart, one_sided

LEAD = 0.1  # AUC more than the better of two columns, or a model more than its best column
SURELY = 4.0  # standard errors of a pair's lead: hundreds of pairs are tried
ALL_UP_TO, STRONGEST = 20, 12  # columns of which all pairs are tried, and those tried of more
ALIKE = 0.3  # correlation from which one column may follow another


def late_pairs(
    numbers: dict[str, pd.DataFrame], outcome: np.ndarray, declared: tuple[str, ...], asked: tuple[str, ...]
) -> list[LateColumn]:
    """Return the columns that together may know the label, the clearest first; no column twice.

    Parameters
    ----------
    numbers : per column its numbers without gaps (``analyses.kinds.as_numbers``); a text of many values is not paired.
    outcome : 0 / 1 per row.
    declared : columns known before; a set of columns that all are declared is not asked about.
    asked : columns asked about already.
    """
    size = {name: part.iloc[:, 0].to_numpy(dtype=float) for name, part in numbers.items() if _is_one(name, part)}
    alone = dict(zip(size, _aucs(list(size.values()), outcome), strict=True)) if size else {}
    if len(size) > ALL_UP_TO:
        size = {name: size[name] for name in sorted(size, key=lambda name: -abs(alone[name] - 0.5))[:STRONGEST]}
    found = [(strength, names) for pair in combinations(size, 2) for strength, names in _seen(pair, size, alone, outcome)]
    late, named = [], set[str]()
    for strength, names in sorted(found, key=lambda one: -one[0]):
        open_names = [name for name in names if name not in declared]
        if set(open_names) - set(asked) and not named & set(open_names):
            named |= set(open_names)
            late.append(together(names, open_names, strength))
    return late


def together(names: tuple[str, ...], asked: list[str], auc: float) -> LateColumn:
    """Return the question about columns that carry it together: ``asked`` are those that nobody has declared as known before."""
    first = asked[0]
    return LateColumn(first, "together", auc, False, ", ".join(name for name in names if name != first), tuple(asked[1:]))


def _is_one(name: str, part: pd.DataFrame) -> bool:
    return len([column for column in part if column != f"{name} = "]) == 1 and part.columns[0] != f"{name} = "


def _aucs(scores: list[np.ndarray], outcome: np.ndarray) -> np.ndarray:
    """Return the AUC of each score, either way round (Mann and Whitney 1947)."""
    hits, ranks = int(outcome.sum()), rankdata(np.array(scores), axis=1)
    auc = (ranks[:, outcome == 1].sum(axis=1) - hits * (hits + 1) / 2) / (hits * (len(outcome) - hits))
    return np.maximum(auc, 1 - auc)


def _ratio(part: np.ndarray, whole: np.ndarray) -> np.ndarray:
    return np.divide(part, whole, out=np.zeros_like(part), where=whole != 0)


def _seen(pair: tuple[str, str], size: dict[str, np.ndarray], alone: dict[str, float], outcome) -> Iterator[tuple[float, tuple[str, ...]]]:
    first, second = (size[name] for name in pair)
    ratios = [_ratio(first, second), _ratio(second, first)]
    gap = first - second
    scores = [gap, np.abs(gap - np.median(gap)), np.abs(gap), *ratios]
    aucs = _aucs(scores, outcome)
    best = int(aucs.argmax())
    single = size[max(pair, key=alone.__getitem__)]
    if aucs[best] >= NEARLY_STRONG and aucs[best] - max(alone[name] for name in pair) >= LEAD:
        lead, low, _high = measures.auc_difference(outcome, _upward(scores[best], outcome), _upward(single, outcome))
        upper = measures.auc_interval(outcome, _upward(scores[best], outcome))[2]
        if lead * measures.Z > SURELY * (lead - low) and upper >= STRONG:
            yield float(aucs[best]), pair
    lines: list[tuple[np.ndarray, np.ndarray, tuple[str, ...]]] = [(first, second, pair)]
    if min(len(np.unique(first)), len(np.unique(second))) > LEAST:  # the ratio of two flags is no count
        lines += [
            (ratio, size[name], (*pair, name))
            for ratio in ratios
            for name in size
            if name not in pair and len(np.unique(size[name])) > LEAST
        ]
    for follower, line, names in lines:
        if _alike(follower, line):
            for mark in apart(follower, line, outcome, names[-1]):
                if one_sided(mark.rows, outcome, mark.near, mark.others):
                    yield float(_aucs([mark.rows.astype(float)], outcome)[0]), names


def _upward(score: np.ndarray, outcome: np.ndarray) -> np.ndarray:
    return score if measures.auc_interval(outcome, score)[0] >= 0.5 else -score


def _alike(one: np.ndarray, other: np.ndarray) -> bool:
    return np.ptp(one) > 0 and np.ptp(other) > 0 and abs(np.corrcoef(one, other)[0, 1]) >= ALIKE


def too_good_together(auc: float, lead_low: float, alone: list[float]) -> bool:
    """Return whether a model ranks better than honest columns do together.

    Parameters
    ----------
    auc : of the model on customers held out; lead_low : lower end of its lead over the best column; alone : AUC of every column.

    Returns
    -------
    True from ``TOO_GOOD``, or where it surely leads by ``LEAD`` and ranks better than independent normal columns of this strength would:
    their squared distances add up (Mahalanobis 1936; AUC = Phi(distance / sqrt 2)).
    """
    distance = np.sqrt(2) * norm.ppf(np.clip(alone, 0.5, 1 - 1e-9))
    expected = norm.cdf(np.sqrt((distance**2).sum()) / np.sqrt(2))
    return bool(auc >= TOO_GOOD or (lead_low > LEAD and auc > expected))
