"""One measured figure of data maturity: its rule, its rows, the level the rubric gives it, and its change."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import pandas as pd
from ruamel.yaml import YAML

RUBRIC = Path(__file__).with_name("rubric.yml")
KEY = ["dimension", "name", "table", "column"]
# A change that is smaller is not worth a sentence: a point of a share, a day, a month (our convention).
SMALL_CHANGE = {"share": 0.01, "days": 1.0, "months": 1.0}


@dataclass(frozen=True)
class Measure:
    """One figure that was measured.

    Parameters
    ----------
    name : the rule, a key of rubric.yml.
    table, column : what was measured; column is empty where it is about the table.
    figure : a share (0 to 1), days or months.
    rows_of, rows : how many rows keep the rule, of how many; for days and months the rows looked at.
    facts : further plain numbers or texts that the sentence names.
    """

    name: str
    table: str
    column: str
    figure: float
    rows_of: int
    rows: int
    facts: str = ""

    @property
    def dimension(self) -> str:
        """The dimension it is evidence for."""
        return rubric()[self.name]["dimension"]

    @property
    def unit(self) -> str:
        """What the figure is: "share", "days" or "months"."""
        return {"days_old": "days", "months_of_history": "months", "kept_months": "months"}.get(self.name, "share")

    @property
    def critical(self) -> bool:
        """Whether its dimension can be no higher than it is."""
        return bool(rubric()[self.name].get("critical", False))

    @property
    def level(self) -> int:
        """Level 0 to 4 by the rubric."""
        return level(self.name, self.figure)


@lru_cache
def rubric() -> dict[str, dict[str, Any]]:
    """Return the declared rubric: measure to dimension, direction and the four cuts."""
    return YAML(typ="safe", pure=True).load(RUBRIC.read_text(encoding="utf-8"))


def level(name: str, figure: float) -> int:
    """Return the level of a figure of rubric.yml: how many of the four cuts it reaches; 0 where it is missing.

    Our convention. Shares are compared with a slack of a billionth, so that 4 of 5 is 0.8.
    """
    rule = rubric()[name]
    if math.isnan(figure):
        return 0
    sign = 1 if rule["better"] == "high" else -1
    return sum(sign * figure >= sign * cut - 1e-9 for cut in rule["cuts"])


def share(name: str, table: str, column: str, rows_of: int, rows: int, facts: str = "") -> Measure | None:
    """Return a measure that is a share of rows; None where there are no rows."""
    if rows == 0:
        return None
    return Measure(name, table, column, rows_of / rows, int(rows_of), int(rows), facts)


def measures_frame(measures: Iterable[Measure]) -> pd.DataFrame:
    """Return measures as a frame that can be kept and compared in the next round.

    Returns
    -------
    Frame: dimension, name, table, column, figure, unit, rows_of, rows, level, facts.
    """
    columns = ["dimension", "name", "table", "column", "figure", "unit", "rows_of", "rows", "level", "facts"]
    rows = [{key: getattr(measure, key) for key in columns} for measure in measures]
    return pd.DataFrame(rows, columns=columns)


def moments(column: pd.Series) -> pd.Series:
    """Return a column as moments; what is no date becomes missing (text is read as ISO 8601 only)."""
    if pd.api.types.is_datetime64_any_dtype(column):
        return column
    return pd.to_datetime(column.astype("string"), errors="coerce", format="ISO8601")


def compare(previous: pd.DataFrame, current: pd.DataFrame) -> pd.DataFrame:
    """Return every measure of both rounds (frames of ``measures_frame``) side by side.

    Returns
    -------
    Frame: dimension, name, table, column, unit, before, current, change, level_before, level_now, and
    direction: "better", "worse", "same", "new" (not measured then) or "gone" (not measured now).
    Sorted: worse first, then better, each by size of the change in level.
    """
    columns = [*KEY, "unit", "figure", "level"]
    both = previous[columns].merge(current[columns], on=KEY, how="outer", suffixes=("_before", "_now"), sort=True)
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
    if abs(row.change) < SMALL_CHANGE[row.unit]:
        return "same"
    # Fewer days since the last row is better; more of a share or of history is better.
    rises = row.change > 0
    return "better" if rises != (row.unit == "days") else "worse"
