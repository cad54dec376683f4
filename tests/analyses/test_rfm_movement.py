"""RFM(T) movement: the contract of an analysis, the six groups, the card and the noise floor."""

from __future__ import annotations

import itertools
import json
from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.analyses import rfm_movement as room
from helpers.analyses.rfm_movement.card import Standing
from helpers.analyses.rfm_movement.change_groups import change_group, groups_of_customers
from helpers.analyses.rfm_movement.cuts import natural_breaks
from helpers.analyses.rfm_movement.measures import collect_purchases, measure
from helpers.analyses.rfm_movement.noise_floor import redraw
from helpers.analyses.rfm_movement.periods import Period, find_periods, last_whole_month
from helpers.analyses.rfm_movement.settings import FEATURES
from helpers.core.results import Finding, Refusal, RunContext
from helpers.sources.customers import customer_table
from helpers.story import Picture

AS_OF = date(2022, 12, 31)
MOMENT = RunContext(AS_OF, 7)
QUICK = room.Settings(redraws=20)


def days(*texts):
    return (pd.to_datetime(list(texts)) - pd.Timestamp("1970-01-01")).days.to_numpy()


def shop(customers=120, seed=3, pace=(0.5, 20), first="2017-06-01"):
    """Customers who order at a steady pace of their own, by chance: nobody's behaviour changes."""
    rng = np.random.default_rng(seed)
    rows, start = [], pd.Timestamp(first)
    span = (pd.Timestamp(AS_OF) - start).days
    for customer in range(customers):
        rate = np.exp(rng.uniform(*np.log(pace)))
        count = rng.poisson(rate * span / 365.25)
        joined = rng.integers(0, 700)
        for day in np.sort(rng.integers(joined, span + 1, count)):
            rows.append((f"C{customer:04d}", start + pd.Timedelta(days=int(day)), round(float(rng.lognormal(4, 0.5)), 2)))
    orders = pd.DataFrame(rows, columns=["customer_id", "order_date", "order_amount"])
    orders.insert(0, "order_id", [f"O{place:06d}" for place in range(len(orders))])
    return tables(orders)


def tables(orders):
    return {"orders": orders, "customer_table": customer_table({"orders": orders}, AS_OF)}


@pytest.fixture(scope="module")
def steady():
    return shop()


@pytest.fixture(scope="module")
def movement(steady):
    return room.run(steady, QUICK, MOMENT)


# the contract


def test_every_customer_stands_in_the_table_once(steady, movement):
    assert list(movement.table["customer_id"]) == sorted(steady["customer_table"]["customer_id"])
    assert movement.table.columns[0] == "customer_id"
    assert movement.profile["customers"].sum() == (~movement.table["change_group"].isin(["not_judged", "away"])).sum()
    assert all(isinstance(value, float) for value in movement.quality.values())


def test_inputs_stay_as_they_were(steady):
    before = {name: frame.copy(deep=True) for name, frame in steady.items()}
    room.run(steady, QUICK, MOMENT)
    for name, frame in steady.items():
        pd.testing.assert_frame_equal(frame, before[name])


def test_same_seed_same_result_and_row_order_does_not_matter(steady, movement):
    shuffled = {name: frame.sample(frac=1, random_state=5) for name, frame in steady.items()}
    again = room.run(shuffled, QUICK, MOMENT)
    for name in ("table", "profile", "segments", "matrix"):
        pd.testing.assert_frame_equal(getattr(again, name), getattr(movement, name))
    assert again.card == movement.card and again.quality == movement.quality


def test_another_seed_changes_only_what_chance_gives(steady, movement):
    again = room.run(steady, QUICK, RunContext(AS_OF, 8))
    drawn = ["news"]
    pd.testing.assert_frame_equal(again.table.drop(columns=drawn), movement.table.drop(columns=drawn))
    assert not again.table["news"].equals(movement.table["news"])


