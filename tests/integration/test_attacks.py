# ruff: noqa: E501
"""The attacks of ``tests.sources.attacks`` on a real PostgreSQL server and a real Spark, by a user who may do everything."""

from __future__ import annotations

import os
from ast import literal_eval
from collections.abc import Iterator
from pathlib import Path

import pytest

from helpers.core.errors import UserMistakes
from helpers.sources import read_sources
from helpers.tables.declared import Source
from tests.sources.attacks import HONEST_QUERIES, POSTGRES_QUERIES, SPARK_QUERIES

pytestmark = [pytest.mark.integration, pytest.mark.slow]
KEYS = {"table": "customers", "columns": {"customer_id": "customer_id"}, "duplicates": "first"}
TABLES = (
    "CREATE TABLE klanten (nr text, naam text)",
    "INSERT INTO klanten SELECT 'k' || i, 'naam' || i FROM generate_series(0, 3) i",
    "CREATE TABLE bestellingen (nr integer, klant text, bedrag numeric)",
    "INSERT INTO bestellingen SELECT i, 'k' || (i % 3), i * 10.0 FROM generate_series(0, 8) i",
    "CREATE SEQUENCE teller",
    "CREATE FUNCTION schrijf() RETURNS integer LANGUAGE plpgsql AS "
    "$$ BEGIN INSERT INTO klanten VALUES ('geschreven', ''); RETURN 1; END $$",
    "CREATE FUNCTION schrijf_rij(klanten) RETURNS text LANGUAGE plpgsql AS $$ BEGIN COPY (SELECT 1) TO '/tmp/aim-attack'; RETURN 'x'; END $$",
    "CREATE FUNCTION list_alles(text) RETURNS text LANGUAGE plpgsql AS $$ BEGIN COPY (SELECT 1) TO '/tmp/aim-attack'; RETURN 'x'; END $$",
    "CREATE ROLE lezer LOGIN PASSWORD 'lees' ",
    "GRANT SELECT ON klanten TO lezer",
    "ALTER ROLE lezer SET default_transaction_read_only = on",
    "CREATE VIEW schrijvend AS SELECT nr AS customer_id FROM klanten WHERE schrijf() > 0",
)


@pytest.fixture(scope="module")
def server(postgres: dict[str, str]) -> Iterator[tuple[dict[str, str], str]]:
    import psycopg

    with psycopg.connect(**postgres, autocommit=True) as connection:
        connection.execute("DROP DATABASE IF EXISTS attacked")
        connection.execute("CREATE DATABASE attacked")
    inside = {**postgres, "dbname": "attacked"}
    with psycopg.connect(**inside, autocommit=True) as connection:
        for statement in TABLES:
            connection.execute(statement)
    os.environ["AIM_TEST_PASSWORD"] = postgres["password"]
    yield inside, f"postgresql://{postgres['user']}:${{AIM_TEST_PASSWORD}}@127.0.0.1:{postgres['port']}/attacked"
    del os.environ["AIM_TEST_PASSWORD"]


def state(inside: dict[str, str]) -> list:
    import psycopg

    with psycopg.connect(**inside, autocommit=True) as connection:
        names = connection.execute(
            "SELECT relname FROM pg_class WHERE relkind IN ('r', 'v', 'S') AND relnamespace > 16000 "
            "OR relnamespace = 'public'::regnamespace ORDER BY 1"
        ).fetchall()
        rows = connection.execute("SELECT * FROM klanten ORDER BY 1").fetchall()
        return [names, rows, connection.execute("SELECT last_value, is_called FROM teller").fetchall()]


def read(folder: Path, url: str, **keys: str) -> str:
    """Return what was read, or what was said."""
    try:
        with read_sources(folder, [Source.model_validate({**KEYS, "url": url, **keys})]) as intake:
            return str(intake.tables["customers"]["customer_id"].tolist())
    except UserMistakes as error:
        assert all(len(str(problem)) < 700 for problem in error.problems)
        return str(error)


@pytest.mark.parametrize("name", POSTGRES_QUERIES)
def test_nothing_is_written_and_no_file_is_read(name: str, server, tmp_path: Path):
    inside, url = server
    before = state(inside)
    target = tmp_path / "target"
    said = read(tmp_path, url, query=POSTGRES_QUERIES[name].replace("{target}", str(target)))
    assert "expected" in said and "root:" not in said and inside["password"] not in said
    assert state(inside) == before and not target.exists()


