"""Prepare beforehand, or compute when asked? The arithmetic of rows.

Separate calculating from serving: 1,000 customers with any number of banners is a table of 1,000
rows; 10,000 customers × 10,000 products × 10,000 cross-sells cannot be prepared. The limit is ours.
"""

from dataclasses import dataclass

import pandas as pd

MOST_ROWS = 50_000_000  # a small database still looks up at once


@dataclass(frozen=True)
class Arithmetic:
    """What preparing everything would take.

    Parameters
    ----------
    rows : rows of the prepared table.
    size_bytes : their size.
    prepare : True when it fits a small database.
    """

    rows: int
    size_bytes: int
    prepare: bool


def arithmetic(customers: int, offers: int, bytes_per_row: float) -> Arithmetic:
    """Return what a table of customers × offers would take.

    Parameters
    ----------
    customers : number of customers.
    offers : offers kept per customer.
    bytes_per_row : see ``bytes_of``.
    """
    rows = customers * offers
    return Arithmetic(rows, round(rows * bytes_per_row), rows <= MOST_ROWS)


def bytes_of(frame: pd.DataFrame) -> float:
    """Return the bytes per row of a table of offers in memory, its text included."""
    return float(frame.memory_usage(deep=True, index=False).sum() / max(len(frame), 1))
