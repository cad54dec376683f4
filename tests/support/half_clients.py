"""Clients of which a half is missing: baskets without customers, and customers without orders who carry a label.

Each has a clean twin: customers on every order, a list in which no column knows the label. Fresh seeds give fresh worlds.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pandas as pd
import yaml

from tests.support.label_worlds import column_of

AS_OF = date(2024, 12, 31)


@dataclass(frozen=True)
class Baskets:
    """What was planted in a shop's order lines: orders and cents of the last twelve months, and the pair that goes together."""

    orders: int
    cents: int
    pair: tuple[str, str]


def write_baskets(folder: Path, seed: int, named: float = 0.0, column: bool = False, orders: int = 1500) -> Baskets:
    """Write a shop of order lines and products with its client.yml.

    Parameters
    ----------
    folder : is made; seed : of the world.
    named : share of the orders that name their customer; column : whether the column is there where none does.
    orders : in about two years.
    """
    rng = random.Random(seed)
    folder.mkdir(parents=True)
    products = [
        (f"{group[:2].upper()}{n}", group, rng.randrange(90, 900))
        for group in ("bread", "milk", "wine", "cheese", "soap", "fruit")
        for n in range(6)
    ]
    wine, cheese = products[12], products[18]
    lines, counted, cents = [], 0, 0
    for order in range(1, orders + 1):
        day = AS_OF - timedelta(days=rng.randrange(730))
        customer = f"K{rng.randrange(1, 200):04}" if rng.random() < named else ""
        basket = {product[0]: product for product in rng.sample(products, rng.randrange(1, 5))}
        if rng.random() < 0.25:
            basket[wine[0]] = wine
            if rng.random() < 0.7:
                basket[cheese[0]] = cheese
        spent = 0
        for product in basket.values():
            pieces = rng.randrange(1, 4)
            spent += pieces * product[2]
            fields = [f"B{order:05}", str(day), customer, product[0], product[1], str(pieces), f"{pieces * product[2] / 100:.2f}"]
            lines.append(";".join(fields if named or column else fields[:2] + fields[3:]))
        if day > date(2023, 12, 31):
            counted, cents = counted + 1, cents + spent
    head = ["ticket", "day", "card", "item", "family", "pieces", "amount"]
    (folder / "lines.csv").write_text(
        "\n".join([";".join(head if named or column else head[:2] + head[3:]), *lines]) + "\n", encoding="utf-8"
    )
    items = [f"{code};{group} {code};{group};{price / 100:.2f}" for code, group, price in products]
    (folder / "items.csv").write_text("\n".join(["item;name;family;price", *items]) + "\n", encoding="utf-8")
    columns = {
        "order_id": "ticket",
        "order_date": "day",
        "product_id": "item",
        "product_group": "family",
        "quantity": "pieces",
        "line_amount": "amount",
    }
    product_columns = {"product_id": "item", "product_name": "name", "product_group": "family", "price": "price"}
    form = {"delimiter": ";", "decimal": ".", "date_format": "%Y-%m-%d"}
    sources = [
        {"table": "order_lines", "file": "lines.csv", **form, "columns": columns | ({"customer_id": "card"} if named or column else {})},
        {"table": "products", "file": "items.csv", **form, "columns": product_columns},
    ]
    rules = {"bundles": [{"name": "wine and cheese", "base": "wine", "add": ["cheese"]}]}
    _write_client(folder, {"sources": sources, "next_offer": rules})
    return Baskets(counted, cents, (wine[0], cheese[0]))


def customers_with_label(seed: int, customers: int = 900, signal: float = 1.0, leak: str = "", unknown: int = 60) -> pd.DataFrame:
    """Return a customer table without orders: attributes of every kind and the label ``left``.

    Parameters
    ----------
    seed : of the world; customers : how many.
    signal : how strongly age of the contract, plan and abroad decide who leaves; 0 is a label of chance.
    leak : one column more, of ``label_worlds``: known only afterwards, or a strong honest one; empty for neither.
    unknown : customers whose label is not known yet.
    """
    rng = np.random.default_rng(seed)
    minutes, age = rng.normal(180, 55, customers).clip(0), rng.integers(18, 85, customers).astype(float)
    joined = pd.Timestamp(AS_OF) - pd.to_timedelta(rng.integers(40, 2500, customers), unit="D")
    plan, abroad = rng.choice(["small", "middle", "large"], customers, p=[0.5, 0.3, 0.2]), rng.random(customers) < 0.15
    odds = -1.4 + signal * (
        1.3 * abroad + 0.014 * (minutes - 180) + 0.9 * (plan == "large") - 0.0004 * (pd.Timestamp(AS_OF) - joined).days.to_numpy()
    )
    left = rng.random(customers) < 1 / (1 + np.exp(-odds))
    frame = pd.DataFrame(
        {
            "customer_id": [f"C{number:05}" for number in range(customers)],
            "frequency": 0,
            "monetary": 0.0,
            "in_customer_list": True,
            "created_date": joined,
            "minutes": np.where(rng.random(customers) < 0.1, np.nan, minutes),  # a tenth was never measured
            "age": age,
            "plan": pd.Series(plan).astype("str"),
            "abroad": pd.array(abroad, dtype="boolean"),
            "complaint": pd.Series(
                np.where(rng.random(customers) < 0.1 + 0.15 * signal * left, "letter", None)
            ),  # more often filled by who leaves
            "hobby": pd.Series(rng.choice(list("abcdefghijkl"), customers)).astype("str"),
            "left": pd.Series(np.where(left, "yes", "no")).astype("str"),
        }
    )
    if leak:
        frame[leak] = column_of(leak, left, joined, rng)
    frame.loc[frame.index[rng.permutation(customers)[:unknown]], "left"] = None
    return frame


def write_customers(folder: Path, seed: int, leak: str = "reason", consent: bool = False, **world: float) -> pd.DataFrame:
    """Write the same as a client's export with its client.yml, and return the table."""
    folder.mkdir(parents=True)
    frame = customers_with_label(seed, leak=leak, **world)
    export = frame.drop(columns=["frequency", "monetary", "in_customer_list"])
    export["abroad"] = np.where(export["abroad"], "1", "0")
    if consent:
        export["consent"] = "1"
    export.to_csv(folder / "people.csv", index=False, sep=";", date_format="%Y-%m-%d")
    kinds = {"minutes": "number", "age": "number", "plan": "text", "abroad": "flag", "complaint": "text", "hobby": "text", "left": "text"}
    extra = {name: {"column": name, "kind": kind} for name, kind in (kinds | ({leak: "text"} if leak else {})).items()}
    columns = {"customer_id": "customer_id", "created_date": "created_date"} | ({"consent": "consent"} if consent else {})
    form = {"delimiter": ";", "decimal": ".", "date_format": "%Y-%m-%d"}
    source = {"table": "customers", "file": "people.csv", **form, "columns": columns, "extra": extra}
    features = {
        "features": ["minutes", "age", "plan", "abroad", "created_date"],
        "resamples": 10,
        "evidence_resamples": 5,
        "references": 9,
        "starts": 3,
    }
    _write_client(folder, {"sources": [source], "clusters": features, "predictions": {"label": {"column": "left"}}})
    return frame


def _write_client(folder: Path, settings: dict) -> None:
    head = {"client": {"name": folder.name, "kind": "b2c"}, "as_of": AS_OF, "seed": 7}
    (folder / "client.yml").write_text(yaml.safe_dump(head | settings), encoding="utf-8")
