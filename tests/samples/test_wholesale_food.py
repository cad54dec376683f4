"""The sample client of case F holds what its TRUTH.json says, and the planted gaps come back from it."""

import json
import subprocess
import sys
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from helpers.analyses import next_offer
from helpers.core.results import RunContext

SAMPLE = Path(__file__).parents[2] / "data" / "sample"
FOLDER = SAMPLE / "wholesale-food"
TRUTH = json.loads((FOLDER / "TRUTH.json").read_text(encoding="utf-8"))
RULES = [
    {"name": "Pasta", "base": "Pasta", "add": ("Tomatensaus",), "price_to": 20},
    {"name": "Koffie", "base": "Koffiebonen", "add": ("Siropen", "Gebak"), "price_to": 35},
    {"name": "Vis", "base": "Verse vis", "add": ("Witte wijn",)},
    {"name": "Burger", "base": "Rundvlees", "add": ("Mosterd en mayonaise",), "price_from": 5},
]


def read(name):
    """All text: an export says nothing about types."""
    return pd.read_csv(FOLDER / name, sep=";", encoding="utf-8-sig", dtype=str)


def amount(column):
    return pd.to_numeric(column.str.replace(".", "", regex=False).str.replace(",", ".", regex=False))


@pytest.fixture(scope="module")
def tables():
    lines, items, people = read("orderregels.csv"), read("artikelen.csv"), read("klanten.csv")
    return {
        "order_lines": pd.DataFrame(
            {
                "order_id": lines["Ordernummer"],
                "order_date": pd.to_datetime(lines["Orderdatum"], format="%d-%m-%Y"),
                "customer_id": lines["Klantnummer"].where(lines["Klantnummer"] != TRUTH["cash_debtor"]),
                "product_id": lines["Artikelnummer"],
                "quantity": amount(lines["Aantal"]),
                "line_amount": amount(lines["Nettobedrag"]),
            }
        ),
        "products": pd.DataFrame(
            {
                "product_id": items["Artikelnummer"],
                "product_name": items["Omschrijving"],
                "product_group": items["Productgroep"],
                "product_variant_of": items["Variant van"],
                "price": amount(items["Prijs"]),
                "margin": amount(items["Marge"]),
                "stock": amount(items["Voorraad"]),
                "page_views": amount(items["Paginaweergaven"]),
            }
        ),
        "customer_table": pd.DataFrame(
            {
                "customer_id": people["Klantnummer"],
                "sector": people["Keuken"],
                "consent": people["Mailtoestemming"].map({"Ja": True, "Nee": False}).astype("boolean"),
                "opted_out": people["Afgemeld"].map({"Ja": True}).astype("boolean"),
            }
        ),
    }


@pytest.fixture(scope="module")
def result(tables):
    settings = next_offer.Settings(bundles=RULES, coupons={"budget": 2000})
    return next_offer.run(tables, settings, RunContext(date(2025, 6, 30), 2025))


def test_counts_are_what_the_truth_says(tables):
    assert [len(tables[name]) for name in ("order_lines", "products", "customer_table")] == [
        TRUTH["order_lines"],
        TRUTH["products"],
        TRUTH["customers"],
    ]
    held = tables["order_lines"].merge(tables["products"], on="product_id").groupby("customer_id")["product_group"].agg(set)
    assert all(not set(groups) & held[name] for name, groups in TRUTH["missing"].items())


def test_planted_missing_groups_are_suggested(result):
    offered = result.offers[result.offers["rank"] <= 3].groupby("customer_id")["item"].agg(set)
    found = [group in offered.get(name, set()) for name, groups in TRUTH["missing"].items() for group in groups]
    assert len(found) > 200 and np.mean(found) >= 0.8


def test_comparable_customers_beat_popularity_on_the_later_months(result):
    assert result.quality["beats_popularity"] and result.quality["better_low"] > 0.2


def test_bundles_respect_every_rule(result):
    table, rules = result.bundles.candidates, {one["name"]: one for one in RULES}
    for row in table.itertuples():
        rule = rules[row.rule]
        assert row.add_group in rule["add"] and row.stock > 0 and row.both >= 5
        assert rule.get("price_from", 0) <= row.price <= rule.get("price_to", np.inf)
    ids = set(table["product"]) | set(table["base"])
    assert TRUTH["sold_out"] not in ids and not ids & set(TRUTH["variants"])


def test_products_planted_together_are_first(result):
    first = result.bundles.table[result.bundles.table["rank"] == 1].set_index("base")
    for pair in TRUTH["together"]:
        if pair["with"] == TRUTH["sold_out"]:
            continue
        assert pair["with"] in set(first.loc[[pair["product"]], "product"]), pair["names"]


def test_coupons_stay_within_budget_and_consent(result, tables):
    people = tables["customer_table"].set_index("customer_id").loc[result.plan.coupons["customer_id"]]
    assert people["consent"].fillna(False).all() and not people["opted_out"].fillna(False).any()
    assert result.plan.totals["expected_cost"] <= 2000
    assert set(result.plan.coupons["kind"]) == {"new", "familiar"}


def test_generator_is_byte_identical_and_small(tmp_path):
    subprocess.run([sys.executable, str(SAMPLE / "generators" / "wholesale_food.py"), str(tmp_path)], check=True)
    for path in tmp_path.iterdir():
        assert path.read_bytes() == (FOLDER / path.name).read_bytes(), path.name
    assert sum(path.stat().st_size for path in tmp_path.iterdir()) < 4_000_000
