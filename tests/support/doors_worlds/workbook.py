"""One workbook with two sheets that matter: a merged title, lines before the header, a row of totals, and a sheet of notes."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pandas as pd

from tests.support.doors_worlds.records import World
from tests.support.doors_worlds.writing import people, secrets

# File and sheets; of the orders: number, day, customer, remark, amount; of the customers: number, name, e-mail, town, agreed; yes and no;
# what stands before the total.
WORDS = (
    (
        "Export boekhouding.xlsx",
        ("Klanten", "Orders"),
        ("Ordernummer", "Datum", "Klantnr", "Opmerking", "Bedrag excl."),
        ("Klantnr", "Naam", "E-mail", "Plaats", "Nieuwsbrief"),
        ("ja", "nee"),
        "Totaal",
    ),
    (
        "Auswertung_2024.xlsx",
        ("Kundenstamm", "Aufträge"),
        ("Auftragsnr", "Auftragsdatum", "Kundennr", "Bemerkung", "Netto EUR"),
        ("Kundennr", "Firma", "E-Mail", "Ort", "Newsletter"),
        ("Ja", "Nein"),
        "Summe",
    ),
    (
        "report.xlsx",
        ("Customers", "Orders"),
        ("Order", "Order date", "Customer", "Note", "Net amount"),
        ("Customer", "Company", "Email", "City", "Opt-in"),
        ("Yes", "No"),
        "Grand total",
    ),
    (
        "Utdrag.xlsx",
        ("Kunder", "Order"),
        ("Ordernr", "Orderdatum", "Kundnr", "Kommentar", "Belopp"),
        ("Kundnr", "Namn", "E-post", "Ort", "Nyhetsbrev"),
        ("Ja", "Nej"),
        "Summa",
    ),
)


def write_workbook(folder: Path, seed: int, customers: int = 150) -> World:
    """Write the workbook; on even seeds dates are dates and ids numbers, on odd ones both are text.

    Parameters
    ----------
    folder : where the workbook goes.
    seed : of everything drawn, and of the words and of how cells are kept.
    customers : how many there are.
    """
    rng = np.random.default_rng([16, 9, seed])
    file, sheets, words, list_words, (yes, no), total = WORDS[seed % len(WORDS)]
    typed = (seed + seed // 4) % 2 == 0
    persons = people(rng, customers)
    ids = [int(n) for n in np.sort(rng.choice(9_000, customers, replace=False) + 1_000)]
    rows: list[list[Any]] = []
    truth = []
    number = 24_000
    for day in sorted(date(2023, 1, 2) + timedelta(days=int(d)) for d in rng.integers(0, 729, customers * 6)):
        number += 1
        id_, cents = ids[int(customers * rng.random() ** 1.6)], int(rng.integers(1_000, 300_000)) * (-1 if rng.random() < 0.02 else 1)
        shown = datetime(day.year, day.month, day.day) if typed else f"{day:%d-%m-%Y}"
        rows.append(
            [number if typed else f"{number}", shown, id_ if typed else f"{id_}", "spoed" if number % 9 == 0 else None, cents / 100]
        )
        truth.append((str(number), str(id_), day, cents / 100))
    agreed = rng.random(customers) < 0.5
    listed = [
        [id_, person.name, person.email, person.place, yes if agrees else no]
        for id_, person, agrees in zip(ids, persons, agreed, strict=True)
    ]
    book = openpyxl.Workbook()
    notes = book.active
    notes.title = "Info"
    notes["A1"], notes["A3"], notes["A4"] = "Gemaakt met Report Builder 7.2", "Filter: alle", "Vragen: dienst boekhouding"
    before = {sheets[0]: 2, sheets[1]: 4 if typed else 3}
    for sheet, header, body in ((sheets[0], list_words, listed), (sheets[1], words, rows)):
        page = book.create_sheet(sheet)
        page["A1"] = f"{sheet} 01/01/2023 - 31/12/2024"
        page.merge_cells(start_row=1, start_column=1, end_row=1, end_column=len(header))
        for _ in range(before[sheet] - 1):
            page.append([None] * len(header) if page.max_row > 1 else ["Afgedrukt op 02/01/2025", None])
        while page.max_row < before[sheet]:
            page.cell(page.max_row + 1, 1).value = " "
        for offset, row in enumerate([list(header), *body], start=before[sheet] + 1):
            for place, value in enumerate(row, start=1):
                page.cell(offset, place).value = value
    page = book[sheets[1]]
    last = page.max_row + 1
    page.cell(last, 1).value = total
    page.cell(last, 5).value = round(sum(row[4] for row in rows), 2)
    book.save(folder / file)
    base = {"file": file, "format": "xlsx"}
    ours = {"order_id": words[0], "order_date": words[1], "customer_id": words[2], "order_amount": words[4]}
    theirs = {
        "customer_id": list_words[0],
        "customer_name": list_words[1],
        "email": list_words[2],
        "place": list_words[3],
        "consent": list_words[4],
    }
    orders = {"table": "orders", **base, "sheet": sheets[1], "skip_lines": before[sheets[1]], "skip_last": 1, "columns": ours}
    orders |= {} if typed else {"date_format": "%d-%m-%Y"}
    values = {"consent": {yes: "yes", no: "no"}}
    known = {"table": "customers", **base, "sheet": sheets[0], "skip_lines": before[sheets[0]], "columns": theirs, "values": values}
    names = ["customer_id", "email", "place", "consent"]
    rows_known = [(str(id_), person.email, person.place, bool(agrees)) for id_, person, agrees in zip(ids, persons, agreed, strict=True)]
    return World(
        "workbook",
        f"{file}, {'typed' if typed else 'as text'}",
        folder,
        {"client": {"name": "Workbook", "kind": "b2b"}, "as_of": "2024-12-31", "sources": [orders, known]},
        {
            "orders": pd.DataFrame(truth, columns=["order_id", "customer_id", "order_date", "order_amount"]),
            "customers": pd.DataFrame(rows_known, columns=names),
        },
        wished=frozenset({"customers.email", "customers.place", "customers.consent"}),
        personal=secrets(persons),
        facts={"customers": customers, "total": sum(cents for *_, cents in truth)},
    )
