"""What a canonical table is: its columns, each with kind, unit, meaning and range, and the pandas types that follow."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

import pandas as pd

Kind = Literal["id", "text", "date", "time", "number", "count", "money", "flag"]
_DTYPES = {
    "id": "str",
    "text": "str",
    "date": "datetime64[us]",
    "time": "datetime64[us]",
    "number": "float64",
    "count": "Int64",
    "money": "float64",
    "flag": "boolean",
}


@dataclass(frozen=True)
class Column:
    """One column of a canonical table.

    Parameters
    ----------
    name : our name for it.
    kind : "id" (text, never a number), "text", "date", "time", "number", "count" (whole, not
        negative), "money" (in the client's currency) or "flag" (yes / no / unknown).
    meaning : what it holds, for the data dictionary.
    required : True when a source of this table must map it.
    unit : unit of a number; empty for text.
    low, high : smallest and largest number allowed; None for no limit.
    choices : the only words allowed; none for any.
    """

    name: str
    kind: Kind
    meaning: str
    required: bool = False
    unit: str = ""
    low: float | None = None
    high: float | None = None
    choices: tuple[str, ...] = ()

    @property
    def allowed(self) -> str:
        """The range of a number, or the words allowed; empty where there is no limit."""
        if self.choices:
            return ", ".join(self.choices)
        low = 0 if self.kind == "count" and self.low is None else self.low
        if self.high is not None:
            return f"{low or 0:g} to {self.high:g}"
        return "" if low is None else f"{low:g} or more"


@dataclass(frozen=True)
class Table:
    """One canonical table: its columns, its key, and what a row is."""

    name: str
    row: str
    columns: tuple[Column, ...]
    key: tuple[str, ...] = ()
    money: str = ""
    when: str = ""

    def column(self, name: str) -> Column:
        """Return a column by name (KeyError when there is none)."""
        return {column.name: column for column in self.columns}[name]

    @property
    def names(self) -> tuple[str, ...]:
        """Names of all columns, in order."""
        return tuple(column.name for column in self.columns)

    @property
    def required(self) -> tuple[str, ...]:
        """Names of the columns that a source must map."""
        return tuple(column.name for column in self.columns if column.required)

    def needed(self, mapped: Collection[str]) -> tuple[str, ...]:
        """Return the columns whose cells must be filled, of a source that maps these: a person stands for its customer."""
        return tuple(name for name in self.required if name != "customer_id" or "person_id" not in mapped)


def dtypes(table: Table) -> dict[str, str]:
    """Return the pandas type of every column of a table, by name."""
    return {column.name: _DTYPES[column.kind] for column in table.columns}


def empty(table: Table) -> pd.DataFrame:
    """Return a table without rows, its columns typed as its contract says."""
    return pd.DataFrame({column.name: pd.Series([], dtype=_DTYPES[column.kind]) for column in table.columns})
