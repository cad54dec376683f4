"""The next offer: planted gaps come back, popularity is what to beat, and the later period stays unseen."""

from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from helpers.analyses import next_offer
from helpers.analyses.next_offer import certainty, charts, methods, precompute, reasons, story
from helpers.analyses.next_offer import tables as readable
from helpers.analyses.next_offer.history import history, lookup, purchases, split
from helpers.analyses.next_offer.judging import judge
from helpers.core.results import Refusal, RunContext

MOMENT = RunContext(date(2026, 6, 30), 7)
START = pd.Timestamp("2025-07-01")
SECTORS = {"it": [f"it{i}" for i in range(6)], "vis": [f"vis{i}" for i in range(6)]}
EVERYBODY = ["melk", "zeep", "cola"]


def world(customers=160, seed=1):
    """Two sectors; every customer starts with half of the sector's groups and adds one late; some lack one for good."""
    rng = np.random.default_rng(seed)
    rows, table, missing = [], [], {}
    for at in range(customers):
        name, sector = f"k{at:04d}", list(SECTORS)[at % 2]
        core = list(rng.permutation(SECTORS[sector]))
        if at % 4 < 2:
            missing[name] = core.pop()
        late = core.pop()
        for group in [*core, *rng.permutation(EVERYBODY)[:2]]:
            rows += [(name, group, START + pd.Timedelta(days=int(day))) for day in rng.integers(0, 260, 3)]
        rows.append((name, late, START + pd.Timedelta(days=int(rng.integers(285, 360)))))
        table.append((name, sector, bool(rng.random() < 0.8), bool(rng.random() < 0.1)))
    lines = pd.DataFrame(rows, columns=["customer_id", "product_group", "order_date"])
    lines["order_id"] = lines["customer_id"] + lines["order_date"].dt.strftime("%j")
    lines["line_amount"], lines["quantity"] = 20.0, 1.0
    people = pd.DataFrame(table, columns=["customer_id", "sector", "consent", "opted_out"])
    return {"order_lines": lines, "customer_table": people}, missing


@pytest.fixture(scope="module")
def tables():
    return world()[0]


@pytest.fixture(scope="module")
def result(tables):
    return next_offer.run(tables, next_offer.Settings(), MOMENT)


def test_planted_gaps_are_the_suggestions(result):
    missing = world()[1]
    offered = result.offers.groupby("customer_id")["item"].agg(set)
    assert np.mean([gap in offered.get(name, set()) for name, gap in missing.items()]) >= 0.95


def test_nothing_already_bought_is_suggested(tables, result):
    held = set(zip(tables["order_lines"]["customer_id"], tables["order_lines"]["product_group"], strict=True))
    assert not held & set(zip(result.offers["customer_id"], result.offers["item"], strict=True))


def test_a_better_method_is_used_and_a_random_world_falls_back_to_popularity(result):
    assert result.judgement.used != "popularity" and result.quality["better_low"] > 0
    rng = np.random.default_rng(3)
    lines = pd.DataFrame(
        {
            "customer_id": rng.choice([f"k{i}" for i in range(150)], 2_000),
            "product_group": rng.choice([f"g{i}" for i in range(30)], 2_000, p=np.arange(1, 31) / 465),
            "order_date": START + pd.to_timedelta(rng.integers(0, 365, 2_000), unit="D"),
        }
    )
    lines["order_id"], lines["line_amount"] = lines.index.astype(str), 5.0
    chance = next_offer.run({"order_lines": lines}, next_offer.Settings(), MOMENT)
    assert chance.judgement.used == "popularity" and not chance.quality["beats_popularity"]
    assert "No method beats popularity" in story.headline(chance) and "among those they did not buy yet" in story.headline(chance)
    assert story.finding(result).chance.beaten and "Chance alone would give" in certainty.judged(result)
    even = lines.assign(product_group=rng.choice([f"g{i}" for i in range(30)], 2_000))
    nothing = story.finding(next_offer.run({"order_lines": even}, next_offer.Settings(), MOMENT))
    assert "cannot be foreseen" in nothing.headline and not nothing.chance.beaten
    assert not any(claim.chance.beaten for claim in (*nothing.key_figures, *nothing.actions))


