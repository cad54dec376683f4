"""The engine embedded in this process: DuckDB, which works on tables larger than memory."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import ibis
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from helpers.core.files import scratch
from helpers.sources.limits import TooMuch

ROWS_AT_ONCE = 200_000
MEMORY = "1GB"  # beyond it the engine spills to disk; AIM_MEMORY=8GB in the environment gives it more
SPILL = "20GB"  # most that it spills; AIM_SPILL=100GB in the environment gives it more
_PATTERN = re.compile(r"[*?\[\]]")


class Store:
    """An embedded DuckDB with a folder to spill to; a context manager that leaves nothing behind.

    Never opened in the template process: whoever opens it may not be forked. It may read the given files and those in its folder; no other
    can be opened by whatever it is asked.
    """

    def __init__(self, files: Iterable[Path] = ()) -> None:
        self._folder = scratch("store")
        self.backend = ibis.duckdb.connect(**_bounds(self.folder / "spill"))
        lock_down(self.backend.con, tuple(files), self.folder)
        self._made = 0

    @property
    def folder(self) -> Path:
        """Folder for files that live as long as the store."""
        return Path(self._folder.name)

    def __enter__(self) -> Store:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the engine and remove its files."""
        self.backend.disconnect()
        self._folder.cleanup()

    def new_folder(self) -> Path:
        """Return a new folder that lives as long as the store."""
        folder = self.folder / self._name()
        folder.mkdir()
        return folder

    def readable(self, path: Path) -> Path:
        """Return a name of a file under which the engine reads this file only, and nothing that looks like it."""
        if not _PATTERN.search(str(path)):
            return path
        name = self.folder / f"{self._name()}{path.suffix}"
        name.symlink_to(path)
        return name

    def add(self, frame: pd.DataFrame | pa.Table) -> Any:
        """Return a frame as a table of this engine; nothing is copied."""
        table = frame if isinstance(frame, pa.Table) else pa.Table.from_pandas(frame, preserve_index=False)
        name = self._name()
        self.backend.con.register(name, table)
        return self.backend.table(name)

    def keep(self, expression: Any) -> Any:
        """Compute an expression of this engine once, and return it as a table."""
        name = self._name()
        self.backend.raw_sql(f"CREATE TEMP TABLE {name} AS {self.backend.compile(expression)}")
        return self.backend.table(name)

    def here(self, expression: Any) -> Any:
        """Return an expression as a table of this engine; one of another engine is fetched in parts."""
        if expression.get_backend() is self.backend:
            return expression
        path = self.folder / f"{self._name()}.parquet"
        write_batches(expression, expression.schema().to_pyarrow(), path)
        return self.backend.read_parquet(path)

    def _name(self) -> str:
        self._made += 1
        return f"aim_{self._made}"


def attached(file: Path, scratch_folder: Path) -> Any:
    """Return an ibis backend that reads a DuckDB file and can open nothing else.

    The file is attached to an engine of its own, which spills into a folder of ours: opened directly, DuckDB would also
    read and write ``<file>.tmp/`` beside it, fetch extensions, and share one engine between two sources.
    """
    backend = ibis.duckdb.connect(**_bounds(scratch_folder))
    for name in ("autoinstall_known_extensions", "autoload_known_extensions", "allow_persistent_secrets"):
        backend.con.execute(f"SET {name} = false")
    backend.con.execute(f"ATTACH {_literal([str(file)])[1:-1]} AS client_database (TYPE duckdb, READ_ONLY)")
    backend.con.execute("USE client_database")
    lock_down(backend.con)
    return backend


def _bounds(spill: Path) -> dict[str, str]:
    return {
        "temp_directory": str(spill),
        "memory_limit": os.environ.get("AIM_MEMORY", MEMORY),
        "max_temp_directory_size": os.environ.get("AIM_SPILL", SPILL),
    }


def most_spilled() -> int:
    """Return the most bytes that one table may take on disk while it is read, from AIM_SPILL."""
    match = re.fullmatch(r"\s*(\d+)\s*([KMGT]?)i?B\s*", os.environ.get("AIM_SPILL", SPILL), re.IGNORECASE)
    return int(match.group(1)) * 1000 ** " KMGT".index(match.group(2).upper() or " ") if match else 20_000_000_000


def lock_down(connection: Any, files: Iterable[Path] = (), folder: Path | None = None) -> None:
    """Leave a DuckDB only some files to read, and a folder to write in, for good: no other file, no network, no extensions, no settings."""
    settings: dict[str, bool | list[str]] = {
        "allowed_paths": [str(path) for path in files],
        "allowed_directories": [str(folder)] if folder else [],
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
        "allow_community_extensions": False,
        "allow_persistent_secrets": False,
        "enable_external_access": False,
        "lock_configuration": True,
    }
    for name, value in settings.items():
        connection.execute(f"SET {name} = {_literal(value)}")


def _literal(value: bool | list[str]) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return "[" + ", ".join("'" + text.replace("'", "''") + "'" for text in value) + "]"


def write_batches(expression: Any, schema: pa.Schema, path: Path) -> int:
    """Write an expression of any engine to parquet, as a schema says and a part at a time; return the number of rows.

    Raises
    ------
    TooMuch : it is larger than AIM_SPILL allows.
    """
    rows, most = 0, most_spilled()
    with pq.ParquetWriter(path, schema) as writer:
        for batch in batches(expression):
            if path.stat().st_size > most:
                raise TooMuch("", f"a table of at most {most / 1e9:,.0f} GB", "Read less of it, or set AIM_SPILL on this machine.")
            writer.write_table(pa.Table.from_batches([batch]).select(schema.names).cast(schema))
            rows += batch.num_rows
    return rows


def batches(expression: Any) -> Iterator[pa.RecordBatch]:
    """Yield an ibis table of any engine a part at a time."""
    backend = expression.get_backend()
    if backend.name == "duckdb":  # ibis 12 asks DuckDB 2 for its batches by a name that is gone
        return iter(backend.con.sql(backend.compile(expression)).to_arrow_reader(ROWS_AT_ONCE))
    return iter(backend.to_pyarrow_batches(expression, chunk_size=ROWS_AT_ONCE))
