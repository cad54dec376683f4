# ruff: noqa: E501
"""A client's folder comes from outside: whatever stands in it, reading it only reads, and only what lies in it."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import duckdb
import pandas as pd
import pytest

from helpers.commands.check import Checked, check_client, checked
from helpers.core.errors import UserMistakes
from helpers.core.files import files_in
from helpers.core.records import Limits
from helpers.running.fingerprints import input_hashes
from helpers.sources import read_sources
from helpers.sources.statements import NotReading, reading_select, table_name
from helpers.tables.declared import Source
from tests.sources.attacks import DUCKDB_QUERIES, DUCKDB_TABLES, FILES, HONEST_QUERIES, POSTGRES_QUERIES, SPARK_QUERIES

SECRET = "s3cret-c0ntent"


@pytest.fixture(scope="module")
def database_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with tables, and with a view and a macro that read another file."""
    place = tmp_path_factory.mktemp("database") / "shop.duckdb"
    with duckdb.connect(place) as database:
        database.execute("CREATE TABLE customers AS SELECT 'a' || i AS customer_id FROM range(5) t(i)")
        database.execute("CREATE TABLE klanten AS SELECT 'k' || i AS nr, 'naam' || i AS naam FROM range(4) t(i)")
        database.execute("CREATE TABLE bestellingen AS SELECT i AS nr, 'k' || (i % 3) AS klant, i * 10.0 AS bedrag FROM range(9) t(i)")
        database.execute("CREATE VIEW leak AS SELECT content AS customer_id FROM read_text('/etc/passwd')")
        database.execute("CREATE MACRO leaking() AS TABLE SELECT content AS customer_id FROM read_text('/etc/passwd')")
    return place


@pytest.fixture
def world(database_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Path]:
    """A client with a database, another client beside it, a secret outside, and places that attacks may write to."""
    folder, other, home = tmp_path / "client", tmp_path / "other", tmp_path / "home"
    for place in (folder, folder / "sub", folder / "rounds", other, home, tmp_path / "out"):
        place.mkdir()
    monkeypatch.setenv("HOME", str(home))
    shutil.copy(database_file, folder / "shop.duckdb")
    pd.DataFrame({"customer_id": [SECRET]}).to_parquet(other / "klanten.parquet")
    (other / "klanten.csv").write_text(f"customer_id\n{SECRET}\n")
    (other / "secret.csv").write_text(f"customer_id\n{SECRET}\n")
    (folder / "klanten.csv").write_text("customer_id\n1\n")
    (folder / "link.csv").symlink_to(other / "klanten.csv")
    (folder / "links").symlink_to("/etc")
    (folder / "circle.csv").symlink_to(folder / "circle.csv")
    os.mkfifo(folder / "pipe.csv")
    return {"folder": folder, "outside": other / "klanten.parquet", "secret": other / "secret.csv", "target": tmp_path / "out" / "x"}


def said_about(folder: Path, **keys: object) -> str:
    """Return what is said of a source that must be refused, one sentence per problem."""
    source = Source.model_validate({"table": "customers", "columns": {"customer_id": "customer_id"}, **keys})
    with pytest.raises(UserMistakes) as caught:
        read_sources(folder, [source])
    assert all(len(str(problem)) < 700 and "\n" not in str(problem) for problem in caught.value.problems)
    return str(caught.value)


def untouched(root: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in files_in(root)}


@pytest.mark.parametrize("name", DUCKDB_QUERIES)
def test_a_query_only_reads_the_tables_of_its_database(name: str, world: dict[str, Path], tmp_path: Path):
    before = untouched(tmp_path)
    query = DUCKDB_QUERIES[name].format(**world) if "{" in DUCKDB_QUERIES[name] else DUCKDB_QUERIES[name]
    said = said_about(world["folder"], url="duckdb:shop.duckdb", query=query)
    assert untouched(tmp_path) == before
    assert SECRET not in said and "root:" not in said and "client.yml" in said


