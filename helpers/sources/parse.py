"""Cells → typed columns, by the marks and formats that client.yml declares: written once, for every engine."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import ibis

from helpers.sources.dates import SERIAL, form_of, in_zone, is_quick, offset_of, read_form, read_serial
from helpers.sources.ids import SPACES, hygienic, repaired
from helpers.tables import Column
from helpers.tables.declared import Source

_FILLED = f"[^{SPACES}]"
_GAP = "[ \t\u00a0\u202f]"
_MINUS = "[-\u2212]"
_DAMAGED_ID = "^[0-9](?:[.,][0-9]+)?[eE][+][0-9]{2,}$"
_MOST = 1e15  # beyond, a number keeps no cents
_FIRST, _LAST = "1900-01-01", "2100-01-01"
_FLAGS = {True: ("true", "yes", "1"), False: ("false", "no", "0")}
_ESCAPED = set(r"\.^$*+?{}[]|()")


@dataclass(frozen=True)
class Parsed:
    """One column read: its value, which rows do not fit, and whether its amounts look like thousands.

    All are ibis expressions; ``doubt`` is a pair (rows with a decimal mark, those with three decimals), or None;
    ``steps`` says per cell what was done to an id (``ids.STEPS``), None for other columns.
    """

    value: Any
    wrong: Any
    doubt: tuple[Any, Any] | None = None
    steps: Any = None


def parsed(cell: Any, column: Column, source: Source) -> Parsed:
    """Read one column of an export, as ``cleaned`` gives it, into its canonical type; an empty cell is missing and fits."""
    value, wrong, *doubt = _READERS[column.kind](cell, column, source)
    if column.choices:
        value = value.strip().lower()
        wrong = wrong | ~value.isin(column.choices).fill_null(True)
    for limit, outside in ((column.low, lambda: value < column.low), (column.high, lambda: value > column.high)):
        if limit is not None:
            wrong = wrong | outside().fill_null(False)
    if column.kind in ("id", "text"):
        return Parsed(value, wrong, *doubt)
    return Parsed(ibis.ifelse(wrong, ibis.null(value.type()), value), wrong, *doubt)


def cleaned(raw: Any, column: Column, source: Source) -> Any:
    """Return the cells of a column without what only says that they are empty, and with the client's words translated."""
    if not raw.type().is_string():
        return raw
    filled = raw.re_search(_FILLED)
    if raw.get_backend().name == "duckdb":
        filled = _starts_plain(raw) | filled
    cell = ibis.ifelse(filled, raw, ibis.null("string"))
    if source.text_prefix:
        cell = cell.re_replace(f"^{_escaped(source.text_prefix)}", "")
    if source.empty_words:
        cell = ibis.ifelse(cell.strip().isin(source.empty_words), ibis.null("string"), cell)
    mapped = source.values.get(column.name, {})
    return ibis.cases(*((cell == theirs, ours) for theirs, ours in mapped.items()), else_=cell) if mapped else cell


def _escaped(text: str) -> str:
    return "".join("\\" + c if c in _ESCAPED else c for c in text)


def _starts_plain(text: Any) -> Any:
    """Tell whether the first sign is one from ! to ~: DuckDB sees that ten times faster than by a pattern."""
    return (text >= "!") & (text < "\x7f")


def _stripped(text: Any) -> Any:
    return text.translate("\u00a0\u202f", "  ").strip()


def _lightly_stripped(text: Any) -> Any:
    """Return the same, for DuckDB: most cells need no stripping, and seeing that costs a quarter of doing it."""
    gaps = text.contains("\u00a0") | text.contains("\u202f")
    return ibis.ifelse(_starts_plain(text) & _starts_plain(text.right(1)) & ~gaps, text, _stripped(text))


