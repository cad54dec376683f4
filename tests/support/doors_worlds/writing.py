"""How systems of one country write dates, numbers and text, and the people they write about."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np

FIRST = (
    "Els",
    "Jan",
    "Fatima",
    "Pieter",
    "Sofie",
    "Karel",
    "Ingrid",
    "Lars",
    "Jürgen",
    "Anaïs",
    "Noor",
    "Åsa",
    "Tom",
    "Mia",
    "Luc",
    "Heike",
)
LAST = ("Peeters", "De Smet", "Jansen", "Müller", "Lindqvist", "Lefèvre", "Öberg", "Van den Berg", "Schäfer", "Dubois", "Nilsson", "Bakker")
PLACES = (("9000", "Gent"), ("2000", "Antwerpen"), ("3000", "Leuven"), ("8500", "Kortrijk"), ("9300", "Aalst"), ("2800", "Mechelen"))


@dataclass(frozen=True)
class Dialect:
    """How one system writes text, as the keys of a source say it."""

    delimiter: str = ";"
    decimal: str = ","
    thousands: str = ""
    date_format: str = "%d/%m/%Y"
    encoding: str = "utf-8-sig"
    newline: str = "\r\n"
    quote_all: bool = False

    @property
    def block(self) -> dict[str, Any]:
        """The keys of a source that declare it."""
        return {name: getattr(self, name) for name in ("delimiter", "decimal", "thousands", "date_format", "encoding")}

    def money(self, cents: int, minus_behind: bool = False) -> str:
        """Return an amount."""
        text = f"{abs(cents) / 100:,.2f}".replace(",", "T").replace(".", self.decimal).replace("T", self.thousands)
        return (f"{text}-" if minus_behind else f"-{text}") if cents < 0 else text

    def day(self, day: date) -> str:
        """Return a date or moment."""
        return day.strftime(self.date_format)

    def text(self, header: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
        """Return header and rows as the text of a file."""
        out = io.StringIO()
        quoting = csv.QUOTE_ALL if self.quote_all else csv.QUOTE_MINIMAL
        writer = csv.writer(out, delimiter=self.delimiter, lineterminator=self.newline, quoting=quoting)
        writer.writerows([header, *rows])
        return out.getvalue()

    def write(self, path: Path, header: Sequence[str], rows: Iterable[Sequence[Any]], before: str = "", after: str = "") -> None:
        """Write a file, with lines before the header and after the rows."""
        path.write_bytes((before + self.text(header, rows) + after).encode(self.encoding))


BELGIAN = Dialect(encoding="cp1252")
DUTCH = Dialect(thousands=".", date_format="%d-%m-%Y", quote_all=True)
GERMAN = Dialect(thousands=".", date_format="%d.%m.%Y", encoding="cp1252")
SWEDISH = Dialect(delimiter="\t", thousands=" ", date_format="%Y-%m-%d", encoding="utf-16", newline="\n")
ENGLISH = Dialect(delimiter=",", decimal=".", thousands="", date_format="%d/%m/%Y", encoding="utf-8", newline="\n")
AMERICAN = Dialect(delimiter=",", decimal=".", thousands="", date_format="%m/%d/%Y", encoding="utf-8", quote_all=True)


@dataclass(frozen=True)
class Person:
    """Somebody in a list."""

    name: str
    email: str
    phone: str
    postcode: str
    place: str
    street: str
    born: date


def people(rng: np.random.Generator, n: int) -> list[Person]:
    """Return made-up persons; e-mails and telephones are each one person's own."""
    numbers = rng.choice(9_000_000, n, replace=False) + 1_000_000
    made = []
    for number in numbers:
        first, last = str(rng.choice(FIRST)), str(rng.choice(LAST))
        postcode, place = PLACES[int(rng.integers(len(PLACES)))]
        plain = f"{first}.{last}{number % 10_000}".lower().replace(" ", "")
        email = plain.translate(str.maketrans("üéèïåöä", "ueeiaoa")) + "@voorbeeld.example"
        born = date(1945, 1, 1) + timedelta(days=int(rng.integers(22_000)))
        made.append(Person(f"{first} {last}", email, f"+3247{number}", postcode, place, f"Kerkstraat {number % 190 + 1}", born))
    return made


def secrets(persons: Iterable[Person], most: int = 40) -> tuple[str, ...]:
    """Return what of persons may stand nowhere: their e-mails and telephones."""
    listed = list(persons)[:most]
    return tuple(value for person in listed for value in (person.email, person.phone))


def columns(ours: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Return our name: their name, for those pairs (theirs, ours) that have one of ours."""
    return {our: their for their, our in ours if our}