@pytest.mark.parametrize("name", [name for name in DUCKDB_QUERIES if name not in ("nul", "long", "brackets")])
def test_the_engine_refuses_what_the_judge_would_have_let_through(
    name: str, world: dict[str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """Two walls: without the first, nothing is written and nothing outside is read."""
    monkeypatch.setattr("helpers.sources.database.reading_select", lambda query, dialect: query.strip().rstrip(";"))
    before = untouched(tmp_path)
    query = DUCKDB_QUERIES[name].format(**world) if "{" in DUCKDB_QUERIES[name] else DUCKDB_QUERIES[name]
    source = Source.model_validate(
        {"table": "customers", "columns": {"customer_id": "customer_id"}, "url": "duckdb:shop.duckdb", "query": query}
    )
    seen = ""
    try:
        with read_sources(world["folder"], [source]) as intake:
            seen = str(intake.tables)
    except UserMistakes as error:
        seen = str(error)
    assert untouched(tmp_path) == before
    assert SECRET not in seen and "root:" not in seen


@pytest.mark.parametrize("name", DUCKDB_TABLES)
def test_sql_table_is_a_name(name: str, world: dict[str, Path]):
    if name:
        assert "root:" not in said_about(world["folder"], url="duckdb:shop.duckdb", sql_table=name)
    if name != "passwd.csv":  # a table csv of a schema passwd, as far as its form goes
        with pytest.raises(NotReading):
            table_name(name)


@pytest.mark.parametrize("keys", [{"sql_table": "leak"}, {"query": "SELECT * FROM leak"}], ids=str)
def test_a_view_in_a_database_file_reads_no_other_file(keys: dict, world: dict[str, Path]):
    assert "root:" not in said_about(world["folder"], url="duckdb:shop.duckdb", **keys)


# What only the server can tell: that a name calls a function which somebody has made in this database.
ONLY_THE_SERVER_KNOWS = ("attribute that is a function",)


@pytest.mark.parametrize("name", [name for name in POSTGRES_QUERIES if name not in ONLY_THE_SERVER_KNOWS])
def test_postgresql_is_asked_nothing_but_selects(name: str):
    with pytest.raises(NotReading) as caught:
        reading_select(POSTGRES_QUERIES[name], "postgres")
    assert POSTGRES_QUERIES[name] not in str(caught.value)


@pytest.mark.parametrize("name", SPARK_QUERIES)
def test_spark_is_asked_nothing_but_selects(name: str):
    with pytest.raises(NotReading):
        reading_select(SPARK_QUERIES[name], "spark")


@pytest.mark.parametrize("name", HONEST_QUERIES)
def test_an_honest_query_gives_what_the_database_itself_gives(name: str, world: dict[str, Path]):
    query = HONEST_QUERIES[name]
    with duckdb.connect(world["folder"] / "shop.duckdb", read_only=True) as database:
        wanted = database.execute(query).df()["customer_id"].tolist()
    source = Source.model_validate(
        {
            "table": "customers",
            "columns": {"customer_id": "customer_id"},
            "url": "duckdb:shop.duckdb",
            "query": query,
            "duplicates": "first",
        }
    )
    with read_sources(world["folder"], [source]) as intake:
        assert sorted(intake.tables["customers"]["customer_id"]) == sorted(set(wanted)) and wanted
    for dialect in ("postgres", "spark"):
        reading_select(query, dialect)


@pytest.mark.parametrize("name", FILES)
def test_a_file_lies_in_the_clients_folder(name: str, world: dict[str, Path], capsys: pytest.CaptureFixture[str]):
    links = {"link": "link.csv", "link_folder": "links", "circle": "circle.csv", "pipe": "pipe.csv"}
    file = name.format(**links) if "{" in name else name
    said = said_about(world["folder"], file=file)
    assert SECRET not in said and "root:" not in said and "client.yml" in said
    assert "klanten.parquet" not in said  # no names of what lies outside
    config = type("Config", (), {"sources": [Source(table="customers", file=file)], "model_dump_json": lambda self: ""})()
    assert input_hashes(world["folder"], config)[file] == ""  # not opened for the record of the run either


def test_other_folders_are_the_operators_choice(world: dict[str, Path], monkeypatch: pytest.MonkeyPatch):
    source = Source.model_validate({"table": "customers", "columns": {"customer_id": "customer_id"}, "file": "../other/klanten.csv"})
    monkeypatch.setenv("AIM_FOLDERS", os.pathsep.join(["/nowhere", str(world["outside"].parent)]))
    with read_sources(world["folder"], [source]) as intake:
        assert intake.tables["customers"]["customer_id"].tolist() == [SECRET]


def test_kept_settings_read_the_exports_of_their_client(world: dict[str, Path]):
    kept = world["folder"] / "rounds" / "2023-12-31"
    kept.mkdir()
    source = Source.model_validate({"table": "customers", "columns": {"customer_id": "customer_id"}, "file": "../../klanten.csv"})
    said_about(kept, file="../../klanten.csv")  # a folder that is called rounds is not enough
    (world["folder"] / "client.yml").write_text("as_of: 2023-12-31\n")
    with read_sources(kept, [source]) as intake:
        assert len(intake.tables["customers"]) == 1
    said_about(kept, file="../../../other/klanten.csv")


def test_client_yml_is_no_link(world: dict[str, Path]):
    hidden = world["folder"].parent / "hidden.yml"
    hidden.write_text(f"password: {SECRET}\n")
    (world["folder"] / "client.yml").symlink_to(hidden)
    (problem,) = check_client(world["folder"]).problems
    assert "not a link" in str(problem) and SECRET not in str(problem)


def test_a_file_whose_name_is_a_pattern_is_read_alone(world: dict[str, Path]):
    for name, ids in (("in[1].parquet", ["right"]), ("in1.parquet", ["wrong"]), ("in*.parquet", ["right"])):
        pd.DataFrame({"customer_id": ids}).to_parquet(world["folder"] / name)
    for name in ("in[1].parquet", "in*.parquet"):
        source = Source.model_validate({"table": "customers", "columns": {"customer_id": "customer_id"}, "file": name, "format": "parquet"})
        with read_sources(world["folder"], [source]) as intake:
            assert intake.tables["customers"]["customer_id"].tolist() == ["right"]
    shutil.copy(world["folder"] / "klanten.csv", world["folder"] / "a[b].csv")
    source = Source.model_validate(
        {"table": "customers", "columns": {"customer_id": "customer_id"}, "file": "a[b].csv", "reader": "engine"}
    )
    with read_sources(world["folder"], [source]) as intake:
        assert intake.tables["customers"]["customer_id"].tolist() == ["1"]


ADDRESSES = {
    "duckdb:shop.duckdb?motherduck_token=T0ken": "motherduck_token",
    "duckdb:../other/shop.duckdb": "inside the client's folder",
    "duckdb:/etc/passwd": "inside the client's folder",
    "duckdb:md:shop?x=1": "x",
    "duckdb:": "a file",
    "postgresql://me@127.0.0.1:1/db?options=-c%20default_transaction_read_only=off": "options",
    "postgresql://me@127.0.0.1:1/db?sslmode=verify-full&service=x": "service",
    "postgresql://me@127.0.0.1:1/db?passfile=/etc/passwd": "passfile",
    "postgresql://me@127.0.0.1:1/db?host=evil.example": "host",
    "postgresql://me@127.0.0.1:1/db?sslrootcert=/etc/passwd": "inside the client's folder",
    "postgresql://me@127.0.0.1:1/db?sslmode": "sslmode",
    "postgresql://me@127.0.0.1:1/db?sslmode=disable&sslmode=verify-full": "sslmode",
    "postgresql://me@127.0.0.1:port/db": "postgresql://",
    "postgresql:me@127.0.0.1/db": "postgresql://",
    "postgresql://me@[::1/db": "postgresql://",
    "postgresql://${HOME}@127.0.0.1:1/db": "AIM_SECRETS",
    "postgresql://${AIM_NOT_THERE}@127.0.0.1:1/db": "environment variable of this name",
    "spark://me:${AIM_WORD}@local": "Spark address",
    "spark://local?x=T0ken": "x",
    "postgresql://%2Fvar%2Frun%2Fpostgresql/db": "Sockets",
    "postgresql://me@127.0.0.1:1/db?application_name=${AIM_WORD}": "options without",
    "postgresql://me@127.0.0.1:1/db?sslrootcert=${AIM_WORD}": "options without",
    "postgresql://me:${AIM_FOLDERS}@127.0.0.1:1/db": "AIM_SECRETS",
    "postgresql://me:${AIM_WORD}@127.0.0.1:1/${AIM_WORD}": "user or password only",
    "mysql://me@127.0.0.1/db": "kind of database",
    "T0ken": "kind of database",
}


@pytest.mark.parametrize("url", ADDRESSES)
def test_every_part_of_an_address_is_used_or_refused_by_name(url: str, world: dict[str, Path], monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("AIM_WORD", "w0rd")
    try:
        said = said_about(world["folder"], url=url, sql_table="customers")
    except ValueError as error:  # refused by the schema already
        said = "; ".join(one["msg"] for one in error.errors())
    assert "T0ken" not in said and "w0rd" not in said and "evil" not in said
    assert ADDRESSES[url] in said or "no password in the url" in said


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://me@${AIM_SECRET_HOST}/db",
        "postgresql://me:${AIM_SECRET_HOST}@127.0.0.1:1/db",
        "postgresql://${AIM_SECRET_HOST}@127.0.0.1:1/${AIM_SECRET_HOST}",
        "spark://${AIM_SECRET_HOST}:7/x",
        "postgresql://me@127.0.0.1:1/db?application_name=${AIM_SECRET_HOST}",
    ],
)
@pytest.mark.parametrize("secret", ["Sesam-Open", "pa$$ w@rd/:?", "ßecrèt", "x" * 90])
def test_no_form_of_a_secret_comes_back(url: str, secret: str, world: dict[str, Path], monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("AIM_SECRET_HOST", secret)
    said = said_about(world["folder"], url=url, sql_table="customers").lower()
    assert secret.lower() not in said and "sesam" not in said and "w%40rd" not in said and "w@rd" not in said


def test_two_tables_of_one_database_file_are_read(world: dict[str, Path]):
    sources = [
        {"table": "customers", "columns": {"customer_id": "nr"}, "url": "duckdb:shop.duckdb", "sql_table": "klanten"},
        {
            "table": "products",
            "columns": {"product_id": "nr"},
            "url": "duckdb:shop.duckdb",
            "query": "SELECT DISTINCT nr FROM bestellingen",
        },
    ]
    with read_sources(world["folder"], [Source.model_validate(source) for source in sources]) as intake:
        assert len(intake.tables["customers"]) == 4 and len(intake.tables["products"]) == 9


def test_no_folder_or_journal_beside_a_database_file_leads_out_of_it(world: dict[str, Path]):
    folder = world["folder"]
    (folder / "shop.duckdb.tmp").symlink_to("/")
    with duckdb.connect(folder / "shop.duckdb") as database:
        database.execute(
            "CREATE VIEW out AS SELECT content AS customer_id FROM read_text(current_setting('temp_directory') || '/etc/passwd')"
        )
    source = Source.model_validate(
        {"table": "customers", "columns": {"customer_id": "customer_id"}, "url": "duckdb:shop.duckdb", "sql_table": "out"}
    )
    seen = ""
    try:
        with read_sources(folder, [source]) as intake:
            seen = str(intake.tables)
    except UserMistakes as error:
        seen = str(error)
    assert "root:" not in seen
    (folder / "shop.duckdb.wal").symlink_to(world["secret"])
    assert "not a link" in said_about(folder, url="duckdb:shop.duckdb", sql_table="klanten")


def test_another_kind_of_database_file_is_refused_and_nothing_is_fetched(world: dict[str, Path], tmp_path: Path):
    import sqlite3

    with sqlite3.connect(world["folder"] / "shop.db") as database:
        database.execute("CREATE TABLE klanten (customer_id)")
    before = untouched(tmp_path / "home")
    assert "not a DuckDB database" in said_about(world["folder"], url="duckdb:shop.db", sql_table="klanten")
    assert untouched(tmp_path / "home") == before


def test_a_message_repeats_no_query(world: dict[str, Path]):
    for query in (
        "SELECT 'my-secret-literal' AS x FROM not_there",
        "SELECT CAST('my-secret-literal' AS DATE) AS customer_id, nix FROM klanten",
    ):
        assert "my-secret-literal" not in said_about(world["folder"], url="duckdb:shop.duckdb", query=query)


def test_a_message_holds_nothing_that_a_terminal_obeys_and_ends(world: dict[str, Path]):
    forged = said_about(world["folder"], file="x.csv\nclient: no mistakes found.\x1b[2J\u202e")
    assert "\n" not in forged and "\x1b" not in forged and "\u202e" not in forged
    name = "K" * 500_000
    (world["folder"] / "long.csv").write_text(f"{name};customer_id\n1;2;3\n")
    assert len(said_about(world["folder"], file="long.csv")) < 2_000


def test_a_round_that_is_a_link_is_refused(world: dict[str, Path]):
    (world["outside"].parent / "client.yml").write_text("as_of: 2022-12-31\n")
    (world["folder"] / "client.yml").write_text("as_of: 2023-12-31\n")
    (world["folder"] / "rounds" / "2022-12-31").symlink_to(world["outside"].parent)
    (problem,) = check_client(world["folder"]).problems
    assert "is a link" in str(problem) and SECRET not in str(problem)


@pytest.mark.parametrize("path", ["", pytest.param("relative", marks=pytest.mark.drill)])
def test_nothing_is_imported_from_the_folder_that_a_command_is_given_in(path: str, small_client: Path, monkeypatch: pytest.MonkeyPatch):
    proof = small_client.parent / "proof"
    for name in ("pandas.py", "helpers/__init__.py", "json.py", "duckdb.py"):
        (small_client / name).parent.mkdir(exist_ok=True)
        (small_client / name).write_text(f"open({str(proof)!r}, 'w').close()\n")
    monkeypatch.chdir(small_client)
    monkeypatch.setenv("PYTHONPATH", path)
    assert checked(small_client, Limits(120, 120, 2_500)) == Checked()
    assert not proof.exists()


def test_secrets_go_to_the_hosts_that_the_operator_lists(world: dict[str, Path], monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("AIM_WORD", "w0rd")
    monkeypatch.setenv("AIM_HOSTS", "db.example, 127.0.0.1:1")
    refused = said_about(world["folder"], url="postgresql://me:${AIM_WORD}@127.0.0.1:2/db", sql_table="klanten")
    assert "AIM_HOSTS" in refused and "w0rd" not in refused
    tried = said_about(world["folder"], url="postgresql://me:${AIM_WORD}@127.0.0.1:1/db", sql_table="klanten")
    assert "AIM_HOSTS" not in tried
