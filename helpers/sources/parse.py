"""Text → typed columns, by the marks and formats that client.yml declares."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime

import pandas as pd

from helpers.config.schema import IdRepair, Source
from helpers.errors import Problem
from helpers.sources.files import SHOWN, rest_of
from helpers.tables import Column

_FLAGS = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}
_NO_ORDER = (datetime(1900, 1, 1), datetime(2100, 1, 1))


def parse_column(raw: pd.Series, column: Column, theirs: str, source: Source) -> tuple[pd.Series, list[Problem]]:
    """Turn one column of an export into its canonical type.

    Parameters
    ----------
    raw : the column as read: text, or typed where the file itself is typed (parquet).
    column : the canonical column.
    theirs : the column's name in the file, for messages.
    source : the source's block in client.yml.

    Returns
    -------
    The typed column (empty cells are missing) and one problem per value that does not fit.
    """
    mapped = source.values.get(column.name, {})
    values = raw.map(lambda cell: mapped.get(cell, cell)) if mapped else raw
    reader = _READERS[column.kind]
    typed, wrong = reader(values, source, column.name)
    return typed, _problems(raw, wrong, column, theirs, source)


def repair_ids(ids: pd.Series, rule: IdRepair) -> pd.Series:
    """Bring ids into the form that ``rule`` declares; missing ids stay missing."""
    text = ids
    if rule.strip_prefix:
        text = text.str.removeprefix(rule.strip_prefix)
    if rule.drop:
        text = text.str.replace(f"[{re.escape(rule.drop)}]", "", regex=True)
    if rule.zero_pad:
        text = text.str.zfill(rule.zero_pad)
    return text.str.upper() if rule.upper else text


def _problems(raw: pd.Series, wrong: pd.Series, column: Column, theirs: str, source: Source) -> list[Problem]:
    bad = raw[wrong]
    expected, fix = _expectation(column, source)
    shown = [
        Problem(source.file, f"line {line}, column {theirs}", str(cell), expected, fix)
        for line, cell in bad.head(SHOWN).items()
    ]
    return shown + rest_of(source.file, len(bad))


def _expectation(column: Column, source: Source) -> tuple[str, str]:
    if column.kind in ("date", "time"):
        form = source.date_formats.get(column.name, source.date_format)
        return f"a date of the form {form}", "Correct the date, or the date_format in client.yml."
    if column.kind in ("number", "money", "count"):
        whole = "a whole number, not negative" if column.kind == "count" else "a number"
        marks = f"decimal mark {source.decimal!r}"
        marks += f" and thousands mark {source.thousands!r}" if source.thousands else " and no thousands mark"
        return f"{whole} with {marks}", "Correct the cell, or the marks in client.yml."
    return "yes or no", f"Add the value under values: {column.name}: in client.yml."


def _missing(values: pd.Series) -> pd.Series:
    return values.isna() | (values.astype("str").str.strip() == "") if _is_text(values) else values.isna()


def _is_text(values: pd.Series) -> bool:
    return isinstance(values.dtype, pd.StringDtype) or values.dtype == object


def _read_text(values: pd.Series, source: Source, name: str) -> tuple[pd.Series, pd.Series]:
    missing = _missing(values)
    text = values.astype("str").where(~missing)
    return text, pd.Series(False, index=values.index)


def _read_id(values: pd.Series, source: Source, name: str) -> tuple[pd.Series, pd.Series]:
    whole = values
    if pd.api.types.is_float_dtype(values):
        whole = values.astype("Int64")  # a float id with a fraction raises here: it never was an id
    text, wrong = _read_text(whole, source, name)
    rule = source.ids.get(name)
    return (repair_ids(text, rule) if rule else text), wrong


def _read_number(values: pd.Series, source: Source, name: str) -> tuple[pd.Series, pd.Series]:
    if not _is_text(values):
        return values.astype("float64"), pd.Series(False, index=values.index)
    missing = _missing(values)
    text = values.str.strip()
    thousands = re.escape(source.thousands)
    whole = rf"(?:\d{{1,3}}(?:{thousands}\d{{3}})+|\d+)" if thousands else r"\d+"
    fits = text.str.fullmatch(rf"[+-]?{whole}(?:{re.escape(source.decimal)}\d+)?").fillna(False).astype(bool)
    plain = text.where(fits & ~missing)
    if source.thousands:
        plain = plain.str.replace(source.thousands, "", regex=False)
    numbers = pd.to_numeric(plain.str.replace(source.decimal, ".", regex=False)).astype("float64")
    return numbers, ~fits & ~missing


def _read_count(values: pd.Series, source: Source, name: str) -> tuple[pd.Series, pd.Series]:
    numbers, wrong = _read_number(values, source, name)
    wrong = wrong | (numbers.notna() & ((numbers < 0) | (numbers % 1 != 0)))
    return numbers.where(~wrong).astype("Int64"), wrong


def _read_time(values: pd.Series, source: Source, name: str) -> tuple[pd.Series, pd.Series]:
    missing = _missing(values)
    if _is_text(values):
        form = source.date_formats.get(name, source.date_format)
        times = pd.to_datetime(values.where(~missing).str.strip(), format=form, errors="coerce", exact=True)
    else:
        times = pd.to_datetime(values, errors="coerce")
    times = times.astype("datetime64[us]")
    inside = times.between(*_NO_ORDER)
    return times.where(inside), ~inside & ~missing


def _read_date(values: pd.Series, source: Source, name: str) -> tuple[pd.Series, pd.Series]:
    times, wrong = _read_time(values, source, name)
    return times.dt.normalize(), wrong


def _read_flag(values: pd.Series, source: Source, name: str) -> tuple[pd.Series, pd.Series]:
    if values.dtype == bool or values.dtype == "boolean":
        return values.astype("boolean"), pd.Series(False, index=values.index)
    missing = _missing(values)
    flags = values.astype("str").str.strip().str.lower().map(_FLAGS)
    return flags.astype("boolean").where(~missing), flags.isna() & ~missing


_Reader = Callable[[pd.Series, Source, str], tuple[pd.Series, pd.Series]]
_READERS: dict[str, _Reader] = {
    "id": _read_id,
    "text": _read_text,
    "number": _read_number,
    "money": _read_number,
    "count": _read_count,
    "date": _read_date,
    "time": _read_time,
    "flag": _read_flag,
}
