"""A firm in four countries: customers from Dutch software, orders from German, products from Swedish, campaigns from French."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pandas as pd

from tests.support.doors_worlds.records import World
from tests.support.doors_worlds.writing import BELGIAN, DUTCH, GERMAN, SWEDISH, Dialect, people, secrets

FRENCH = Dialect(thousands="", date_format="%d/%m/%Y", encoding="cp1252")
CUSTOMERS = (
    (
        "klanten.csv",
        BELGIAN,
        ("Klantnummer", "Naam", "Straat", "Postcode", "Gemeente", "E-mailadres", "Geboortedatum", "Aangemaakt op", "Toestemming"),
    ),
    (
        "relatiebestand.csv",
        DUTCH,
        ("Relatiecode", "Contactpersoon", "Adres", "Postcode", "Woonplaats", "E-mail", "Geb.datum", "Invoerdatum", "Mailing j/n"),
    ),
)
ORDERS = (
    (
        "Aufträge.csv",
        ("Belegnr.", "Pos", "Belegdatum", "Kundennr.", "Artikelnr.", "Bezeichnung", "Menge", "Einzelpreis", "Gesamtpreis", "Lager"),
    ),
    (
        "Verkaufspositionen.csv",
        ("Auftragsnummer", "Position", "Auftragsdatum", "Debitor", "Material", "Materialtext", "Anzahl", "Preis", "Nettowert", "Werk"),
    ),
)
PRODUCTS = (
    ("produkter.txt", ("Artikelnummer", "Benämning", "Varugrupp", "Märke", "Pris", "Lagersaldo")),
    ("artiklar.txt", ("Art.nr", "Artikelnamn", "Produktgrupp", "Varumärke", "Utpris", "I lager")),
)
CAMPAIGNS = (
    ("campagnes.csv", ("Campagne", "N° client", "Date d'envoi", "Canal", "Message", "A répondu", "Coût")),
    ("envois marketing.csv", ("Code campagne", "Numéro client", "Envoyé le", "Canal", "Objet", "Réponse", "Coût du contact")),
)
GROUPS = ("Stolar", "Bord", "Lampor", "Hyllor")


def write_languages(folder: Path, seed: int, customers: int = 300) -> World:
    """Write the four exports, each in its own words, marks, dates and encoding.

    Parameters
    ----------
    folder : where the exports go.
    seed : of everything drawn, and of the words of each file.
    customers : how many there are.
    """
    rng = np.random.default_rng([16, 10, seed])
    list_file, dutch, list_words = CUSTOMERS[seed % 2]
    (order_file, w), (product_file, p), (campaign_file, c) = (
        ORDERS[seed // 2 % 2],
        PRODUCTS[(seed + 1) % 2],
        CAMPAIGNS[(seed + seed // 2) % 2],
    )
    persons = people(rng, customers)
    ids = [f"K{n}" for n in np.sort(rng.choice(90_000, customers, replace=False) + 10_000)]
    goods = [
        (
            f"{g + 1}-{n:03}",
            f"{group[:-2]} modell {n}",
            group,
            ("Björk", "Norrsken")[n % 2],
            int(rng.integers(1_900, 90_000)),
            int(rng.integers(0, 80)),
        )
        for g, group in enumerate(GROUPS)
        for n in range(12)
    ]
    agreed, since = rng.random(customers) < 0.55, rng.integers(0, 1_200, customers)
    yes, no = ("Ja", "Nee") if seed % 2 == 0 else ("J", "N")
    listed, known = [], []
    for id_, person, agrees, days in zip(ids, persons, agreed, since, strict=True):
        made = date(2019, 6, 1) + timedelta(days=int(days))
        listed.append(
            (
                id_,
                person.name,
                person.street,
                person.postcode,
                person.place,
                person.email,
                dutch.day(person.born),
                dutch.day(made),
                yes if agrees else no,
            )
        )
        known.append((id_, person.postcode, person.place, person.email, made, bool(agrees)))
    dutch.write(folder / list_file, list_words, listed)
    rows, lines = [], []
    number = 710_000
    for day in sorted(date(2023, 1, 2) + timedelta(days=int(d)) for d in rng.integers(0, 726, customers * 5)):
        number += int(rng.integers(1, 5))
        id_ = ids[int(customers * rng.random() ** 1.8)]
        for place, i in enumerate(rng.choice(len(goods), int(rng.integers(1, 4)), replace=False), start=1):
            article, name, _group, _brand, price, _stock = goods[int(i)]
            quantity = int(rng.integers(1, 5))
            amount = round(quantity * price * (0.95 if rng.random() < 0.2 else 1))
            rows.append(
                (
                    str(number),
                    str(place * 10),
                    GERMAN.day(day),
                    id_,
                    article,
                    name,
                    str(quantity),
                    GERMAN.money(price),
                    GERMAN.money(amount),
                    "01",
                )
            )
            lines.append((str(number), id_, day, article, quantity, amount / 100))
    GERMAN.write(folder / order_file, w, rows)
    swedish = [(a, n, g, b, SWEDISH.money(price), str(stock)) for a, n, g, b, price, stock in goods]
    SWEDISH.write(folder / product_file, p, swedish)
    sent, campaigns = [], []
    for wave in range(4):
        day = date(2024, 2, 5) + timedelta(days=70 * wave)
        for id_ in rng.choice(ids, customers // 2, replace=False):
            answered = bool(rng.random() < 0.06)
            sent.append(
                (
                    f"C{wave + 1}",
                    id_,
                    FRENCH.day(day),
                    ("e-mail", "courrier")[wave % 2],
                    f"Offre {wave + 1}",
                    "oui" if answered else "non",
                    "0,45",
                )
            )
            campaigns.append((f"C{wave + 1}", id_, day, ("e-mail", "courrier")[wave % 2], answered, 0.45))
    FRENCH.write(folder / campaign_file, c, sent)
    sources = [
        {
            "table": "customers",
            "file": list_file,
            **dutch.block,
            "columns": {
                "customer_id": list_words[0],
                "postcode": list_words[3],
                "place": list_words[4],
                "email": list_words[5],
                "created_date": list_words[7],
                "consent": list_words[8],
            },
            "values": {"consent": {yes: "yes", no: "no"}},
        },
        {
            "table": "order_lines",
            "file": order_file,
            **GERMAN.block,
            "columns": {
                "order_id": w[0],
                "order_date": w[2],
                "customer_id": w[3],
                "product_id": w[4],
                "quantity": w[6],
                "unit_price": w[7],
                "line_amount": w[8],
            },
        },
        {
            "table": "products",
            "file": product_file,
            **SWEDISH.block,
            "columns": {"product_id": p[0], "product_name": p[1], "product_group": p[2], "brand": p[3], "price": p[4], "stock": p[5]},
        },
        {
            "table": "campaigns",
            "file": campaign_file,
            **FRENCH.block,
            "columns": {
                "campaign_id": c[0],
                "customer_id": c[1],
                "sent_date": c[2],
                "channel": c[3],
                "responded": c[5],
                "contact_cost": c[6],
            },
            "values": {"responded": {"oui": "yes", "non": "no"}},
        },
    ]
    products = pd.DataFrame(
        [(a, n, g, b, price / 100, stock) for a, n, g, b, price, stock in goods],
        columns=["product_id", "product_name", "product_group", "brand", "price", "stock"],
    )
    return World(
        "languages",
        ", ".join((list_file, order_file, product_file, campaign_file)),
        folder,
        {"client": {"name": "Four countries"}, "as_of": "2024-12-31", "sources": sources},
        {
            "customers": pd.DataFrame(known, columns=["customer_id", "postcode", "place", "email", "created_date", "consent"]),
            "order_lines": pd.DataFrame(lines, columns=["order_id", "customer_id", "order_date", "product_id", "quantity", "line_amount"]),
            "products": products,
            "campaigns": pd.DataFrame(
                campaigns, columns=["campaign_id", "customer_id", "sent_date", "channel", "responded", "contact_cost"]
            ),
        },
        wished=frozenset(
            {f"customers.{n}" for n in ("postcode", "place", "email", "created_date", "consent")}
            | {
                "products.brand",
                "products.price",
                "products.stock",
                "products.product_name",
                "campaigns.channel",
                "campaigns.responded",
                "campaigns.contact_cost",
            }
        ),
        personal=secrets(persons),
        facts={"customers": customers},
    )
