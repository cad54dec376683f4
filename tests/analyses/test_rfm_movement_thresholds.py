"""Every number that decides what is said about value and movement, just below and just above it."""

from __future__ import annotations

from datetime import date, timedelta
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from helpers.analyses import rfm_movement as room
from helpers.analyses.rfm_movement import certainty, detect, noise_floor
from helpers.analyses.rfm_movement.card import SegmentCard, Standing, make_card, value_change
from helpers.analyses.rfm_movement.cuts import filled_bins
from helpers.analyses.rfm_movement.measures import Purchases, collect_purchases, measure
from helpers.analyses.rfm_movement.noise_floor import central_bounds
from helpers.analyses.rfm_movement.periods import Period, Periods, find_periods, last_whole_month
from helpers.analyses.rfm_movement.profiles import group_profile
from helpers.analyses.rfm_movement.result import customers_table
from helpers.analyses.rfm_movement.settings import FEATURES
from helpers.core.results import Chance, RunContext

AS_OF = date(2022, 12, 31)
FIRST_DAY = (date(2018, 1, 1) - date(1970, 1, 1)).days
PERIODS = Periods(Period(date(2019, 1, 1), date(2021, 12, 31)), Period(date(2022, 1, 1), AS_OF), 0, False, date(2015, 1, 1))


def card(**changes) -> SegmentCard:
    """Return a card of five segments on which only spend counts, in single logs."""
    plain = {
        "made_on": "2021-12-31",
        "customers": 100,
        "comparison_months": 36,
        "current_months": 12,
        "cap_days": 365.0,
        "weights": dict.fromkeys(FEATURES, 0.0) | {"monetary_per_year": 1.0},
        "centres": dict.fromkeys(FEATURES, 0.0),
        "scales": dict.fromkeys(FEATURES, 1.0),
        "value_cuts": (-1.0, 0.0, 1.0, 2.0),
        "score_cuts": dict.fromkeys(FEATURES, (1.0, 2.0, 3.0, 4.0)),
    }
    return SegmentCard(**plain | changes)


def measures(count: int, **columns) -> dict[str, np.ndarray]:
    return {name: np.array(columns.get(name, np.ones(count)), dtype=float) for name in (*FEATURES, "orders", "monetary")}


def spending(logs: list[float]) -> dict[str, np.ndarray]:
    """Return measures of customers whose spend has these logs."""
    return measures(len(logs), monetary_per_year=np.exp(logs) - 1)


# ---- The gate ----


def shop(before: int, both: int, first: str = "2015-01-01") -> dict[str, pd.DataFrame]:
    """Return so many customers of the comparison period, of whom so many ordered in both; no two are alike."""
    rng = np.random.default_rng(1)
    rows = [("old", pd.Timestamp(first), 10.0)]
    for number in range(before):
        rows.append((f"c{number:03d}", pd.Timestamp("2019-02-01") + pd.Timedelta(days=int(rng.integers(1000))), 10.0 + 3 * number))
        if number < both:
            rows.append((f"c{number:03d}", pd.Timestamp("2022-12-30"), 10.0 + 2 * number))
    orders = pd.DataFrame(rows, columns=["customer_id", "order_date", "order_amount"])
    return {"orders": orders, "customer_table": orders[["customer_id"]].drop_duplicates()}


def kind(tables, **keys) -> str:
    return room.requires(tables, room.Settings(**keys), RunContext(AS_OF, 1)).verdict.kind


@pytest.mark.parametrize(("customers", "verdict"), [(29, "not_yet"), (30, "caution"), (99, "caution"), (100, "go"), (101, "go")])
def test_30_customers_open_the_gate_and_20_a_segment_lift_the_caution(customers, verdict):
    assert kind(shop(customers, customers)) == verdict


@pytest.mark.parametrize(("customers", "verdict"), [(59, "caution"), (60, "go")])
def test_fewer_segments_need_fewer_customers(customers, verdict):
    assert kind(shop(customers, customers), segments=3) == verdict


@pytest.mark.parametrize(("both", "verdict"), [(0, "not_yet"), (1, "go")])
def test_somebody_ordered_in_both_periods(both, verdict):
    assert kind(shop(100, both)) == verdict


@pytest.mark.parametrize(("first", "verdict"), [("2019-01-31", "go"), ("2019-02-01", "caution")])
def test_a_comparison_period_that_is_a_month_short_is_a_caution(first, verdict):
    assert kind(shop(100, 100, first)) == verdict


