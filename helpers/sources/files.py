"""Exports opened as tables of cells: nothing is guessed, every cell keeps its bytes and its line."""

import zipfile
import zlib
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from helpers.core.errors import Problem
from helpers.core.wording import _
from helpers.sources.credit_notes import may_mark
from helpers.sources.csv_engine import open_large
from helpers.sources.csv_text import Rows, csv_rows
from helpers.sources.limits import TooMuch, long_line
from helpers.sources.packed import parquet_problems, unpacked, wrong_kind
from helpers.sources.places import file_of
from helpers.sources.raw import LINE, Raw, missing_columns, others, refused
from helpers.sources.store import Store
from helpers.sources.text import decoded
from helpers.sources.webevents.opening import open_web_export
from helpers.sources.xlsx import xlsx_cells, xlsx_column
from helpers.tables import TABLES
from helpers.tables.declared import WEB_FORMATS, Source
from helpers.tables.receipts import SetAside

LARGE_BYTES = 200_000_000  # above this a CSV is read by the engine, several times faster


def open_file(folder: Path, source: Source, store: Store) -> Raw:
    """Open one export of a client's folder: its cells, or the problems of the file."""
    path = file_of(folder, source.file, f"source {source.table}, key file")
    if isinstance(path, Problem):
        return refused([path])
    if source.format in WEB_FORMATS:
        return open_web_export(path, folder, source, store)
    problems = wrong_kind(path, source) if path.stat().st_size else []
    if problems:
        return refused(problems)
    if source.format == "parquet":
        return _parquet(path, source, store)
    if source.format == "xlsx":
        return _xlsx(path, source, store)
    if _by_engine(path, source):
        return open_large(path, source, store)
    return _csv(path, source, store)


def kind_of_column(theirs: str, source: Source) -> str:
    """Return the kind of our column that takes one of theirs."""
    ours = next((ours for ours, name in source.kept.items() if name == theirs), "")
    known = {column.name: column.kind for column in (*TABLES[source.table].columns, *source.own_columns)}
    return known.get(ours, "text")


def _by_engine(path: Path, source: Source) -> bool:
    if source.format != "csv" or source.reader == "text" or source.packed == "zip" or source.skip_last or source.fill_down.columns:
        return False
    if source.encoding.lower().startswith("utf-16"):  # its lines do not end in one byte
        return False
    return source.reader == "engine" or path.stat().st_size > LARGE_BYTES


def _parquet(path: Path, source: Source, store: Store) -> Raw:
    try:
        about = pq.read_metadata(path)
        schema = about.schema.to_arrow_schema()
        header = list(schema.names)
    except (pa.ArrowException, OSError, ValueError, TypeError) as error:
        fix = f"It is damaged ({type(error).__name__}): export it again."
        return refused([Problem(source.file, "row 1", "", "a complete parquet file", fix)])
    problems = parquet_problems(about, path, source) or missing_columns(header, source, 1, "row")
    if problems:
        return refused(problems)
    table = store.backend.read_parquet(store.readable(path), file_row_number=True, hive_partitioning=False)
    names = {name: name for name in source.theirs}
    unmapped = others(header, source)
    # Times with a zone to the nanosecond, as pandas writes them, are a type that the engine reads and does not compute with.
    zoned = [name for name in names if pa.types.is_timestamp(schema.field(name).type) and schema.field(name).type.tz]
    numbered = table.mutate(**{name: table[name].cast("timestamp('UTC')") for name in zoned}, **{LINE: table.file_row_number + 1})
    return Raw(numbered, names, (), "row", unmapped, lasting=True, marks={name: name for name in unmapped if may_mark(name, ())})


def _csv(path: Path, source: Source, store: Store) -> Raw:
    try:
        raw = unpacked(path, source)
    except TooMuch as error:
        return refused([error.problem(source)])
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError) as error:
        fix = f"It is damaged ({type(error).__name__}): export it again."
        return refused([Problem(source.file, "line 1", "", "a complete file", fix)])
    problems = long_line(raw, source)
    if problems:
        return refused(problems)
    text, problems, notes = decoded(raw, source)
    if problems:
        return refused(problems)
    rows, problems = csv_rows(text, source)
    if not problems or rows.header:
        problems = missing_columns(rows.header, source, rows.header_line) + problems
    if problems:
        return refused(problems)
    unmapped = others(rows.header, source)
    frame, names, marks = _frame(rows, source, unmapped)
    torn = (SetAside(_("unreadable line"), _("The line has too many or too few cells."), rows.torn),) if rows.torn else ()
    return Raw(store.add(frame), names, (), "line", unmapped, (*notes, *rows.notes), apart=torn, marks=marks)


def _frame(rows: Rows, source: Source, unmapped: tuple[str, ...]) -> tuple[pd.DataFrame, dict[str, str], dict[str, str]]:
    columns = list(zip(*rows.body, strict=True)) if rows.body else [()] * len(rows.header)
    cells = {name: pd.array(columns[rows.header.index(name)], dtype="str") for name in source.theirs}
    frame = _filled_down(pd.DataFrame(cells), source)
    names = {name: f"c{i}" for i, name in enumerate(frame)}
    marks = {name: f"m{i}" for i, name in enumerate(unmapped) if may_mark(name, columns[rows.header.index(name)])}
    further = {place: pd.array(columns[rows.header.index(name)], dtype="str") for name, place in marks.items()}
    return frame.rename(columns=names).assign(**further, **{LINE: pd.array(rows.lines, dtype="int64")}), names, marks


def _filled_down(frame: pd.DataFrame, source: Source) -> pd.DataFrame:
    if not source.fill_down.columns:
        return frame
    held = frame.mask(frame.map(lambda cell: str(cell).strip() == ""))
    within = source.fill_down.within
    # An order's key may itself be blank on its further rows: such a row belongs to the row above.
    keys = held[within].ffill() if within else pd.Series(0, index=held.index)
    columns = list(source.fill_down.columns)
    held[columns] = held.assign(__key=keys).groupby("__key", sort=False, dropna=False)[columns].ffill()
    if within:
        held[within] = keys
    return held


def _xlsx(path: Path, source: Source, store: Store) -> Raw:
    header, body, problems = xlsx_cells(path, source)
    if problems:
        return refused(problems)
    problems = missing_columns(header, source, source.skip_lines + 1, "row")
    if problems:
        return refused(problems)
    lines, columns = [n for n, _cells in body], {}
    for name in source.theirs:
        at = header.index(name)
        cells = [row[at] if at < len(row) else None for _n, row in body]
        columns[name], column_problems = xlsx_column(cells, lines, kind_of_column(name, source), name, source)
        problems += column_problems
    if problems:
        return refused(problems)
    unmapped, marks = others(header, source), {}
    names = {name: f"c{i}" for i, name in enumerate(columns)}
    frame = _filled_down(pd.DataFrame(columns), source).rename(columns=names).assign(**{LINE: lines})
    for i, name in enumerate(unmapped):
        at = header.index(name)
        cells = [row[at] if at < len(row) and isinstance(row[at], str) else None for _n, row in body]
        if may_mark(name, cells):
            marks[name] = f"m{i}"
            frame[f"m{i}"] = pd.array(cells, dtype="str")
    return Raw(store.add(frame), names, (), "row", unmapped, marks=marks)
