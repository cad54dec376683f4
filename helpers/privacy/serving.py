"""A table customer → treatment in the forms that mailing tools and web sites read."""

import json
import sqlite3
from pathlib import Path

import pandas as pd

from helpers.core.files import scratch


def serving_files(serving: pd.DataFrame) -> dict[str, bytes]:
    """Return the table as parquet, SQLite and JSON, by file ending; the same table gives the same bytes.

    Several rows of one customer_id (offers by rank) become a list.
    """
    one_each = serving["customer_id"].is_unique
    by_customer = serving.set_index("customer_id")
    if one_each:
        records = by_customer.to_dict(orient="index")
    else:
        records = {customer: rows.to_dict(orient="records") for customer, rows in by_customer.groupby(level=0)}
    return {
        "parquet": serving.to_parquet(index=False),
        "sqlite": _sqlite(serving, "UNIQUE" if one_each else ""),
        "json": (json.dumps(records, indent=0, sort_keys=True, ensure_ascii=False) + "\n").encode(),
    }


def _sqlite(serving: pd.DataFrame, kind: str) -> bytes:
    with scratch("serving") as folder:
        path = Path(folder) / "serving.sqlite"
        connection = sqlite3.connect(path)
        serving.to_sql("serving", connection, index=False)
        connection.execute(f"CREATE {kind} INDEX by_customer ON serving (customer_id)")
        connection.commit()
        connection.close()
        return path.read_bytes()
