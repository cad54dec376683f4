"""Untapped potential: the contract of an analysis, the quantile fit, planted potential and wasted effort."""

from __future__ import annotations

import json
from datetime import date

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import adjusted_rand_score

from helpers.analyses import potential as room
from helpers.analyses.potential.effort import association, experiment_size
from helpers.analyses.potential.features import features, is_refill
from helpers.analyses.potential.estimate import estimate_potential
from helpers.analyses.potential.peers import design
from helpers.analyses.potential.segments import fit_segments, kind_of, marks, revenue_level
from helpers.analyses.potential.settings import CONTEXT, PURCHASES
from helpers.core.results import Finding, Refusal, RunContext
from helpers.sources.customers import customer_table
from helpers.story import Picture

AS_OF = date(2023, 12, 31)
MOMENT = RunContext(AS_OF, 7)
QUICK = room.Settings(draws=20)


def trade(customers=300, seed=4, dead=20):
    """Half of the customers buy nine tenths of what their devices need, half a third; two kinds of brand buyers."""
    rng = np.random.default_rng(seed)
    ids = [f"K{number:04d}" for number in range(customers + dead)]
    devices = np.maximum(1, np.rint(rng.lognormal(1.5, 0.6, customers))).astype(int)
    good = np.arange(customers) % 2 == 0
    spend = 1_000 * devices * np.where(good, 0.9, 0.3) * rng.lognormal(0, 0.1, customers)
    lines = []
    for at in range(customers):
        count = 10 if good[at] else 3
        for order, day in enumerate(np.sort(rng.choice(364, count, replace=False))):
            when = pd.Timestamp("2023-01-01") + pd.Timedelta(days=int(day))
            for product, share in (("own", 0.8 if good[at] else 0.2), ("other", 0.2 if good[at] else 0.8)):
                lines.append((f"O{at:04d}-{order}", ids[at], when, product, round(spend[at] / count * share, 2)))
    lines = pd.DataFrame(lines, columns=["order_id", "customer_id", "order_date", "product_id", "line_amount"])
    contacts = np.r_[np.where(good, 5, 10), np.full(dead, 4)]
    sent = pd.DataFrame({"campaign_id": "C1", "customer_id": np.repeat(ids, contacts), "contact_cost": 2.5})
    sent["sent_date"] = pd.Timestamp("2023-03-01") + pd.to_timedelta(rng.integers(0, 200, len(sent)), unit="D")
    listed = pd.DataFrame(
        {
            "customer_id": ids,
            "sector": ["Hotel", "Hotel", "School", "School"] * ((customers + dead) // 4),
            "postcode": np.where(np.arange(customers + dead) % 3 == 0, "10115", "20095"),
        }
    )
    orders = (
        lines.groupby("order_id")
        .agg(customer_id=("customer_id", "first"), order_date=("order_date", "first"), order_amount=("line_amount", "sum"))
        .reset_index()
    )
    return {
        "order_lines": lines,
        "orders": orders,
        "campaigns": sent,
        "products": pd.DataFrame(
            {"product_id": ["own", "other"], "own_brand": pd.array([True, False], "boolean"), "product_group": ["Refills cold", "Cups"]}
        ),
        "usage": pd.DataFrame(
            {"customer_id": ids[:customers], "devices": devices, "usage_date": pd.Timestamp("2023-10-01"), "usage_amount": devices * 100.0}
        ),
        "external": pd.DataFrame({"external_key": ["101", "20"], "external_measure": "power", "external_value": [90.0, 110.0]}),
        "customer_table": customer_table({"orders": orders, "customers": listed}, AS_OF),
    }


@pytest.fixture(scope="module")
def tables():
    return trade()


@pytest.fixture(scope="module")
def result(tables):
    return room.run(tables, QUICK, MOMENT)


# the contract


def test_every_customer_stands_in_the_table_once(tables, result):
    assert list(result.table["customer_id"]) == sorted(tables["customer_table"]["customer_id"])
    assert result.table.columns[0] == "customer_id"
    assert result.profile["customers"].sum() == (~result.table["dead_record"]).sum()
    assert result.profile["share"].sum() == pytest.approx(1)
    assert all(isinstance(value, float) for value in result.quality.values())


def test_inputs_stay_as_they_were(tables):
    before = {name: frame.copy(deep=True) for name, frame in tables.items()}
    room.run(tables, QUICK, MOMENT)
    for name, frame in tables.items():
        pd.testing.assert_frame_equal(frame, before[name])


def test_same_seed_same_result_and_row_order_does_not_matter(tables, result):
    again = room.run({name: frame.sample(frac=1, random_state=5) for name, frame in tables.items()}, QUICK, MOMENT)
    pd.testing.assert_frame_equal(again.table, result.table)
    pd.testing.assert_frame_equal(again.profile, result.profile)
    assert again.quality == result.quality


def test_equal_customers_share_segment_and_potential(tables):
    """Every customer twice, under another name: the twin stands where the customer stands."""
    twice = {}
    for name, frame in tables.items():
        twin = frame.copy()
        for key in {"customer_id", "order_id"} & set(frame.columns):
            twin[key] = "Z" + twin[key]
        twice[name] = frame if "customer_id" not in frame else pd.concat([frame, twin], ignore_index=True)
    table = room.run(twice, QUICK, MOMENT).table.set_index("customer_id")
    own, twin = table[~table.index.str.startswith("Z")], table[table.index.str.startswith("Z")]
    assert own["segment"].tolist() == twin["segment"].tolist()
    assert own["potential"].fillna(0).tolist() == pytest.approx(twin["potential"].fillna(0).tolist())


@pytest.mark.parametrize("customers", [1, 30])
def test_too_few_customers_give_a_reasoned_refusal(tables, customers):
    keep = tables["customer_table"]["customer_id"].head(customers)
    few = {name: frame[frame["customer_id"].isin(keep)] if "customer_id" in frame else frame for name, frame in tables.items()}
    refused = room.run(few, QUICK, MOMENT)
    assert isinstance(refused, Refusal) and refused.gate.reason and refused.gate.unlock and refused.gate.instead


def test_constant_columns_give_a_reasoned_refusal(tables):
    orders = tables["orders"].drop_duplicates("customer_id").assign(order_amount=10.0)
    refused = room.run({"orders": orders, "customer_table": tables["customer_table"]}, QUICK, MOMENT)
    assert isinstance(refused, Refusal) and "same revenue" in refused.gate.reason


def test_no_orders_give_a_reasoned_refusal(tables):
    assert isinstance(room.run({"customer_table": tables["customer_table"]}, QUICK, MOMENT), Refusal)


def test_no_repeat_buyers_give_a_result(tables):
    orders = tables["orders"].drop_duplicates("customer_id")
    result = room.run({**tables, "orders": orders}, QUICK, MOMENT)
    assert (result.table["orders_per_year"] <= 1).all() and np.isfinite(result.profile["reached_potential"]).all()


def test_with_nothing_to_compare_on_it_refuses_and_says_what_to_record(tables):
    alone = {"orders": tables["orders"], "customer_table": tables["customer_table"][["customer_id"]]}
    gate = room.requires(alone, QUICK, MOMENT)
    assert gate.verdict.kind == "not_yet" and "sector" in gate.has and "sector" in gate.unlock
    assert isinstance(room.run(alone, QUICK, MOMENT), Refusal)


def test_without_brands_and_contacts_it_answers_with_care(tables):
    fewer = {"orders": tables["orders"], "customer_table": tables["customer_table"]}
    gate = room.requires(fewer, QUICK, MOMENT)
    assert gate.verdict.kind == "caution" and "brand" in gate.has and "contacts" in gate.has
    story_reads_well(room.run(fewer, QUICK, MOMENT))


@pytest.mark.parametrize("left_out", ["products", "usage", "campaigns", "external", "order_lines", "orders"])
def test_every_optional_table_may_be_missing(tables, left_out):
    fewer = {name: frame for name, frame in tables.items() if name != left_out}
    story_reads_well(room.run(fewer, QUICK, MOMENT))


# features


def test_features_by_hand(tables):
    frame = features(tables, QUICK, MOMENT).set_index("customer_id")
    lines = tables["order_lines"]
    own = lines[lines["customer_id"] == "K0001"].groupby("product_id")["line_amount"].sum()
    assert frame.loc["K0001", "own_brand_share"] == pytest.approx(own["own"] / own.sum())
    assert frame.loc["K0001", "third_party_share"] == pytest.approx(own["other"] / own.sum())
    assert frame.loc["K0001", "refill_revenue_per_year"] == pytest.approx(own["own"], abs=0.02)
    assert frame.loc["K0001", "orders_per_year"] == 3 and frame.loc["K0001", "contacts_per_year"] == 10
    assert frame.loc["K0001", "contact_cost_per_year"] == 25
    assert frame.loc["K0000", "external_measure"] == 90  # the postcode begins with the key
    assert frame.loc["K0310", "devices"] == 0  # not in the table of usage


def test_a_return_lowers_revenue_and_is_no_order(tables):
    extra = pd.DataFrame(
        {"order_id": ["R1"], "customer_id": ["K0001"], "order_date": [pd.Timestamp("2023-12-01")], "order_amount": [-50.0]}
    )
    before = features(tables, QUICK, MOMENT).set_index("customer_id").loc["K0001"]
    with_return = {**tables, "orders": pd.concat([tables["orders"], extra])}
    after = features(with_return, QUICK, MOMENT).set_index("customer_id").loc["K0001"]
    assert after["revenue_per_year"] == pytest.approx(before["revenue_per_year"] - 50)
    assert after["orders_per_year"] == before["orders_per_year"]


def test_only_the_last_months_count(tables):
    half = features(tables, room.Settings(months=6), MOMENT).set_index("customer_id")
    orders = tables["orders"]
    inside = orders[(orders["customer_id"] == "K0002") & (orders["order_date"] >= "2023-07-01")]
    assert half.loc["K0002", "orders_per_year"] == 2 * len(inside)
    assert half.loc["K0002", "revenue_per_year"] == pytest.approx(2 * inside["order_amount"].sum(), abs=0.05)


def test_the_words_for_refills_are_the_clients():
    groups = pd.Series(["Füllprodukte", "Refill packs", "Becher", None])
    assert is_refill(groups, room.Settings()).tolist() == [True, True, False, False]
    assert is_refill(groups, room.Settings(refill_groups=["becher"])).tolist() == [False, False, True, False]


# potential


def test_the_planted_potential_is_found(tables, result):
    live = result.table[~result.table["dead_record"]]
    planted = 1_000 * live["devices"] * 0.9  # what the good half buys
    assert np.median(live["potential"] / planted) == pytest.approx(1, abs=0.1)
    good = live["orders_per_year"] > 5
    assert live.loc[good, "reached_potential"].mean() > 0.85
    assert live.loc[~good, "reached_potential"].mean() == pytest.approx(0.33, abs=0.06)
    assert (live["reached_low"] <= live["reached_potential"]).all()
    assert (live["reached_high"] >= live["reached_potential"]).all()
    assert set(result.compared_on) >= {"devices"}


def test_low_middle_and_high_stand_in_order(result):
    profile = result.profile
    assert (profile["unused_potential_low"] <= profile["unused_potential"]).all()
    assert (profile["unused_potential"] <= profile["unused_potential_high"]).all()
    assert profile["unused_potential"].sum() == pytest.approx(result.quality["unused_potential"], abs=1)


def test_rare_sectors_are_taken_together(tables):
    frame = features(tables, QUICK, MOMENT)
    rare = frame.assign(sector=["Hotel"] * 250 + ["Inn"] * 40 + ["Zoo", "Farm"] * 15)
    matrix, names = design(rare.assign(devices=np.nan, usage_per_month=np.nan, external_measure=np.nan), QUICK)
    assert names == ("sector",) and matrix.shape[1] == 3  # ones, Hotel, Inn; Zoo and Farm are the rest
    assert np.isfinite(estimate_potential(rare, QUICK, 1).potential).all()


# segments


def test_planted_segments_are_found_and_dead_records_stand_apart(tables):
    table = room.run(tables, room.Settings(draws=20, segments=2), MOMENT).table
    live = table[table["segment"] > 0]
    assert adjusted_rand_score(live["orders_per_year"] > 5, live["segment"]) > 0.95
    assert set(table.loc[table["segment"] == 0, "customer_id"]) == {f"K{number:04d}" for number in range(300, 320)}
    assert live.groupby("segment")["revenue_per_year"].mean().is_monotonic_decreasing


def test_fewer_kinds_of_customers_than_segments_give_fewer_segments():
    frame = pd.DataFrame({name: [1.0, 2.0] * 20 for name in (*PURCHASES, *CONTEXT)})
    assert len(fit_segments(frame, room.Settings(segments=5), 1).centres) == 2


@pytest.mark.parametrize(("ratio", "level"), [(2, "very_high"), (1.3, "high"), (1, "medium"), (0.59, "low")])
def test_revenue_levels(ratio, level):
    assert revenue_level(ratio * 500, 500) == level


def test_marks_and_kinds_come_from_the_centre():
    centre = pd.Series({"orders_per_year": -0.9, "reached_potential": -1.4, "revenue_per_year": 0.1})
    assert marks(centre) == ("reached_potential:low", "orders_per_year:low")
    assert kind_of(centre, "low") == "sleepers"
    assert kind_of(centre * -1, "very_high") == "heavy_buyers"
    assert kind_of(centre * 0, "medium") == "steady"


# effort


def test_wasted_effort_is_counted(result):
    effort = result.effort
    assert (effort.dead, effort.dead_contacts, effort.dead_cost) == (20, 80, 200)
    assert effort.all_contacts == 150 * 5 + 150 * 10 + 80
    assert effort.often_seldom == 150 and effort.often_seldom_contacts == 1_500  # ten contacts, three orders
    assert len(result.named_list("often_seldom")) == 150 and len(result.named_list("dead")) == 20
    unused = result.named_list("unused")
    assert unused["unused_potential"].is_monotonic_decreasing and (unused["unused_potential"] > 0).all()


def test_the_association_is_found_where_it_is_planted_and_not_elsewhere():
    rng = np.random.default_rng(6)
    contacts = rng.integers(0, 16, 2_000)
    live = pd.DataFrame({"contacts_per_year": contacts, "sector": "a", "size_class": "b"})
    for name in ("devices", "usage_per_month", "employees", "external_measure"):
        live[name] = np.nan
    live["orders_per_year"] = rng.poisson(3 * (1 + contacts) ** np.log2(1.3))
    ratio, low, high = association(live, QUICK)
    assert low < 1.3 < high
    assert ratio == pytest.approx(1.3, abs=0.03)
    live["orders_per_year"] = rng.negative_binomial(1, 0.2, 2_000)  # spread far beyond Poisson
    ratio, low, high = association(live, QUICK)
    assert low < 1 < high and high - low > 0.05


def test_the_size_of_the_experiment_is_the_textbook_one():
    orders = np.array([2.0, 4.0] * 50)  # mean 3, variance about 1
    assert experiment_size(orders, effect=0.1) == pytest.approx(2 * 7.849 * np.var(orders, ddof=1) / 0.3**2, abs=1)


# words and pictures


def story_reads_well(result):
    story = room.story
    for record in (
        story.answer(result),
        story.compared_sentence(result),
        story.segments_sentence(result),
        story.brands_sentence(result),
        story.effort_sentence(result),
        story.experiment_sentence(result),
        *contact_sentences(result),
        room.tables.segment_table(result),
        room.tables.potential_table(result),
        room.certainty.how_sure(result),
    ):
        assert record.to_text() and "nan" not in record.to_text().lower()
    assert "nan" not in story.actions(result).to_text().lower()


def contact_sentences(result):
    """What is said of contacts; nothing where none is recorded."""
    sentences = room.story.dead_sentence(result), room.story.wasted_sentence(result)
    return sentences if result.effort.all_contacts else [sentence for sentence in sentences if sentence is not None]


def test_the_story_reads_the_result(result):
    story_reads_well(result)
    finding = room.story.finding(result)
    assert Finding.from_json(json.loads(json.dumps(finding.to_json()))) == finding
    assert "does not show" in room.story.effort_sentence(result).text


def test_the_pictures_are_pictures(result):
    for draw in (room.charts.unused, room.charts.reached, room.charts.brands, room.charts.profile, room.charts.contacts):
        picture = draw(result)
        assert isinstance(picture, Picture) and picture.alt


def test_without_brands_or_contacts_their_pictures_are_left_out(tables):
    fewer = {"orders": tables["orders"], "customer_table": tables["customer_table"]}
    result = room.run(fewer, QUICK, MOMENT)
    assert room.charts.brands(result) is None and room.charts.contacts(result) is None
    assert room.story.wasted_sentence(result) is None and room.story.dead_sentence(result) is None
    assert {"contacts_per_customer", "own_brand_share"}.isdisjoint(room.tables.segment_table(result).columns)
    assert "contacts" not in room.story.actions(result).to_text()
