"""Looking at files that nobody declared: what is said of them must make the real reader give the true table."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from helpers.core.errors import AimError
from helpers.sources.draft.looking import looked_at
from helpers.sources.draft.records import SeenFile
from helpers.sources.intake import read_sources
from helpers.tables.declared import Source
from tests.support.written_files import KINDS, NAMES, OURS, Order, Writing, orders, workbook

SEEDS = (11, 12)


def read(path: Path, seen: SeenFile, pair: tuple[str, str] | None = None, form: Any = None) -> list[tuple]:
    """Read a file as it was seen, the columns told by their place."""
    places = [seen.columns[i] for i in range(len(OURS))]
    marks = pair or places[3].readings[0]
    source = {
        **seen.block,
        "table": "orders",
        "columns": dict(zip(OURS, (column.name for column in places), strict=True)),
        "decimal": marks[0],
        "thousands": marks[1],
        "date_format": form or places[1].readings[0],
    }
    with read_sources(path.parent, [Source(**source)]) as intake:
        frame = intake.tables["orders"]
    rows = frame[list(OURS)].itertuples(index=False, name=None)
    return sorted((a, b.date(), c, d, e) for a, b, c, d, e in rows)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("kind", KINDS)
def test_what_is_seen_makes_the_reader_give_the_true_table(kind: str, seed: int, tmp_path: Path):
    writing = KINDS[kind]
    table = orders(seed, writing)
    path = writing.write(tmp_path / "export.csv", table)
    (seen,) = looked_at(path)
    assert [column.kind for column in seen.columns] == ["id", "date", "id", "number", "text", "number"], kind
    assert all(len(seen.columns[i].readings) == 1 for i in (1, 3)), (kind, [column.readings for column in seen.columns])
    assert read(path, seen) == sorted(order.true for order in table)
    assert seen.rows == len(table) and seen.whole
    assert len(seen.columns) == len(NAMES)


@pytest.mark.parametrize("seed", SEEDS)
def test_readings_that_both_fit_are_both_given(seed: int, tmp_path: Path):
    writing = replace(KINDS["Belgian"], whole_amounts=True, largest=900_000.0)
    table = [replace(order, day=order.day.replace(day=order.day.day % 12 + 1), amount=1000 + abs(order.amount)) for order in orders(seed, writing)]
    path = writing.write(tmp_path / "export.csv", [order for order in table if order.amount < 1e6])
    (seen,) = looked_at(path)
    assert set(seen.columns[1].readings) == {"%d/%m/%Y", "%m/%d/%Y"}
    assert set(seen.columns[3].readings) == {(",", "."), (".", "")}
