"""Which declared forms fit a column of dates: worked out from the cells themselves, kept where they fit the great majority."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from helpers.sources.dates import SERIAL

MAJORITY = 0.98  # of the filled cells must fit before a column is one of dates or numbers (our convention)
_DAY = r"\d{8}|\d{6}|\d{1,4}([-/. ])(?:\d{1,2}|[A-Za-z]{3})\2\d{1,4}|[A-Za-z]{3} \d{1,2},? \d{4}"
_TIME = r"(?:[01]?\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d{1,9})?)?"
_CELL = re.compile(rf"({_DAY})(?:(, ?|T| ?T|:| +)({_TIME})(?:( ?)([AaPp][Mm]))?(?:( ?)(?:Z|UTC|[+-]\d\d:?\d\d))?)?")
_SERIAL = re.compile(r"[2-5]\d{4}(?:[.,]\d+)?")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_ORDERS = ("dmy", "mdy", "ymd")
# Day numbers and other whole numbers look the same: only the name of the column tells them apart.
_NAMED = re.compile(r"dat|dag|tag\b|day|jour|tid|time|zeit|moment|created|erstellt|aangemaakt|skapad|créé|period", re.IGNORECASE)

DateForm = str | tuple[str, ...]


@dataclass(frozen=True)
class DateReadings:
    """The forms (a tuple of forms where the cells are written in several) that most cells fit, the likeliest first."""

    forms: tuple[DateForm, ...]
    share: float
    misfits: tuple[str, ...]


def date_readings(name: str, counts: Counter[str]) -> DateReadings | None:
    """Return how the cells of a column can be read as dates; None where they are no dates.

    Parameters
    ----------
    name : the column.
    counts : its filled cells, in the file's order, and how often each stands there.
    """
    total = sum(counts.values())
    serial = sum(count for cell, count in counts.items() if _SERIAL.fullmatch(cell))
    if serial >= MAJORITY * total and _NAMED.search(name):
        return DateReadings((SERIAL,), serial / total, tuple(cell for cell in counts if not _SERIAL.fullmatch(cell)))
    if sum(_CELL.fullmatch(cell) is not None for cell in [*counts][:200]) < 0.9 * min(len(counts), 200):
        return None
    parts = {cell: match for cell in counts if (match := _CELL.fullmatch(cell))}
    if len(counts) < 20 and all(re.fullmatch(r"\d{6}", match[1]) for match in parts.values()) and not _NAMED.search(name):
        return None  # six digits are an id or a number as easily
    tails = _tails(parts)
    readings: dict[DateForm, tuple[float, list[date], set[str]]] = {}
    for order in _ORDERS:
        days = {day: _read(day, order) for day in dict.fromkeys(match[1] for match in parts.values())}
        fitting = {cell: read for cell, match in parts.items() if (read := days[match[1]])}
        forms: Counter[str] = Counter()
        for cell, (form, _) in fitting.items():
            forms[form + tails[cell]] += counts[cell]
        share = sum(counts[cell] for cell in fitting) / total
        if share >= MAJORITY:
            used = tuple(form for form, _ in forms.most_common())
            readings.setdefault(used[0] if len(used) == 1 else used, (share, [day for _, day in fitting.values()], {*fitting}))
    if not readings:
        return None
    best = max(share for share, _, _ in readings.values())
    readings = _likely({form: reading for form, reading in readings.items() if reading[0] == best})
    _, _, fitting_cells = next(iter(readings.values()))
    return DateReadings(tuple(readings), best, tuple(cell for cell in counts if cell not in fitting_cells))


def _tails(parts: dict[str, re.Match[str]]) -> dict[str, str]:
    """Return the form of what stands behind the day, per cell."""
    hours = [int(match[4].split(":")[0]) for match in parts.values() if match[6]]
    hour = "%I" if hours and all(1 <= hour <= 12 for hour in hours) else "%H"
    tails = {}
    for cell, match in parts.items():
        tail = ""
        if match[4]:
            clock = match[4].split(":")
            tail = (
                match[3] + (hour if match[6] else "%H") + ":%M" + (":%S" if len(clock) == 3 else "") + (".%f" if "." in clock[-1] else "")
            )
            tail += f"{match[5]}%p" if match[6] else ""
            tail += f"{match[7]}%z" if match[7] is not None else ""
        tails[cell] = tail
    return tails


def _read(day: str, order: str) -> tuple[str, date] | None:
    """Return the form of a day in one order, and the day; None where it does not fit."""
    for pieces, form in _pieces(day, order):
        month = pieces["m"] if "m" in pieces else next((f"{i}" for i, name in enumerate(_MONTHS, 1) if name == pieces["b"].lower()), "0")
        year = int(pieces["Y"]) if "Y" in pieces else int(pieces["y"]) + (2000 if int(pieces["y"]) < 69 else 1900)
        try:
            read = date(year, int(month), int(pieces["d"]))
        except ValueError:
            continue
        if 1900 <= read.year < 2100:  # what the reader takes for a date
            return form, read
    return None


def _pieces(day: str, order: str) -> Iterator[tuple[dict[str, str], str]]:
    if day.isdigit():
        year = "Y" if len(day) == 8 else "y"
        sizes = {"y": len(day) - 4, "m": 2, "d": 2}
        pieces, at = {}, 0
        for letter in order:
            pieces[year if letter == "y" else letter] = day[at : at + sizes[letter]]
            at += sizes[letter]
        yield pieces, "".join(f"%{letter}" for letter in pieces)
        return
    mark = next((sign for sign in "-/." if sign in day), " ")
    cells = day.split(mark)
    if cells[0].isalpha():  # Jun 09, 2018
        comma = "," if "," in day else ""
        yield {"b": cells[0], "d": cells[1].strip(","), "Y": cells[2]}, f"%b %d{comma} %Y"
    elif cells[1].isalpha():
        letters = "Ybd" if len(cells[0]) == 4 else "dbY" if len(cells[2]) == 4 else "dby"
        yield dict(zip(letters, cells, strict=True)), mark.join(f"%{letter}" for letter in letters)
    elif len(cells[0]) == 4:
        yield dict(zip("Ymd", cells, strict=True)), mark.join(("%Y", "%m", "%d"))
    elif len(cells[2]) == 4 and order != "ymd" and max(len(cells[0]), len(cells[1])) <= 2:
        letters = order.replace("y", "Y")
        yield dict(zip(letters, cells, strict=True)), mark.join(f"%{letter}" for letter in letters)
    elif all(len(cell) <= 2 for cell in cells) and len(cells[order.index("y")]) == 2:
        yield dict(zip(order, cells, strict=True)), mark.join(f"%{letter}" for letter in order)


def _likely(readings: dict) -> dict:
    """Put the likeliest reading first; leave out one under which days lie on few days of the month but in many years.

    Dates of a business lie on all days of the month. Where a year of two digits is taken for the day, they lie on as many days as
    there are years (our convention: at most 5 days of the month in at least 20 years, where another reading has 20 days).
    """

    def measure(days: Sequence[date]) -> tuple[int, int]:
        return len({day.day for day in days}), len({day.year for day in days})

    measures = {form: measure(days) for form, (_, days, _) in readings.items()}
    full = any(month_days >= 20 for month_days, _ in measures.values())
    likely = [form for form, (month_days, years) in measures.items() if not (full and month_days <= 5 and years >= 20)]

    def rank(form: DateForm) -> tuple[float, ...]:
        days = readings[form][1]
        rising = sum(a <= b for a, b in zip(days, days[1:], strict=False)) / max(len(days) - 1, 1)
        return (-round(rising, 1), measures[form][1])

    return {form: readings[form] for form in sorted(likely, key=rank)}
