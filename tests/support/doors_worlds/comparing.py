"""What came out of a world's exports, held against its truth: row for row, whatever the order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

import pandas as pd

from tests.support.doors_worlds.records import World


def differences(world: World, tables: Mapping[str, pd.DataFrame]) -> list[tuple[str, str, str]]:
    """Return what differs from the truth: (table, column, what); none where all is as planted.

    Parameters
    ----------
    world : the world.
    tables : the canonical tables as they were read.
    """
    wrong = []
    for name, truth in world.tables.items():
        if name not in tables:
            wrong.append((name, "", "missing"))
            continue
        wrong += [(name, *difference) for difference in _of_table(truth, tables[name], name, world.wished)]
    also = [name for name in tables if name not in world.tables and not (name == "orders" and "order_lines" in world.tables)]
    wrong += [(name, "", f"{len(tables[name])} rows that the world does not hold") for name in also]
    if world.attributes is not None and "customers" in tables:
        wrong += [("customers", name, "is under no name") for name in _lost_attributes(world.attributes, tables["customers"])]
    return wrong


def unused(world: World, tables: Mapping[str, pd.DataFrame]) -> list[str]:
    """Return the columns that may be left out and were: "table.column"."""
    return sorted(name for name in world.wished if name.split(".")[0] in tables and name.split(".")[1] not in tables[name.split(".")[0]])


def _of_table(truth: pd.DataFrame, read: pd.DataFrame, table: str, wished: frozenset[str]) -> list[tuple[str, str]]:
    if len(read) != len(truth):
        return [("", f"{len(read):,} rows, not {len(truth):,}")]
    missing = [name for name in truth if name not in read]
    wrong = [(name, "not read") for name in missing if f"{table}.{name}" not in wished]
    shared = [name for name in truth if name in read]
    plain_truth, plain_read = _plain(truth[shared], truth), _plain(read[shared], truth)
    for name in shared:
        lost = Counter(plain_truth[name]) - Counter(plain_read[name])
        if lost:
            example = next(iter(lost))
            other = next(iter(Counter(plain_read[name]) - Counter(plain_truth[name])), "")
            wrong.append((name, f"{sum(lost.values()):,} cells differ, such as {other!r} for {example!r}"))
    if not wrong and Counter(map(tuple, plain_truth.to_numpy())) != Counter(map(tuple, plain_read.to_numpy())):
        wrong.append(("", "every column is right, and the rows are not"))
    return wrong


def _plain(frame: pd.DataFrame, truth: pd.DataFrame) -> pd.DataFrame:
    """Return every cell as text that does not depend on its type: days, amounts to the cent, yes and no."""
    return pd.DataFrame({name: _cells(frame[name], truth[name]) for name in frame})


def _cells(cells: pd.Series, truth: pd.Series) -> list[str]:
    known = truth.dropna()
    if pd.api.types.is_bool_dtype(known):
        return [{"True": "yes", "yes": "yes", "1": "yes", "1.0": "yes"}.get(str(value), "no") for value in cells]
    if pd.api.types.is_numeric_dtype(known):
        numbers = pd.to_numeric(cells, errors="coerce").astype("float64").round(2) + 0.0
        return ["" if pd.isna(value) else f"{value:.2f}" for value in numbers]
    if len(known) and (pd.api.types.is_datetime64_any_dtype(known) or hasattr(known.iloc[0], "year")):
        days = pd.to_datetime(cells, errors="coerce")
        return list(days.dt.strftime("%Y-%m-%d").fillna(""))
    return ["" if pd.isna(value) else str(value).strip() for value in cells]


def _lost_attributes(attributes: pd.DataFrame, customers: pd.DataFrame) -> list[str]:
    """Return the attributes that stand under no name in the customers that were read."""
    if "customer_id" not in customers or len(customers) != len(attributes):
        return list(attributes.columns)
    read = customers.set_index("customer_id")
    truth = attributes.set_index("customer_id")
    if not truth.index.isin(read.index).all():
        return list(truth.columns)
    read = read.loc[truth.index]
    return [name for name in truth if not any(_cells(read[other], truth[name]) == _cells(truth[name], truth[name]) for other in read)]