@pytest.mark.parametrize(("as_of", "dated"), [(date(2020, 4, 9), True), (date(2020, 4, 10), False)])
def test_the_date_that_unlocks_movement_lies_15_months_after_the_first_order(as_of, dated):
    orders = pd.DataFrame({"customer_id": ["a"], "order_date": [pd.Timestamp("2019-01-10")], "order_amount": [10.0]})
    tables = {"orders": orders, "customer_table": orders[["customer_id"]]}
    gate = room.requires(tables, room.Settings(), RunContext(as_of, 1))
    assert gate.unlock.startswith("a round from 10 April 2020 on, when 15 months") is dated
    assert gate.unlock.startswith("at least 30 customers") is not dated


def test_the_trial_draws_20_times_and_5_times_for_very_many_orders():
    assert [detect.number_of_draws(orders) for orders in (100, 199_999, 200_000, 200_001, 1_000_000)] == [20, 20, 20, 5, 5]


# ---- Periods and measures ----


@pytest.mark.parametrize(("last_order", "end"), [(date(2022, 12, 23), date(2022, 11, 30)), (date(2022, 12, 24), date(2022, 12, 31))])
def test_a_shop_may_be_silent_for_a_week_at_the_end_of_a_month(last_order, end):
    last = (last_order - date(1970, 1, 1)).days
    assert last_whole_month(np.arange(last - 400, last + 1), AS_OF) == end
    assert last_whole_month(np.array([last]), AS_OF) == end


def test_four_years_are_48_months():
    assert Period(date(2019, 1, 1), date(2022, 12, 31)).months == pytest.approx(48)


@pytest.mark.parametrize(("joined", "per_month"), [(date(2022, 10, 1), 0.3308), (date(2022, 12, 30), 0.3333), (date(2022, 7, 1), 0.1654)])
def test_one_early_order_is_no_habit(joined, per_month):
    day = np.array([(joined - date(1970, 1, 1)).days])
    purchases = Purchases(np.array(["a"]), np.array([0]), day, np.array([10.0]), day)
    frequency = measure(purchases, PERIODS.current, room.Settings().shortest_months)["frequency_per_month"]
    assert frequency == pytest.approx([per_month], abs=0.0001)


# ---- The card ----


def test_no_measure_moves_anybody_by_more_than_three_spreads():
    assert card().value(spending([2.9, 3.0, 3.1, 20.0])).tolist() == pytest.approx([2.9, 3.0, 3.0, 3.0])


@pytest.mark.parametrize(
    ("measure_name", "amount", "value"),
    [
        ("recency_days", 1.718282, -1),
        ("frequency_per_month", 0.01718282, 1),
        ("monetary_per_year", 1.718282, 1),
        ("tenure_days", 1.718282, 1),
    ],
)
def test_every_measure_counts_by_its_log_and_a_long_silence_downward(measure_name, amount, value):
    only = card(weights=dict.fromkeys(FEATURES, 0.0) | {measure_name: 1.0})
    assert only.value(measures(1, **{measure_name: [amount]})) == pytest.approx([value], abs=1e-6)


def test_who_is_absent_stands_one_spread_below_everybody():
    here, gone = Standing({}, np.array([-3.0]), np.array([4]), 5), Standing({}, np.array([np.nan]), np.array([5]), 5)
    assert value_change(here, gone).tolist() == [-1] and value_change(gone, here).tolist() == [1]


def test_a_value_on_a_cut_belongs_to_the_segment_below():
    assert card().place(np.array([2.001, 2.0, 1.0, 0.0, -1.0, np.nan])).tolist() == [0, 1, 2, 3, 4, 5]


def test_the_scores_are_the_fifths_of_the_first_round():
    made = make_card(measures(100, monetary_per_year=np.arange(1, 101)), PERIODS, room.Settings())
    assert made.score_cuts["monetary_per_year"] == (20, 40, 60, 80)
    scores = made.scores(measures(4, monetary_per_year=[20, 21, 80, 81]))["monetary_per_year"]
    assert scores.tolist() == [1, 2, 4, 5]


@pytest.mark.parametrize(("days_of_history", "weight"), [(333, 0.0), (334, 0.25), (365, 0.25)])
def test_tenure_counts_when_the_history_is_less_than_a_month_short(days_of_history, weight):
    history = PERIODS.comparison.start - timedelta(days=days_of_history)
    periods = Periods(PERIODS.comparison, PERIODS.current, 0, False, history)
    made = make_card(measures(100, monetary_per_year=np.arange(1, 101)), periods, room.Settings())
    assert made.weights == {"recency_days": 1, "frequency_per_month": 1, "monetary_per_year": 1, "tenure_days": weight}
    assert made.cap_days == 365


@pytest.mark.parametrize(("spread", "scale"), [(1e-10, 1.0), (1e-8, 1e-8)])
def test_a_measure_that_is_the_same_for_all_has_no_spread(spread, scale):
    logs = np.log(101) + spread * np.tile([-1.0, 1.0], 50)
    made = make_card(
        measures(100, monetary_per_year=np.arange(1, 101), frequency_per_month=(np.exp(logs) - 1) / 100), PERIODS, room.Settings()
    )
    assert made.scales["frequency_per_month"] == pytest.approx(scale, rel=0.01)