def _text(cell: Any, column: Column, source: Source) -> tuple[Any, Any]:
    if cell.type().is_string():
        return cell, ibis.literal(False)
    if cell.type().is_floating() or cell.type().is_decimal():
        whole = (cell == cell.floor()) & (cell.abs() < _MOST)
        return ibis.ifelse(whole, cell, ibis.null(cell.type())).cast("int64").cast("string"), (~whole).fill_null(False)
    return cell.cast("string"), ibis.literal(False)


def _id(cell: Any, column: Column, source: Source) -> tuple[Any, Any, Any, Any]:
    value, wrong = _text(cell, column, source)
    value, steps = hygienic(value) if cell.type().is_string() else (value, None)
    rule = source.ids.get(column.name)
    if rule and rule.powers_of_ten:
        power = value.re_search(_DAMAGED_ID).fill_null(False)
        written_out = ibis.ifelse(power, value.replace(",", "."), ibis.null("string")).cast("float64").cast("int64")
        value = ibis.ifelse(power, written_out.cast("string"), value)
    elif cell.type().is_string():
        wrong = ibis.ifelse(value.contains("+"), value.re_search(_DAMAGED_ID), False).fill_null(False)
    return (repaired(value, rule) if rule else value), wrong, None, steps


def _number(cell: Any, column: Column, source: Source) -> tuple[Any, Any, Any]:
    if not cell.type().is_string():
        # Not-a-number is how some systems write an empty cell. It is looked for as text: a parquet file's own statistics leave
        # it out, and DuckDB believes them, so that isnan() is false everywhere.
        if cell.type().is_floating():
            cell = ibis.ifelse(cell.cast("string").lower() == "nan", ibis.null(cell.type()), cell)
        value = cell.cast("float64")
        return value, (~(value.abs() < _MOST)).fill_null(False) & cell.notnull(), None
    # Most numbers are digits with at most a sign and a decimal mark: what is slow is only done for the others.
    simple = cell.re_search(_simple_pattern(source)).fill_null(False)
    text = cell
    for sign in source.number_signs:
        text = text.replace(sign, "")
    if source.number_signs:
        text = ibis.ifelse(simple, cell, text)
    fits = simple | text.re_search(number_pattern(source)).fill_null(False)
    pointed = cell if source.decimal == "." else cell.replace(source.decimal, ".")
    value = ibis.ifelse(simple, pointed, _plain(text, fits, source)).cast("float64")
    fits = fits & (value.abs() < _MOST).fill_null(True)
    doubt = None
    if column.kind == "money" and not source.three_decimals:
        marked = fits & text.contains(source.decimal).fill_null(False)
        three = fits & text.re_search(f"{_escaped(source.decimal)}[0-9]{{3}}(?:[^0-9]|$)").fill_null(False)
        doubt = (marked, three)
    return value, ~fits & cell.notnull(), doubt


def number_pattern(source: Source) -> str:
    """Return the pattern of numbers in the declared dialect, in a form that every engine reads."""
    mark = {"": "", " ": _GAP, "'": "['\u2019]"}.get(source.thousands, _escaped(source.thousands))
    grouped = f"[0-9]{{1,3}}(?:{mark}[0-9]{{3}}){{1,4}}|" if mark else ""
    # Systems write exact numbers with as many digits as they need, and small ones with a power of ten (1e-05, 1.2E-5, R's 1e+05).
    # A spreadsheet's 1,2E+06 is none of these: it has lost digits.
    power = "(?:e[-+]?[0-9]{1,2}|E-?[0-9]{1,2})?" if source.minus == "front" else ""
    body = f"(?:{grouped}[0-9]{{1,15}})(?:{_escaped(source.decimal)}[0-9]{{1,40}})?{power}"
    signed = {"front": f"(?:[+]|{_MINUS})?{_GAP}*{body}", "behind": f"{body}{_GAP}*{_MINUS}?", "brackets": f"(?:[(]{body}[)]|{body})"}[
        source.minus
    ]
    return f"^{_GAP}*{signed}{_GAP}*$"


