"""Bundles: every rule is kept, variants are one product, and weights decide only among what the rules allow."""

from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.analyses.next_offer.bundles import bundles, what_if
from helpers.analyses.next_offer.bundles.pairs import merged, roots, together
from helpers.analyses.next_offer.bundles.ranking import rank
from helpers.analyses.next_offer.settings import BundleRule, Settings, Weights

DAY = pd.Timestamp(date(2026, 1, 1))
PRODUCTS = pd.DataFrame(
    [
        ("L1", "Laptop", "laptop", None, 900.0, 10.0, 500),
        ("L1b", "Laptop zwart", "laptop", "L1", 950.0, 5.0, 50),
        ("T1", "Tas", "tas", None, 40.0, 20.0, 90),
        ("T2", "Dure tas", "tas", None, 190.0, 20.0, 10),
        ("T3", "Uitverkocht", "tas", None, 30.0, 0.0, 10),
        ("T4", "Zelden", "tas", None, 35.0, 9.0, 10),
        ("M1", "Muis", "muis", None, 25.0, 8.0, 40),
        ("M1r", "Muis rood", "muis", "M1", 25.0, 8.0, 5),
        ("M2", "Muis groot", "muis", None, 28.0, 800.0, 400),
    ],
    columns=["product_id", "product_name", "product_group", "product_variant_of", "price", "stock", "page_views"],
)
RULE = BundleRule(name="Laptop", base="laptop", add=("tas", "muis"), price_to=100)


def lines(orders):
    rows = [(f"o{at}", product) for at, order in enumerate(orders) for product in order]
    return pd.DataFrame(rows, columns=["order_id", "product_id"]).assign(quantity=1.0, order_date=DAY)


SOLD = lines(
    [["L1", "T1"]] * 12
    + [["L1b", "M1r"]] * 12
    + [["L1", "T2"]] * 9
    + [["L1", "T3"]] * 9
    + [["L1", "T4"]] * 2
    + [["L1", "M2"]] * 6
    + [["M2"]] * 30
)


def laptop_bundles(**settings):
    return bundles(SOLD, SOLD, {"products": PRODUCTS}, Settings(bundles=(RULE,), **settings))


def test_every_rule_is_kept():
    table = laptop_bundles(bundles_per_product=20).candidates
    assert set(table["product"]) == {"T1", "M1", "M2"}  # too dear, sold out and too rare are not there
    assert (table["price"] <= 100).all() and (table["stock"] > 0).all() and (table["both"] >= 5).all()
    assert set(table["base"]) == {"L1"}  # the variant is the same product


def test_variants_are_one_product_and_their_stock_is_added():
    range_ = merged(PRODUCTS)
    assert "L1b" not in range_.index and range_.loc["L1", "stock"] == 15 and range_.loc["L1", "price"] == 900
    chain = PRODUCTS.assign(product_variant_of=["", "L1", "L1b"] + [None] * 6)
    assert roots(chain)["T1"] == "L1"


def test_expected_conversion_is_the_share_of_orders_drawn_to_the_group():
    table = laptop_bundles().candidates.set_index("product")
    assert table.loc["T1", "both"] == 12
    assert table.loc["T1", "expected_conversion"] == pytest.approx(12 / 50)  # one main product: its share is the usual one


def test_weights_decide_between_conversion_and_stock():
    current = laptop_bundles()
    first = current.table[(current.table["rank"] == 1) & (current.table["add_group"] == "muis")]["product"].iloc[0]
    assert first == "M1"
    changed = what_if(current, Weights(conversion=0.1, stock=5, units=0, price=0, views=0))
    assert changed.set_index("add_group")["changed"].to_dict() == {"muis": True, "tas": False}


ALLOWED = laptop_bundles().candidates


@given(st.lists(st.floats(0, 10), min_size=5, max_size=5).filter(lambda weights: sum(weights) > 0.01))
def test_no_weights_let_a_forbidden_product_in(given_weights):
    names = ("conversion", "units", "price", "views", "stock")
    table = rank(ALLOWED, Weights(**dict(zip(names, given_weights, strict=True))), 3)
    assert set(table["product"]) <= {"T1", "M1", "M2"} and table["weighed"].between(0, 1).all()


def test_large_orders_say_nothing():
    both, ids, _ = together(lines([["a", "b"], [f"p{i}" for i in range(60)]]), 50)
    assert ids.tolist() == ["a", "b"] and both.toarray().tolist() == [[1, 1], [1, 1]]


def test_the_check_counts_later_orders_only():
    later = lines([["L1", "T1"]] * 3 + [["L1"]] * 7)
    check = bundles(SOLD, later, {"products": PRODUCTS}, Settings(bundles=(RULE,))).check.set_index("what")
    assert check.loc["ranked", ["orders", "with_it"]].tolist() == [20, 3]  # two first ranks, ten orders each


def test_without_rules_or_fitting_products_there_are_none():
    assert bundles(SOLD, SOLD, {"products": PRODUCTS}, Settings()) is None
    assert bundles(SOLD, SOLD, {}, Settings(bundles=(RULE,))) is None
    other = BundleRule(name="x", base="laptop", add=("fiets",))
    empty = bundles(SOLD, SOLD, {"products": PRODUCTS}, Settings(bundles=(other,)))
    assert empty.table.empty and np.isnan(empty.check["conversion"]).all()


def test_unknown_price_and_stock_do_not_forbid():
    bare = PRODUCTS[["product_id", "product_name", "product_group"]]
    table = bundles(SOLD, SOLD, {"products": bare}, Settings(bundles=(RULE,))).candidates
    assert {"T1", "T2", "T3"} <= set(table["product"])