def test_equal_behaviour_gives_the_equal_segment_and_score(steady):
    orders = steady["orders"]
    twins = orders.assign(customer_id="Z" + orders["customer_id"], order_id="Z" + orders["order_id"])
    table = room.run(tables(pd.concat([orders, twins], ignore_index=True)), QUICK, MOMENT).table
    own = table[~table["customer_id"].str.startswith("Z")].set_index("customer_id")
    twin = table[table["customer_id"].str.startswith("Z")].set_index("customer_id")
    twin.index = twin.index.str[1:]
    drawn = ["news"]
    pd.testing.assert_frame_equal(own.drop(columns=drawn), twin.drop(columns=drawn))


def test_better_in_every_measure_is_never_a_lower_segment(movement):
    rows = movement.table.dropna(subset=["customer_value_now"])
    place = rows["segment_now"].map({letter: at for at, letter in enumerate(movement.card.letters)}).to_numpy()
    r, f, m, t = (rows[f"{name}_now"].to_numpy() for name in ("recency_days", "frequency_per_month", "monetary_per_year", "tenure_days"))
    better = (r[:, None] <= r) & (f[:, None] >= f) & (m[:, None] >= m) & (t[:, None] >= t)
    assert better.sum() > len(rows) * 5  # the test has something to test
    assert not (better & (place[:, None] > place)).any()


@pytest.mark.parametrize("customers", [1, 2, 10])
def test_too_few_customers_give_a_reasoned_refusal(customers):
    refused = room.run(shop(customers, pace=(5, 6)), QUICK, MOMENT)
    assert isinstance(refused, Refusal) and refused.gate.reason and refused.gate.unlock and refused.gate.instead


def test_no_repeat_buyers_give_a_reasoned_refusal():
    orders = shop(200)["orders"].drop_duplicates("customer_id")
    refused = room.run(tables(orders), QUICK, MOMENT)
    assert isinstance(refused, Refusal) and "both periods" in refused.gate.reason


def test_constant_columns_give_a_reasoned_refusal():
    dates = pd.to_datetime(["2020-05-01", "2021-05-01", "2022-05-01"] * 50)
    ids = np.repeat([f"C{number:02d}" for number in range(50)], 3)
    orders = pd.DataFrame({"order_id": range(150), "customer_id": ids, "order_date": dates, "order_amount": 10.0})
    refused = room.run(tables(orders), QUICK, MOMENT)
    assert isinstance(refused, Refusal) and "too alike" in refused.gate.reason


def test_no_orders_at_all_give_a_reasoned_refusal(steady):
    nothing = {"orders": steady["orders"].head(0), "customer_table": steady["customer_table"]}
    assert isinstance(room.run(nothing, QUICK, MOMENT), Refusal)
    assert isinstance(room.run({"customer_table": steady["customer_table"]}, QUICK, MOMENT), Refusal)


def test_a_short_history_shortens_the_comparison_period_and_says_so():
    short = shop(first="2020-06-01")
    assert room.requires(short, QUICK, MOMENT).verdict.kind == "caution"
    result = room.run(short, QUICK, MOMENT)
    assert result.periods.comparison.start == date(2020, 6, 1)
    assert result.card.weights["tenure_days"] == 0
    assert any("1 June 2020" in note for note in result.notes)


# periods


def test_the_periods_are_36_and_12_whole_months_side_by_side():
    periods = find_periods(days("2015-01-05", "2022-12-30"), AS_OF, 36, 12)
    assert (periods.comparison.start, periods.comparison.end) == (date(2019, 1, 1), date(2021, 12, 31))
    assert (periods.current.start, periods.current.end) == (date(2022, 1, 1), AS_OF)
    assert not periods.shortened and periods.dropped_days == 0


@pytest.mark.parametrize(
    ("as_of", "last_order", "end"),
    [
        (date(2022, 12, 31), "2022-12-29", date(2022, 12, 31)),  # a quiet day or two is no gap
        (date(2022, 12, 9), "2022-12-09", date(2022, 11, 30)),  # the round looks in the middle of a month
        (date(2022, 12, 31), "2022-12-09", date(2022, 11, 30)),  # the export stops in the middle of a month
        (date(2023, 3, 31), "2022-12-31", date(2022, 12, 31)),  # the export is months old
    ],
)
def test_a_month_that_is_not_complete_is_left_out(as_of, last_order, end):
    every_day = pd.date_range("2022-06-01", last_order)
    assert last_whole_month(days(*every_day.astype(str)), as_of) == end