def test_the_later_period_does_not_leak_into_training(tables):
    """Whatever happens after the split, what the methods suggest when they are judged stays the same."""
    settings = next_offer.Settings()
    bought, _ = purchases(tables, settings, MOMENT.as_of)
    earlier, later, days = split(bought, MOMENT.as_of, settings)
    cut = pd.Timestamp(MOMENT.as_of) - pd.Timedelta(days=days)
    assert earlier["order_date"].max() <= cut < later["order_date"].min()
    changed = tables["order_lines"].copy()
    after = changed["order_date"] > cut
    changed.loc[after, "product_group"] = np.roll(changed.loc[after, "product_group"].to_numpy(), 5)
    changed = pd.concat([changed, changed[after].assign(customer_id="new", product_group="brand new")])
    again, _, _ = split(purchases({"order_lines": changed}, settings, MOMENT.as_of)[0], MOMENT.as_of, settings)
    for name in methods.METHODS:
        tops = []
        for part in (earlier, again):
            known = history(part, tables["customer_table"], settings)
            tops.append(methods.top(methods.fit(name, known, settings, 1), known, 3))
        assert np.array_equal(*tops)


def test_lines_after_the_day_of_the_round_count_nowhere(tables, result):
    future = tables["order_lines"].assign(order_date=pd.Timestamp("2026-07-01"), product_group="toekomst")
    both = dict(tables, order_lines=pd.concat([tables["order_lines"], future], ignore_index=True))
    again = next_offer.run(both, next_offer.Settings(), MOMENT)
    pd.testing.assert_frame_equal(again.offers, result.offers)
    pd.testing.assert_frame_equal(again.judgement.methods, result.judgement.methods)


def test_only_new_groups_count_as_hits(tables):
    settings = next_offer.Settings()
    earlier, _, days = split(purchases(tables, settings, MOMENT.as_of)[0], MOMENT.as_of, settings)
    known = history(earlier, None, settings)
    judgement = judge(known, earlier, settings, 1, days)  # the later period repeats the earlier one: nothing is new
    assert (judgement.methods["customers"] == 0).all() and judgement.used == "popularity"
    assert judgement.familiar_rate == 1.0


def test_popularity_and_similarity_by_hand():
    rows = [("a", "x"), ("a", "y"), ("b", "x"), ("b", "y"), ("c", "x"), ("c", "z"), ("d", "y")]
    frame = pd.DataFrame(rows, columns=["customer_id", "item"]).assign(order_id="1", order_date=START)
    settings = next_offer.Settings(fewest_customers=1, shrinkage=1)
    known = history(frame, None, settings)
    popular = methods.fit("popularity", known, settings, 1)[""].popular
    assert popular == pytest.approx([0.75, 0.75, 0.25])
    likeness = methods.fit("similarity", known, settings, 1)[""].likeness
    assert likeness[0, 1] == pytest.approx(2 / (3 + 1)) and likeness[0, 2] == pytest.approx(1 / (np.sqrt(3) + 1))
    best = methods.top(methods.fit("similarity", known, settings, 1), known, 3)
    assert known.items[best[3, 0]] == "x" and best[0].tolist() == [2, -1, -1]
    assert lookup(frame, known).toarray().tolist() == known.bought.toarray().tolist()


@pytest.mark.parametrize("method", methods.METHODS)
def test_reasons_are_those_of_the_method(tables, method):
    """By popularity nobody is like anybody; a group that goes with another is named with it, and is bought."""
    settings = next_offer.Settings()
    known = history(purchases(tables, settings, MOMENT.as_of)[0], tables["customer_table"], settings)
    models = methods.fit(method, known, settings, 1)
    # What no method asks for is a stopgap: it has the reason of popularity, and is not offered.
    offers = reasons.supported(reasons.suggestions(known, methods.top(models, known, 3), models, settings, 1), settings)
    kinds = {
        "popularity": "of all customers buy",
        "sector_popularity": "of the customers in",
        "similarity": "too",
        "factorisation": "most similar|fits",
    }
    assert offers["reason"].str.contains(kinds[method]).all()
    assert (offers["similar_buyers"] <= offers["similar_customers"]).all()
    assert offers.groupby("customer_id")["rank"].agg(lambda ranks: list(ranks) == list(range(1, len(ranks) + 1))).all()
    held = set(zip(tables["order_lines"]["customer_id"], tables["order_lines"]["product_group"], strict=True))
    anchored = offers[offers["anchor"] != ""]
    assert (len(anchored) == len(offers)) == (method == "similarity")
    assert set(zip(anchored["customer_id"], anchored["anchor"], strict=True)) <= held


def test_row_order_does_not_matter_and_input_stays(tables, result):
    before = tables["order_lines"].copy(deep=True)
    shuffled = {name: frame.sample(frac=1, random_state=2) for name, frame in tables.items()}
    again = next_offer.run(shuffled, next_offer.Settings(), MOMENT)
    pd.testing.assert_frame_equal(again.table, result.table)
    pd.testing.assert_frame_equal(again.plan.coupons, result.plan.coupons)
    pd.testing.assert_frame_equal(tables["order_lines"], before)


