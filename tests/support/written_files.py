"""One true table of orders, written the way exports of many systems write it: for whatever must find out how a file is written."""

from __future__ import annotations

import csv
import gzip
import io
import random
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import openpyxl

NAMES = ["Order nr", "Datum", "Klant", "Bedrag", "Kanaal", "Aantal"]
OURS = ("order_id", "order_date", "customer_id", "order_amount", "channel")


@dataclass(frozen=True)
class Order:
    order_id: str
    day: datetime
    customer_id: str
    amount: float
    channel: str
    count: int

    @property
    def true(self) -> tuple[Any, ...]:
        return self.order_id, self.day.date(), self.customer_id, self.amount, self.channel


@dataclass(frozen=True)
class Writing:
    """How a system writes: marks, dates, what stands around the table."""

    delimiter: str = ";"
    decimal: str = ","
    thousands: str = ""
    day: str = "%d/%m/%Y"
    encoding: str = "utf-8"
    end: str = "\r\n"
    quote_all: bool = False
    quote: str = '"'
    before: tuple[str, ...] = ()
    after: Callable[[Writing, list[Order]], list[str]] = lambda writing, orders: []
    header: tuple[str, ...] | None = tuple(NAMES)
    minus: str = "front"
    sign: str = "{}"
    empty: str = ""
    trailing: str = ""
    packed: str = ""
    size: tuple[int, int] = (120, 400)
    largest: float = 9_000.0
    whole_amounts: bool = False
    both: tuple[str, ...] = field(default=())  # readings of dates that the file leaves open

    def money(self, amount: float) -> str:
        text = repr(abs(amount)) if self.thousands == "repr" else f"{abs(amount):,.0f}" if self.whole_amounts else f"{abs(amount):,.2f}"
        text = text.replace(",", "_").replace(".", self.decimal).replace("_", "" if self.thousands == "repr" else self.thousands)
        text = self.sign.format(text)
        if amount >= 0:
            return text
        return {"front": f"-{text}", "behind": f"{text}-", "brackets": f"({text})"}[self.minus]

    def cells(self, order: Order) -> list[str]:
        count = self.empty if self.empty and order.count == 7 else str(order.count)
        return [order.order_id, order.day.strftime(self.day), order.customer_id, self.money(order.amount), order.channel, count]

    def bytes(self, orders: list[Order]) -> bytes:
        out = io.StringIO()
        quoting = csv.QUOTE_ALL if self.quote_all else csv.QUOTE_MINIMAL
        writer = csv.writer(out, delimiter=self.delimiter, quotechar=self.quote, quoting=quoting, lineterminator=self.trailing + self.end)
        for line in self.before:
            out.write(line + self.end)
        writer.writerows(([list(self.header)] if self.header else []) + [self.cells(order) for order in orders])
        for line in self.after(self, orders):
            out.write(line + self.end)
        return out.getvalue().encode(self.encoding)

    def write(self, path: Path, orders: list[Order]) -> Path:
        raw = self.bytes(orders)
        if self.packed == "zip":
            with zipfile.ZipFile(path, "w") as archive:
                archive.writestr("export.csv", raw)
        else:
            path.write_bytes(gzip.compress(raw, mtime=0) if self.packed == "gz" else raw)
        return path


