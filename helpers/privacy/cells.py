"""Lists that a spreadsheet cannot be tricked with: safe cells, and bytes of CSV and Excel files.

A cell that starts with =, +, -, @ or some white space is taken for a formula when a list is opened, and a customer's name can
hold such a start (OWASP, "CSV injection"). The usual cure, an apostrophe before every such cell, spoils telephone numbers and
negative amounts; so those keep their own form (our convention):

- amounts are real numbers and stay as they are;
- a telephone number with country code leaves as its digits, +32 470 12 34 56 as 32470123456;
- text that is nothing but a number stays;
- every other text that could start a formula gets an apostrophe in CSV, and is stored as text in Excel.
"""

import io
import re
import zipfile
from typing import Any

import pandas as pd
from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.styles import Font

# Full-width signs are taken for formulas by some versions; white space before the sign does not help.
_TRIGGER = re.compile("^[\\s\\x00-\\x20\\ufeff\\u200b\\u00a0'\"]*[=+\\-@\uff1d\uff0b\uff0d\uff20\u2212|%]|^[\\t\\r\\n]")
_PHONE = re.compile(r"^\+\d[\d ().\-/\u00a0]{5,24}$")
_NUMBER = re.compile(r"^[+-]?\d{1,3}([ .,\u00a0']?\d{3})*([.,]\d+)?$|^[+-]?\d+([.,]\d+)?$")
_ILLEGAL = re.compile("[\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\\x7f\ufffe\uffff\ud800-\udfff]")
# A spreadsheet with another list separator than the file's splits the cell there, and a formula may start anew.
_INNER = re.compile("([;\\t\\n\\r]\\s*)(?=[=+\\-@\uff1d\uff0b\uff0d\uff20])")
_PHONE_DIGITS = range(7, 16)  # a telephone number with its country code (ITU-T E.164: at most 15)
MOST_ROWS = 1_048_575  # of an Excel sheet, beside its header
_MOST_LETTERS = 32_767  # in a cell of Excel
_MOST_SHEET_NAME = 31
_EARLIEST = (1980, 1, 1, 0, 0, 0)
_STAMP = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*(<)")


def safe_cell(value: object) -> object:
    """Return a value that no spreadsheet takes for a formula; numbers, dates and missing values are untouched."""
    if not isinstance(value, str):
        return value
    text = _ILLEGAL.sub("", value)
    digits = "".join(mark for mark in text if mark.isdigit())
    if _PHONE.match(text) and len(digits) in _PHONE_DIGITS:
        return digits
    if _NUMBER.match(text):
        return text
    text = _INNER.sub(r"\1'", text)
    return "'" + text if _TRIGGER.match(text) else text


def safe_frame(frame: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the frame with safe cells and headers, and what was changed.

    Returns
    -------
    The safe copy; and one row per column with its count of changed cells, for the list's manifest.
    """
    safe = pd.DataFrame({place: _safe_column(frame.iloc[:, place]) for place in range(frame.shape[1])})
    counts = [int((~_same(safe[place], frame.iloc[:, place])).sum()) for place in range(frame.shape[1])]
    safe.columns = [str(safe_cell(str(name))) for name in frame.columns]
    return safe, pd.DataFrame({"column": list(safe.columns), "changed": counts})


def safe_csv(frame: pd.DataFrame, *, separator: str = ",", decimal: str = ".") -> bytes:
    """Return the frame as a CSV file: UTF-8 with byte order mark, text quoted, same bytes for same content.

    Parameters
    ----------
    frame : the list, in the order to be written.
    separator, decimal : as the receiving system expects; ";" and "," for a Belgian Excel.
    """
    safe, _changed = safe_frame(frame)
    text = safe.to_csv(index=False, sep=separator, decimal=decimal, lineterminator="\r\n", quoting=2)
    return text.encode("utf-8-sig")


def safe_xlsx(frame: pd.DataFrame, *, sheet: str = "list") -> bytes:
    """Return the frame as an Excel file whose texts are stored as text, never as formulas.

    Telephone numbers and texts keep their form, because a cell of type text is not computed. The bytes depend on the content
    only: they hold no time of writing.

    Raises
    ------
    ValueError : when there are more rows than a sheet can hold (1,048,575 and a header).
    """
    if len(frame) > MOST_ROWS:
        raise ValueError(f"an Excel sheet holds {MOST_ROWS:,} rows; write this list as CSV")
    book = Workbook()
    page = book.active
    page.title = re.sub(r"[\\/*?:\[\]]", " ", sheet)[:_MOST_SHEET_NAME] or "list"
    for place, name in enumerate(frame.columns, start=1):
        _write(page.cell(1, place), str(name)).font = Font(bold=True)
    for place in range(frame.shape[1]):
        for row, value in enumerate(frame.iloc[:, place].tolist(), start=2):
            _write(page.cell(row, place + 1), value)
    page.freeze_panes = "A2"
    raw = io.BytesIO()
    book.save(raw)
    return _without_time(raw.getvalue())


def _write(cell: Cell, value: Any) -> Cell:
    if isinstance(value, str):
        # Past openpyxl's own check, which would make a formula of a text that starts with "=".
        cell.value = ""
        cell._value, cell.data_type = _ILLEGAL.sub("", value)[:_MOST_LETTERS], "s"
        cell.quotePrefix = True
    elif value is not None and value == value:
        cell.value = value.to_pydatetime() if isinstance(value, pd.Timestamp) else value
    return cell


def _without_time(raw: bytes) -> bytes:
    """Return the same Excel file with every time of writing set to the earliest a zip file knows."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(raw)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in sorted(old.namelist(), key=lambda part: (part != "[Content_Types].xml", part)):
            content = old.read(name)
            if name == "docProps/core.xml":
                content = _STAMP.sub(rb"\g<1>1980-01-01T00:00:00Z\g<2>", content)
            new.writestr(zipfile.ZipInfo(name, _EARLIEST), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _safe_column(column: pd.Series) -> pd.Series:
    if pd.api.types.is_numeric_dtype(column) or pd.api.types.is_datetime64_any_dtype(column):
        return column.reset_index(drop=True)
    return column.astype("object").map(safe_cell).reset_index(drop=True)


def _same(left: pd.Series, right: pd.Series) -> pd.Series:
    right = right.reset_index(drop=True)
    return (left.astype("object") == right.astype("object")) | (left.isna() & right.isna())
