"""The leak guard of a given label: columns that were filled, or changed, only once it was known who had it.

Nothing says when a cell was filled, so what is looked at is how a column goes with the label (our conventions):
1. filled afterwards: the column has a value, or another value than its usual one, for (nearly) only one side of the label;
2. too good: by itself, on customers it did not learn from, the column parts the two sides almost perfectly. A date gives itself
   away earlier, since what ends stops counting on a day of its own.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.stats import fisher_exact
from sklearn.model_selection import StratifiedKFold, cross_val_predict
from sklearn.tree import DecisionTreeClassifier

from helpers.analyses.predictions.measures import auc_interval

TOO_GOOD, TOO_GOOD_DATE = 0.95, 0.9  # area under the curve of the column alone
PURE = 0.95  # share of the filled cells on one side of the label
TIMES = 20  # how many times the odds of that side are, against the other cells
LEAST_FILLED = 10
CHANCE = 1e-6  # a split that chance gives more often than this proves nothing, however many columns there are
USUAL = 0.2  # share of the customers from which the most frequent value counts as "nothing happened"
FOLDS = 5


@dataclass(frozen=True)
class LateColumn:
    """A column that the model may not see.

    Parameters
    ----------
    column : its name.
    reason : "filled" (only where the label is so), "changed" (differs from its usual value only there) or "too_good".
    share : of the filled or changed cells on one side of the label; for "too_good" the area under the curve.
    """

    column: str
    reason: str
    share: float


def late_columns(table: pd.DataFrame, numbers: dict[str, pd.DataFrame], outcome: np.ndarray, seed: int) -> list[LateColumn]:
    """Return the columns that know the label, in their order.

    Parameters
    ----------
    table : the columns as they are, one row per customer with a known label.
    numbers : per column the same as numbers (``analyses.kinds.as_numbers``), without gaps.
    outcome : 0 / 1 per row; at least five of each.
    seed : of the folds.
    """
    judged = (_late(table[name], numbers[name], outcome, seed) for name in numbers)
    return [late for late in judged if late is not None]


def _late(column: pd.Series, numbers: pd.DataFrame, outcome: np.ndarray, seed: int) -> LateColumn | None:
    name, filled = str(column.name), column.notna().to_numpy()
    for mark, reason in ((filled, "filled"), (filled & _unusual(column), "changed")):
        share = one_sided(mark, outcome)
        if share:
            return LateColumn(name, reason, share)
    known = numbers.assign(__filled=filled.astype(float))
    codes = column.astype("string").fillna("").astype(object)
    if not pd.api.types.is_numeric_dtype(column) and 1 < codes.nunique() <= len(codes) / LEAST_FILLED:
        known = known.assign(__code=codes.map(pd.Series(range(codes.nunique()), sorted(codes.unique()))).astype(float))
    tree = DecisionTreeClassifier(max_depth=4, min_samples_leaf=LEAST_FILLED, random_state=0)
    folds = StratifiedKFold(FOLDS, shuffle=True, random_state=seed)
    score = cross_val_predict(tree, known.to_numpy(), outcome, cv=folds, method="predict_proba")[:, 1]
    auc = auc_interval(outcome, score)[0]
    limit = TOO_GOOD_DATE if pd.api.types.is_datetime64_any_dtype(column) else TOO_GOOD
    return LateColumn(name, "too_good", auc) if auc >= limit else None


def _unusual(column: pd.Series) -> np.ndarray:
    """Return where a column differs from its most frequent value; nowhere where no value is that frequent."""
    counts = column.value_counts()
    if counts.empty or counts.iloc[0] < USUAL * len(column):
        return np.zeros(len(column), dtype=bool)
    return (column != counts.index[0]).fillna(False).to_numpy(dtype=bool)


def one_sided(mark: np.ndarray, outcome: np.ndarray) -> float:
    """Return the share of the marked rows on one side of the outcome where that is (nearly) all of them, beyond chance; else 0.

    Parameters
    ----------
    mark : True per row that is filled, or differs from what is usual.
    outcome : 0 / 1 per row.
    """
    for side in (outcome == 1, outcome == 0):
        inside, outside = int((mark & side).sum()), int((mark & ~side).sum())
        if inside + outside < LEAST_FILLED or inside < PURE * (inside + outside):
            continue
        rest_inside, rest_outside = int((~mark & side).sum()), int((~mark & ~side).sum())
        odds = (inside + 0.5) * (rest_outside + 0.5) / ((outside + 0.5) * (rest_inside + 0.5))
        if odds >= TIMES and fisher_exact([[inside, outside], [rest_inside, rest_outside]], "greater").pvalue < CHANCE:
            return inside / (inside + outside)
    return 0.0
