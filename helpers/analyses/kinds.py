"""Columns of any kind as numbers: text and flags as 0 and 1, dates as days before the round (our conventions)."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

import pandas as pd

MOST_VALUES = 8  # of a text column; the rarer ones share "none of these", so that a list of towns does not become a group each
LEAST_SHARE = 0.02  # of the customers: a rarer value marks a handful of names
IS = " = "  # between the column and its value in the name of a 0/1 column


class Numbers(NamedTuple):
    """A column as numbers: its columns, and what happened to gaps that were filled (share of the customers without a value)."""

    columns: pd.DataFrame
    missing: float


def is_indicator(name: str) -> bool:
    """Tell whether a feature is a 0/1 column that stands for a value of a text or a flag."""
    return IS in name


def as_numbers(column: pd.Series, as_of: date | None, values: Sequence[str] | None = None) -> Numbers:
    """Return one column of any kind as columns of numbers, gaps left as they are.

    Parameters
    ----------
    column : numbers, dates, flags or text.
    as_of : the day from which dates are counted back; None where there are no dates.
    values : of a text, the values to stand for; None for the most frequent ones.

    Returns
    -------
    A number as it is; a date as days before ``as_of``; a flag as 0/1; a text as a 0/1 column for each of at most eight values that
    at least one customer in fifty has, most frequent first (equally frequent ones by name); one column where there are two values.
    """
    name, missing = str(column.name), float(column.isna().mean()) if len(column) else 0.0
    if pd.api.types.is_bool_dtype(column):
        return Numbers(pd.DataFrame({f"{name}{IS}yes": column.astype("float64")}), missing)
    if pd.api.types.is_datetime64_any_dtype(column):
        return Numbers(pd.DataFrame({f"days since {name}": (pd.Timestamp(as_of or date.max) - column).dt.days.astype("float64")}), missing)
    numbers = pd.to_numeric(column, errors="coerce").astype("float64")
    if pd.api.types.is_numeric_dtype(column) or (numbers.notna().sum() == column.notna().sum() > 0):
        return Numbers(numbers.to_frame(name), missing)
    text = column.astype("string").str.strip().astype(object)
    if values is None:
        counts = text.value_counts().rename_axis("value").reset_index(name="n").sort_values(["n", "value"], ascending=[False, True])
        kept = counts.loc[counts["n"] >= max(2, LEAST_SHARE * len(text)), "value"].tolist()[:MOST_VALUES]
        values = kept[:1] if len(kept) == 2 and len(counts) == 2 and not missing else kept
    return Numbers(pd.DataFrame({f"{name}{IS}{value}": (text == value).astype("float64") for value in values}, index=column.index), missing)
