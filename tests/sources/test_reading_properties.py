"""Ten thousand random tables, written in a declared dialect, read back exactly; both CSV readers agree."""

from __future__ import annotations

import random
from datetime import date, timedelta
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from helpers.core.errors import UserMistakes
from helpers.sources import read_sources
from helpers.tables.declared import Source
from tests.support.ids import as_an_id

TABLES_PER_FILE = 250  # each with its number in the first column, so that one reading checks them all
FILES = 12
NAMES = {"order_id": "Nr", "order_date": "Dag", "customer_id": "Klant, naam", "order_amount": "Bedrag €", "channel": "Kanaal"}
marks = st.sampled_from([(",", "."), (".", ","), (",", ""), (",", " "), (".", "'"), (".", "")])
dialects = st.fixed_dictionaries(
    {
        "encoding": st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "cp1252"]),
        "delimiter": st.sampled_from(";,\t|"),
        "marks": marks,
        "minus": st.sampled_from(["front", "behind", "brackets"]),
        "date_format": st.sampled_from(["%Y-%m-%d", "%d/%m/%Y", "%m/%d/%Y", "%d.%m.%Y", "%d %b %Y", "%d-%m-%y"]),
        "end": st.sampled_from(["\n", "\r\n"]),
        "seed": st.integers(0, 2**32),
    }
)
_LETTERS = "abcXYZ019 ;,\t|.'\"-+=@éèüßåÖ€&_()\n"


def random_rows(rng: random.Random) -> list[tuple]:
    def cell() -> str:
        return "".join(rng.choice(_LETTERS) for _ in range(rng.randrange(0, 9)))

    rows = []
    for _ in range(rng.randrange(1, 5)):
        day = date(2000, 1, 1) + timedelta(days=rng.randrange(0, 20_000))
        cents = rng.choice([0, 1, -1, 100, rng.randrange(-(10**9), 10**9)])
        rows.append((day, cell(), cents / 100, cell()))
    return rows


def money(amount: float, dialect: dict) -> str:
    decimal, thousands = dialect["marks"]
    text = f"{abs(amount):,.2f}".replace(",", "_").replace(".", decimal).replace("_", thousands)
    signed = {"front": f"-{text}", "behind": f"{text}-", "brackets": f"({text})"}[dialect["minus"]]
    return signed if amount < 0 else text


def written(rows: list[tuple], dialect: dict, rng: random.Random) -> str:
    def quoted(cell: str) -> str:
        needs = any(c in cell for c in f'"\n\r{dialect["delimiter"]}') or rng.random() < 0.3
        return '"' + cell.replace('"', '""') + '"' if needs else cell

    lines = [[*NAMES.values()]]
    lines += [[key, day.strftime(dialect["date_format"]), who, money(amount, dialect), where] for key, day, who, amount, where in rows]
    return "".join(dialect["delimiter"].join(map(quoted, line)) + dialect["end"] for line in lines)


def declared(dialect: dict, **more) -> Source:
    decimal, thousands = dialect["marks"]
    keys = {name: dialect[name] for name in ("encoding", "delimiter", "minus", "date_format")}
    return Source.model_validate(
        {"table": "orders", "file": "a.csv", "columns": NAMES, "decimal": decimal, "thousands": thousands, **keys, **more}
    )


def read(folder: Path, source: Source) -> list[tuple]:
    with read_sources(folder, [source]) as intake:
        orders = intake.tables["orders"]
    return [
        (
            row.order_id,
            row.order_date.date(),
            None if pd.isna(row.customer_id) else row.customer_id,
            row.order_amount,
            None if pd.isna(row.channel) else row.channel,
        )
        for row in orders.itertuples()
    ]


@pytest.mark.slow
@settings(max_examples=FILES, deadline=None, suppress_health_check=list(HealthCheck), database=None)
@given(dialect=dialects)
def test_three_thousand_random_tables_read_back_exactly(tmp_path_factory, dialect):
    rng = random.Random(dialect["seed"])
    rows = [(f"{t:03}-{i:05}", *row) for t in range(TABLES_PER_FILE) for i, row in enumerate(random_rows(rng))]
    folder = tmp_path_factory.mktemp("written")
    (folder / "a.csv").write_bytes(written(rows, dialect, rng).encode(dialect["encoding"]))
    wanted = [(key, day, as_an_id(who), amount, where if where.strip() else None) for key, day, who, amount, where in rows]
    assert read(folder, declared(dialect)) == wanted


@pytest.mark.slow
@settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck), database=None)
@given(dialect=dialects)
def test_both_readers_of_csv_agree(tmp_path_factory, dialect):
    dialect = dialect | {"encoding": dialect["encoding"].replace("utf-16", "cp1252")}
    rng = random.Random(dialect["seed"])
    rows = [(f"{i:05}", *row) for i, row in enumerate(row for _ in range(50) for row in random_rows(rng))]
    folder = tmp_path_factory.mktemp("both")
    (folder / "a.csv").write_bytes(written(rows, dialect, rng).encode(dialect["encoding"]))
    assert read(folder, declared(dialect, reader="text")) == read(folder, declared(dialect, reader="engine"))


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("Nr;Dag;Klant;Bedrag\n1;2024-01-01;a;5\n2;2024-01-01;b;x\n", "line 3, column Bedrag"),
        ("Nr;Dag;Klant;Bedrag\n1;2024-01-01;a;5\n2;2024-01-01;b\n", "line 3"),
        ('Nr;Dag;Klant;Bedrag\n1;2024-01-01;a;5\n2;2024-01-01;b"c;5\n', "line 3, column Klant"),
        ("Nr;Dag;Klant;Bedrag\n1;2024-01-01;a;5\n2;2024-01-01;b\x01c;5\n", "line 3"),
        ("Nr;Dag;Klant;Wie\n1;2024-01-01;a;5\n", "column Bedrag"),
    ],
)
@pytest.mark.parametrize("reader", ["text", "engine"])
def test_both_readers_name_the_line(tmp_path: Path, text: str, place: str, reader: str):
    (tmp_path / "a.csv").write_text(text, encoding="utf-8", newline="")
    columns = {"order_id": "Nr", "order_date": "Dag", "customer_id": "Klant", "order_amount": "Bedrag"}
    source = Source(table="orders", file="a.csv", columns=columns, reader=reader)
    with pytest.raises(UserMistakes) as caught:
        read_sources(tmp_path, [source])
    assert place in str(caught.value)
