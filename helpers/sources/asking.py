"""Small questions to whatever engine holds a table."""

from __future__ import annotations

from typing import Any

import pandas as pd


def frame(relation: Any) -> pd.DataFrame:
    """Return an ibis table of a few rows in memory."""
    return relation.get_backend().to_pyarrow(relation).to_pandas()


def counts(relation: Any, **aggregates: Any) -> dict[str, float]:
    """Return aggregates of an ibis table as plain numbers; 0 where there was nothing to add."""
    row = frame(relation.aggregate(**aggregates)).iloc[0]
    return {name: 0.0 if pd.isna(value) else float(value) for name, value in row.items()}