@pytest.mark.parametrize("name", ["drop", "update", "insert", "writing function", "sequence", "lock", "into", "transaction"])
def test_the_server_refuses_what_the_judge_would_have_let_through(name: str, server, tmp_path: Path, monkeypatch):
    monkeypatch.setattr("helpers.sources.database.reading_select", lambda query, dialect: query.strip().rstrip(";"))
    inside, url = server
    before = state(inside)
    assert "expected" in read(tmp_path, url, query=POSTGRES_QUERIES[name])
    assert state(inside) == before


def test_a_view_of_the_database_that_writes_is_stopped_by_the_server(server, tmp_path: Path):
    inside, url = server
    before = state(inside)
    assert "read to its end" in read(tmp_path, url, sql_table="schrijvend")
    assert state(inside) == before
    assert "business" in read(tmp_path, url, sql_table="pg_catalog.pg_authid")


@pytest.mark.parametrize("name", HONEST_QUERIES)
def test_an_honest_query_gives_what_the_server_itself_gives(name: str, server, tmp_path: Path):
    import psycopg

    inside, url = server
    with psycopg.connect(**inside) as connection, connection.cursor() as cursor:
        cursor.execute(HONEST_QUERIES[name])
        at = [column.name for column in cursor.description].index("customer_id")
        wanted = sorted({row[at] for row in cursor.fetchall()})
    assert sorted(literal_eval(read(tmp_path, url, query=HONEST_QUERIES[name]))) == wanted


@pytest.mark.parametrize("option", ["sslmode=disable", "connect_timeout=3&application_name=aim"])
def test_options_of_the_address_reach_the_server(option: str, server, tmp_path: Path):
    _inside, url = server
    assert "k1" in read(tmp_path, f"{url}?{option}", query="SELECT nr AS customer_id FROM klanten")


def test_an_option_that_the_server_cannot_meet_is_not_dropped(server, tmp_path: Path):
    _inside, url = server
    for option in ("sslmode=verify-full&sslrootcert=system", "sslmode=require"):
        said = read(tmp_path, f"{url}?{option}", query="SELECT nr AS customer_id FROM klanten")
        assert "sslmode" in said or "certificate" in said


def test_a_wrong_password_is_said_without_it(server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("AIM_TEST_PASSWORD", "wr0ng-word")
    said = read(tmp_path, server[1], sql_table="klanten")
    assert "user or password are not accepted" in said and "wr0ng-word" not in said


@pytest.mark.parametrize("name", SPARK_QUERIES)
def test_spark_reads_no_file_and_runs_no_program(name: str, spark, tmp_path: Path):
    spark.createDataFrame([("k1",)], ["nr"]).createOrReplaceTempView("klanten")
    target = tmp_path / "target"
    said = read(tmp_path, "spark://local", query=SPARK_QUERIES[name].replace("{target}", str(target)))
    assert "expected" in said and "root:" not in said and not target.exists()


@pytest.mark.parametrize("name", [name for name in HONEST_QUERIES if name != "recursive"])
def test_an_honest_query_works_on_spark(name: str, spark, tmp_path: Path):
    spark.createDataFrame([(f"k{i}", f"naam{i}") for i in range(4)], ["nr", "naam"]).createOrReplaceTempView("klanten")
    orders = [(i, f"k{i % 3}", i * 10.0) for i in range(9)]
    spark.createDataFrame(orders, ["nr", "klant", "bedrag"]).createOrReplaceTempView("bestellingen")
    wanted = sorted({row["customer_id"] for row in spark.sql(HONEST_QUERIES[name].rstrip(" ;")).collect()})
    assert sorted(literal_eval(read(tmp_path, "spark://local", query=HONEST_QUERIES[name]))) == wanted


def test_a_user_who_may_only_read_is_enough_for_a_query(server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("AIM_TEST_PASSWORD", "lees")
    url = server[1].replace("//aim:", "//lezer:")
    assert "k1" in read(tmp_path, url, query="SELECT nr AS customer_id FROM klanten")
    assert "expected" in read(tmp_path, url, query="SELECT klant AS customer_id FROM bestellingen")


def test_nothing_was_written_to_the_disk_of_the_server(server):
    assert not Path("/tmp/aim-attack").exists()
