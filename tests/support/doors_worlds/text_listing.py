"""Listings of an old ERP: columns at places of the line, or parted by blanks, under a title and over a count of rows."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pandas as pd

from tests.support.doors_worlds.records import World
from tests.support.doors_worlds.writing import GERMAN, people, secrets

KINDS = ("places", "blanks", "places with a ruler")
ORDER_WORDS = (
    ("AUFTRAG", "KUNDE", "DATUM", "VERTR", "NETTOWERT", "WHG"),
    ("ORDERNR", "DEBNR", "DATUM", "VTG", "BEDRAG", "VAL"),
    ("ORDNR", "KUNDNR", "DATUM", "SALJARE", "NETTO", "VAL"),
)
LIST_WORDS = (
    ("KUNDE", "NAME1", "ORT", "PLZ", "TELEFON"),
    ("DEBNR", "NAAM", "PLAATS", "POSTC", "TELEFOON"),
    ("KUNDNR", "NAMN", "ORT", "POSTNR", "TELEFON"),
)
FILES = (("AUFTRAG.TXT", "KUNDEN.TXT"), ("ORDERS.PRN", "DEBITEUR.PRN"), ("ORDER.LST", "KUNDER.LST"))


def write_text_listing(folder: Path, seed: int, customers: int = 240) -> World:
    """Write orders and customers as a screen of the nineties printed them.

    Parameters
    ----------
    folder : where the listings go.
    seed : of everything drawn, and of the form: places of the line, blanks, places under a ruler of dashes.
    customers : how many there are.
    """
    rng = np.random.default_rng([16, 8, seed])
    kind, form = KINDS[seed % 3], (seed // 3 + seed) % 3
    words, list_words, files = ORDER_WORDS[form], LIST_WORDS[form], FILES[form]
    encoding = "cp850" if form == 0 else "cp1252"
    date_format = "%d.%m.%Y" if kind == "blanks" else ("%Y%m%d", "%d.%m.%y")[seed % 2]
    persons = people(rng, customers)
    ids = [f"{n:08}" for n in np.sort(rng.choice(900_000, customers, replace=False) + 1_000)]
    place = [str(rng.choice(["KÖLN", "GENT", "MALMÖ", "ULM"])) for _ in ids]
    known = [
        (id_, ("" if kind == "blanks" else person.name), town, person.postcode, person.phone)
        for id_, person, town in zip(ids, persons, place, strict=True)
    ]
    rows, truth = [], []
    number = int(rng.integers(300_000, 400_000))
    for day in sorted(date(2022, 1, 3) + timedelta(days=int(d)) for d in rng.integers(0, 1_090, customers * 7)):
        number += int(rng.integers(1, 3))
        id_ = ids[int(customers * rng.random() ** 1.7)]
        cents = int(rng.integers(2_000, 900_000)) * (-1 if rng.random() < 0.03 else 1)
        rows.append((str(number), id_, day.strftime(date_format), f"V{number % 5}", GERMAN.money(cents, minus_behind=True), "EUR"))
        truth.append((str(number), id_, day, cents / 100))
    if kind == "blanks":
        list_words, known = [w for i, w in enumerate(list_words) if i != 1], [row[:1] + row[2:] for row in known]
    orders = _written(folder / files[0], words, rows, kind, encoding, right=("NETTOWERT", "BEDRAG", "NETTO"))
    listed = _written(folder / files[1], list_words, known, kind, encoding)
    ours = {"order_id": words[0], "customer_id": words[1], "order_date": words[2], "order_amount": words[4], "currency": words[5]}
    theirs = {"customer_id": list_words[0], "place": list_words[-3], "postcode": list_words[-2], "phone": list_words[-1]}
    money = {"decimal": ",", "thousands": ".", "minus": "behind", "date_format": date_format}
    names = ["customer_id", "place", "postcode", "phone"]
    return World(
        "text_listing",
        f"{kind}, {files[0]}, {date_format}, {encoding}",
        folder,
        {
            "client": {"name": "Old listing", "kind": "b2b"},
            "as_of": "2024-12-31",
            "sources": [
                {"table": "orders", "file": files[0], "encoding": encoding, **orders, **money, "columns": ours},
                {"table": "customers", "file": files[1], "encoding": encoding, **listed, "columns": theirs},
            ],
        },
        {
            "orders": pd.DataFrame(truth, columns=["order_id", "customer_id", "order_date", "order_amount"]),
            "customers": pd.DataFrame([(row[0], row[-3], row[-2], row[-1]) for row in known], columns=names),
        },
        wished=frozenset({"customers.place", "customers.postcode", "customers.phone"}),
        personal=secrets(persons),
        facts={"customers": customers, "kind": kind},
    )


def _written(
    path: Path, header: tuple[str, ...], rows: list[tuple[str, ...]], kind: str, encoding: str, right: tuple[str, ...] = ()
) -> dict:
    """Write one listing; return the keys of a source that say how."""
    widths = [max(len(name), *(len(row[i]) for row in rows)) + 2 for i, name in enumerate(header)]
    starts = [sum(widths[:i]) for i in range(len(widths))]

    def line(cells: tuple[str, ...]) -> str:
        placed = zip(header, cells, widths, strict=True)
        return "".join(cell.rjust(width - 2) + "  " if name in right else cell.ljust(width) for name, cell, width in placed).rstrip()

    ruler = "  ".join("-" * (width - 2) for width in widths)
    if kind == "blanks":
        lines, block = [line(header), *map(line, rows)], {"format": "spaces"}
    elif kind == "places":
        title = [f"LISTE {path.stem:<20}  SEITE    1", ""]
        lines = [*title, line(header), *map(line, rows)]
        block = {"format": "fixed_width", "starts": starts, "skip_lines": 2}
    else:
        lines = [line(header), ruler, *map(line, rows), "", f"({len(rows)} rows affected)"]
        block = {"format": "fixed_width", "starts": starts, "skip_lines": 2, "skip_last": 1, "header": list(header)}
    path.write_bytes(("\r\n".join(lines) + "\r\n").encode(encoding))
    return block