def test_coupon_plan_keeps_every_rule(tables):
    products = pd.DataFrame(
        {
            "product_id": ["1", "2", "3"],
            "product_group": ["it0", "vis1", "cola"],
            "price": [10.0] * 3,
            "margin": [5.0, 0.5, 5.0],
            "stock": [9.0, 9.0, 0.0],
        }
    )
    rules = {"budget": 60, "exclude": ("melk",), "least_margin": 0.2, "holdout": 0.2}
    plan = next_offer.run(dict(tables, products=products), next_offer.Settings(coupons=rules), MOMENT).plan
    assert not plan.coupons["item"].isin(["melk", "vis1", "cola"]).any()
    assert plan.totals["expected_cost"] <= 60 and plan.totals["left_out_by_budget"] > 0
    by = plan.coupons.groupby("customer_id")["kind"].agg(list)
    assert by.map(lambda kinds: len(kinds) <= 2 and len(set(kinds)) == len(kinds)).all()
    held = plan.people.loc[plan.people["holdout_group"], "customer_id"]
    assert len(held) == round(0.2 * len(plan.people)) and not plan.coupons["customer_id"].isin(held).any()
    people = tables["customer_table"].set_index("customer_id").loc[plan.people["customer_id"]]
    assert people["consent"].all() and not people["opted_out"].any()


def test_holdout_is_drawn_by_lot_and_not_by_value(tables):
    held = [next_offer.run(tables, next_offer.Settings(), RunContext(MOMENT.as_of, seed)).plan.people for seed in (1, 2)]
    first, second = (set(part.loc[part["holdout_group"], "customer_id"]) for part in held)
    assert first != second and len(first) == len(second)


def test_expected_cost_follows_from_its_basis(result):
    coupons, judgement = result.plan.coupons, result.judgement
    new = coupons[coupons["kind"] == "new"]
    assert new["expected_redemption"].eq(judgement.new_rate).all()
    assert new["spend"].to_numpy() == pytest.approx(20.0, rel=0.1)  # one line of 20, seldom two on one day
    assert new["expected_cost"].to_numpy() == pytest.approx((judgement.new_rate * new["spend"] * 0.15).to_numpy())


def test_without_a_later_period_every_coupon_counts_as_used_so_the_budget_holds(tables):
    early = tables["order_lines"][tables["order_lines"]["order_date"] < "2026-03-01"]
    settings = next_offer.Settings(coupons={"budget": 50})
    result = next_offer.run(dict(tables, order_lines=early), settings, MOMENT)
    assert result.plan.totals["cost_if_all_redeem"] <= 50 and (result.plan.coupons["expected_redemption"] == 1).all()
    assert "every coupon is counted as used" in story.planned(result)
    assert "no later period has judged it yet" in story.headline(result)


def test_arithmetic_of_the_method_book():
    banners = precompute.arithmetic(1_000, 1, bytes_per_row=50)
    assert banners.rows == 1_000 and banners.prepare
    cross = precompute.arithmetic(10_000, 10_000, bytes_per_row=50)
    assert cross.rows == 10**8 and cross.size_bytes == 5 * 10**9 and not cross.prepare
    assert "too much to prepare" in story.prepared(cross).text


def test_small_and_odd_tables_are_refused_with_reasons(tables):
    lines = tables["order_lines"]
    few = next_offer.run({"order_lines": lines[lines["customer_id"] < "k0010"]}, next_offer.Settings(), MOMENT)
    flat = next_offer.run({"order_lines": lines.assign(product_group="x")}, next_offer.Settings(), MOMENT)
    none = next_offer.run({"order_lines": lines.drop(columns="product_group")}, next_offer.Settings(), MOMENT)
    nothing = next_offer.run({}, next_offer.Settings(), MOMENT)
    assert all(isinstance(refusal, Refusal) and refusal.gate.instead for refusal in (few, flat, none, nothing))
    assert nothing.gate.needs.startswith("Order lines of ") and "days" not in nothing.gate.needs, "nothing was cut in time"
    assert " 90 days" in few.gate.needs


def test_single_products_can_be_suggested_too(tables):
    lines = tables["order_lines"].rename(columns={"product_group": "product_id"})
    result = next_offer.run({"order_lines": lines}, next_offer.Settings(level="product_id"), MOMENT)
    assert result.quality["items"] == 15