@pytest.mark.parametrize(("values", "bins"), [(799, 799), (800, 800), (801, 800), (4_000, 800)])
def test_beyond_800_values_the_axis_is_laid_in_bins(values, bins):
    means = filled_bins(np.arange(float(values)))[2]
    assert len(means) == bins


# ---- What is news ----


def test_chance_is_the_central_99_percent_of_the_draws():
    low, high = central_bounds(np.arange(1_001))
    assert (low, high) == (pytest.approx(5), pytest.approx(995))


@pytest.mark.parametrize(("unusual", "news"), [(-1, True), (0, False), (1, False)])
def test_a_move_is_marked_where_it_goes_further_than_usual_in_the_way_of_its_group(unusual, news):
    before, now = card().standing(spending([1.5])), card().standing(spending([0.5]))
    purchases = Purchases(np.array(["a"]), np.array([0]), np.array([FIRST_DAY]), np.array([1.0]), np.array([FIRST_DAY]))
    table = customers_table(purchases, PERIODS, card(), before, now, np.array(["needs_attention"]), np.array([unusual]))
    assert bool(table["news"].iloc[0]) is news
    stayed = customers_table(purchases, PERIODS, card(), before, before, np.array(["loyal"]), np.array([unusual]))
    assert not stayed["news"].iloc[0]


@pytest.mark.parametrize(
    ("customers", "news", "direction"), [(1, True, "fewer"), (2, False, "same"), (8, False, "same"), (9, True, "more")]
)
def test_a_count_on_the_border_of_chance_is_no_news(customers, news, direction):
    """Chance gives 2.5 to 7.5, which is 2 to 8 whole customers."""
    table = pd.DataFrame(
        {"customer_id": range(customers), "change_group": "sleeping", "revenue_before": 1.0, "revenue_now": 0.0, "news": 0}
    )
    draws = np.repeat(np.linspace(2.5, 7.5, 2)[[0, 0, 1, 1]], 500)[:, None] * np.ones(6)
    row = group_profile(table, draws, draws).set_index("change_group").loc["sleeping"]
    assert bool(row["news"]) is news and row["direction"] == direction


@pytest.mark.parametrize(("p_value", "kind"), [(0.05, "go"), (0.0501, "caution")])
def test_the_verdict_is_go_where_one_claim_beats_chance_and_that_claim_leads(p_value, kind):
    chance = {"falling": Chance(9.0, 8.0, 5.0, 11.0, 0.4), "growing": Chance(30.0, 8.0, 5.0, 11.0, p_value)}
    result = SimpleNamespace(chance=chance)
    assert certainty.verdict(result).kind == kind and certainty.leading(result) == ("growing" if kind == "go" else "falling")


@pytest.mark.parametrize(("customers", "draws"), [(10_000, 200), (10_001, 80)])
def test_very_many_customers_are_drawn_less_often(customers, draws):
    assert noise_floor.number_of_draws(customers, 200) == draws and noise_floor.number_of_draws(customers, 20) == 20


def test_a_move_is_unusual_up_to_one_in_ten_of_a_customers_own():
    """Of 40 draws of a customer the four lowest and highest are; of who never moves none, and a rise is no fall."""
    changes = np.arange(-20.0, 20.0)[:, None] * [1, 0, 0] + [0, 0, 100]
    changes[:, 2] += np.arange(40)
    moves = noise_floor.unusual_moves(changes)
    assert moves[:, 0].tolist() == [-1] * 4 + [0] * 32 + [1] * 4
    assert not moves[:, 1].any() and moves[:, 2].tolist() == [0] * 36 + [1] * 4


@pytest.mark.parametrize(("customers", "seen_from"), [(100, 10), (400, 19)])
def test_how_many_must_buy_less_to_be_seen(customers, seen_from):
    """A count of one in ten has a spread of 3 of 100 and 6 of 400; times 2.24 for four claims and 0.84 for a power of 80 %."""
    assert detect.Detectable(0.3, 0.2, 0.4, 20, customers).seen_from == seen_from


