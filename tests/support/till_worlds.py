"""Tills of shops whose exports are in a language of which names.yml may know no word: receipts, products, amounts, days."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import numpy as np

# File, and the names of: receipt, day, product number, product, pieces, price, amount.
TILLS = {
    "da": ("bonlinjer.csv", "Bonnr;Dato;Varenr;Varetekst;Antal;Stykpris;Beløb"),
    "no": ("kvitteringer.csv", "Kvitteringsnr;Dato;Varenummer;Varenavn;Antall;Stykkpris;Beløp"),
    "it": ("scontrini.csv", "N. scontrino;Data;Codice articolo;Descrizione;Quantità;Prezzo unitario;Importo"),
    "es": ("tickets.csv", "Nº ticket;Fecha;Código artículo;Descripción;Cantidad;Precio unitario;Importe"),
    "pl": ("paragony.csv", "Nr paragonu;Data;Kod towaru;Nazwa towaru;Ilość;Cena;Wartość"),
    "fi": ("myynti.csv", "Kuitti;Päivä;Tuotekoodi;Tuote;Määrä;Hinta;Yhteensä"),
}


def write_till(folder: Path, language: str, seed: int, receipts: int = 400, multiplies: bool = True) -> int:
    """Write a till's lines and return how many there are.

    Parameters
    ----------
    folder : an empty folder.
    language : a key of ``TILLS``.
    seed : of everything drawn.
    receipts : how many there are.
    multiplies : False: neither pieces nor price stand there, only the amount.
    """
    rng = np.random.default_rng([seed, 7])
    file, header = TILLS[language]
    products = [(f"V{100 + i}", f"Vare {chr(65 + i % 26)} {i}", int(rng.integers(500, 30_000))) for i in range(40)]
    rows = []
    for n in range(receipts):
        day = date(2023, 1, 2) + timedelta(days=n * 720 // receipts)
        for i in rng.choice(40, int(rng.integers(1, 5)), replace=False):
            code, name, price = products[int(i)]
            pieces = int(rng.integers(1, 4))
            amount = f"{pieces * price / 100:.2f}".replace(".", ",")
            counted = [str(pieces), f"{price / 100:.2f}".replace(".", ",")] if multiplies else []
            rows.append(";".join([str(50_000 + n), f"{day:%d-%m-%Y}", code, name, *counted, amount]))
    names = header.split(";")
    head = header if multiplies else ";".join([*names[:4], names[6]])
    (folder / file).write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")
    return len(rows)


def write_repeats(
    folder: Path, seed: int, late: int, corrected: int = 0, other_till: bool = False, customers: bool = False
) -> tuple[int, int]:
    """Write lines of January to March and of March to April; return how many lines there are, and their amount in cents, counted once.

    Parameters
    ----------
    folder : an empty folder.
    seed : of everything drawn.
    late : orders of March that only the newer file holds.
    corrected : orders of March whose amount the newer file has changed.
    other_till : True: the second file is of another till that gives the same numbers on the same days.
    customers : whether lines name a customer.
    """
    rng = np.random.default_rng([seed, 11])
    orders = []
    for n in range(900):
        day = date(2024, 1, 1) + timedelta(days=n * 120 // 900)
        cents = [int(c) for c in rng.integers(200, 20_000, int(rng.integers(1, 5)))]
        orders.append((n, day, f"K{rng.integers(150)}", cents))
    march = [order for order in orders if order[1].month == 3]
    gone = {march[int(i)][0] for i in rng.choice(len(march), late + corrected, replace=False)}
    missing, changed = set(sorted(gone)[:late]), set(sorted(gone)[late:])
    shift = {n: 7 * (i + 1) for i, n in enumerate(sorted(changed))}
    other = {n: [int(c) for c in rng.integers(200, 20_000, len(cents))] for n, _day, _who, cents in orders}
    older = [order for order in orders if order[1].month < 4 and order[0] not in missing]
    newer = [(n, day, who, [cents[0] + shift.get(n, 0), *cents[1:]]) for n, day, who, cents in orders if day.month >= 3]
    if other_till:
        newer = [(n, day, f"K{rng.integers(150)}", other[n]) for n, day, _who, _cents in newer]
    for name, part in (("lines_new.csv", newer), ("lines_old.csv", older)):
        rows = [
            f"{40_000 + n};{who + ';' if customers else ''}{day:%Y-%m-%d};P{c % 30};{c // 100},{c % 100:02}"
            for n, day, who, cents in part
            for c in cents
        ]
        names = f"Bonnr;{'Klantnr;' if customers else ''}Datum;Artikelnr;Regelbedrag"
        (folder / name).write_text("\n".join([names, *rows]) + "\n", encoding="utf-8")
    numbers = {order[0] for order in newer}
    once = [order for order in older if other_till or order[0] not in numbers] + newer
    return sum(len(order[3]) for order in once), sum(sum(order[3]) for order in once)
