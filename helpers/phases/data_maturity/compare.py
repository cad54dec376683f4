"""Change since the last round: the same measures, then and now."""

from __future__ import annotations

import pandas as pd

KEY = ["dimension", "name", "table", "column"]
# A share that moved by less than a point is not worth a sentence (our convention).
SMALL = {"share": 0.01, "days": 1.0, "months": 1.0}


def compare(previous: pd.DataFrame, current: pd.DataFrame) -> pd.DataFrame:
    """Return every measure of both rounds side by side.

    Parameters
    ----------
    previous, current : frames of ``measures.frame``, as kept by the two rounds.

    Returns
    -------
    Frame: dimension, name, table, column, unit, before, current, change, level_before, level_now, and
    direction: "better", "worse", "same", "new" (not measured then) or "gone" (not measured now).
    Sorted: worse first, then better, each by size of the change in level.
    """
    kept = [*KEY, "unit", "figure", "level"]
    both = previous[kept].merge(current[kept], on=KEY, how="outer", suffixes=("_before", "_now"), sort=True)
    frame = both[KEY].copy()
    frame["unit"] = both["unit_now"].fillna(both["unit_before"])
    frame["before"], frame["current"] = both["figure_before"].astype(float), both["figure_now"].astype(float)
    frame["change"] = frame["current"] - frame["before"]
    frame["level_before"] = both["level_before"].astype("Int64")
    frame["level_now"] = both["level_now"].astype("Int64")
    frame["direction"] = [_direction(row) for row in frame.itertuples(index=False)]
    order = {"worse": 0, "better": 1, "gone": 2, "new": 3, "same": 4}
    steps = (frame["level_now"] - frame["level_before"]).abs().fillna(0).astype(int)
    ranked = frame.assign(_order=frame["direction"].map(order), _steps=-steps)
    ranked = ranked.sort_values(["_order", "_steps", *KEY], ignore_index=True)
    return ranked.drop(columns=["_order", "_steps"])


def _direction(row) -> str:
    if pd.isna(row.before):
        return "new"
    if pd.isna(row.current):
        return "gone"
    if abs(row.change) < SMALL[row.unit]:
        return "same"
    # Fewer days since the last row is better; more of a share or of history is better.
    rises = row.change > 0
    return "better" if rises != (row.unit == "days") else "worse"