def test_whole_months_can_be_switched_off():
    periods = find_periods(days("2015-01-05", "2022-12-09"), date(2022, 12, 9), 6, 6, whole_months=False)
    assert (periods.current.start, periods.current.end) == (date(2022, 6, 10), date(2022, 12, 9))


# measures


def test_measures_follow_their_definitions_by_hand():
    orders = pd.DataFrame(
        {
            "order_id": [1, 2, 3, 4],
            "customer_id": ["a", "a", "a", "b"],
            "order_date": pd.to_datetime(["2021-12-31", "2022-07-01", "2022-12-21", "2022-12-30"]),
            "order_amount": [50.0, 100.0, -20.0, 10.0],
        }
    )
    purchases = collect_purchases(orders, pd.Series(["a", "b", "c"]), AS_OF)
    measures = measure(purchases, Period(date(2022, 1, 1), AS_OF), shortest_months=3)
    assert measures["orders"].tolist() == [1, 1, 0]  # a return is no order
    assert measures["monetary"].tolist() == [80.0, 10.0, 0.0]  # but lowers the revenue
    assert measures["recency_days"][:2].tolist() == [183.0, 1.0]
    assert measures["tenure_days"][:2].tolist() == [365.0, 1.0]
    assert measures["frequency_per_month"][0] == pytest.approx(1 / 365 * 365.25 / 12)
    assert measures["frequency_per_month"][1] == pytest.approx(1 / 3)  # two days count as three months
    assert measures["monetary_per_year"][1] == pytest.approx(40)
    assert np.isnan([measures[name][2] for name in FEATURES]).all()


# groups: every pair of segments, absent and new

EXPECTED = {  # rows: A to E and absent before; columns: the same now
    "A": "top needs_attention needs_attention needs_attention sleeping sleeping",
    "B": "growing loyal needs_attention needs_attention sleeping sleeping",
    "C": "growing growing loyal needs_attention sleeping sleeping",
    "D": "growing growing growing loyal sleeping sleeping",
    "E": "growing growing growing growing loyal sleeping",
    "-": "growing growing growing growing growing away",
}


@pytest.mark.parametrize(("before", "now"), list(itertools.product(range(6), range(6))))
def test_the_group_of_every_pair_of_segments(before, now):
    expected = EXPECTED["ABCDE-"[before]].split()[now]
    pair = np.array([before]), np.array([now])
    assert change_group(*pair, np.array([False])).tolist() == [expected]
    assert change_group(*pair, np.array([True])).tolist() == ["new"]
    judged = np.array([False])
    assert change_group(*pair, np.array([False]), judged=judged).tolist() == ["not_judged"]
    asleep = "sleeping" if (before, now) == (4, 4) else expected
    assert change_group(*pair, np.array([False]), lowest_stays="sleeping").tolist() == [asleep]


def test_nobody_is_asleep_before_one_own_gap_has_passed():
    """From every segment to no orders: Loyal until the silence is as long as the customer's own gap, Sleeping from then on."""
    before, now, old = np.arange(5), np.full(5, 5), np.zeros(5, dtype=bool)
    assert set(change_group(before, now, old, overdue=np.zeros(5, dtype=bool))) == {"loyal"}
    assert set(change_group(before, now, old, overdue=np.ones(5, dtype=bool))) == {"sleeping"}


@pytest.mark.parametrize(("last", "group"), [("2023-12-15", "loyal"), ("2023-02-15", "sleeping")])
def test_a_yearly_customer_sleeps_only_after_a_year(last, group):
    """Two years with an order a year, then half a year without: silent for less or for more than the own gap."""
    days = pd.to_datetime(["2022-01-05", last, *pd.date_range("2022-01-10", "2024-06-29", freq="12D").astype(str)])
    ids = ["yearly", "yearly", *["other"] * (len(days) - 2)]
    orders = pd.DataFrame({"order_id": range(len(days)), "customer_id": ids, "order_date": days, "order_amount": 10.0})
    purchases = collect_purchases(orders, pd.Series(["other", "yearly"]), date(2024, 6, 30))
    periods = find_periods(np.unique(purchases.day), date(2024, 6, 30), 24, 6)
    before, now = (
        Standing(measure(purchases, period, 3.0), np.zeros(2), np.array([0, place]), 5)
        for period, place in ((periods.comparison, 4), (periods.current, 5))
    )
    assert groups_of_customers(purchases, periods, room.Settings(), before, now)[1] == group


