"""Tables in a database or on Spark, by the address in client.yml; secrets come from the environment."""

from __future__ import annotations

import os
import re
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote, urlsplit

from helpers.declared import Source
from helpers.errors import Problem, did_you_mean
from helpers.sources.files import Raw, missing_columns, others, refused

_NAME = re.compile(r"\$\{(\w+)\}")
_VIEWS = count(1)
_KINDS = ("postgresql", "postgres", "spark", "duckdb")


def open_database(folder: Path, source: Source) -> Raw:
    """Open a table or query of a database; nothing is fetched.

    Parameters
    ----------
    folder : the client's folder, which relative duckdb: files are relative to.
    source : its block in client.yml.

    Returns
    -------
    Its columns as an ibis table of that engine, or the problems.
    """
    missing = [name for name in _NAME.findall(source.url) if name not in os.environ]
    if missing:
        fix = "Put it in the environment, never in client.yml."
        return refused([Problem("client.yml", "key url", f"${{{name}}}", "an environment variable of this name", fix)
                        for name in missing])  # fmt: skip
    kind = source.url.split(":", 1)[0]
    if kind not in _KINDS:
        return refused(
            [Problem("client.yml", "key url", kind, "a kind of database that is read", did_you_mean(kind, _KINDS))]
        )
    table, said = None, ""
    try:
        table = _table(_connect(kind, folder, source), source)
    except Exception as error:  # every engine has errors of its own; all end in one sentence without a secret
        said = _masked(str(error), source)
    if table is None:
        fix = f"Check the address, the name and the rights of this user: {said}"
        return refused([Problem(source.origin, "", "", "a table or query that can be read", fix)])
    found = list(table.columns)
    problems = missing_columns(found, source, 1, "row")
    if problems:
        return refused(problems)
    return Raw(table, {name: name for name in source.theirs}, (), "", others(found, source), lasting=True)


def _connect(kind: str, folder: Path, source: Source) -> Any:
    import ibis

    if kind == "spark":
        parts = urlsplit(source.url)
        return ibis.pyspark.connect(spark_session(parts.hostname or "", parts.netloc))
    if kind == "duckdb":
        return ibis.duckdb.connect(Path(folder) / source.url.removeprefix("duckdb:"), read_only=True)
    parts = urlsplit(_NAME.sub(lambda m: quote(os.environ[m.group(1)], safe=""), source.url))
    return ibis.postgres.connect(
        host=parts.hostname or "localhost", port=parts.port or 5432, user=unquote(parts.username or ""),
        password=unquote(parts.password or ""), database=parts.path.strip("/"),
    )  # fmt: skip


def spark_session(host: str, address: str) -> Any:
    """Return a Spark session: "local" runs it on this machine, any other host is a cluster's.

    Parameters
    ----------
    host : the host of the address spark://host:port.
    address : host and port.
    """
    from pyspark.sql import SparkSession

    local = host in ("", "local")
    builder = SparkSession.builder.master("local[*]" if local else f"spark://{address}").appName("aim")
    builder = builder.config("spark.ui.enabled", "false").config("spark.sql.session.timeZone", "UTC")
    if local:
        builder = builder.config("spark.driver.host", "127.0.0.1").config("spark.driver.bindAddress", "127.0.0.1")
        builder = builder.config("spark.sql.shuffle.partitions", "4")
    return builder.getOrCreate()


def _table(backend: Any, source: Source) -> Any:
    if source.query:
        # A view of this session: ibis 12 asks for a query's columns in a way that this SQLGlot writes wrongly.
        view = f"aim_query_{next(_VIEWS)}"
        backend.raw_sql(f"CREATE TEMPORARY VIEW {view} AS {source.query.strip().rstrip(';')}")
        return backend.table(view)
    *schema, name = source.sql_table.split(".")
    return backend.table(name, database=schema[-1]) if schema else backend.table(name)


def _masked(text: str, source: Source) -> str:
    for name in _NAME.findall(source.url):
        text = text.replace(os.environ[name], "…") if os.environ[name] else text
    return re.sub(r"(://[^/@:\s]*:)[^@\s]+@", r"\1…@", " ".join(text.split()))[:300]
