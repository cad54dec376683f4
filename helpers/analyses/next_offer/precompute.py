"""Prepare beforehand, or compute when asked? The arithmetic, with seconds that somebody measured.

Separate calculating from serving: 1,000 customers with any number of banners is a table of 1,000
rows; 10,000 customers × 10,000 products × 10,000 cross-sells cannot be prepared. The limits are ours.
"""

from dataclasses import dataclass

import pandas as pd

MOST_ROWS = 50_000_000  # a small database still looks up at once
MOST_SECONDS = 8 * 3600.0  # a night


@dataclass(frozen=True)
class Arithmetic:
    """What preparing everything would take.

    Parameters
    ----------
    rows : rows of the prepared table.
    size_bytes : their size.
    seconds : time to compute them; NaN when nobody measured.
    prepare : True when it fits a night and a small database.
    """

    rows: int
    size_bytes: int
    seconds: float
    prepare: bool


def arithmetic(
    customers: int,
    offers: int,
    situations: int = 1,
    *,
    bytes_per_row: float,
    seconds_per_row: float = float("nan"),
) -> Arithmetic:
    """Return what a table of customers × situations × offers would take.

    Parameters
    ----------
    customers : number of customers.
    offers : offers kept per customer and situation.
    situations : 1 where only history counts; pages or baskets, where what is on the screen counts.
    bytes_per_row : see ``bytes_of``.
    seconds_per_row : measured by the caller; it decides nothing when left out, so that results stay the same.
    """
    rows = customers * offers * situations
    seconds = rows * seconds_per_row
    fits = rows <= MOST_ROWS and not seconds > MOST_SECONDS
    return Arithmetic(rows, round(rows * bytes_per_row), seconds, fits)


def bytes_of(frame: pd.DataFrame) -> float:
    """Return the bytes per row of a table of offers in memory, its text included."""
    return float(frame.memory_usage(deep=True, index=False).sum() / max(len(frame), 1))