# cuts and card


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(-50, 50), min_size=6, max_size=14), st.integers(2, 4))
def test_natural_breaks_are_the_best_of_all_cuts(values, groups):
    values = np.array(values, dtype=float)
    unique = np.unique(values)
    if len(unique) < groups:
        with pytest.raises(ValueError, match="different values"):
            natural_breaks(values, groups)
        return

    def spread(cuts):
        place = np.searchsorted(cuts, values)
        return sum(((values[place == g] - values[place == g].mean()) ** 2).sum() for g in np.unique(place))

    middles = (unique[1:] + unique[:-1]) / 2
    best = min(spread(np.array(cuts)) for cuts in itertools.combinations(middles, groups - 1))
    assert spread(natural_breaks(values, groups)) == pytest.approx(best, abs=1e-6)


def test_many_values_are_cut_as_well_as_all_of_them():
    rng = np.random.default_rng(1)
    values = np.concatenate([rng.normal(centre, 0.3, 3_000) for centre in (0, 4, 9)])
    assert natural_breaks(values, 3) == pytest.approx([2, 6.5], abs=0.6)


def test_the_card_survives_json_and_keeps_the_meaning_of_the_letters(steady, movement):
    card = room.SegmentCard.from_json(json.loads(json.dumps(movement.card.to_json())))
    assert card == movement.card
    later = room.run(steady, QUICK, RunContext(date(2022, 11, 30), 7), card)
    assert later.card == card
    rows = later.table.dropna(subset=["customer_value_now"])
    lowest_a = rows.loc[rows["segment_now"] == "A", "customer_value_now"].min()
    assert lowest_a > card.value_cuts[-1] >= rows.loc[rows["segment_now"] == "B", "customer_value_now"].max()


def test_a_card_of_another_version_is_not_read(movement):
    with pytest.raises(ValueError, match="version 9"):
        room.SegmentCard.from_json({**movement.card.to_json(), "version": 9})


def test_declared_score_cuts_are_used_and_a_cut_belongs_below(steady):
    declared = room.Settings(redraws=20, score_cuts={"recency_days": [30, 90, 180, 365]})
    table = room.run(steady, declared, MOMENT).table.dropna(subset=["recency_days_now"])
    expected = 5 - np.searchsorted([30, 90, 180, 365], table["recency_days_now"], side="left")
    assert (table["score_r_now"] == expected).all()


@pytest.mark.parametrize("cuts", [[1, 2, 3], [4, 3, 2, 1], [1, 1, 2, 3]])
def test_score_cuts_that_do_not_rise_are_refused(cuts):
    with pytest.raises(ValueError, match="four rising"):
        room.Settings(score_cuts={"tenure_days": cuts})


# the noise floor


def test_a_redraw_keeps_customers_amounts_first_orders_and_the_days_outside(steady):
    purchases = collect_purchases(steady["orders"], steady["customer_table"]["customer_id"], AS_OF)
    periods = find_periods(purchases.day, AS_OF, 36, 12)
    for market in (True, False):
        drawn = next(redraw(purchases, periods, market, 1, 1))
        outside = purchases.day < periods.comparison.first_day
        assert (drawn.day[outside] == purchases.day[outside]).all()
        moved = drawn.day != purchases.day
        assert 0.3 < moved.mean() < 1 and (drawn.amount == purchases.amount).all()
        assert (drawn.day[moved] > purchases.first_day[purchases.code[moved]]).all()
        assert drawn.day[moved].min() >= periods.comparison.first_day
        assert drawn.day[moved].max() <= periods.current.last_day


