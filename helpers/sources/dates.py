"""Declared forms of dates → expressions that read them, the same in every engine."""

import datetime
import re
from dataclasses import dataclass
from functools import cache
from typing import Any

import ibis
import ibis.expr.datatypes as kinds

SERIAL = "excel"  # the form of Excel's day numbers
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_PIECES = {
    "Y": "([0-9]{4})",
    "y": "([0-9]{2})",
    "m": "([0-9]{1,2})",
    "d": "([0-9]{1,2})",
    "H": "([0-9]{1,2})",
    "I": "([0-9]{1,2})",
    "M": "([0-9]{1,2})",
    "S": "([0-9]{1,2})",
    "f": "([0-9]{1,9})",
    "b": "([A-Za-z]{3})",
    "p": "([AaPp][Mm])",
    "z": "(Z|UTC|[+-][0-9]{2}:?[0-9]{2})",
}
_WHOLE = {"T": "%H:%M:%S", "F": "%Y-%m-%d", "e": "%d"}
_SPECIAL = set(r"\.^$*+?{}[]|()")


class UnknownForm(ValueError):
    """A form of dates with a part that is not read."""


@dataclass(frozen=True)
class Form:
    """One declared form: the pattern its dates fit, and which group holds which piece."""

    declared: str
    pattern: str
    groups: tuple[str, ...]

    @property
    def undated(self) -> bool:
        """Whether the form holds no year."""
        return not {"Y", "y"} & set(self.groups)


@cache
def form_of(declared: str) -> Form:
    """Return what a form asks of a text: %Y %y %m %d %b %H %I %M %S %f %p %z as in strftime, and plain characters, such as ``%d/%m/%Y``.

    Raises
    ------
    UnknownForm : the form holds another part, or not one day and month.
    """
    pattern, groups, at = "", [], 0
    text = re.sub("%([TFe])", lambda m: _WHOLE[m.group(1)], declared)
    while at < len(text):
        if text[at] == "%" and text[at + 1 : at + 2] in _PIECES:
            groups.append(text[at + 1])
            pattern += _PIECES[text[at + 1]]
            at += 2
        elif text[at] == "%":
            raise UnknownForm(f"dates with %{text[at + 1 : at + 2]}")
        else:
            pattern += "\\" + text[at] if text[at] in _SPECIAL else text[at]
            at += 1
    if len(groups) != len(set(groups)) or "d" not in groups or not {"m", "b"} & set(groups):
        raise UnknownForm("dates with one day and one month")
    if text == "%d%m":  # such as DATEV's 0104, whose leading zero is often lost
        pattern = "([0-9]{1,2})([0-9]{2})"
    return Form(declared, f"^{pattern}$", tuple(groups))


def read_form(text: Any, form: Form, year: int | None) -> Any:
    """Return the moments that a column of stripped text (ibis) holds in one form; missing where it does not fit.

    ``year`` is that of forms that hold none.
    """
    fits = text.re_search(form.pattern)
    held = ibis.ifelse(fits, text, ibis.null("string"))
    if is_quick(text, form):  # DuckDB's own reading is ten times faster
        declared, tail = _without_tail(form)
        return _builtin("try_strptime", datetime.datetime, str, str)(held.re_replace(tail, "") if tail else held, declared)
    piece = {group: held.re_extract(form.pattern, i) for i, group in enumerate(form.groups, start=1)}
    if "Y" in piece:
        years = piece["Y"]
    elif "y" in piece:
        years = ibis.ifelse(_number(piece["y"]) < 69, ibis.literal("20"), ibis.literal("19")) + piece["y"]
    else:
        years = ibis.ifelse(held.isnull(), ibis.null("string"), ibis.literal(str(year)))
    month = piece["m"] if "m" in piece else _month_number(piece["b"])
    whole = {name: _number(piece[name]) if name in piece else ibis.literal(0) for name in "HIMS"}
    hour = _hour(whole, piece)
    parts = [_number(years), _number(month), _number(piece["d"])]
    sound = fits & _is_day(*parts) & (hour <= 23) & (whole["M"] <= 59) & (whole["S"] <= 59)
    stamp = years + "-" + _padded(parts[1]) + "-" + _padded(parts[2])
    stamp = stamp + " " + _padded(hour) + ":" + _padded(whole["M"]) + ":" + _padded(whole["S"])
    if "f" in piece:
        stamp = stamp + "." + piece["f"].left(6)
    return ibis.ifelse(sound.fill_null(False), stamp, ibis.null("string")).cast("timestamp")


