"""What a column of text may be, with the evidence: ids, dates, money; and every reading that survives all rows."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from helpers.sources.problems import shown

FORMS = ("%Y-%m-%d", "%d/%m/%Y", "%m/%d/%Y", "%d-%m-%Y", "%m-%d-%Y", "%d.%m.%Y", "%Y/%m/%d", "%Y%m%d", "%d/%m/%y", "%m/%d/%y", "%d-%m-%y")
TIMES = ("", " %H:%M", " %H:%M:%S", "T%H:%M:%S", " %H:%M:%S %z")
_NUMBER = re.compile(r"[-+(]?[€$£]?\s*\d[\d.,' \u00a0\u202f]*\)?-?\s*(?:€|kr|EUR)?")
_HINTS = {
    "customer_id": r"klant|customer|kund|debit|client",
    "order_id": r"order|factuur|invoice|beleg|rechnung|faktura|bestel",
    "order_date": r"datum|date|dag|day|created",
    "order_amount": r"bedrag|amount|total|betrag|belopp|omzet|umsatz|summa",
    "product_id": r"artik|product|sku|item|vara",
    "quantity": r"aantal|qty|quantity|menge|antal",
    "unit_price": r"prijs|price|preis|pris",
    "email": r"e-?mail",
    "postcode": r"post|zip|plz",
    "contact_date": r"contact",
}


@dataclass(frozen=True)
class Guess:
    """What one column looks like.

    Parameters
    ----------
    name : the column.
    kind : "id", "date", "number", "text" or "empty".
    readings : forms of dates, or pairs (decimal, thousands), that every row fits.
    evidence : what was seen, one sentence.
    """

    name: str
    kind: str
    readings: tuple = ()
    evidence: str = ""


def guess(name: str, cells: Sequence[str]) -> Guess:
    """Return what a column looks like from a sample of its cells."""
    filled = [cell.strip() for cell in cells if cell.strip()]
    if not filled:
        return Guess(name, "empty", (), "no cell is filled")
    forms = date_forms(filled)
    if forms:
        return Guess(name, "date", forms, f"all {len(filled)} dates fit {' and '.join(forms)}, such as {shown(filled[0])!r}")
    if any(len(cell) > 1 and cell.startswith("0") and cell.isdigit() for cell in filled):
        return Guess(name, "id", (), "digits with zeros in front")
    if all(_NUMBER.fullmatch(cell) for cell in filled):
        marks = number_marks(filled)
        if not marks:
            return Guess(name, "text", (), f"looks like numbers, but no one reading fits all, such as {shown(filled[0])!r}")
        if all(cell.isdigit() for cell in filled) and len(set(filled)) > len(filled) * 0.5 and max(map(len, filled)) > 3:
            return Guess(name, "id", (), "whole numbers that hardly repeat")
        return Guess(name, "number", marks, f"numbers such as {shown(max(filled, key=len))!r}")
    if len(set(filled)) > len(filled) * 0.9 and all(" " not in cell for cell in filled):
        return Guess(name, "id", (), "short texts that hardly repeat")
    return Guess(name, "text", (), f"text such as {shown(filled[0])!r}")


def date_forms(filled: Sequence[str]) -> tuple[str, ...]:
    """Return every form that all cells fit."""
    return tuple(day + time for day in FORMS for time in TIMES if all(_fits(cell, day + time) for cell in filled))


def number_marks(filled: Sequence[str]) -> tuple[tuple[str, str], ...]:
    """Return every pair (decimal mark, thousands mark) that all numbers fit; more than one is a question."""
    bare = [re.sub(r"[^\d.,' ]", "", cell.replace("\u00a0", " ").replace("\u202f", " ")).strip() for cell in filled]
    marks = []
    for decimal, thousands in ((",", "."), (".", ","), (",", " "), (".", "'"), (",", ""), (".", "")):
        mark = re.escape(thousands)
        whole = rf"(?:\d{{1,3}}(?:{mark}\d{{3}})+|\d+)" if mark else r"\d+"
        pattern = re.compile(rf"{whole}(?:{re.escape(decimal)}\d+)?")
        if all(pattern.fullmatch(cell) for cell in bare) and (not thousands or any(thousands in cell for cell in bare)):
            marks.append((decimal, thousands))
    if len(marks) > 1 and all(re.fullmatch(r"\d+", cell) for cell in bare):
        return ((",", ""),)  # whole numbers: no mark stands in them, so that either will do
    return tuple(marks)


def our_name(guessed: Guess, taken: set[str]) -> str:
    """Return which of our columns one of theirs may be, by its name and kind; "" when nothing tells."""
    wanted = {"date": ("order_date", "contact_date"), "number": ("order_amount", "quantity", "unit_price")}
    names = wanted.get(guessed.kind, ("order_id", "customer_id", "product_id", "email", "postcode"))
    return next((ours for ours in names if ours not in taken and re.search(_HINTS[ours], guessed.name, re.IGNORECASE)), "")


def _fits(cell: str, form: str) -> bool:
    try:
        return 1900 <= datetime.strptime(cell, form).year < 2100
    except ValueError:
        return False