def _simple_pattern(source: Source) -> str:
    """Return the pattern of the numbers that need no more than their decimal mark replaced."""
    sign = "-?" if source.minus == "front" else ""
    return f"^{sign}[0-9]{{1,15}}(?:{_escaped(source.decimal)}[0-9]{{1,18}})?$"


def _plain(text: Any, fits: Any, source: Source) -> Any:
    # One pass over the text: marks become plain ones, everything else that may stand there goes.
    gone = {"": "", " ": "", "'": "'\u2019", ".": ".", ",": ","}[source.thousands] + "+ \t\u00a0\u202f"
    if source.minus == "front":
        plain = text.translate("\u2212" + source.decimal + gone, "-.")
    else:
        negative = text.re_search("[-(\u2212]")
        plain = text.translate(source.decimal + gone + "-\u2212()", ".")
        plain = ibis.ifelse(negative, ibis.literal("-") + plain, plain)
    return ibis.ifelse(fits, plain, ibis.null("string"))


def _count(cell: Any, column: Column, source: Source) -> tuple[Any, Any]:
    value, wrong, _ = _number(cell, column, source)
    wrong = wrong | ((value < 0) | (value != value.floor())).fill_null(False)
    return ibis.ifelse(wrong, ibis.null("float64"), value).cast("int64"), wrong


def _time(cell: Any, column: Column, source: Source) -> tuple[Any, Any]:
    forms = source.date_forms(column.name)
    kind = cell.type()
    if kind.is_string():
        moments = [_moment(cell, form, source) for form in forms]
    elif kind.is_numeric():
        moments = [read_serial(cell.cast("float64"))] if SERIAL in forms else [ibis.null("timestamp")]
    elif kind.is_timestamp() and kind.timezone is not None:
        moments = [in_zone(cell, source.time_zone)]
    else:
        moments = [cell.cast("timestamp")]
    value = ibis.coalesce(*moments) if len(moments) > 1 else moments[0]
    inside = value.between(ibis.timestamp(_FIRST), ibis.timestamp(_LAST)).fill_null(False)
    for other in moments[1:]:
        inside = inside & ((other == value) | other.isnull()).fill_null(True)  # two readings: ask, never choose
    return value, ~inside & cell.notnull()


def _moment(cell: Any, form: str, source: Source) -> Any:
    if form == SERIAL:
        text = _stripped(cell)
        digits = ibis.ifelse(text.re_search("^[0-9]{5}(?:[.,][0-9]+)?$"), text.replace(",", "."), ibis.null("string"))
        return read_serial(digits.cast("float64"))
    known = form_of(form)
    text = _lightly_stripped(cell) if is_quick(cell, known) else _stripped(cell)
    written = read_form(text, known, source.year)
    if "z" not in known.groups:
        return written
    # Moments that say their zone are brought to the client's clock; missing where that is not declared and is not theirs.
    offset = offset_of(text, known)
    ours = in_zone(written - offset.as_interval("m"), source.time_zone)
    if "time_zone" in source.model_fields_set:
        return ours
    # UTC is what systems keep; any other offset is somebody's own clock, which must be that of the client.
    return ibis.ifelse((ours == written) | (offset == 0), ours, ibis.null("timestamp"))


def _date(cell: Any, column: Column, source: Source) -> tuple[Any, Any]:
    value, wrong = _time(cell, column, source)
    return value.truncate("D"), wrong


def _flag(cell: Any, column: Column, source: Source) -> tuple[Any, Any]:
    if cell.type().is_boolean():
        return cell, ibis.literal(False)
    low = cell.cast("string").strip().lower()
    value = ibis.cases((low.isin(_FLAGS[True]), True), (low.isin(_FLAGS[False]), False), else_=ibis.null("boolean"))
    return value, value.isnull() & cell.notnull()


_Reader = Callable[[Any, Column, Source], tuple]
_READERS: dict[str, _Reader] = {
    "id": _id,
    "text": _text,
    "number": _number,
    "money": _number,
    "count": _count,
    "date": _date,
    "time": _time,
    "flag": _flag,
}
