"""A table customer → treatment in the forms that mailing tools and web sites read."""

from __future__ import annotations

import json
import sqlite3
import tempfile
from pathlib import Path

import pandas as pd


def serving_files(serving: pd.DataFrame) -> dict[str, bytes]:
    """Return the table as parquet, SQLite and JSON, by file ending; the same table gives the same bytes.

    Parameters
    ----------
    serving : one row per customer, with customer_id.
    """
    records = serving.set_index("customer_id").to_dict(orient="index")
    return {
        "parquet": serving.to_parquet(index=False),
        "sqlite": _sqlite(serving),
        "json": (json.dumps(records, indent=0, sort_keys=True, ensure_ascii=False) + "\n").encode(),
    }


def _sqlite(serving: pd.DataFrame) -> bytes:
    with tempfile.TemporaryDirectory(prefix="aim-") as folder:
        path = Path(folder) / "serving.sqlite"
        connection = sqlite3.connect(path)
        serving.to_sql("serving", connection, index=False)
        connection.execute("CREATE UNIQUE INDEX by_customer ON serving (customer_id)")
        connection.commit()
        connection.close()
        return path.read_bytes()
