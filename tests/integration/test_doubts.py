"""The doubt list asks Spark the same as the embedded engine; what takes two tables is asked only where both stand in one engine."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from helpers.sources import read_sources
from helpers.sources.customers import with_orders
from helpers.sources.doubts import find_doubts
from helpers.tables.declared import Source
from helpers.tables.doubts import Doubt
from tests.support.doubt_twins import planted_world, twin_world
from tests.support.doubt_worlds import AS_OF

pytestmark = [pytest.mark.integration, pytest.mark.slow]
PLANTS = (
    "a sixth on a till",
    "guests under a word or 0",
    "litres as pieces",
    "half of the long ids cut",
    "codes read as days",
    "a month twice under other numbers",
    "credit notes without a minus, marked in a column not mapped",
    "tax on some lines",
    "totals per month",
    "amounts that are something else",
)


def exports(name: str) -> dict[str, pd.DataFrame]:
    """The tables of a planted world as they would stand in a database, with the columns that nobody maps."""
    world = planted_world(name, 0)
    return {
        table: frame.assign(**(world.unmapped if table in ("orders", "order_lines") else {}))
        for table, frame in world.tables.items()
        if frame is not None
    }


def doubts(sources: list[dict], mapped: dict[str, list[str]]) -> list[Doubt]:
    blocks = [
        Source.model_validate(source | {"decimal": ".", "columns": {name: name for name in mapped[source["table"]]}}) for source in sources
    ]
    with read_sources(Path(), blocks) as intake:
        return list(find_doubts(with_orders(intake.relations), AS_OF, "EUR", intake.doubts))


@pytest.mark.parametrize("name", PLANTS)
def test_spark_doubts_the_same(spark, name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("AIM_FOLDERS", str(tmp_path))
    tables = {table: frame for table, frame in exports(name).items() if not (table == "orders" and "order_lines" in exports(name))}
    mapped = {table: [column for column in frame if column not in planted_world(name, 0).unmapped] for table, frame in tables.items()}
    for table, frame in tables.items():
        frame.to_parquet(tmp_path / f"{table}.parquet", index=False)
        spark.read.parquet(str(tmp_path / f"{table}.parquet")).createOrReplaceTempView(f"d_{table}")
    here = doubts([{"table": table, "file": str(tmp_path / f"{table}.parquet"), "format": "parquet"} for table in tables], mapped)
    there = doubts([{"table": table, "url": "spark://local", "sql_table": f"d_{table}"} for table in tables], mapped)
    # Sums over parts in another order differ in the last digit.
    here, there = ([replace(doubt, amount=round(doubt.amount, 2)) for doubt in found] for found in (here, there))
    assert planted_kind(name) in {doubt.kind for doubt in here} and there == here


def planted_kind(name: str) -> str:
    from tests.support.doubt_twins import PLANTED

    return PLANTED[name][0]


def test_spark_leaves_a_right_shop_in_peace(spark, tmp_path: Path):
    tables = twin_world("firms and goods called Porto, Demoor, Testa", 0).tables
    for table in ("customers", "products", "order_lines"):
        tables[table].to_parquet(tmp_path / f"{table}.parquet", index=False)
        spark.read.parquet(str(tmp_path / f"{table}.parquet")).createOrReplaceTempView(f"r_{table}")
    blocks = [{"table": table, "url": "spark://local", "sql_table": f"r_{table}"} for table in ("customers", "products", "order_lines")]
    assert doubts(blocks, {table: list(tables[table]) for table in ("customers", "products", "order_lines")}) == []
