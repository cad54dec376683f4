"""Every number that decides which offers are made and what is said of them, just below and just above it."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from scipy import sparse

from helpers.analyses.next_offer import certainty, coupons, detect, judging, precompute, reasons
from helpers.analyses.next_offer.bundles import bundles
from helpers.analyses.next_offer.bundles.pairs import roots, together
from helpers.analyses.next_offer.bundles.ranking import FACTORS, obeys, rank
from helpers.analyses.next_offer.gate import Observed, gate_of
from helpers.analyses.next_offer.history import History, history, purchases, split
from helpers.analyses.next_offer.settings import BundleRule, Coupons, Settings, Weights

AS_OF = date(2026, 6, 30)
END = pd.Timestamp(AS_OF)


def past(bought: np.ndarray, orders: np.ndarray | None = None) -> History:
    """Return a history of customers × items without sectors."""
    customers = np.array([f"c{number:05d}" for number in range(len(bought))], dtype=object)
    items = np.array([f"g{number}" for number in range(bought.shape[1])], dtype=object)
    matrix = sparse.csr_array(np.asarray(bought, dtype=np.float32))
    counts = matrix if orders is None else sparse.csr_array(np.asarray(orders, dtype=np.float32))
    return History(customers, items, matrix, counts, np.full(len(customers), "", dtype=object))


def lines(rows: list[tuple[str, str]]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["customer_id", "item"])
    return frame.assign(order_id="o", order_date=END, amount=10.0)


# ---- The gate ----


@pytest.mark.parametrize(
    ("customers", "items", "later", "kind"),
    [(50, 4, 50, "not_yet"), (50, 5, 50, "go"), (50, 6, 50, "go"), (49, 5, 50, "not_yet"), (51, 5, 51, "go"), (50, 5, 49, "caution")],
)
def test_five_groups_and_fifty_customers_open_the_gate_and_fifty_later_lines_judge(customers, items, later, kind):
    bought = np.ones((customers, items))
    bought[:, 0] = np.arange(customers) % 2
    observed = Observed(past(bought), lines([]), lines([("c00000", "g0")] * later), 90, {})
    assert gate_of(observed, Settings(), 1).verdict.kind == kind


@pytest.mark.parametrize(("lacking", "kind"), [(0, "not_yet"), (1, "go")])
def test_somebody_has_to_lack_something(lacking, kind):
    bought = np.ones((60, 5))
    bought[:lacking, 0] = 0
    observed = Observed(past(bought), lines([]), lines([("c00000", "g0")] * 60), 90, {})
    assert gate_of(observed, Settings(), 1).verdict.kind == kind


def test_the_trial_looks_at_2000_customers():
    bought = np.zeros((2100, 2))
    later = lines([(f"c{number:05d}", "g0") for number in range(2100)])
    assert detect.detectable(past(bought), later, Settings(), 1).customers == 2000


# ---- History ----


@pytest.mark.parametrize(("span", "days"), [(8, 7), (31, 7), (32, 8), (359, 89), (360, 90), (2000, 90)])
def test_the_later_period_is_a_quarter_of_the_history_from_a_week_to_ninety_days(span, days):
    bought = lines([("a", "x")]).assign(order_date=END - pd.Timedelta(days=span - 1))
    assert split(bought, AS_OF, Settings())[2] == days


def test_the_later_period_starts_the_day_after_the_split():
    bought = lines([("a", "x"), ("b", "x")]).assign(order_date=[END - pd.Timedelta(days=7), END - pd.Timedelta(days=6)])
    earlier, later, _days = split(bought, AS_OF, Settings(later_days=7))
    assert (earlier["customer_id"].tolist(), later["customer_id"].tolist()) == (["a"], ["b"])


@pytest.mark.parametrize(("customers", "items"), [(4, []), (5, ["x"])])
def test_a_group_needs_five_customers(customers, items):
    assert history(lines([(f"c{number}", "x") for number in range(customers)]), None, Settings()).items.tolist() == items


@pytest.mark.parametrize(("customers", "sector"), [(29, ""), (30, "it")])
def test_a_sector_of_thirty_stands_alone(customers, sector):
    bought = lines([(f"c{number:02d}", "x") for number in range(customers)])
    table = pd.DataFrame({"customer_id": bought["customer_id"], "sector": "it"})
    assert set(history(bought, table, Settings()).sector) == {sector}


@pytest.mark.parametrize(("quantity", "amount", "count"), [(1.0, 0.0, 1), (0.0, 5.0, 0), (0.5, 5.0, 1), (1.0, -0.01, 0)])
def test_a_return_is_a_line_without_pieces_or_with_money_back(quantity, amount, count):
    line = {"customer_id": "a", "order_id": "1", "order_date": END, "product_group": "x", "quantity": quantity, "line_amount": amount}
    assert len(purchases({"order_lines": pd.DataFrame([line])}, Settings(), AS_OF)[0]) == count


# ---- Judging ----


def test_the_interval_of_a_difference_is_two_sided_95_percent():
    better, low, high = judging._paired(np.array([True, True, False, False]), np.array([False, False, False, False]))
    assert (better, low, high) == pytest.approx((0.5, 0.5 - 1.96 * 0.288675, 0.5 + 1.96 * 0.288675), abs=1e-6)
    assert np.isnan(judging._paired(np.array([True]), np.array([False]))).all()


def test_what_is_familiar_and_bought_again_counts_from_two_orders():
    known = past(np.ones((2, 2)), np.array([[1, 2], [2, 3]]))
    assert judging._familiar(known, known.bought[[0, 1]] * np.array([[0, 1]]), Settings()) == (pytest.approx(2 / 3), 3)


def rivals(wins: int, losses: int) -> tuple[str, judging.Chance]:
    """One rival that hits where popularity misses so often, and the other way round, among 200 customers; and one that never differs."""
    base, other = np.arange(200) < losses, (np.arange(200) >= 100) & (np.arange(200) < 100 + wins)
    hits = {"popularity": base, "similarity": other, "factorisation": base}
    trials = {name: judging._Trial(row, 0.5, 0.5, 0.5) for name, row in hits.items()}
    table = pd.DataFrame([judging._row(name, trial, base) for name, trial in trials.items()], columns=judging._COLUMNS)
    return judging._best_rival(table, trials, 1)


@pytest.mark.parametrize(("wins", "losses", "ahead"), [(6, 0, True), (3, 0, False), (20, 8, True), (16, 9, False), (5, 5, False)])
def test_a_rival_must_lead_by_more_than_the_lot_gives(wins, losses, ahead):
    name, chance = rivals(wins, losses)
    assert name == ("similarity" if wins > losses else "factorisation")
    assert chance.beaten == ahead and chance.figure == pytest.approx(max(wins - losses, 0) / 200)


def test_hits_are_set_beside_groups_drawn_by_lot():
    """Of five groups four are lacking, one of them is bought later, and one is suggested: by lot one of four is hit."""
    known = past(np.tile([1, 0, 0, 0, 0], (200, 1)))
    fresh = past(np.tile([0, 1, 0, 0, 0], (200, 1))).bought
    for hits, beaten in ((50, False), (64, True)):
        chance = judging._against_the_lot(known, fresh, np.arange(200) < hits, 1, 1)
        assert chance.expected == pytest.approx(0.25, abs=0.005) and chance.beaten == beaten


@pytest.mark.parametrize(
    ("beats", "foreseen", "kind", "word"),
    [(True, True, "go", "beats"), (False, True, "caution", "popularity"), (False, False, "caution", "no better than chance")],
)
def test_the_verdict_follows_from_beating_popularity_and_chance(beats, foreseen, kind, word):
    judgement = SimpleNamespace(hits=SimpleNamespace(beaten=foreseen))
    verdict = certainty.verdict(SimpleNamespace(quality={"beats_popularity": beats}, judgement=judgement))
    assert verdict.kind == kind and word in verdict.word


# ---- Reasons ----


def test_a_suggestion_needs_two_similar_buyers():
    offers = pd.DataFrame({"customer_id": ["a", "a", "a"], "similar_buyers": [1, 2, 3], "rank": [1, 2, 3]})
    assert reasons.supported(offers, Settings())[["similar_buyers", "rank"]].values.tolist() == [[2, 1], [3, 2]]


@pytest.mark.parametrize(
    ("chosen_by", "words"),
    [
        ({}, "40 % of all customers buy x"),
        ({"sector": "it"}, "40 % of the customers in it buy x"),
        ({"anchor": "y"}, "Customers who buy y often buy x too"),
        ({"alike": True, "buyers": 2}, "2 of the 9 most similar customers buy x"),
        ({"alike": True, "buyers": 1}, "x fits the pattern of what this customer buys"),
    ],
)
def test_the_reason_given_is_the_reason_used(chosen_by, words):
    given = {"item": "x", "buyers": 5, "compared": 9, "sector": "", "share": 0.4, "anchor": "", "alike": False} | chosen_by
    assert reasons._text(**given).replace("\N{NO-BREAK SPACE}", " ") == words


# ---- The coupon plan ----


def plan_of(known: History, tables: dict | None = None, new_rate: float = 0.5, familiar_rate: float = 0.5, **rules) -> coupons.Plan:
    """Return a plan in which every purchase costs 10 and g0 is suggested to everybody who lacks it."""
    settings = Settings(coupons=Coupons(**{"holdout": 0.01} | rules))
    judgement = judging.Judgement(pd.DataFrame(), "popularity", new_rate, familiar_rate, 1, 90)
    rows, columns = known.bought.nonzero()
    bought = lines(list(zip(known.customers[rows], known.items[columns], strict=True)))
    lacking = known.customers[known.bought[:, [0]].toarray().ravel() == 0]
    offers = pd.DataFrame({"customer_id": lacking, "item": "g0", "rank": 1, "reason": "why"})
    return coupons.plan(known, offers, bought, judgement, tables or {}, settings, 1)


@pytest.mark.parametrize(("orders", "kinds"), [(1, []), (2, ["familiar"]), (3, ["familiar"])])
def test_a_group_is_familiar_from_two_orders(orders, kinds):
    known = past(np.ones((1, 1)), np.full((1, 1), orders))
    assert plan_of(known).coupons["kind"].tolist() == kinds


@pytest.mark.parametrize(
    ("margin", "stock", "left_out"), [(2.0, 1.0, ""), (1.99, 1.0, "margin"), (2.0, 0.99, "stock"), (np.nan, np.nan, "")]
)
def test_a_group_needs_its_margin_and_stock(margin, stock, left_out):
    products = pd.DataFrame({"product_group": ["g0"], "price": [10.0], "margin": [margin], "stock": [stock]})
    settings = Settings(coupons=Coupons(least_margin=0.2))
    facts = coupons.item_facts(past(np.ones((1, 1))), lines([("c00000", "g0")]), {"products": products}, settings)
    assert facts["left_out"].tolist() == [left_out]


@pytest.mark.parametrize(("budget", "customers"), [(2.99, 1), (3.0, 2), (3.01, 2)])
def test_the_budget_is_spent_to_the_last_cent_and_no_further(budget, customers):
    known = past(np.ones((2, 1)), np.full((2, 1), 2))  # one familiar coupon each: 10 × 15 % = 1.50 when surely redeemed
    assert plan_of(known, familiar_rate=float("nan"), budget=budget).totals["customers"] == customers


@pytest.mark.parametrize(("share", "held"), [(0.1, 2), (0.13, 3), (0.5, 10)])
def test_the_holdout_is_the_share_that_was_set(share, held):
    assert plan_of(past(np.ones((20, 1)), np.full((20, 1), 2)), holdout=share).totals["holdout"] == held


@pytest.mark.parametrize(
    ("consent", "opted_out", "written"), [(True, False, 1), (False, False, 0), (None, False, 0), (True, True, 0), (True, None, 1)]
)
def test_consent_must_be_given_and_an_objection_beats_it(consent, opted_out, written):
    people = pd.DataFrame({"customer_id": ["c00000"]})
    people["consent"], people["opted_out"] = (pd.array([flag], dtype="boolean") for flag in (consent, opted_out))
    plan = plan_of(past(np.ones((1, 1)), np.full((1, 1), 2)), {"customer_table": people})
    assert len(plan.people) == written


# ---- Preparing beforehand ----


@pytest.mark.parametrize(("rows", "prepare"), [(50_000_000, True), (50_000_001, False)])
def test_fifty_million_rows_can_be_prepared(rows, prepare):
    assert precompute.arithmetic(rows, 1, bytes_per_row=1).prepare is prepare


# ---- Bundles ----

DAY = pd.Timestamp("2025-06-02")
PRODUCTS = pd.DataFrame(
    [("L1", "laptop", 900.0, 5.0), ("L2", "laptop", 900.0, 5.0), ("T1", "bag", 40.0, 5.0), ("T2", "bag", 60.0, 5.0)],
    columns=["product_id", "product_group", "price", "stock"],
).assign(product_name="p")


def candidates(orders: list[list[str]]) -> pd.DataFrame:
    rows = [(f"o{at}", product) for at, order in enumerate(orders) for product in order]
    sold = pd.DataFrame(rows, columns=["order_id", "product_id"]).assign(quantity=1.0, order_date=DAY)
    made = bundles(sold, sold, {"products": PRODUCTS}, Settings(bundles=(BundleRule(name="r", base="laptop", add=("bag",)),)))
    assert made is not None
    return made.candidates.set_index(["base", "product"])


@pytest.mark.parametrize(("orders", "count"), [(4, 0), (5, 1)])
def test_a_bundle_needs_five_orders_with_both(orders, count):
    assert len(candidates([["L1", "T1"]] * orders + [["L1"]] * 10)) == count


def test_the_group_of_main_products_weighs_as_twenty_orders():
    table = candidates([["L1", "T1"]] * 10 + [["L2"]] * 30)
    # The group: 10 of 40 orders. L1: (10 + 20 × 0.25) / (10 + 20).
    assert table.loc[("L1", "T1"), "expected_conversion"] == pytest.approx(0.5)


def test_a_return_sells_nothing_and_a_sold_out_main_product_gets_no_bundle():
    sold = pd.DataFrame([(f"o{at}", product) for at in range(6) for product in ("L1", "T1")], columns=["order_id", "product_id"])
    sold = sold.assign(order_date=DAY)
    settings = Settings(bundles=(BundleRule(name="r", base="laptop", add=("bag",)),))
    made = {quantity: bundles(sold.assign(quantity=quantity), sold, {"products": PRODUCTS}, settings) for quantity in (-1.0, 1.0)}
    assert [len(outcome.candidates) for outcome in made.values()] == [0, 1]
    gone = PRODUCTS.assign(stock=[0.0, 5.0, 5.0, 5.0])
    assert bundles(sold.assign(quantity=1.0), sold, {"products": gone}, settings).candidates.empty


def test_as_many_ranks_as_were_set_and_no_more():
    weighed = pd.DataFrame({"rule": "r", "base": "L1", "add_group": "bag", "product": ["T1", "T2", "T3"]})
    weighed = weighed.assign(**{f"ground_{name}": [0.9, 0.5, 0.1] for name in FACTORS})
    assert rank(weighed, Weights(), 2)["product"].tolist() == ["T1", "T2"]


def test_what_sells_least_has_place_0_and_most_place_1():
    table = candidates([["L1", "T1"]] * 10 + [["L1", "T2"]] * 6)
    assert table["ground_units"].to_dict() == {("L1", "T1"): 1.0, ("L1", "T2"): 0.0}
    assert table["ground_price"].to_dict() == {("L1", "T1"): 1.0, ("L1", "T2"): 0.0}
    assert set(table["ground_stock"]) == {0.5}  # all the same: in the middle


@pytest.mark.parametrize(
    ("price", "stock", "fits"), [(9.99, 1, False), (10.0, 1, True), (20.0, 1, True), (20.01, 1, False), (15.0, 0, False), (15.0, 0.5, True)]
)
def test_a_rule_holds_at_its_borders(price, stock, fits):
    rule = BundleRule(name="r", base="laptop", add=("bag",), price_from=10, price_to=20)
    product = pd.DataFrame({"product_group": ["bag"], "price": [price], "stock": [stock]})
    assert obeys(rule, "bag", product).tolist() == [fits]


@pytest.mark.parametrize(("products", "counted"), [(50, 50), (51, 0)])
def test_orders_of_more_than_fifty_products_say_nothing(products, counted):
    order = pd.DataFrame({"order_id": "o", "product_id": [f"p{number}" for number in range(products)]})
    assert len(together(order, Settings().largest_order)[1]) == counted


@pytest.mark.parametrize(("depth", "root"), [(10, "p0"), (11, "p1")])
def test_a_variant_of_a_variant_is_followed_ten_times(depth, root):
    parents = [None, *(f"p{number}" for number in range(depth))]
    chain = pd.DataFrame({"product_id": [f"p{number}" for number in range(depth + 1)], "product_variant_of": parents})
    assert roots(chain)[f"p{depth}"] == root


def test_what_a_client_gets_who_sets_nothing():
    assert Settings().model_dump() == {
        "level": "product_group",
        "sector": "sector",
        "customers_per_sector": 30,
        "suggestions": 3,
        "later_days": None,
        "shrinkage": 10,
        "factors": 12,
        "neighbours": 9,
        "least_similar": 2,
        "fewest_customers": 5,
        "most_items": 5000,
        "exclude": (),
        "customers_needed": 50,
        "coupons": {
            "budget": None,
            "discount": 0.15,
            "per_customer": 2,
            "exclude": (),
            "least_margin": 0.0,
            "least_stock": 1,
            "holdout": 0.1,
            "familiar_orders": 2,
            "need_consent": True,
        },
        "bundles": (),
        "bundle_weights": {"conversion": 1.0, "units": 0.2, "price": 0.1, "views": 0.1, "stock": 0.1},
        "bundle_support": 5,
        "bundles_per_product": 3,
        "largest_order": 50,
    }
