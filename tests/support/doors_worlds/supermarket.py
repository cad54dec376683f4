"""A supermarket's till: a million lines, no card for a third of them, fuel by the centilitre, lines of nothing that are no returns."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd

from tests.support.doors_worlds.records import World
from tests.support.doors_worlds.writing import BELGIAN, ENGLISH, Dialect, people, secrets

# The files' names; store, till, receipt, line, card, moment, article, name, department, quantity, price, amount, promotion; and of the
# cards their number, name, e-mail, telephone, born, postcode, day of issue, agreed.
WORDS: tuple[tuple[str, str, Dialect, tuple[str, ...], tuple[str, ...]], ...] = (
    (
        "kassadata_2024.csv",
        "klantenkaarten.csv",
        BELGIAN,
        (
            "Filiaal",
            "Kassa",
            "Ticketnr",
            "Lijn",
            "Kaartnr",
            "Tijdstip",
            "EAN",
            "Artikel",
            "Afdeling",
            "Hoeveelheid",
            "Eenheidsprijs",
            "Bedrag",
            "Promo",
        ),
        ("Kaartnummer", "Naam", "E-mail", "GSM", "Geboortedatum", "Postcode", "Uitgegeven", "Mailing toegestaan"),
    ),
    (
        "pos_transactions.csv",
        "loyalty_members.csv",
        ENGLISH,
        (
            "store_id",
            "register",
            "basket_id",
            "line_no",
            "member_no",
            "transaction_ts",
            "upc",
            "item",
            "department",
            "qty",
            "unit_price",
            "sales_value",
            "promo_flag",
        ),
        ("member_no", "full_name", "email", "mobile", "dob", "zip", "joined", "opt_in"),
    ),
)
DEPARTMENTS = ("Groenten", "Zuivel", "Brood", "Dranken", "Vlees", "Droge voeding", "Diepvries", "Huishouden", "Verzorging")
FUEL = ("5400000000017", "Euro 95", "Brandstof")
WEEKDAYS = np.array([0.11, 0.11, 0.12, 0.14, 0.21, 0.26, 0.05])


def write_supermarket(folder: Path, seed: int, lines: int = 20_000) -> World:
    """Write a year of lines and the list of cards, of which many are not used.

    Parameters
    ----------
    folder : where the exports go.
    seed : of everything drawn, and of the words and the dialect.
    lines : about how many lines there are; 1,000,000 in the drill.
    """
    rng = np.random.default_rng([16, 4, seed])
    file, cards_file, dialect, words, card_words = WORDS[seed % len(WORDS)]
    receipts = lines // 8
    households = max(receipts // 40, 60)
    cards = np.sort(rng.choice(90_000_000, households, replace=False)) + 6_330_000_000_000
    moments, card = _receipts(rng, receipts, cards)
    size = rng.poisson(7, receipts) + 1
    row = np.repeat(np.arange(receipts), size)
    goods = _goods(rng)
    item = np.minimum(rng.pareto(1.1, len(row)) * 9, len(goods) - 1).astype(int)
    quantity = rng.choice([1, 1, 1, 1, 2, 2, 3, 6], len(row)).astype(float)
    price = goods["cents"].to_numpy()[item]
    amount = quantity * price
    # Fuel: in centilitres, at 1.7 a litre. A line of nothing: weighed again, or taken along for nothing.
    fuel = rng.random(len(row)) < 0.006
    quantity[fuel], price[fuel] = rng.integers(800, 90_000, int(fuel.sum())), 2
    amount[fuel] = np.round(quantity[fuel] * 1.7)
    nothing = (rng.random(len(row)) < 0.006) & ~fuel
    quantity[nothing], amount[nothing] = 0, 0
    back = (rng.random(len(row)) < 0.004) & ~fuel & ~nothing
    quantity[back], amount[back] = -quantity[back], -amount[back]
    text = {name: np.where(fuel, value, goods[name].to_numpy()[item]) for name, value in zip(("ean", "name", "group"), FUEL, strict=True)}
    ticket = 40_000_000 + np.arange(receipts) * 3
    frame = pd.DataFrame(
        {"order_id": ticket[row].astype(str), "customer_id": card[row], "order_date": moments[row], "product_id": text["ean"]}
    )
    frame = frame.assign(product_name=text["name"], product_group=text["group"], quantity=quantity, line_amount=np.round(amount) / 100)
    stamp = f"{dialect.date_format} %H:%M:%S"
    written = pd.DataFrame({0: (row % 4 + 1).astype(str), 1: (row % 9 + 1).astype(str), 2: frame["order_id"]})
    written[3] = (np.arange(len(row)) - np.repeat(np.cumsum(size) - size, size) + 1).astype(str)
    written[4], written[5] = frame["customer_id"].fillna(""), pd.Series(moments).dt.strftime(stamp).to_numpy()[row]
    written[6], written[7], written[8] = frame["product_id"], frame["product_name"], frame["product_group"]
    written[9], written[10] = quantity.astype(int).astype(str), _written(price, dialect)
    written[11], written[12] = _written(np.round(amount), dialect), np.where(row % 7 == 0, "J", "")
    written.columns = list(words)
    written.to_csv(folder / file, sep=dialect.delimiter, index=False, encoding=dialect.encoding, lineterminator=dialect.newline)
    persons, truth = _write_cards(folder / cards_file, rng, cards, card_words, dialect, seed)
    columns = ("order_id", "customer_id", "order_date", "product_id", "product_name", "product_group", "quantity", "line_amount")
    theirs = (2, 4, 5, 6, 7, 8, 9, 11)
    yes = {"values": {"consent": {"J": "yes", "N": "no"}}} if seed % 2 == 0 else {"values": {"consent": {"Y": "yes", "N": "no"}}}
    ours = {"customer_id": 0, "email": 2, "phone": 3, "postcode": 5, "created_date": 6, "consent": 7}
    sources = [
        {
            "table": "order_lines",
            "file": file,
            **dialect.block,
            "date_format": stamp,
            "columns": {o: words[t] for o, t in zip(columns, theirs, strict=True)},
        },
        {"table": "customers", "file": cards_file, **dialect.block, "columns": {o: card_words[t] for o, t in ours.items()}, **yes},
    ]
    return World(
        "supermarket",
        file,
        folder,
        {"client": {"name": "Supermarket"}, "as_of": "2024-12-31", "sources": sources},
        {"order_lines": frame, "customers": truth},
        wished=frozenset(
            {
                "order_lines.product_name",
                "customers.postcode",
                "customers.email",
                "customers.phone",
                "customers.consent",
                "customers.created_date",
            }
        ),
        # Lines of nothing are no returns.
        never=(rf"\b{int(nothing.sum() + back.sum()):,} returns",),
        personal=secrets(persons),
        facts={
            "lines": len(frame),
            "without_card": float(frame["customer_id"].isna().mean()),
            "customers": int(frame["customer_id"].nunique()),
        },
    )


def _receipts(rng: np.random.Generator, receipts: int, cards: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return moment and card of every receipt: weeks have a rhythm, some households come twice a week, a third show no card."""
    days = pd.date_range("2024-01-01", "2024-12-31")
    weight = WEEKDAYS[days.day_of_week]
    day = np.sort(rng.choice(len(days), receipts, p=weight / weight.sum()))
    moments = days.to_numpy()[day] + rng.integers(8 * 3600, 20 * 3600, receipts).astype("timedelta64[s]")
    pull = rng.gamma(0.8, 1.0, len(cards))
    card = rng.choice(cards, receipts, p=pull / pull.sum()).astype(str).astype(object)
    card[rng.random(receipts) < 1 / 3] = None
    return moments, card


