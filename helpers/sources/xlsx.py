"""Workbooks read cell by cell with their types: text stays text, dates are dates, nothing is mixed in silence."""

import io
import re
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd

from helpers.core.errors import Problem, did_you_mean
from helpers.sources.limits import TooMuch
from helpers.sources.problems import first_and_rest, place, shown
from helpers.tables.declared import Source

MOST_CELLS = 60_000_000
_EXACT = 10**15  # Excel keeps 15 digits; a longer number has lost its last ones
_ROW_NUMBER = re.compile(rb"<(?:\w+:)?row\s(?:[^>]*?\s)?r=[\"'](-?\d+)[\"']")
_ZEROS = re.compile(r"0+")


def xlsx_cells(path: Path, source: Source) -> tuple[list[Any], list[tuple[int, list[Any]]], list[Problem]]:
    """Return header, rows (with their row number) and problems of one sheet, judged by ``packed.wrong_kind``; cells keep their types."""
    try:
        book = openpyxl.load_workbook(path, read_only=True, data_only=False)
        try:
            sheet, problems = _sheet(book, source)
            _refuse_disorder(book, sheet)
            rows = list(enumerate(_cells(sheet), start=1)) if sheet else []
        finally:
            book.close()
    except TooMuch as error:
        return [], [], [error.problem(source)]
    except Exception as error:  # a broken part of a workbook raises whatever its reader stumbles over
        fix = f"It is damaged or not a workbook ({type(error).__name__}): save it again in Excel."
        return [], [], [Problem(source.file, "row 1", "", "a workbook", fix)]
    rows = rows[source.skip_lines :]
    if source.header:
        rows = [(source.skip_lines, list(source.header)), *rows]
    if not rows and not problems:
        problems = [Problem(source.file, "row 1", "", "a header and rows", "The sheet is empty: export it again.")]
    if problems:
        return [], [], problems
    header = ["" if (value := _value(cell)) is None else str(value) for cell in rows[0][1]]
    body = [(n, row) for n, row in rows[1:] if any(_value(cell) not in (None, "") for cell in row)]
    return header, body[: -source.skip_last] if source.skip_last else body, []


def xlsx_column(cells: list[Any], lines: list[int], kind: str, theirs: str, source: Source) -> tuple[pd.Series, list[Problem]]:
    """Return one column, indexed by row, as text, numbers or dates, as its cells and our kind of column say; and its problems.

    These are formulas, errors, mixed dates, ids that lost digits; messages call the column ``theirs``.
    """
    values = [_value(cell) for cell in cells]
    bad = [(i, *why) for i, cell in enumerate(cells) if (why := _unreadable(cell))]
    if kind in ("date", "time"):
        bad += _mixed_dates(values, source)
    elif kind in ("id", "text"):
        bad += [
            (i, "an id that Excel kept whole", "Format the column as text before the export; digits are lost.")
            for i, value in enumerate(values)
            if isinstance(value, (int, float)) and not isinstance(value, bool) and abs(value) >= _EXACT
        ]
    problems = (
        Problem(source.file, place(lines[i], theirs, "row"), shown(values[i]), expected, fix)
        for i, expected, fix in sorted(bad, key=lambda entry: entry[0])
    )
    listed = first_and_rest(problems, len(bad))
    return (pd.Series(dtype="str") if listed else _column(cells, values, lines, kind, source)), listed


def _column(cells: list[Any], values: list[Any], lines: list[int], kind: str, source: Source) -> pd.Series:
    if kind in ("date", "time") and any(isinstance(value, datetime) for value in values):
        return pd.Series(values, index=lines, dtype="datetime64[us]")
    if kind in ("number", "money", "count") and all(isinstance(value, (int, float)) or value is None for value in values):
        return pd.Series(values, index=lines, dtype="float64")
    texts = [_text(cell, value, kind, source) for cell, value in zip(cells, values, strict=True)]
    return pd.Series(texts, index=lines, dtype="str")