def in_zone(moment: Any, zone: str) -> Any:
    """Return the clock of a zone, such as Europe/Brussels, at moments (ibis) in the clock of UTC, or that know their own zone."""
    aware = kinds.Timestamp(timezone="UTC")
    if moment.get_backend().name == "pyspark":
        return _builtin("from_utc_timestamp", datetime.datetime, datetime.datetime, str)(moment.cast("timestamp"), zone)
    if moment.type().timezone is None:
        moment = _builtin("timezone", aware, str, datetime.datetime)("UTC", moment)
    return _builtin("timezone", datetime.datetime, str, aware)(zone, moment).cast("timestamp")


def offset_of(text: Any, form: Form) -> Any:
    """Return the minutes by which the zone that stripped texts (ibis) of a form with %z name is ahead of UTC; 0 for Z."""
    held = ibis.ifelse(text.re_search(form.pattern), text, ibis.null("string"))
    zone = held.re_extract(form.pattern, form.groups.index("z") + 1).replace(":", "")
    named = zone.length() == 5  # +0200, and neither Z nor UTC
    digits = ibis.ifelse(named, zone.right(4), "0000")
    minutes = digits.left(2).cast("int64") * 60 + digits.right(2).cast("int64")
    return ibis.ifelse(zone.left(1) == "-", -minutes, minutes)


def read_serial(days: Any) -> Any:
    """Return the moments of Excel's day numbers (an ibis column of numbers); missing outside 1954 to 2064."""
    inside = days.between(20000, 60000)
    seconds = ibis.ifelse(inside, days * 86400, ibis.null("float64")).round().cast("int64")
    return ibis.timestamp("1899-12-30 00:00:00") + seconds.as_interval("s")


def is_quick(text: Any, form: Form) -> bool:
    """Tell whether DuckDB reads this form of this text column by itself."""
    left = re.findall("%([a-zA-Z])", _without_tail(form)[0])
    odd = bool({"z", "f"} & set(left)) or {"H", "p"} <= set(left)
    return text.get_backend().name == "duckdb" and not odd and not form.undated


def _without_tail(form: Form) -> tuple[str, str]:
    """Return the form without what says nothing at its end, and the pattern of that: zones, and AM beside 24 hours."""
    declared = form.declared.replace("%T", "%H:%M:%S").replace("%F", "%Y-%m-%d").replace("%e", "%d")
    tails = [piece for piece in ("z", "p") if declared.endswith(f"%{piece}") and (piece == "z" or "H" in form.groups)]
    return (declared[:-2].rstrip(), f" *{_PIECES[tails[0]]}$") if tails else (declared, "")


@cache
def _builtin(name: str, gives: Any, *takes: Any) -> Any:
    """Return a function of the engine, by its name and the types that it gives and takes."""

    def function(x, y): ...

    function.__annotations__ = {"x": takes[0], "y": takes[1], "return": gives}
    return ibis.udf.scalar.builtin(function, name=name)


def _number(piece: Any) -> Any:
    return ibis.ifelse(piece.length() > 0, piece, ibis.null("string")).cast("int64")


def _padded(number: Any) -> Any:
    return number.cast("string").lpad(2, "0")


def _month_number(piece: Any) -> Any:
    low = piece.lower()
    return ibis.cases(*((low == name, f"{i:02}") for i, name in enumerate(_MONTHS, start=1)), else_=ibis.null("string"))


def _hour(whole: dict[str, Any], piece: dict[str, Any]) -> Any:
    if "H" in piece:  # beside a 24-hour clock, AM and PM say nothing new (Magento writes both)
        return whole["H"]
    if "I" not in piece:
        return ibis.literal(0)
    return whole["I"] % 12 + ibis.ifelse(piece["p"].lower() == "pm", 12, 0) if "p" in piece else whole["I"]


def _is_day(year: Any, month: Any, day: Any) -> Any:
    leap = (year % 4 == 0) & ((year % 100 != 0) | (year % 400 == 0))
    last = ibis.cases((month.isin((4, 6, 9, 11)), 30), ((month == 2) & leap, 29), (month == 2, 28), (month.between(1, 12), 31), else_=0)
    return (day >= 1) & (day <= last) & (year >= 1)