def _goods(rng: np.random.Generator) -> pd.DataFrame:
    names = [(f"{5_410_000_000_000 + 137 * n}", f"{DEPARTMENTS[n % 9]} artikel {n}", DEPARTMENTS[n % 9]) for n in range(900)]
    return pd.DataFrame(names, columns=["ean", "name", "group"]).assign(cents=rng.integers(49, 1_900, len(names)))


def _written(cents: np.ndarray, dialect: Dialect) -> pd.Series:
    text = pd.Series(np.round(cents).astype(int)).map(lambda value: f"{value / 100:.2f}")
    return text.str.replace(".", dialect.decimal)


def _write_cards(
    path: Path, rng: np.random.Generator, cards: np.ndarray, words: tuple[str, ...], dialect: Dialect, seed: int
) -> tuple[list, pd.DataFrame]:
    persons = people(rng, len(cards))
    yes = "J" if seed % 2 == 0 else "Y"
    issued = [date.fromordinal(date(2019, 1, 1).toordinal() + int(n)) for n in rng.integers(0, 1_800, len(cards))]
    agreed = rng.random(len(cards)) < 0.6
    rows, truth = [], []
    for card, person, day, agrees in zip(cards, persons, issued, agreed, strict=True):
        rows.append(
            (
                str(card),
                person.name,
                person.email,
                person.phone,
                dialect.day(person.born),
                person.postcode,
                dialect.day(day),
                yes if agrees else "N",
            )
        )
        truth.append((str(card), person.email, person.phone, person.postcode, day, bool(agrees)))
    dialect.write(path, words, rows)
    return persons, pd.DataFrame(truth, columns=["customer_id", "email", "phone", "postcode", "created_date", "consent"])