def orders(seed: int, writing: Writing, first: date = date(2022, 1, 3)) -> list[Order]:
    """Return a fresh true table: customers come back, a tenth are returns, days rise."""
    rng = random.Random(seed)
    n = rng.randint(*writing.size)
    days = sorted(rng.randrange(0, 900) for _ in range(n))
    form = rng.choice(["K{:05d}", "{:06d}", "{}", "AB-{}"])
    table = []
    for i, day in enumerate(days):
        amount = round(min(writing.largest, rng.lognormvariate(4.5, 1.6)) + 1.01, 2)
        amount = float(round(amount)) if writing.whole_amounts else amount
        moment = datetime.combine(first + timedelta(days=day), datetime.min.time())
        customer = form.format(10_000 + rng.randrange(n // 3))
        channel = rng.choice(["winkel", "web", "café Liège", "Köln; Süd", "Malmö, syd"])
        table.append(
            Order(
                f"{rng.choice('VO')}{200_000 + i}", moment, customer, -amount if rng.random() < 0.1 else amount, channel, rng.randint(1, 9)
            )
        )
    return table


def _totals(writing: Writing, table: list[Order]) -> list[str]:
    total = writing.money(round(sum(order.amount for order in table), 2))
    cell = f'"{total}"' if writing.delimiter in total else total
    return [writing.delimiter.join(["Totaal", "", "", cell, "", ""])]


def _notes(writing: Writing, table: list[Order]) -> list[str]:
    return [*_totals(writing, table), "", f"{len(table)} rows exported on 3 January 2025"]


US = Writing(",", ".", ",", "%m/%d/%Y")
BE, DE, SE = (
    Writing(thousands="."),
    Writing(thousands=".", day="%d.%m.%Y", encoding="cp1252"),
    Writing(thousands="\u00a0", day="%Y-%m-%d", end="\n"),
)


def _as(base: Writing, **changes: Any) -> Writing:
    from dataclasses import replace

    return replace(base, **changes)


KINDS: dict[str, Writing] = {
    "Belgian": BE,
    "German": DE,
    "Swedish": SE,
    "American": US,
    "American, all quoted": _as(US, quote_all=True),
    "no thousands": Writing(),
    "decimal point, no thousands": Writing(",", ".", "", "%Y-%m-%d"),
    "Swiss": Writing(decimal=".", thousands="'", day="%d.%m.%Y"),
    "French, narrow space": Writing(thousands="\u202f", encoding="utf-8-sig"),
    "tabs": _as(BE, delimiter="\t"),
    "bars": _as(US, delimiter="|"),
    "UTF-16 with tabs": _as(BE, delimiter="\t", encoding="utf-16"),
    "UTF-8 with mark": _as(BE, encoding="utf-8-sig"),
    "DOS": _as(BE, encoding="cp850"),
    "old line ends": _as(BE, end="\r"),
    "sep= line": _as(BE, before=("sep=;",)),
    "title and filter": _as(BE, before=("Verkooprapport", "Filter: land = BE; status = betaald", "")),
    "title padded by a spreadsheet": _as(BE, before=("Verkooprapport;;;;;", ";;;;;", "Periode;2022-2024;;;;", ";;;;;")),
    "totals": _as(BE, after=_totals),
    "totals and a note": _as(DE, after=_notes),
    "title, totals and a note": _as(US, before=("Sales report", ""), after=_notes),
    "trailing delimiter": _as(BE, trailing=";"),
    "no header": _as(US, header=None),
    "no header, German": _as(DE, header=None),
    "double names": _as(BE, header=("Nr", "Datum", "Nr", "Bedrag", "Kanaal", "")),
    "minus behind": _as(DE, minus="behind"),
    "minus in brackets": _as(US, minus="brackets"),
    "euro in front": _as(BE, sign="€ {}"),
    "kronor behind": _as(SE, sign="{} kr"),
    "words for empty": _as(BE, empty="NULL"),
    "a dash for empty": _as(US, empty="-"),
    "two-digit years": _as(DE, day="%d.%m.%y"),
    "compact days": _as(BE, day="%Y%m%d"),
    "with seconds": _as(BE, day="%d-%m-%Y %H:%M:%S"),
    "ISO with T and Z": _as(US, day="%Y-%m-%dT%H:%M:%SZ"),
    "comma before the time": _as(BE, day="%d-%m-%Y, %H:%M"),
    "month names": _as(US, day="%d %b %Y"),
    "American month names": _as(US, day="%b %d, %Y"),
    "apostrophes around cells": _as(US, quote="'", quote_all=True),
    "floats of Python": _as(US, thousands="repr"),
    "packed as gz": _as(BE, packed="gz"),
    "packed as zip": _as(US, packed="zip"),
    "small amounts": _as(BE, largest=80.0),
    "few rows": _as(BE, size=(25, 40)),
}


def by_place(path: Path, table: list[Order], writing: Writing, header: bool) -> Path:
    """Write the table in columns below each other, numbers to the right, a date with its hour as one column."""
    widths = [12, 20, 14, 14, 16, 6]

    def line(cells: list[str]) -> str:
        right = (3, 5)  # the mark that ends an amount does not touch the text behind it
        return "".join(
            (cell + " ").rjust(width) if i in right else cell.ljust(width)
            for i, (cell, width) in enumerate(zip(cells, widths, strict=True))
        )

    rows = ([list(writing.header or NAMES)] if header else []) + [writing.cells(order) for order in table]
    path.write_text(
        "".join(
            line(["" if i == 4 and n % 9 == 0 else cell for i, cell in enumerate(row)]).rstrip() + "\n" for n, row in enumerate(rows, 1)
        )
    )
    return path


def workbook(path: Path, table: list[Order], seed: int) -> Path:
    """Write the table as the second sheet of a workbook, below a merged title and above its totals; the first sheet is notes."""
    rng = random.Random(seed)
    book = openpyxl.Workbook()
    book.active.title = "Read me"
    book.active["A1"] = "This workbook was made by the shop system."
    sheet = book.create_sheet("Orders")
    for line in [["Sales report"], [], NAMES][:3]:
        sheet.append(line)
    sheet.merge_cells("A1:F1")
    for order in table:
        sheet.append([order.order_id, order.day, order.customer_id, order.amount, order.channel, order.count])
    if rng.random() < 0.7:
        sheet.append(["Total", None, None, sum(order.amount for order in table)])
    book.save(path)
    return path
