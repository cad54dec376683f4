"""A shop without loyalty cards: the lines of its till, nobody's name but the cashier's, and two products that go together."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path

import numpy as np
import pandas as pd

from tests.support.doors_worlds.records import World
from tests.support.doors_worlds.writing import AMERICAN, BELGIAN, DUTCH, ENGLISH, GERMAN, SWEDISH, Dialect

# What the till calls its columns: receipt, date, time, till, cashier, article, name, group, quantity, price, discount, amount, tax.
WORDS: tuple[tuple[str, str, Dialect, tuple[str, ...]], ...] = (
    (
        "nl",
        "kassabonnen.csv",
        BELGIAN,
        (
            "Bonnr",
            "Datum",
            "Uur",
            "Kassa",
            "Bediende",
            "Artikelnr",
            "Omschrijving",
            "Groep",
            "Aantal",
            "Prijs",
            "Korting",
            "Bedrag",
            "BTW%",
        ),
    ),
    (
        "nl",
        "export_kassa.csv",
        DUTCH,
        (
            "Transactie",
            "Transactiedatum",
            "Tijdstip",
            "Kassanr",
            "Medewerker",
            "Artikelcode",
            "Artikel",
            "Artikelgroep",
            "Stuks",
            "Stukprijs",
            "Korting",
            "Regeltotaal",
            "Btw",
        ),
    ),
    (
        "de",
        "Bondaten.csv",
        GERMAN,
        (
            "Bon-Nr.",
            "Datum",
            "Uhrzeit",
            "Kasse",
            "Bediener",
            "Art.-Nr.",
            "Bezeichnung",
            "Warengruppe",
            "Menge",
            "E-Preis",
            "Rabatt",
            "Betrag",
            "MwSt",
        ),
    ),
    (
        "sv",
        "kvitton.txt",
        SWEDISH,
        (
            "Kvittonr",
            "Datum",
            "Tid",
            "Kassa",
            "Säljare",
            "Artikelnr",
            "Benämning",
            "Varugrupp",
            "Antal",
            "Á-pris",
            "Rabatt",
            "Belopp",
            "Moms",
        ),
    ),
    (
        "en",
        "till_lines.csv",
        ENGLISH,
        (
            "receipt_no",
            "date",
            "time",
            "till",
            "cashier",
            "sku",
            "description",
            "department",
            "qty",
            "price",
            "discount",
            "line_total",
            "vat",
        ),
    ),
    (
        "en",
        "POS Export.csv",
        AMERICAN,
        (
            "Ticket #",
            "Sale Date",
            "Sale Time",
            "Register",
            "Clerk",
            "Item #",
            "Item Name",
            "Category",
            "Qty Sold",
            "Unit Price",
            "Disc.",
            "Ext. Amount",
            "Tax Code",
        ),
    ),
)
OURS = (
    "order_id",
    "order_date",
    "",
    "",
    "",
    "product_id",
    "product_name",
    "product_group",
    "quantity",
    "unit_price",
    "",
    "line_amount",
    "",
)
GOODS = {
    "nl": {
        "Verf": "Muurverf wit",
        "Gereedschap": "Verfroller",
        "Tuin": "Tuinslang",
        "Licht": "Ledlamp",
        "Hout": "Plank grenen",
        "Sanitair": "Kraan chroom",
        "Elektro": "Stekkerdoos",
        "Lijm": "Montagekit",
    },
    "de": {
        "Farben": "Wandfarbe weiß",
        "Werkzeug": "Farbroller",
        "Garten": "Gartenschlauch",
        "Licht": "LED-Lampe",
        "Holz": "Brett Kiefer",
        "Sanitär": "Armatur Chrom",
        "Elektro": "Steckdose",
        "Kleber": "Montagekleber",
    },
    "sv": {
        "Färg": "Väggfärg vit",
        "Verktyg": "Målarrulle",
        "Trädgård": "Trädgårdsslang",
        "Ljus": "Ledlampa",
        "Trä": "Planka furu",
        "VVS": "Blandare krom",
        "El": "Grenuttag",
        "Lim": "Monteringslim",
    },
    "en": {
        "Paint": "Wall paint white",
        "Tools": "Paint roller",
        "Garden": "Garden hose",
        "Lighting": "LED lamp",
        "Timber": "Pine board",
        "Plumbing": "Tap chrome",
        "Electric": "Socket strip",
        "Glue": "Fixing glue",
    },
}
CASHIERS = ("Els P.", "Karim B.", "Mia", "Luc D.", "Stagiair 1", "Sofie V.")


def write_baskets(folder: Path, seed: int, receipts: int = 2_600) -> World:
    """Write a year of receipts; whoever buys the first product takes the second along in six cases of ten.

    Parameters
    ----------
    folder : where the export goes.
    seed : of everything drawn, and of the words and the dialect.
    receipts : how many there are.
    """
    rng = np.random.default_rng([16, 1, seed])
    language, file, dialect, words = WORDS[seed % len(WORDS)]
    groups = GOODS[language]
    products = [
        (f"{1000 * (g + 1) + 7 * n + 3}", f"{name} {size}", group, int(rng.integers(150, 6_000)))
        for g, (group, name) in enumerate(groups.items())
        for n, size in enumerate(("S", "M", "L", "XL", "2x"))
    ]
    first, second = products[0], products[6]
    rows, truth = [], []
    number = int(rng.integers(100_000, 800_000))
    moments = sorted(_moment(rng) for _ in range(receipts))
    for moment in moments:
        number += int(rng.integers(1, 3))
        chosen = [
            products[i] for i in rng.choice(len(products), int(rng.choice([1, 2, 3, 4, 6], p=[0.3, 0.3, 0.2, 0.15, 0.05])), replace=False)
        ]
        if rng.random() < 0.12 and first not in chosen:
            chosen.append(first)
        if first in chosen and second not in chosen and rng.random() < 0.6:
            chosen.append(second)
        cashier = CASHIERS[int(rng.integers(len(CASHIERS)))]
        for article, name, group, price in chosen:
            quantity = -1 if rng.random() < 0.01 else int(rng.choice([1, 1, 1, 2, 3, 4]))
            discount = quantity * price // 10 if rng.random() < 0.1 else 0
            amount = quantity * price - discount
            written = (str(number), dialect.day(moment), f"{moment:%H:%M}", str(number % 3 + 1), cashier, article, name, group)
            rows.append((*written, str(quantity), dialect.money(price), dialect.money(discount), dialect.money(amount), "21"))
            truth.append((str(number), moment.date(), article, name, group, quantity, price / 100, amount / 100))
    dialect.write(folder / file, words, rows)
    names = ("order_id", "order_date", "product_id", "product_name", "product_group", "quantity", "unit_price", "line_amount")
    block = {"table": "order_lines", "file": file, **dialect.block, "columns": {o: w for o, w in zip(OURS, words, strict=True) if o}}
    return World(
        "baskets",
        f"{language}, {file}",
        folder,
        {
            "client": {"name": "Baskets"},
            "as_of": f"{moments[-1]:%Y-%m-%d}",
            "next_offer": {"bundles": [{"name": "rule", "base": first[2], "add": [second[2]]}]},
            "sources": [block],
        },
        {"order_lines": pd.DataFrame(truth, columns=list(names))},
        wished=frozenset({"order_lines.unit_price", "order_lines.product_name"}),
        # Its products, or their groups, are named together.
        says=(
            rf"(?:{first[1]}|{first[0]}).{{0,200}}(?:{second[1]}|{second[0]})|(?:{second[1]}|{second[0]}).{{0,200}}(?:{first[1]}|{first[0]})",
        ),
        personal=CASHIERS[:2],
        facts={"bundle": (first[1], second[1]), "groups": (first[2], second[2]), "receipts": receipts, "customers": 0},
    )


def _moment(rng: np.random.Generator) -> datetime:
    day = date(2024, 1, 2) + timedelta(days=int(rng.integers(364)))
    return datetime(day.year, day.month, day.day, int(rng.integers(9, 19)), int(rng.integers(60)))
