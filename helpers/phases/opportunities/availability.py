"""Which data is really there: every column of the canonical tables, and how full it is."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from helpers.tables import TABLES
from helpers.tables.receipts import filled


def availability(tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Return one row per column of every canonical table.

    Parameters
    ----------
    tables : the client's canonical tables; absent tables are simply not there.

    Returns
    -------
    Frame indexed by (table, column): rows, filled_rows, present, filled_share (0 where absent or
    where the table has no rows).
    """
    rows = []
    for table in TABLES.values():
        frame = tables.get(table.name)
        for column in table.names:
            present = frame is not None and column in frame
            count = len(frame) if frame is not None else 0
            full = int(filled(frame[column]).sum()) if present else 0
            rows.append((table.name, column, count, full, present, full / count if count else 0.0))
    names = ["table", "column", "rows", "filled_rows", "present", "filled_share"]
    return pd.DataFrame(rows, columns=names).set_index(["table", "column"])