def test_every_picture_record_and_export_can_be_made(result):
    for record in (
        charts.methods(result),
        charts.offered(result),
        charts.gaps(result),
        story.answer(result),
        readable.methods_table(result),
        readable.offers_table(result),
        readable.coupons_table(result),
        certainty.how_sure(result),
        story.actions(result),
        story.prepared(result.arithmetic),
    ):
        assert record.to_html() and record.to_text()
    assert readable.bundles_table(result) is None and charts.bundles(result) is None and readable.bundle_list(result).empty
    assert story.finding(result).to_json()["headline"] == story.headline(result)
    assert list(readable.offer_list(result)) == ["customer_id", "rank", "item", "reason"]
    held = result.plan.people.loc[result.plan.people["holdout_group"], "customer_id"]
    assert not readable.coupon_list(result)["customer_id"].isin(held).any()


SHARED = Path(__file__).parents[3] / "shared" / "data"


@pytest.mark.slow
@pytest.mark.skipif(not (SHARED / "complete_journey").exists(), reason="the public data complete_journey is not on this machine")
def test_complete_journey_says_whether_anything_beats_popularity():
    lines = pd.read_parquet(SHARED / "complete_journey" / "transactions_sample.parquet")
    products = pd.read_parquet(SHARED / "complete_journey" / "products.parquet")
    tables = {
        "order_lines": pd.DataFrame(
            {
                "order_id": lines["basket_id"],
                "customer_id": lines["household_id"],
                "order_date": lines["transaction_timestamp"],
                "product_id": lines["product_id"],
                "quantity": lines["quantity"],
                "line_amount": lines["sales_value"],
            }
        ),
        "products": products.rename(columns={"product_category": "product_group"})[["product_id", "product_group"]],
    }
    result = next_offer.run(tables, next_offer.Settings(suggestions=10), RunContext(date(2017, 12, 31), 1))
    print(result.judgement.methods.to_string())
    beats_popularity_or_says_so(result)


@pytest.mark.drill
@pytest.mark.skipif(not (SHARED / "online_retail").exists(), reason="the public data online_retail is not on this machine")
def test_online_retail_products_beat_popularity():
    raw = pd.read_parquet(SHARED / "online_retail" / "online_retail.parquet")
    raw = raw[~raw["StockCode"].isin(["POST", "DOT", "M", "D", "BANK CHARGES", "C2", "CRUK", "PADS", "S", "AMAZONFEE"])]
    lines = pd.DataFrame(
        {
            "order_id": raw["InvoiceNo"],
            "customer_id": raw["CustomerID"].astype("str").where(raw["CustomerID"].notna()),
            "order_date": raw["InvoiceDate"],
            "product_id": raw["StockCode"],
            "quantity": raw["Quantity"].astype(float),
            "line_amount": raw["Quantity"] * raw["UnitPrice"],
        }
    )
    settings = next_offer.Settings(level="product_id", suggestions=10, factors=32)
    result = next_offer.run({"order_lines": lines}, settings, RunContext(date(2011, 12, 9), 1))
    print(result.judgement.methods.to_string())
    beats_popularity_or_says_so(result)
    assert result.quality["beats_popularity"]
    assert result.quality["hit_rate"] > result.quality["popularity"]


def beats_popularity_or_says_so(result):
    """The method in use beats popularity beyond chance, or popularity is used and the heading says so."""
    if result.quality["beats_popularity"]:
        assert result.quality["better_low"] > 0
    else:
        assert result.judgement.used == "popularity" and "No method beats popularity" in story.headline(result)
    assert result.judgement.methods["customers"].min() > 100


@pytest.mark.parametrize("of_nothing", [0, 7])
def test_lines_of_zero_pieces_are_no_returns_and_are_counted_by_themselves(of_nothing: int):
    lines = pd.DataFrame(
        {
            "customer_id": "c1",
            "order_id": [f"o{n}" for n in range(20)],
            "order_date": pd.Timestamp("2025-05-01"),
            "product_group": "a",
            "quantity": [0.0] * of_nothing + [-1.0] * 2 + [1.0] * (18 - of_nothing),
            "line_amount": [0.0] * of_nothing + [-5.0] * 2 + [5.0] * (18 - of_nothing),
        }
    )
    bought, counts = purchases({"order_lines": lines}, next_offer.Settings(), date(2025, 6, 1))
    assert (counts["returns"], counts["of_nothing"], len(bought)) == (2, of_nothing, 18 - of_nothing)


def test_lines_of_zero_pieces_are_told_only_where_there_are_some(tables):
    clean = next_offer.run(tables, next_offer.Settings(), MOMENT)
    assert not any("zero pieces" in note for note in clean.notes)
    zero = tables["order_lines"].head(3).assign(quantity=0.0)
    more = tables | {"order_lines": pd.concat([tables["order_lines"], zero], ignore_index=True)}
    result = next_offer.run(more, next_offer.Settings(), MOMENT)
    assert any(note.startswith("3 order lines of zero pieces") for note in result.notes) and " 3 returns" not in result.notes[0]
