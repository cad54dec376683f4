"""The leakage guard: no feature may know anything from after its cut-off.

A label that leaks through recency gives an AUC of 1.000 and a forecast that is worth nothing. Four checks:
1. time travel: a feature computed from all rows must equal the same feature computed from rows up to the cut-off;
2. recipes: a feature that comes as a finished column must equal its recipe; without a recipe it is refused;
3. dates: no date column may hold a day after the cut-off;
4. too good: nothing without a recipe, and not the order of the rows or of the customer numbers, may part those
   with and without the event almost perfectly (AUC 0.99 or more, from 20 customers of each kind; our convention).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from helpers.analyses.predictions.measures import auc_with_covariance
from helpers.analyses.predictions.windows import MORE_FEATURES, features_at
from helpers.core.errors import AimError

TOO_GOOD = 0.99
LEAST = 20
Recipe = Callable[[Mapping[str, pd.DataFrame], pd.Timestamp], pd.Series]
WHEN = {"orders": "order_day", "contacts": "contact_date", "campaigns": "sent_date"}


@dataclass(frozen=True)
class Leak:
    """A feature that is refused: its column, the check that caught it, and how many customers it touches."""

    column: str
    check: str
    customers: int = 0
    auc: float = float("nan")


class LeakFound(AimError):
    """A forecast was stopped because a feature knows the future."""

    def __init__(self, leaks: tuple[Leak, ...]):
        self.leaks = leaks
        named = ", ".join(f"{leak.column} ({leak.check})" for leak in leaks)
        super().__init__(f"Refused: these features know what happened after the cut-off: {named}.")


def until(tables: Mapping[str, pd.DataFrame], through: pd.Timestamp) -> dict[str, pd.DataFrame]:
    """Return the tables with only the rows up to and including the day ``through``."""
    end = through + pd.Timedelta(days=1)
    return {name: table[pd.to_datetime(table[WHEN[name]]) < end] if name in WHEN else table for name, table in tables.items()}


def own_recipes() -> dict[str, Recipe]:
    """Return the recipes of the features that this analysis makes itself; a frame is computed once for all columns."""
    computed: dict[tuple, tuple] = {}

    def frame(orders: pd.DataFrame, through: pd.Timestamp) -> pd.DataFrame:
        key = (id(orders), through)
        if key not in computed:
            # Holding on to the orders keeps their id from being reused.
            computed[key] = (orders, features_at(orders, through))
        return computed[key][1]

    def recipe(column: str) -> Recipe:
        return lambda tables, through: frame(tables["orders"], through)[column]

    return {column: recipe(column) for column in MORE_FEATURES}


def time_travel(recipes: Mapping[str, Recipe], tables: Mapping[str, pd.DataFrame], through: pd.Timestamp) -> list[Leak]:
    """Return the recipes whose outcome changes when rows after the cut-off are taken away."""
    past = until(tables, through)
    leaks = []
    for column, recipe in recipes.items():
        differs = _different(recipe(tables, through), _or_nothing(recipe, past, through))
        if differs:
            leaks.append(Leak(column, "time travel", differs))
    return leaks


def check_columns(
    features: pd.DataFrame,
    recipes: Mapping[str, Recipe],
    tables: Mapping[str, pd.DataFrame],
    through: pd.Timestamp,
    outcome: pd.Series | None = None,
) -> list[Leak]:
    """Return the leaks in a finished frame of features.

    Parameters
    ----------
    features : one row per customer, index customer_id.
    recipes : how each column is made from the tables.
    tables : all rows known today.
    through : the cut-off.
    outcome : the label, 0 / 1 with index customer_id, where it is known.
    """
    past = until(tables, through)
    leaks = [leak for column in features for leak in _column_leaks(features[column], recipes, past, through)]
    refused = {leak.column for leak in leaks}
    if outcome is not None:
        # What equals its recipe on rows before the cut-off cannot know the future, however well it parts people.
        proven = refused | set(recipes)
        leaks += too_good(features[[column for column in features if column not in proven]], outcome)
    return leaks


def _column_leaks(column: pd.Series, recipes: Mapping[str, Recipe], past: Mapping[str, pd.DataFrame], through: pd.Timestamp) -> list[Leak]:
    name = str(column.name)
    if pd.api.types.is_datetime64_any_dtype(column):
        late = int((column > through).sum())
        return [Leak(name, "date after the cut-off", late)] if late else []
    if name not in recipes:
        return [Leak(name, "no recipe", len(column))]
    differs = _different(column, _or_nothing(recipes[name], past, through))
    return [Leak(name, "differs from its recipe", differs)] if differs else []


def too_good(features: pd.DataFrame, outcome: pd.Series) -> list[Leak]:
    """Return single features, and the order of rows or numbers, that part the outcome almost perfectly."""
    known = outcome.reindex(features.index).dropna()
    if min((known == 1).sum(), (known == 0).sum()) < LEAST:
        return []
    numbers = features.loc[known.index].select_dtypes(["number", "bool"]).astype(float)
    columns = numbers.assign(**{"order of the rows": np.arange(len(known)), "order of the customer numbers": _rank(known.index)})
    leaks = []
    for name in columns:
        column = columns[name].fillna(columns[name].median()).fillna(0.0)
        auc = auc_with_covariance(known.to_numpy(), column.to_numpy())[0][0]
        if max(auc, 1 - auc) >= TOO_GOOD:
            leaks.append(Leak(str(name), "too good to be true", len(known), float(auc)))
    return leaks


def refuse_leaks(leaks: list[Leak]) -> None:
    """Stop with a plain sentence when there is any leak.

    Raises
    ------
    LeakFound : names every refused feature.
    """
    if leaks:
        raise LeakFound(tuple(leaks))


def _rank(index: pd.Index) -> np.ndarray:
    numbers = pd.to_numeric(pd.Series(index.astype(str)).str.replace(r"\D", "", regex=True), errors="coerce")
    return numbers.fillna(-1).to_numpy() if numbers.notna().all() else pd.Series(index.astype(str)).rank().to_numpy()


def _or_nothing(recipe: Recipe, past: Mapping[str, pd.DataFrame], through: pd.Timestamp) -> pd.Series:
    """Return the recipe's outcome; a recipe that cannot do without the future gives nothing."""
    try:
        return recipe(past, through)
    except (KeyError, IndexError, ValueError, ZeroDivisionError):
        return pd.Series(dtype=float)


def _different(column: pd.Series, recomputed: pd.Series) -> int:
    """Return for how many customers two versions of a column differ."""
    ids = column.index.union(recomputed.index)
    left, right = column.reindex(ids), recomputed.reindex(ids)
    if pd.api.types.is_numeric_dtype(left) and pd.api.types.is_numeric_dtype(right):
        left, right = left.astype(float), right.astype(float)
        same = np.isclose(left, right, rtol=1e-9, atol=1e-9, equal_nan=True)
        return int((~same).sum())
    return int(((left != right) & ~(left.isna() & right.isna())).sum())
