"""Workbooks and parquet: cells that have types of their own, written as text for looking at."""

import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from helpers.core.errors import AimError
from helpers.core.wording import _
from helpers.sources.draft.dialect import Layout, Record, table_of
from helpers.sources.draft.shapes import source_like
from helpers.sources.packed import parquet_problems, wrong_kind
from helpers.sources.personal import names_person

MOST_ROWS = 20_000
_MOST_CELLS = 2_000_000
_GA4 = {"event_name", "event_timestamp", "user_pseudo_id"}


@dataclass(frozen=True)
class TypedTable:
    """A table whose cells have types: its layout, its sheet, which columns hold only true numbers, and whether it is all of it."""

    layout: Layout
    sheet: str
    numbers: frozenset[int]
    whole: bool


def sheets(path: Path) -> tuple[list[TypedTable], list[str]]:
    """Return the sheets of a workbook that are tables, and a sentence for each that is not.

    Parameters
    ----------
    path : the workbook.

    Raises
    ------
    AimError : it is locked, damaged or no workbook.
    """
    import openpyxl

    _refuse(wrong_kind(path, source_like(file=path.name, format="xlsx", packed="no")))
    with zipfile.ZipFile(path) as archive:
        if "xl/workbook.xml" not in archive.namelist():
            raise AimError(_("{file}: it is no workbook of the kind xlsx: save it as xlsx or CSV.").format(file=path.name[:60]))
    book = openpyxl.load_workbook(path, read_only=True)
    tables, left_out = [], []
    try:
        for sheet in book.worksheets:
            sheet.reset_dimensions()
            rows, whole = _rows(sheet)
            table = _table(rows, whole, sheet.title if len(book.sheetnames) > 1 else "")
            if table is None:
                left_out.append(_("The sheet {sheet} is no table and was left out.").format(sheet=sheet.title[:60]))
            else:
                tables.append(table)
    finally:
        book.close()
    return tables, left_out


def parquet(path: Path) -> TypedTable | None:
    """Return the table of a parquet file; None where it is an export of GA4.

    Parameters
    ----------
    path : the file.

    Raises
    ------
    AimError : it declares more than it can hold, or holds no rows.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    file = pq.ParquetFile(path)
    _refuse(parquet_problems(file.metadata, path, source_like(file=path.name, format="parquet")))
    schema = file.schema_arrow
    if set(schema.names) >= _GA4:
        return None
    total, groups = file.metadata.num_rows, file.num_row_groups
    chosen = sorted({i * groups // 16 for i in range(16)}) if total > 5_000_000 else [*range(groups)]
    here = sum(file.metadata.row_group(i).num_rows for i in chosen)
    every = max(1, here // MOST_ROWS)
    # Runs of 50 rows, evenly spaced: neighbours tell which cells stand together.
    rows = [row for batch in file.iter_batches(50 * every, row_groups=chosen) for row in batch.slice(0, 50).to_pylist()]
    if not rows:
        raise AimError(_("{file}: expected rows; the parquet file holds none.").format(file=path.name[:60]))
    cells = [[_text(value) for value in row.values()] for row in rows]
    numbers = frozenset(
        i for i, kind in enumerate(schema.types) if pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind)
    )
    names = ["" if names_person(name) else name for name in schema.names]
    return TypedTable(Layout({}, names, cells), "", numbers, len(rows) == total)


def _refuse(problems: Sequence[Any]) -> None:
    if problems:
        raise AimError(str(problems[0]))


def _rows(sheet: Any) -> tuple[list[tuple[int, list[Any]]], bool]:
    rows: list[tuple[int, list[Any]]] = []
    left = _MOST_CELLS
    for n, row in enumerate(sheet.iter_rows(values_only=True)):
        left -= len(row)
        if len(rows) >= MOST_ROWS or left < 0:
            return rows, False
        rows.append((n, list(row)))
    return rows, True


def _table(rows: list[tuple[int, list[Any]]], whole: bool, sheet: str) -> TypedTable | None:
    filled = [(n, row) for n, row in rows if any(cell not in (None, "") for cell in row)]
    width = max((_used(row) for _n, row in filled), default=0)
    texts = [Record([_text(cell) for cell in row[:width]] + [""] * (width - len(row)), n) for n, row in filled]
    if len(texts) < 2 or width < 2:
        return None
    layout = table_of([texts], whole, {})
    if layout is None or not layout.rows or sum(bool(cell) for row in layout.rows for cell in row) < 0.2 * width * len(layout.rows):
        return None
    if sheet:
        layout.declares["sheet"] = sheet
    begin = len(texts) - len(layout.rows) - layout.declares.get("skip_last", 0)
    body = [row for _n, row in filled[begin : begin + len(layout.rows)]]
    return TypedTable(layout, sheet, frozenset(_numeric(body, width)), whole)


def _used(row: list[Any]) -> int:
    return max((i for i, cell in enumerate(row, start=1) if cell not in (None, "")), default=0)


def _numeric(body: list[list[Any]], width: int) -> Iterator[int]:
    for i in range(width):
        cells = [row[i] for row in body if i < len(row) and row[i] not in (None, "")]
        if cells and all(isinstance(cell, (int, float, Decimal)) and not isinstance(cell, bool) for cell in cells):
            yield i


def _text(value: Any) -> str:
    """Write a typed cell as text: whole numbers without a point, days without a clock."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return "" if value != value else str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, datetime):
        if value.time() == datetime.min.time():
            return value.date().isoformat()
        return value.replace(microsecond=0, tzinfo=None).isoformat(sep=" ")
    if isinstance(value, date):
        return value.isoformat()
    return str(value).strip()
