"""Bundles: every rule is kept, variants are one product, and weights decide only among what the rules allow."""

from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.analyses.next_offer.bundles import bundles, pairs_without_rule, what_if
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


def baskets(seed, planted, products=40, groups=8, receipts=2_600):
    """Receipts of several sizes and seasons; where planted, whoever buys the first product takes the second in six of ten."""
    rng = np.random.default_rng([46, seed])
    liked = rng.gamma(1.5, size=products)
    rows = []
    for at in range(receipts):
        month = int(rng.integers(12))
        season = liked * np.where(np.arange(products) % groups == month % groups, 4, 1)
        chosen = list(rng.choice(products, int(rng.integers(1, 9)), replace=False, p=season / season.sum()))
        if planted and 0 not in chosen and rng.random() < 0.1:
            chosen.append(0)
        if planted and 0 in chosen and 9 not in chosen and rng.random() < 0.6:
            chosen.append(9)
        rows += [(f"o{at}", pd.Timestamp(2025, month + 1, 5), f"p{n}", f"name {n}", f"group {n % groups}", 1.0) for n in chosen]
    return pd.DataFrame(rows, columns=["order_id", "order_date", "product_id", "product_name", "product_group", "quantity"])


@pytest.mark.parametrize("seed", range(2))
def test_without_a_rule_the_planted_pair_is_named_beside_chance(seed):
    pairs = pairs_without_rule(baskets(seed, planted=True), None, Settings())
    top = pairs.iloc[0]
    assert {top["first"], top["second"]} == {"name 0", "name 9"} and top["both"] > 1.5 * top["expected"]
    products = pairs[pairs["level"] == "product_id"]
    assert len(products) == 1 and products["looked_at"].iloc[0] == 40 * 39 / 2 + 8 * 7 / 2


def test_baskets_dealt_by_themselves_show_no_pair():
    """Sizes and seasons differ, which alone makes many pairs look bought together."""
    shown = [len(pairs_without_rule(baskets(seed, planted=False), None, Settings())) for seed in range(4)]
    assert sum(shown) == 0


def test_no_pairs_beside_a_rule_or_without_products():
    lines = baskets(0, planted=True, receipts=50)
    assert pairs_without_rule(lines, None, Settings(bundles=(RULE,))) is None
    assert pairs_without_rule(lines.drop(columns="product_id"), None, Settings()) is None
    assert pairs_without_rule(lines.head(1), None, Settings()).empty


def test_lines_alone_are_an_assortment():
    lines = baskets(0, planted=True)
    rule = BundleRule(name="x", base="group 0", add=("group 1",))
    by_lines = bundles(lines, lines, {}, Settings(bundles=(rule,)))
    products = lines[["product_id", "product_name", "product_group"]].drop_duplicates("product_id")
    by_table = bundles(lines, lines, {"products": products}, Settings(bundles=(rule,)))
    pd.testing.assert_frame_equal(by_lines.table, by_table.table)
    top = by_lines.table.sort_values("expected_conversion").iloc[-1]
    assert (top["base_name"], top["product_name"]) == ("name 0", "name 9")
    nameless = bundles(lines, lines, {"products": products[["product_id", "product_name"]]}, Settings(bundles=(rule,)))
    pd.testing.assert_frame_equal(nameless.table, by_table.table)
