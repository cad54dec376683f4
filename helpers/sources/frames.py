"""Ibis tables → frames and parquet files, typed as the contracts say."""

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from helpers.sources.store import Store, batches, write_batches
from helpers.tables import Table, dtypes


def frame_of(relation: Any, types: Mapping[str, str]) -> pd.DataFrame:
    """Return an ibis table in memory; ``types`` are pandas types by column, and other columns keep their kind."""
    schema = _schema(relation, types)
    return _frame(relation.get_backend().to_pyarrow(relation), schema)


def keep_parquet(relation: Any, types: Mapping[str, str], path: Path) -> int:
    """Write an ibis table to parquet a part at a time, in one step: readers see the old file or the new one; return the rows written.

    ``types`` are pandas types by column; other columns keep their kind.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        rows = write_batches(relation, _schema(relation, types), unfinished)
        os.replace(unfinished, path)
        return rows
    finally:
        unfinished.unlink(missing_ok=True)


def changed_in_parts(relation: Any, change: Callable[[pd.DataFrame], pd.DataFrame], table: Table, store: Store) -> Any:
    """Return an ibis table changed by a function of frames, a part at a time, in the embedded engine.

    ``change`` works row by row; it may add columns of the table's contract, but no rows.
    """
    types = dtypes(table)
    own = {name: _own(kind) for name, kind in relation.schema().items() if name not in types}
    schema = _schema_of(types | own)
    path = store.folder / f"{table.name}-changed.parquet"
    with pq.ParquetWriter(path, schema) as writer:
        for batch in batches(relation):
            frame = change(_frame(pa.Table.from_batches([batch]), _schema(relation, types)))
            frame = frame.reindex(columns=schema.names).astype(types | own)
            writer.write_table(pa.Table.from_pandas(frame, schema=schema, preserve_index=False))
    whole = store.backend.read_parquet(path)
    filled = store.backend.to_pyarrow(whole.aggregate(**{name: whole[name].count() for name in whole.columns})).to_pylist()[0]
    return whole.select(*(name for name in whole.columns if name in relation.columns or filled[name]))


def _schema(relation: Any, types: Mapping[str, str]) -> pa.Schema:
    """Return the parquet schema with what pandas needs to know to read each column back as it was."""
    return _schema_of({name: types.get(name) or _own(kind) for name, kind in relation.schema().items()})


def _schema_of(types: Mapping[str, str]) -> pa.Schema:
    empty = pd.DataFrame({name: pd.Series([], dtype=kind) for name, kind in types.items()})
    return pa.Schema.from_pandas(empty, preserve_index=False)


def _own(kind: Any) -> str:
    if kind.is_boolean():
        return "boolean"
    if kind.is_timestamp() or kind.is_date():
        return "datetime64[us]"
    return "float64" if kind.is_numeric() else "str"


def _frame(table: pa.Table, schema: pa.Schema) -> pd.DataFrame:
    return table.select(schema.names).cast(schema).replace_schema_metadata(schema.metadata).to_pandas()
