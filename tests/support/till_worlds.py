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