def _sheet(book: Any, source: Source) -> tuple[Any, list[Problem]]:
    names = book.sheetnames
    if source.sheet:
        if source.sheet in names:
            return book[source.sheet], []
        fix = did_you_mean(source.sheet, names)
        return None, [Problem("client.yml", f"key sheet of {source.file}", source.sheet, "a sheet of the workbook", fix)]
    if len(names) > 1:
        fix = f"Declare sheet: in client.yml; the workbook has {', '.join(names)}."
        return None, [Problem(source.file, "row 1", f"{len(names)} sheets", "the name of the sheet to read", fix)]
    return book[names[0]], []


def _cells(sheet: Any) -> Iterator[list[Any]]:
    sheet.reset_dimensions()  # some systems write a wrong size, and cells beyond it would be lost
    left = MOST_CELLS
    for row in sheet.iter_rows():
        left -= len(row)
        if left < 0:  # one cell far to the right in every row: empty cells up to it are made
            expected = f"a sheet of at most {MOST_CELLS:,} cells, empty ones counted"
            raise TooMuch("", expected, "Delete what stands far to the right, or export it as CSV.")
        yield list(row)


def _refuse_disorder(book: Any, sheet: Any) -> None:
    """Refuse a sheet whose rows are not numbered upwards: openpyxl leaves out what comes back, without a word."""
    last, rest = 0, b""
    with book._archive.open(sheet._worksheet_path) if sheet else io.BytesIO() as file:
        while chunk := file.read(1 << 22):
            text = rest + chunk
            for match in _ROW_NUMBER.finditer(text):
                if int(match.group(1)) <= last:
                    raise TooMuch("", "rows numbered upwards, each once", "Save the workbook again in Excel.")
                last = int(match.group(1))
            # The beginning of a tag that was cut, and nothing that was read already.
            rest = text[text.rfind(b"<") :] if text.rfind(b">") < text.rfind(b"<") else b""


def _value(cell: Any) -> Any:
    if cell is None or isinstance(cell, str):
        return cell
    value = cell.value
    if isinstance(value, date) and not isinstance(value, datetime):
        return datetime(value.year, value.month, value.day)
    return value


def _unreadable(cell: Any) -> tuple[str, str] | None:
    kind = getattr(cell, "data_type", "n")
    if kind == "f":
        return "a value, not a formula", "Paste the column as values in Excel, and save the file again."
    if kind == "e":
        return "a value, not an error of Excel", "Correct the cell in Excel, and save the file again."
    return None


def _mixed_dates(values: list[Any], source: Source) -> list[tuple[int, str, str]]:
    dated = sum(isinstance(value, datetime) for value in values)
    filled = sum(value not in (None, "") for value in values)
    if dated in (0, filled):
        return []
    fix = "Make every cell of the column a date in Excel: text and numbers among dates may be swapped or shifted."
    wanted = dated * 2 >= filled
    expected = "a date cell like the others" if wanted else "a text like the others, not a date cell"
    odd = (i for i, value in enumerate(values) if value not in (None, "") and isinstance(value, datetime) != wanted)
    return [(i, expected, fix) for i in odd]


def _text(cell: Any, value: Any, kind: str, source: Source) -> str | None:
    """Write a typed cell as the text that the declared dialect would hold."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return value.isoformat(sep=" ")
    if isinstance(value, (int, float)):
        return _number_text(cell, value, kind, source)
    return str(value)


def _number_text(cell: Any, value: float, kind: str, source: Source) -> str:
    whole = float(value).is_integer()
    text = str(int(value)) if whole else format(Decimal(repr(value)), "f")
    shape = getattr(cell, "number_format", "") or ""
    if kind in ("id", "text"):
        # Excel shows 123 as 00123 where the format says so; the reader sees what the user sees.
        return text.zfill(len(shape)) if whole and _ZEROS.fullmatch(shape) else text
    negative, text = text.startswith("-"), text.removeprefix("-").replace(".", source.decimal)
    if not negative:
        return text
    return {"front": f"-{text}", "behind": f"{text}-", "brackets": f"({text})"}[source.minus]
