"""What the reader did with each file: rows read, used and set aside, and how full every column was.

A receipt travels with the tables, so that data maturity and the report can name the rule and the
rows behind every figure without reading raw data again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

import pandas as pd

from helpers.tables.canonical import TABLES

# What people type into a field that they must fill in and cannot.
UNKNOWN_WORDS = frozenset({"", "-", "?", "n/a", "na", "nan", "none", "null", "unknown", "onbekend", "unbekannt"})


def filled(column: pd.Series) -> pd.Series:
    """Return which rows of a column hold something; blanks and words for "unknown", in any case, do not count."""
    there = column.notna()
    if pd.api.types.is_object_dtype(column) or pd.api.types.is_string_dtype(column):
        words = column.astype("string").str.strip().str.lower()
        there &= ~words.isin(UNKNOWN_WORDS).fillna(False).astype(bool)
    return there.astype(bool)


@dataclass(frozen=True)
class SetAside:
    """Rows that a rule kept out of the analyses.

    Parameters
    ----------
    rule : short name of the rule, such as "cancellation".
    reason : the rule in words.
    rows : rows set aside by it.
    amount : their net amount, in the client's currency; 0 where the table holds no money.
    """

    rule: str
    reason: str
    rows: int
    amount: float = 0.0


@dataclass(frozen=True)
class Decision:
    """One thing decided on the way from exports to one truth, with the number of cells or records it concerns.

    Parameters
    ----------
    what : "spaces", "look-alikes", "empty word", "case" (an id brought into one form); "joined" (records of the same key
        became one), "brings" (empty cells filled from this source), "differs" (two sources say something else).
    table, file, column : where.
    rows : how many.
    other : for "joined" the source joined to, for "differs" the source that is right; else empty.
    """

    what: str
    table: str
    file: str
    column: str
    rows: int
    other: str = ""


@dataclass(frozen=True)
class Receipt:
    """What became of one file on its way to one canonical table.

    Parameters
    ----------
    table : canonical table that the file fed, a name in ``tables.TABLES``.
    file : name of the file or query, relative to the client's folder.
    system : system it was exported from, such as "CRM".
    rows_read, rows_used : rows in the file, and rows that became a row of the table.
    rows_joined, amount_joined : rows that completed a record of an earlier source, and their net amount.
    set_aside : the rows in between, per rule.
    amount_read, amount_used : net amounts of the same rows; 0 without money.
    completeness : canonical column to share of the used rows in which it is filled (0 to 1).
    unmapped_columns : columns of the file that no canonical column took.
    first_day, last_day : first and last day in the table's time column, as ISO text.
    notes : anything else worth saying, in sentences.
    """

    table: str
    file: str
    system: str
    rows_read: int
    rows_used: int
    set_aside: tuple[SetAside, ...] = ()
    amount_read: float = 0.0
    amount_used: float = 0.0
    completeness: Mapping[str, float] = field(default_factory=dict)
    unmapped_columns: tuple[str, ...] = ()
    first_day: str | None = None
    last_day: str | None = None
    notes: tuple[str, ...] = ()
    rows_joined: int = 0
    amount_joined: float = 0.0

    @property
    def has_money(self) -> bool:
        """Whether the table holds amounts of money that can be added up."""
        return bool(TABLES[self.table].money)

    def without(self, gone: SetAside) -> Receipt:
        """Return the receipt after a rule set further rows aside."""
        used, amount = self.rows_used - gone.rows, round(self.amount_used - gone.amount, 2)
        return replace(self, rows_used=used, amount_used=amount, set_aside=(*self.set_aside, gone))

    def to_json(self) -> dict[str, Any]:
        """Return the receipt as plain JSON values."""
        return asdict(self) | {"completeness": dict(self.completeness)}

    @classmethod
    def from_json(cls, raw: Mapping[str, Any]) -> Receipt:
        """Rebuild the receipt that ``to_json`` wrote."""
        return cls(
            **{
                **raw,
                "set_aside": tuple(SetAside(**rule) for rule in raw["set_aside"]),
                "completeness": dict(raw["completeness"]),
                "unmapped_columns": tuple(raw["unmapped_columns"]),
                "notes": tuple(raw["notes"]),
            }
        )


def receipts_of(record: Mapping[str, Any]) -> tuple[Receipt, ...]:
    """Return what the reader did with each file, from the artefact "receipts"."""
    return tuple(Receipt.from_json(receipt) for receipt in record["receipts"])
