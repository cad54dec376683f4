"""A German bookkeeper's ledger of customers, as it leaves the program: a preamble, sums between and below, credit by a letter."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

HEADER = "Konto;Name;Beleg-Nr.;Belegdatum;Buchungstext;Betrag EUR;S/H"


@dataclass(frozen=True)
class Ledger:
    """The export's source block and the truth.

    Parameters
    ----------
    block : the source, as a consultant would declare it.
    revenue_cents : per customer, credit notes taken off.
    invoices, credits : documents of each kind.
    sums : rows that add up others: one per customer, and the last line.
    """

    block: dict[str, Any]
    revenue_cents: dict[str, int]
    invoices: int
    credits: int
    sums: int


def write_ledger(folder: Path, seed: int, customers: int = 40) -> Ledger:
    """Write the ledger as Windows text, grouped by customer, with a row of sums under each and one in the end."""
    rng = random.Random(seed)
    lines = ["Beispiel GmbH & Co. KG;;;;;;", f"Debitorenkonten 01.01.2024 bis 31.12.2024;;;;;;Blatt {rng.randrange(1, 9)}", "", HEADER]
    revenue: dict[str, int] = {}
    invoices = credits_ = 0
    document = rng.randrange(240_000, 250_000)
    for place in range(customers):
        account = f"0{10_000 + 7 * place}"
        revenue[account] = 0
        for _entry in range(rng.randrange(1, 9)):
            document += rng.randrange(1, 4)
            day = date(2024, 1, 1) + timedelta(days=rng.randrange(366))
            cents = rng.choice([rng.randrange(990, 99_000), rng.randrange(100_000, 2_500_000)])
            is_credit = rng.random() < 0.08
            credits_, invoices = credits_ + is_credit, invoices + (not is_credit)
            revenue[account] += -cents if is_credit else cents
            text = rng.choice(["Büromöbel", "Lieferung; Teil 2", "Gutschrift" if is_credit else "Rechnung", 'Stuhl "Größe L"'])
            quoted = '"' + text.replace('"', '""') + '"'
            lines.append(f"{account};Firma {place} GmbH;{document};{day:%d.%m.%Y};{quoted};{_german(cents)};{'H' if is_credit else 'S'}")
        lines.append(f";Summe Konto {account};;;;{_german(abs(revenue[account]))};{'H' if revenue[account] < 0 else 'S'}")
    lines.append(f";Gesamtsumme;;;;{_german(abs(sum(revenue.values())))};S")
    (folder / "debitoren.csv").write_bytes(("\r\n".join(lines) + "\r\n").encode("cp1252"))
    block = {
        "table": "orders",
        "file": "debitoren.csv",
        "encoding": "cp1252",
        "skip_lines": 3,
        "decimal": ",",
        "thousands": ".",
        "date_format": "%d.%m.%Y",
        "columns": {"order_id": "Beleg-Nr.", "customer_id": "Konto", "order_date": "Belegdatum", "order_amount": "Betrag EUR"},
        "returns": {"column": "S/H", "equals": ["H"]},
        "set_aside": [{"name": "sums", "column": "order_id", "empty": True, "reason": "Sums of other rows"}],
    }
    return Ledger(block, revenue, invoices, credits_, customers + 1)


def _german(cents: int) -> str:
    return f"{cents / 100:,.2f}".replace(",", " ").replace(".", ",").replace(" ", ".")
