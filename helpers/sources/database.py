"""Tables in a database or on Spark, by the address in client.yml; nothing is written, secrets come from the environment."""

import os
import re
from itertools import count
from pathlib import Path
from typing import Any

import ibis

from helpers.core.errors import Problem
from helpers.sources.addresses import Address, address_of, masked
from helpers.sources.credit_notes import may_mark
from helpers.sources.raw import Raw, missing_columns, others, refused
from helpers.sources.statements import NotReading, reading_select, table_name
from helpers.sources.store import Store, attached
from helpers.tables.declared import Source

_VIEWS = count(1)
_DIALECTS = {"postgresql": "postgres", "duckdb": "duckdb", "spark": "spark"}
# What a view rests on that does not come with PostgreSQL itself: k.name may call a function name(k) that nobody sees.
_FUNCTIONS_OF_SOMEBODY = """
    SELECT count(*) FROM pg_catalog.pg_depend d JOIN pg_catalog.pg_rewrite r ON d.objid = r.oid
    WHERE r.ev_class = %(view)s::regclass
      AND d.refclassid IN ('pg_catalog.pg_proc'::regclass, 'pg_catalog.pg_operator'::regclass)
"""
_CONNECT_SECONDS = 20
_QUERY_SECONDS = 900
# What servers say when a connection fails, and how it is said here; their own words may repeat parts of the address.
_FAILURES = {
    "not a valid duckdb": "the file is not a DuckDB database",
    "set lock": "the file is in use by another program",
    "password authentication": "user or password are not accepted",
    "no password": "a password is needed",
    "role": "this user is not known there",
    "database": "there is no such database, or this user may not enter it",
    "invalid": "a value of the options is none that is known",
    "certificate": "the certificate of the server is not accepted",
    "ssl": "the server does not encrypt the connection as sslmode asks",
    "refused": "no server answers there",
    "resolve": "no machine of this name is known",
    "translate host": "no machine of this name is known",
    "timeout": "no server answers there in time",
}


def open_database(folder: Path, source: Source, store: Store) -> Raw:
    """Open a table or query of a database for reading: its columns as an ibis table of that engine, or the problems; nothing is fetched."""
    address = address_of(folder, source.url)
    if isinstance(address, list):
        return refused(address)
    try:
        wanted = reading_select(source.query, _DIALECTS[address.kind]) if source.query else table_name(source.sql_table)
    except NotReading as error:
        fix = "A view of the database that its owner makes can do more: name it in sql_table."
        key = "query" if source.query else "sql_table"
        return refused([Problem("client.yml", f"source {source.table}, key {key}", "", str(error), fix)])
    table, failure = _opened(address, wanted, source.url, store)
    if table is None:
        fix = f"Check the address, the name and the rights of this user: {failure}"
        return refused([Problem(source.origin, "", "", "a table or query that can be read", fix)])
    header = list(table.columns)
    problems = missing_columns(header, source, 1, "row")
    if problems:
        return refused(problems)
    unmapped = others(header, source)
    marks = {name: name for name in unmapped if may_mark(name, ())}
    return Raw(table, {name: name for name in source.theirs}, (), "", unmapped, lasting=True, marks=marks)


def _opened(address: Address, wanted: str | list[str], url: str, store: Store) -> tuple[Any, str]:
    # Every engine has errors of its own; all end in one sentence without a secret, and without a cause to print.
    try:
        backend = _connect(address, store)
    except ImportError:
        return None, "the optional part for it is missing: pip install 'aim-workbook[integration]'"
    except Exception as error:
        message = str(error).lower()
        reasons = (reason for words, reason in _FAILURES.items() if words in message)
        return None, next(reasons, f"the connection failed ({type(error).__name__})")
    try:
        if isinstance(wanted, list):
            *schema, name = wanted
            place = {0: None, 1: schema[0] if schema else None}.get(len(schema), tuple(schema))
            return _only_reading(backend, address).table(name, database=place), ""
        # A view of this session: ibis 12 asks for a query's columns in a way that this SQLGlot writes wrongly.
        view = f"aim_query_{next(_VIEWS)}"
        _make_view(backend, address, f"CREATE TEMPORARY VIEW {view} AS {wanted}")
        return _only_reading(backend, address).table(view), ""
    except Exception as error:
        # Without the lines and the words of the query that an engine repeats.
        first = re.split(r"\n|LINE \d+:", str(error), maxsplit=1)[0]
        return None, masked(re.sub(r"'[^']*'", "'…'", first), url)


def _connect(address: Address, store: Store) -> Any:
    if address.kind == "spark":
        port = f":{address.port}" if address.port else ""
        return ibis.pyspark.connect(spark_session(address.host, f"{address.host}{port}"))
    if address.kind == "duckdb":
        assert address.file is not None  # as address_of makes it
        return attached(address.file, store.new_folder())
    # An empty password would be looked up in the files of this machine's user.
    options = {"connect_timeout": str(_CONNECT_SECONDS), "passfile": os.devnull} | dict(address.options)
    return ibis.postgres.connect(
        host=address.host or "localhost",
        port=address.port or 5432,
        user=address.user,
        password=address.password,
        database=address.database,
        options=f"-c statement_timeout={_QUERY_SECONDS * 1000}",
        **options,
    )


def _make_view(backend: Any, address: Address, statement: str) -> None:
    """Make a view; the engine, too, is asked to take one statement only."""
    if address.kind == "duckdb":
        import duckdb

        (parsed,) = backend.con.extract_statements(statement)
        if parsed.type != duckdb.StatementType.CREATE:
            raise ValueError("not one statement")
        backend.con.execute(statement)
    elif address.kind == "postgresql":
        # A user may be made so that it only reads: the view of this session is made first, and read-only comes after it.
        backend.con.execute("SET SESSION CHARACTERISTICS AS TRANSACTION READ WRITE")
        backend.con.execute(statement, prepare=True)  # a prepared statement is never more than one
        if backend.con.execute(_FUNCTIONS_OF_SOMEBODY, {"view": statement.split()[3]}).fetchone()[0]:
            raise NotReading("it calls a function or operator that somebody has made in this database")
    else:
        backend.raw_sql(statement)


def _only_reading(backend: Any, address: Address) -> Any:
    """Let a server refuse to write from here on, whatever functions and views of its own do."""
    if address.kind == "postgresql":
        backend.con.execute("SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY")
    return backend


def spark_session(host: str, address: str) -> Any:
    """Return a Spark session: "local" runs it on this machine, any other host is a cluster's, at ``address`` (host and port)."""
    from pyspark.sql import SparkSession

    local = host in ("", "local")
    builder = SparkSession.builder.master("local[*]" if local else f"spark://{address}").appName("aim")
    builder = builder.config("spark.ui.enabled", "false").config("spark.sql.session.timeZone", "UTC")
    if local:
        builder = builder.config("spark.driver.host", "127.0.0.1").config("spark.driver.bindAddress", "127.0.0.1")
        builder = builder.config("spark.sql.shuffle.partitions", "4")
    return builder.getOrCreate()
