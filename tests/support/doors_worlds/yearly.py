"""A shop whose customers buy once a year, each in a week of his own: nobody is gone who bought eleven months ago."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pandas as pd

from tests.support.doors_worlds.records import World
from tests.support.doors_worlds.writing import BELGIAN, DUTCH, ENGLISH, GERMAN, Dialect, people, secrets

# Of the orders: number, day, customer, name, net, tax, gross, paid, shipped; of the customers: number, name, e-mail, town, postcode,
# since, agreed.
WORDS: tuple[tuple[str, str, Dialect, tuple[str, ...], tuple[str, ...]], ...] = (
    (
        "bestellingen.csv",
        "klanten.csv",
        BELGIAN,
        ("Bestelnr", "Besteldatum", "Klantnr", "Klantnaam", "Excl. btw", "Btw", "Incl. btw", "Betaald op", "Vervoerder"),
        ("Klantnr", "Naam", "E-mail", "Gemeente", "Postcode", "Klant sinds", "Nieuwsbrief"),
    ),
    (
        "facturen 2021-2024.csv",
        "relaties.csv",
        DUTCH,
        (
            "Factuurnummer",
            "Factuurdatum",
            "Debiteur",
            "Debiteurnaam",
            "Bedrag excl.",
            "BTW-bedrag",
            "Bedrag incl.",
            "Vervaldatum",
            "Status",
        ),
        ("Relatienr", "Relatienaam", "Mailadres", "Plaats", "Postcode", "Aangemaakt", "Mailing"),
    ),
    (
        "Rechnungen.csv",
        "Kunden.csv",
        GERMAN,
        ("Rechnungsnr.", "Rechnungsdatum", "Kundennr.", "Kunde", "Netto", "MwSt.", "Brutto", "Bezahlt am", "Versand"),
        ("Kundennr.", "Name", "E-Mail", "Ort", "PLZ", "Kunde seit", "Newsletter"),
    ),
    (
        "orders.csv",
        "contacts.csv",
        ENGLISH,
        ("order_number", "placed_on", "customer_number", "customer", "net_total", "tax", "grand_total", "paid_on", "carrier"),
        ("customer_number", "name", "email", "city", "postcode", "created", "newsletter"),
    ),
)
YES_NO = (("Ja", "Nee"), ("J", "N"), ("ja", "nein"), ("true", "false"))
END = date(2024, 12, 31)


def write_yearly(folder: Path, seed: int, customers: int = 700) -> World:
    """Write four years of orders; who stays buys every year within three weeks of his own day, one in ten stops each year.

    Parameters
    ----------
    folder : where the exports go.
    seed : of everything drawn, and of the words and the dialect.
    customers : how many there are.
    """
    rng = np.random.default_rng([16, 5, seed])
    form = seed % len(WORDS)
    file, list_file, dialect, words, list_words = WORDS[form]
    yes, no = YES_NO[form]
    persons = people(rng, customers)
    ids = [str(n) for n in np.sort(rng.choice(80_000, customers, replace=False) + 10_000)]
    bought: list[tuple[date, str, int, str]] = []
    listed, truth, faithful = [], [], 0
    for id_, person in zip(ids, persons, strict=True):
        first, own_day, usual = int(rng.integers(2021, 2024)), int(rng.integers(22, 343)), int(rng.integers(3_000, 60_000))
        days = []
        for year in range(first, 2025):
            days.append(date(year, 1, 1) + timedelta(days=own_day + int(rng.integers(-20, 21))))
            if rng.random() < 0.1:
                break
        faithful += days[-1].year == 2024
        bought += [(day, id_, int(usual * rng.uniform(0.8, 1.3)), person.name) for day in days]
        agrees = bool(rng.random() < 0.7)
        listed.append((id_, person.name, person.email, person.place, person.postcode, dialect.day(days[0]), yes if agrees else no))
        truth.append((id_, person.email, person.place, person.postcode, days[0], agrees))
    bought.sort()
    rows, orders = [], []
    for number, (day, id_, net, name) in enumerate(bought, start=int(rng.integers(20_000, 90_000))):
        tax = round(net * 0.21)
        written = (str(number), dialect.day(day), id_, name, dialect.money(net), dialect.money(tax), dialect.money(net + tax))
        rows.append((*written, dialect.day(day + timedelta(days=int(rng.integers(1, 30)))), "PostNL"))
        orders.append((str(number), id_, day, net / 100))
    dialect.write(folder / file, words, rows)
    dialect.write(folder / list_file, list_words, listed)
    ours = {"customer_id": 0, "email": 2, "place": 3, "postcode": 4, "created_date": 5, "consent": 6}
    sources = [
        {
            "table": "orders",
            "file": file,
            **dialect.block,
            "columns": {"order_id": words[0], "order_date": words[1], "customer_id": words[2], "order_amount": words[4]},
        },
        {
            "table": "customers",
            "file": list_file,
            **dialect.block,
            "columns": {o: list_words[i] for o, i in ours.items()},
            "values": {"consent": {yes: "yes", no: "no"}},
        },
    ]
    return World(
        "yearly",
        f"{file}, {list_file}",
        folder,
        {"client": {"name": "Yearly"}, "as_of": f"{END}", "sources": sources},
        {
            "orders": pd.DataFrame(orders, columns=["order_id", "customer_id", "order_date", "order_amount"]),
            "customers": pd.DataFrame(truth, columns=["customer_id", "email", "place", "postcode", "created_date", "consent"]),
        },
        wished=frozenset({"customers.email", "customers.place", "customers.postcode", "customers.created_date", "customers.consent"}),
        personal=secrets(persons),
        facts={"customers": customers, "bought_this_year": faithful},
    )