@pytest.mark.parametrize(("months", "level"), [(12, 1.0), (11, 0.5)])
def test_a_year_of_half_the_orders_is_a_loss_and_no_slow_clock(months, level):
    """Two orders a day before and one now: over whole years both count alike, else nobody knows the season."""
    now = Period(date(2022, 13 - months, 1), AS_OF)
    before = Period(date(2019, 1, 1), now.start - timedelta(days=1))
    days = np.r_[np.repeat(np.arange(before.first_day, before.last_day + 1), 2), np.arange(now.first_day, now.last_day + 1)]
    purchases = Purchases(np.array(["a"]), np.zeros(len(days), int), days, np.ones(len(days)), np.array([FIRST_DAY]))
    periods = Periods(before, now, 0, False, date(2015, 1, 1))
    entry = np.array([before.first_day])
    clock = noise_floor._market_clock(purchases, periods, np.ones(len(days), bool), entry)
    speed = np.diff(clock.at([before.first_day, before.first_day + 1, now.first_day, now.first_day + 1]))[[0, 2]]
    assert speed[1] / speed[0] == pytest.approx(level)


def ordering(dates_by_customer: dict[str, pd.DatetimeIndex]) -> Purchases:
    orders = pd.concat([pd.DataFrame({"customer_id": name, "order_date": days}) for name, days in dates_by_customer.items()])
    return collect_purchases(orders.assign(order_amount=1.0), orders["customer_id"], AS_OF)


@pytest.mark.parametrize(
    ("dates", "quarter"),
    [
        (pd.to_datetime(["2020-02-10", "2021-02-10", "2022-02-10"]), 0),
        (pd.to_datetime(["2019-02-10", "2020-02-10", "2021-02-10", "2022-02-10"]), 1),
        (pd.to_datetime(["2019-05-10", "2020-05-10", "2021-05-10", "2022-05-10"]), 2),
        (pd.to_datetime(["2019-11-10", "2020-11-10", "2021-11-10", "2022-11-10"]), 4),
        # July to December lie in the history twice, and are no season of a customer who orders every week.
        (pd.date_range("2021-07-01", "2022-12-31", freq="7D"), 0),
    ],
)
def test_a_season_stands_out_from_four_orders_on(dates, quarter):
    """Three orders of one day of the year go as far as Rayleigh's test at 5 % allows: 3 squared is not above 3 times 3."""
    assert noise_floor._season(ordering({"a": dates}), PERIODS.current.last_day).tolist() == [quarter]


@pytest.mark.parametrize(("months", "stay"), [(6, True), (12, False)])
def test_where_periods_are_no_whole_years_nobody_is_drawn_into_the_season_of_others(months, stay):
    days = {f"{half}{number}": pd.date_range(f"2018-{month}-01", "2022-12-31", freq="365D") + pd.Timedelta(days=3 * number)
            for half, month in (("w", "01"), ("s", "08")) for number in range(10)}  # fmt: skip
    purchases = ordering(days)
    periods = find_periods(purchases.day, AS_OF, 36, months)
    season = noise_floor._season(purchases, periods.current.last_day)
    for drawn in noise_floor.redraw(purchases, periods, True, 5, 1):
        assert (noise_floor._season(drawn, periods.current.last_day) == season).all() == stay


@pytest.mark.parametrize(("first", "told"), [(date(2021, 11, 30), True), (date(2021, 12, 1), False)])
def test_a_season_is_told_from_a_change_where_a_month_of_it_was_seen_twice(first, told):
    """396 days before the last of the year: 365 and 31; whole years hold every season equally often."""
    halves = Periods(Period(date(2022, 1, 1), date(2022, 6, 30)), Period(date(2022, 7, 1), AS_OF), 0, True, first)
    assert halves.seasons_told is told and PERIODS.seasons_told
    moves = np.zeros((20, 30), np.int8)
    moves[0] = -1
    claims = noise_floor._claims(moves, [np.full(30, "sleeping")] * 20, told)
    assert (claims["falling"].p_value < 1) is told and claims["falling"].figure == 30


def test_a_first_order_and_who_is_new_stay_where_they_are():
    """Drawn again are orders after the first, in the two periods, of customers who came before the current one."""
    start, now, end = PERIODS.comparison.first_day, PERIODS.current.first_day, PERIODS.current.last_day
    days = [FIRST_DAY, start - 1, start, end, end + 1, start + 9, start + 10, now - 1, now, now, now + 1]
    whose = [0, 0, 0, 0, 0, 1, 1, 2, 2, 3, 3]
    firsts = np.array([FIRST_DAY, start + 9, now - 1, now])
    purchases = Purchases(np.array(list("abcd")), np.array(whose), np.array(days), np.ones(len(days)), firsts)
    free = noise_floor._free_orders(purchases, PERIODS).tolist()
    assert free == [False, False, True, True, False, False, True, False, True, False, False]


def test_somebody_new_did_not_order_in_both_periods():
    tables = shop(100, 0)
    new = pd.DataFrame({"customer_id": ["new"], "order_date": [pd.Timestamp("2022-12-30")], "order_amount": [10.0]})
    orders = pd.concat([tables["orders"], new])
    assert kind({"orders": orders, "customer_table": orders[["customer_id"]].drop_duplicates()}) == "not_yet"
