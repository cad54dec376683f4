# ruff: noqa: E501
"""The same client gives the same customer table, row for row, from CSV, xlsx, parquet, PostgreSQL and Spark."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from helpers.client.config import ClientConfig
from helpers.core.errors import UserMistakes
from helpers.running.prepare import fill
from helpers.running.rounds import Round
from helpers.sources import read_sources
from helpers.tables.declared import Source

pytestmark = [pytest.mark.integration, pytest.mark.slow]
NAMES = ["Order", "Datum", "Klant", "Artikel", "Aantal", "Prijs", "Kanaal"]
COLUMNS = dict(zip(("order_id", "order_date", "customer_id", "product_id", "quantity", "unit_price", "channel"), NAMES, strict=True))
RULES = [
    {"name": "cancelled", "column": "order_id", "starts_with": ["C"], "reason": "Cancelled."},
    {"name": "no customer", "column": "customer_id", "empty": "true"},
    {"name": "odd", "column": "product_id", "matches": "X[0-9]+"},
]


def lines() -> list[tuple]:
    rng = random.Random(4)
    rows = []
    for order in range(800):
        day = datetime(2023, 1, 1) + timedelta(days=rng.randrange(700), hours=rng.randrange(24))
        who = rng.choice(["", *(f"{n:05}" for n in range(150))])
        for _ in range(rng.randrange(1, 5)):
            number = ("C" if order % 40 == 0 else "") + f"{order:06}"
            product = rng.choice(["00123", "1E5", "NA", "X1", "P-7"])
            rows.append(
                (number, day, who or None, product, rng.randrange(-2, 9), rng.randrange(1, 9999) / 1000, rng.choice(["web", "winkel"]))
            )
    return rows


def source(**more) -> dict:
    keys = {
        "table": "order_lines",
        "decimal": ",",
        "date_format": "%d/%m/%Y %H:%M",
        "three_decimals": True,
        "columns": COLUMNS,
        "set_aside": RULES,
        "ids": {"customer_id": {"zero_pad": 6}},
    }
    return keys | more


def customers(folder: Path, out: Path, block: dict) -> tuple[pd.DataFrame, dict, list]:
    config = ClientConfig.model_validate({"as_of": "2024-10-31", "history_from": "2023-02-01", "sources": [block, CRM]})
    round_ = Round(out)
    fill(folder, config, round_)
    kept = sorted(round_.frame("order_lines").itertuples(index=False, name=None), key=str)
    receipt = round_.record("receipts")["receipts"][0]
    return round_.frame("customer_table"), {name: receipt[name] for name in COUNTED}, kept


CRM = {"table": "customers", "file": "crm.csv", "columns": {"customer_id": "Nr", "sector": "Sector"}}
COUNTED = ("rows_read", "rows_used", "amount_read", "amount_used", "set_aside", "first_day", "last_day", "completeness")


@pytest.fixture(scope="module")
def client(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("client")
    rows = lines()
    (folder / "crm.csv").write_text("Nr;Sector\n" + "".join(f"{n:06};{'Zorg' if n % 2 else 'Bouw'}\n" for n in range(170)))
    text = [";".join(NAMES)]
    text += [f"{o};{d:%d/%m/%Y %H:%M};{w or ''};{p};{q};{str(a).replace('.', ',')};{c}" for o, d, w, p, q, a, c in rows]
    (folder / "lines.csv").write_text("\n".join(text) + "\n", encoding="utf-8")
    book = openpyxl.Workbook()
    for row in [NAMES, *rows]:
        book.active.append(row)
    book.save(folder / "lines.xlsx")
    pd.DataFrame(rows, columns=NAMES).to_parquet(folder / "lines.parquet", index=False)
    return folder


@pytest.fixture(scope="module")
def wanted(client: Path, tmp_path_factory) -> tuple[pd.DataFrame, dict, list]:
    found = customers(client, tmp_path_factory.mktemp("csv"), source(file="lines.csv"))
    assert len(found[0]) == 170 and found[1]["rows_used"] < found[1]["rows_read"] == len(lines())
    return found


def check(found: tuple[pd.DataFrame, dict, list], wanted: tuple[pd.DataFrame, dict, list]) -> None:
    pd.testing.assert_frame_equal(found[0], wanted[0], check_exact=True)
    assert found[1] == wanted[1]
    assert found[2] == wanted[2]


@pytest.mark.parametrize(
    "block",
    [{"file": "lines.csv", "reader": "engine"}, {"file": "lines.xlsx", "format": "xlsx"}, {"file": "lines.parquet", "format": "parquet"}],
    ids=lambda block: block["file"],
)
def test_files_give_the_same(client: Path, wanted, tmp_path: Path, block: dict):
    check(customers(client, tmp_path, source(**block)), wanted)


@pytest.fixture(scope="module")
def database(postgres, client: Path):
    import os

    import psycopg

    frame = pd.read_parquet(client / "lines.parquet")
    with psycopg.connect(**postgres) as connection, connection.cursor() as cursor:
        cursor.execute("CREATE SCHEMA erp")
        cursor.execute(
            'CREATE TABLE erp.regels ("Order" text, "Datum" timestamp, "Klant" text, "Artikel" text, "Aantal" integer, '
            '"Prijs" numeric(12, 3), "Kanaal" text)'
        )
        cursor.execute(
            'CREATE TABLE teksten ("Order" text, "Datum" text, "Klant" text, "Artikel" text, "Aantal" text, "Prijs" text, "Kanaal" text)'
        )
        for row in frame.astype(object).where(frame.notna(), None).itertuples(index=False, name=None):
            cursor.execute("INSERT INTO erp.regels VALUES (%s, %s, %s, %s, %s, %s, %s)", row)
            as_text = (row[0], f"{row[1]:%d/%m/%Y %H:%M}", row[2], row[3], str(row[4]), str(row[5]).replace(".", ","), row[6])
            cursor.execute("INSERT INTO teksten VALUES (%s, %s, %s, %s, %s, %s, %s)", as_text)
    os.environ["AIM_TEST_PASSWORD"] = postgres["password"]
    yield f"postgresql://{postgres['user']}:${{AIM_TEST_PASSWORD}}@{postgres['host']}:{postgres['port']}/{postgres['dbname']}"
    del os.environ["AIM_TEST_PASSWORD"]


@pytest.mark.parametrize(
    "origin",
    [{"sql_table": "erp.regels"}, {"sql_table": "teksten"}, {"query": 'SELECT * FROM erp.regels WHERE "Order" IS NOT NULL'}],
    ids=str,
)
def test_postgresql_gives_the_same(client: Path, database: str, wanted, tmp_path: Path, origin: dict):
    check(customers(client, tmp_path, source(url=database, **origin)), wanted)


def test_no_secret_leaves_the_environment(client: Path, database: str, postgres, tmp_path: Path, monkeypatch):
    fill(
        client,
        ClientConfig.model_validate({"as_of": "2024-10-31", "sources": [source(url=database, sql_table="erp.regels")]}),
        Round(tmp_path),
    )
    kept = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    assert postgres["password"].encode() not in kept and postgres["port"].encode() not in kept
    monkeypatch.setenv("AIM_TEST_PASSWORD", "wr0ng-word")
    with pytest.raises(UserMistakes) as caught:
        read_sources(client, [Source.model_validate(source(url=database, sql_table="erp.regels"))])
    assert "wr0ng-word" not in str(caught.value) and caught.value.__cause__ is None
    with pytest.raises(ValueError, match="no password in the url"):
        Source.model_validate(source(url="postgresql://me:open@host/db", sql_table="x"))


def test_wrong_values_in_a_database_are_named(client: Path, database: str):
    block = source(url=database, sql_table="teksten", date_format="%Y-%m-%d")
    with pytest.raises(UserMistakes, match="teksten, column Datum: got"):
        read_sources(client, [Source.model_validate(block)])


def test_spark_gives_the_same(client: Path, spark, wanted, tmp_path: Path):
    spark.read.parquet(str(client / "lines.parquet")).createOrReplaceTempView("regels")
    check(customers(client, tmp_path, source(url="spark://local", sql_table="regels")), wanted)


def test_spark_reads_text_by_the_same_marks(client: Path, spark, wanted, tmp_path: Path):
    spark.read.option("header", True).option("sep", ";").csv(str(client / "lines.csv")).createOrReplaceTempView("teksten")
    check(customers(client, tmp_path, source(url="spark://local", sql_table="teksten")), wanted)