def test_a_redraw_keeps_the_rhythm_of_a_customer():
    """Who orders every 30 days does so in every re-draw, apart from the gap over the end of the circle."""
    dates = pd.date_range("2019-01-10", "2022-12-31", freq="30D")
    orders = pd.DataFrame({"customer_id": ["a"] * len(dates), "order_date": dates, "order_amount": 1.0})
    orders = pd.concat([orders, orders.assign(order_date=pd.Timestamp("2018-01-01")).head(1)])
    purchases = collect_purchases(orders, orders["customer_id"], AS_OF)
    periods = find_periods(purchases.day, AS_OF, 36, 12)
    for drawn in redraw(purchases, periods, False, 5, 1):
        gaps = np.diff(np.sort(drawn.day)[1:])
        assert (np.abs(gaps - 30) <= 1).sum() >= len(gaps) - 1
        assert not (drawn.day == purchases.day)[1:].all()


def test_who_spends_more_needs_no_attention():
    result = room.run(shop(400, seed=11), QUICK, MOMENT)
    listed = result.named_list("needs_attention")
    assert len(listed) and (listed["revenue_now"] <= listed["revenue_before"]).all()


def test_what_is_no_more_than_chance_is_no_action(movement):
    finding = room.story.finding(movement)
    assert finding.chance == movement.chance["falling"]
    assert [figure.chance for figure in finding.key_figures] == [
        movement.chance[claim] for claim in ("sleeping", "needs_attention", "growing")
    ]
    assert all(action.chance.beaten for action in finding.actions)
    assert not any(chance.beaten for chance in movement.chance.values()) and not finding.actions
    assert "Chance alone would give" in finding.why[0]


def test_where_nobody_changes_the_movement_is_what_chance_gives():
    result = room.run(shop(400, seed=11), room.Settings(redraws=100), MOMENT)
    quality = result.quality
    stayed = quality["share_same_segment"]
    assert quality["share_same_segment_by_chance_low"] <= stayed <= quality["share_same_segment_by_chance_high"]
    assert stayed < 0.75  # and chance alone moves a good many
    assert not result.profile.loc[result.profile["change_group"] != "new", "news"].any()
    assert room.certainty.verdict(result).kind == "caution"


@pytest.mark.slow
def test_customers_who_stop_are_news():
    """A third of the frequent customers stop at the start of the current period."""
    shop_tables = shop(400, seed=11, pace=(6, 20))
    orders = shop_tables["orders"]
    stops = orders["customer_id"].str[-1].isin(["1", "2", "3"])
    orders = orders[~(stops & (orders["order_date"] >= "2022-01-01"))]
    result = room.run(tables(orders), room.Settings(redraws=100), MOMENT)
    sleeping = result.profile.set_index("change_group").loc["sleeping"]
    assert sleeping["news"] and sleeping["direction"] == "more"
    listed = result.named_list("sleeping")
    gone = listed["customer_id"].str[-1].isin(["1", "2", "3"])
    assert gone.mean() > 0.75
    # Who is counted in the claim is marked in the list.
    assert result.chance["sleeping"].beaten and result.chance["sleeping"].figure == listed["news"].sum()
    assert listed.loc[gone, "news"].mean() > 0.85
    assert listed["revenue_before"].is_monotonic_decreasing


# words and pictures


def test_the_story_reads_the_result(movement):
    story = room.story
    finding = story.finding(movement)
    assert Finding.from_json(json.loads(json.dumps(finding.to_json()))) == finding
    row = movement.profile.set_index("change_group")["customers"]
    assert finding.headline.startswith("No more customers slid") and not finding.chance.beaten
    assert f"{row['needs_attention'] + row['sleeping']} customers slid or fell asleep" in finding.why[1]
    for record in (
        story.answer(movement),
        room.certainty.how_sure(movement),
        room.tables.group_table(movement),
        room.tables.segment_table(movement),
        room.tables.score_table(movement),
        story.actions(movement),
        story.news_sentence(movement),
        story.movement_sentence(movement),
        story.periods_sentence(movement),
        story.segments_sentence(movement),
    ):
        assert record.to_text() and "nan" not in record.to_text().lower()


def test_the_pictures_are_pictures(movement):
    for draw in (room.charts.groups, room.charts.revenue, room.charts.flow):
        picture = draw(movement)
        assert isinstance(picture, Picture) and picture.alt and picture.table is not None
