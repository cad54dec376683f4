"""The leak guard of a given label: columns that were filled, or changed, only once it was known who had it.

Nothing says when a cell was filled, so what is looked at is how a column goes with the label (all borders are our conventions):
1. marks: its empty cells, its filled cells, each of its values, each end of its numbers, and where it stops following a date of the
   customer. A mark that is nearly only on one side of the label, beyond chance and beyond what an honest column gives, is refused. What is
   as one-sided but rare, or less one-sided, is asked about. The end of a range counts only where it breaks off: a strong honest column
   rises little by little, so an end is compared with the customers next to it.
2. strength: a column that ranks customers almost perfectly by itself is refused, and one that ranks them very well is asked about.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy.stats import fisher_exact
from sklearn.model_selection import StratifiedKFold, cross_val_predict
from sklearn.tree import DecisionTreeClassifier

from helpers.analyses.predictions.measures import Z, auc_with_covariance
from helpers.core.wording import day

TOO_GOOD, TOO_GOOD_DATE = 0.95, 0.9  # AUC of the column alone; what ends stops counting on a day of its own
STRONG, NEARLY_STRONG = 0.75, 0.7  # asked about where the AUC may be the first and is at least the second
PURE = 0.95  # share of the marked customers on one side of the label
TIMES, TIMES_ASKED = 20, 10  # the odds of that side against the others: refused when surely the first, asked about when probably the second
COVERS = 0.1  # of the customers on that side: a rarer mark is asked about, not refused
LEAST = 10  # customers with a mark
CHANCE = 1e-6  # a split that chance gives more often than this proves nothing, however many marks there are
CUTS, FOLDS = 40, 5
NEAR = 0.05  # share of the customers just before and just after a cut who are compared
RISES = 0.1  # of the spread of the column: what its line must at least rise and fall by to be followed
FOLLOWS = 0.02  # a column follows a date when its typical distance from the line is at most this share of its spread


@dataclass(frozen=True)
class LateColumn:
    """A column that looks as if it was known only afterwards.

    Parameters
    ----------
    column : its name.
    reason : "filled", "empty", "value" (has this value), "above", "below" (this number), "apart" (no longer follows a date), "strong", or
        "together" (knows the label with the columns in ``detail``).
    share : of the customers with the mark, those on one side of the label; for "strong" and "together" the area under the curve.
    refused : True where the model may not see it; False where it is learnt from and asked about.
    detail : the value, the number or the date column; empty where there is none.
    others : further columns asked about with it.
    """

    column: str
    reason: str
    share: float
    refused: bool
    detail: str = ""
    others: tuple[str, ...] = ()


class Mark(NamedTuple):
    """Rows that something marks, and those of them and of the others whose odds are compared."""

    reason: str
    detail: str
    rows: np.ndarray
    near: np.ndarray
    others: np.ndarray


class OneSided(NamedTuple):
    """A mark beyond chance: share of its rows on one side of the label, their odds against the others, and whether it is refused."""

    refused: bool
    odds: float
    share: float


def late_columns(
    table: pd.DataFrame, numbers: dict[str, pd.DataFrame], outcome: np.ndarray, seed: int, dates: pd.DataFrame
) -> list[LateColumn]:
    """Return the columns that may know the label, in their order.

    Parameters
    ----------
    table : the columns as they are, one row per customer with a known label.
    numbers : per column the same as numbers (``analyses.kinds.as_numbers``), without gaps.
    outcome : 0 / 1 per row; at least five of each.
    seed : of the folds.
    dates : what is known of the same customers as dates, whether learnt from or not.
    """
    suspects = (_late(table[name], numbers[name], outcome, seed, dates) for name in numbers)
    return [late for late in suspects if late is not None]


def _late(column: pd.Series, numbers: pd.DataFrame, outcome: np.ndarray, seed: int, dates: pd.DataFrame) -> LateColumn | None:
    name = str(column.name)
    seen = ((one_sided(mark.rows, outcome, mark.near, mark.others), mark) for mark in marks(column, outcome, dates))
    one_sided_marks = [
        (sided, LateColumn(name, mark.reason, sided.share, sided.refused, mark.detail)) for sided, mark in seen if sided is not None
    ]
    marked = max(one_sided_marks, key=lambda pair: pair[0])[1] if one_sided_marks else None
    if marked is not None and marked.refused:
        return marked
    auc, low, high = _auc_alone(column, numbers, outcome, seed)
    if auc >= (TOO_GOOD_DATE if pd.api.types.is_datetime64_any_dtype(column) else TOO_GOOD):
        return LateColumn(name, "strong", auc, True)
    strong = auc >= NEARLY_STRONG and high >= STRONG and low > 0.5
    return marked or (LateColumn(name, "strong", auc, False) if strong else None)


def marks(column: pd.Series, outcome: np.ndarray, dates: pd.DataFrame) -> Iterator[Mark]:
    """Yield everything in a column that could mark one side of a label.

    Parameters
    ----------
    column : of any kind, with its gaps; outcome : 0 / 1 per row; dates : date columns of the same customers.
    """
    filled = column.notna().to_numpy()
    yield Mark("filled", "", filled, filled, ~filled)
    yield Mark("empty", "", ~filled, ~filled, filled)
    values = column.astype("string").str.strip().str.casefold()
    counts = values.value_counts()
    for value in counts.index[counts >= LEAST]:
        rows = (values == value).fillna(False).to_numpy(dtype=bool)
        yield Mark("value", str(value), rows, rows, ~rows)
    size = _as_float(column)
    if np.isfinite(size).sum() >= 2 * LEAST:
        yield from _ends(size, pd.api.types.is_datetime64_any_dtype(column))
        for name in dates:
            if name != column.name:
                yield from apart(size, _as_float(dates[name]), outcome, str(name))


def _as_float(column: pd.Series) -> np.ndarray:
    """Return numbers and dates (as days) as floats, NaN for all else."""
    if pd.api.types.is_datetime64_any_dtype(column):
        return ((column - pd.Timestamp(0)) / pd.Timedelta(days=1)).to_numpy(dtype=float)
    return pd.to_numeric(column, errors="coerce").astype("float64").to_numpy()


def _ends(size: np.ndarray, is_date: bool) -> Iterator[Mark]:
    """Yield the highest and the lowest customers from every cut on, to be compared where the cut is."""
    wide = max(2 * LEAST, round(NEAR * np.isfinite(size).sum()))
    for reason, sign in (("above", 1.0), ("below", -1.0)):
        high = sign * size
        ordered = np.sort(high[np.isfinite(high)])
        cuts = np.unique(ordered)
        if len(cuts) > CUTS:
            cuts = np.unique(np.quantile(ordered, np.linspace(0.5, 1, CUTS), method="nearest"))
        for cut in cuts[1:]:
            first = int(np.searchsorted(ordered, cut))
            if 2 * first < len(ordered):
                continue
            # Equal values stay together, so that a mass at nought is one neighbour.
            last_near, first_other = ordered[min(first + wide, len(ordered)) - 1], ordered[max(first - wide, 0)]
            rows = high >= cut  # NaN compares as no
            detail = _date_words(sign * cut) if is_date else f"{sign * cut + 0.0:g}"
            yield Mark(reason, detail, rows, rows & (high <= last_near), ~rows & (high >= first_other))


def _date_words(days: float) -> str:
    return day((pd.Timestamp(0) + pd.Timedelta(days=days)).date())


def apart(size: np.ndarray, date: np.ndarray, outcome: np.ndarray, name: str) -> Iterator[Mark]:
    """Yield the customers in whom a column stops following a date or another number: months used count on, until somebody leaves."""
    both = np.isfinite(size) & np.isfinite(date)
    for side in (0, 1):
        rows = inside = both & (outcome == side)
        # Trimming the farther half lets the customers on this side who left the line earlier not bend it.
        for _round in range(4):
            if rows.sum() < LEAST or np.ptp(date[rows]) == 0 or np.ptp(size[rows]) == 0:
                break
            line = np.polyval(np.polyfit(date[rows], size[rows], 1), date)
            distance = np.abs(size - line)
            rows = inside & (distance <= np.median(distance[inside]))
        else:
            typical, spread = np.median(distance[rows]), np.std(size[both])
            # What hardly changes on this side follows nothing.
            if typical > FOLLOWS * spread or np.std(line[rows]) <= RISES * spread:
                continue
            far = both & (distance > 8 * typical + 1e-6)
            yield Mark("apart", name, far, far, both & ~far)


def one_sided(rows: np.ndarray, outcome: np.ndarray, near: np.ndarray | None = None, others: np.ndarray | None = None) -> OneSided | None:
    """Return how one-sided a mark is; None where chance or an honest column may give it.

    Parameters
    ----------
    rows : True per row with the mark.
    outcome : 0 / 1 per row.
    near, others : the rows whose odds are compared; None: all with the mark, and all without it.
    """
    near, others = rows if near is None else near, ~rows if others is None else others
    if near.sum() < LEAST or not others.any():
        return None
    sides = []
    for side in (outcome == 1, outcome == 0):
        # Both beside the next customers and beside all others: a strong honest number passes one of them.
        counts, at_all = _counts(near, others, side), _counts(rows, ~rows, side)
        odds, surely = (min(pair) for pair in zip(_odds(counts), _odds(at_all), strict=True))
        if odds >= TIMES_ASKED and fisher_exact(counts, "greater").pvalue < CHANCE:
            inside, marked = int(at_all[0, 0]), int(at_all[0].sum())
            refused = inside >= PURE * marked and surely >= TIMES and inside >= COVERS * side.sum()
            sides.append(OneSided(bool(refused), odds, inside / marked))
    return max(sides, default=None)


def _counts(rows: np.ndarray, others: np.ndarray, side: np.ndarray) -> np.ndarray:
    """Return how many of some rows, and of others, are on a side and are not."""
    return np.array([[(part & side).sum(), (part & ~side).sum()] for part in (rows, others)])


def _odds(counts: np.ndarray) -> tuple[float, float]:
    """Return the odds ratio of a 2 x 2 table, and the lower end of its 95 % interval (Woolf 1955, with Haldane's half a case)."""
    filled = counts + 0.5
    log_odds = np.log(filled[0, 0] * filled[1, 1] / (filled[0, 1] * filled[1, 0]))
    return float(np.exp(log_odds)), float(np.exp(log_odds - Z * np.sqrt((1 / filled).sum())))


def _auc_alone(column: pd.Series, numbers: pd.DataFrame, outcome: np.ndarray, seed: int) -> tuple[float, float, float]:
    """Return how well a column alone ranks customers, on folds it did not learn from, with its 95 % interval."""
    known = numbers.assign(__filled=column.notna().to_numpy(dtype=float))
    codes = column.astype("string").fillna("").astype(object)
    if not pd.api.types.is_numeric_dtype(column) and 1 < codes.nunique() <= len(codes) / LEAST:
        known = known.assign(__code=codes.map(pd.Series(range(codes.nunique()), sorted(codes.unique()))).astype(float))
    tree = DecisionTreeClassifier(max_depth=4, min_samples_leaf=LEAST, random_state=0)
    folds = StratifiedKFold(FOLDS, shuffle=True, random_state=seed)
    scores = [cross_val_predict(tree, known.to_numpy(), outcome, cv=folds, method="predict_proba")[:, 1]]
    # A number that goes one way, and gaps alone, rank better as they are than in the steps of a tree.
    scores += [sign * known[name].to_numpy() for name in (numbers.columns[0], "__filled") for sign in (1, -1)]
    aucs, covariance = auc_with_covariance(outcome, np.array(scores))
    best = int(aucs.argmax())
    half = Z * np.sqrt(covariance[best, best])
    return float(aucs[best]), float(aucs[best] - half), float(aucs[best] + half)
