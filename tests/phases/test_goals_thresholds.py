"""Where the advice of phase 1 turns: just below, at and just above every threshold."""

from __future__ import annotations

import math
from datetime import date

import numpy as np
import pandas as pd
import pytest
from pydantic import ValidationError

from helpers.core.results import RunContext
from helpers.phases import goals
from helpers.phases.goals import figures, history, words
from helpers.phases.goals.business_case import business_case
from helpers.phases.goals.checks import SERIOUS, check_goals
from helpers.phases.goals.conversion import Conversion, conversion
from helpers.phases.goals.history import monthly, seasonality
from helpers.phases.goals.kpis import Kpi, KpiBook
from helpers.phases.goals.orders import order_book

AS_OF = RunContext(date(2023, 12, 31), 7)


def orders(days: list[str], customers: int = 12) -> pd.DataFrame:
    """Return an order of 100 by each of some customers on every day."""
    rows = [(f"{day}-{customer}", f"c{customer}", day, 100.0) for day in days for customer in range(customers)]
    frame = pd.DataFrame(rows, columns=["order_id", "customer_id", "order_date", "order_amount"])
    return frame.assign(order_date=pd.to_datetime(frame["order_date"]))


def kpis(days: list[str], customers: int = 12, as_of: date = date(2023, 12, 31)) -> KpiBook:
    return goals.kpis({"orders": orders(days, customers)}, RunContext(as_of, 7))


def month_starts(first: str, last: str) -> list[str]:
    return [day.date().isoformat() for day in pd.date_range(first, last, freq="MS")]


@pytest.fixture
def no_past(monkeypatch):
    """Leave out the rolling years, which take the longest and decide nothing here."""
    monkeypatch.setattr(history, "rolling", lambda _book: pd.DataFrame(columns=list(history.ROLLING_COLUMNS), dtype=float))


# ---- Figures and their intervals ----


@pytest.mark.parametrize(("customers", "share"), [(9, math.nan), (10, 0.1), (11, 2 / 11), (20, 0.1), (21, 3 / 21)])
@pytest.mark.usefixtures("no_past")
def test_the_top_tenth_is_rounded_up_and_needs_ten_customers(customers, share):
    top_share = kpis(["2022-12-15", "2023-06-15"], customers).kpi("top_share")
    assert top_share.current == pytest.approx(share, nan_ok=True)
    assert top_share.measured is (customers >= 10)


@pytest.mark.parametrize(
    ("kpi", "needed"),
    [("repeat_rate", 10), ("days_between_orders", 10), ("revenue_per_customer", 100), ("order_value", 100), ("top_share", 100)],
)
@pytest.mark.usefixtures("no_past")
def test_an_interval_says_how_many_customers_it_needs(kpi, needed):
    without = kpis(month_starts("2022-12-01", "2023-12-01"), needed - 1).kpi(kpi)
    assert (without.reason, without.base, without.needed) == ("few_customers", needed - 1, needed)
    assert math.isnan(without.low) and math.isnan(without.high)
    assert f"{needed}" in words.kpi_interval(without) and f"{needed}" in words.kpi_reason(without, {})
    has = kpis(month_starts("2022-12-01", "2023-12-01"), needed).kpi(kpi)
    assert (has.reason, has.base, has.needed) == ("", needed, 0) and has.low <= has.current <= has.high


@pytest.mark.usefixtures("no_past")
def test_what_is_counted_needs_nobody():
    assert kpis(month_starts("2022-12-01", "2023-12-01"), 5).kpi("revenue").reason == ""


@pytest.mark.parametrize(("customers", "needed"), [(99, 100), (100, 0)])
def test_the_lines_of_an_order_need_a_hundred_customers(customers, needed):
    lines = pd.DataFrame({"order_id": np.arange(customers).astype(str), "order_date": pd.Timestamp("2023-06-01")})
    kpi = goals.kpis({"order_lines": lines}, AS_OF).kpi("basket_size")
    assert (kpi.needed, kpi.reason) == (needed, "few_customers" if needed else "")


@pytest.mark.parametrize(
    ("converted", "visitors", "low", "high"), [(10, 100, 0.05523, 0.17437), (0, 20, 0.0, 0.16113), (20, 20, 0.83887, 1.0)]
)
def test_the_interval_of_conversion_is_wilsons_95_percent(converted, visitors, low, high):
    """Wilson (1927) with z = 1.96, as Newcombe (1998) prints it for 0 of 20 and the like."""
    shown = Conversion(visitors, converted, "events", 365, pd.Series(dtype=float))
    assert shown.interval == pytest.approx((low, high), abs=1e-5)


@pytest.mark.parametrize(("orders_each", "rate"), [(1, 0.0), (2, 1.0)])
@pytest.mark.usefixtures("no_past")
def test_a_repeat_customer_has_two_orders(orders_each, rate):
    assert kpis(["2023-05-01", "2023-06-01"][:orders_each]).kpi("repeat_rate").current == rate


@pytest.mark.parametrize(("amount", "active"), [(0.0, 1), (0.01, 2)])
def test_an_order_for_nothing_makes_nobody_active(amount, active):
    frame = pd.DataFrame({"customer_id": ["a", "b"], "order_day": pd.Timestamp("2023-06-01"), "order_amount": [10.0, amount]})
    assert len(figures.per_customer(frame)) == active


@pytest.mark.parametrize(("first", "new"), [("2022-12-31", 0), ("2023-01-01", 1)])
def test_a_new_customer_first_ordered_inside_the_window(first, new):
    frame = pd.DataFrame({"customer_id": ["a"], "order_day": pd.Timestamp("2023-06-01"), "order_amount": [10.0]})
    firsts = pd.Series({"a": pd.Timestamp(first)})
    assert figures.window_figures(frame, firsts, pd.Timestamp("2022-12-31"))["new_customers"] == new


# ---- History ----


@pytest.mark.parametrize(
    ("first", "repeat_rate", "new_customers"),
    [
        ("2023-01-02", "short_history", "no_past"),  # 11 whole months
        ("2023-01-01", "", "no_past"),  # 12
        ("2022-12-02", "", "no_past"),
        ("2022-12-01", "", "short_history"),  # 13
        ("2022-01-02", "", "short_history"),  # 23
        ("2022-01-01", "", ""),  # 24
    ],
)
@pytest.mark.usefixtures("no_past")
def test_a_year_is_needed_and_for_new_customers_two(first, repeat_rate, new_customers):
    book = kpis([first, "2023-12-15"])
    assert (book.kpi("repeat_rate").reason, book.kpi("new_customers").reason) == (repeat_rate, new_customers)


@pytest.mark.parametrize(("last", "reason"), [("2023-11-30", ""), ("2023-11-29", "stale")])
@pytest.mark.usefixtures("no_past")
def test_a_last_order_31_days_back_is_fresh_and_32_is_stale(last, reason):
    assert kpis(["2022-06-01", last]).kpi("repeat_rate").reason == reason


@pytest.mark.parametrize(("first", "windows", "known"), [("2022-11-01", 3, True), ("2022-12-01", 2, False)])
def test_a_range_of_history_needs_three_rolling_years(first, windows, known):
    book = kpis(month_starts(first, "2023-12-01") + ["2023-12-31"])
    assert book.kpi("order_value").windows == windows
    assert math.isnan(book.kpi("order_value").history_low) is (not known)
    assert math.isnan(book.kpi("order_value").history_high) is (not known)


@pytest.mark.parametrize(("months", "known"), [(23, False), (24, True)])
def test_a_season_needs_24_whole_months(months, known):
    start = pd.Timestamp("2024-01-01") - pd.DateOffset(months=months)
    book = order_book({"orders": orders([*month_starts(str(start.date()), "2023-12-01"), "2023-12-31"])}, AS_OF)
    assert seasonality(monthly(book)).empty is (not known)


def test_an_order_for_nothing_is_no_order_of_a_month_and_makes_no_customer():
    frame = orders(["2023-01-01", "2023-02-01"], 2)
    frame.loc[frame["customer_id"] == "c1", "order_amount"] = 0.0
    book = order_book({"orders": frame}, AS_OF)
    assert monthly(book)[["orders", "active_customers"]].to_numpy().tolist() == [[1, 1], [1, 1]]
    assert history.first_orders(book).index.tolist() == ["c0"]


def test_new_customers_of_a_rolling_year_need_a_whole_year_before():
    book = order_book({"orders": orders(["2021-12-31", "2022-01-01", "2023-12-31"], 1)}, AS_OF)
    years = history.rolling(book)["new_customers"]
    assert [str(day.date()) for day in years.dropna().index] == ["2023-12-31"]


@pytest.mark.parametrize(
    ("first", "last", "whole"),
    [
        ("2023-01-07", "2023-02-28", ["2023-01", "2023-02"]),
        ("2023-01-08", "2023-02-28", ["2023-02"]),
        ("2023-01-01", "2023-02-21", ["2023-01", "2023-02"]),
        ("2023-01-01", "2023-02-20", ["2023-01"]),
    ],
)
def test_a_month_is_whole_with_a_week_of_slack_at_both_ends(first, last, whole):
    book = order_book({"orders": orders([first, last])}, AS_OF)
    assert [str(month) for month in book.whole_months] == whole


def test_the_twelve_months_end_on_the_as_of_date_and_include_it():
    days = ["2022-12-31", "2023-01-01", "2023-12-31", "2024-01-01"]
    book = order_book({"orders": orders(days, 1)}, AS_OF)
    assert [str(day.date()) for day in book.window(book.as_of)["order_day"]] == ["2023-01-01", "2023-12-31"]


@pytest.mark.parametrize(("first", "both_years"), [("2022-01-01", 12), ("2022-01-02", None)])
@pytest.mark.usefixtures("no_past")
def test_the_year_before_counts_only_when_the_data_covers_it(first, both_years):
    result = goals.review({"orders": orders([first, "2022-06-01", "2023-12-15"])}, goals.Settings(), AS_OF)
    reached = result.funnel.set_index("stage")["reached"]["retention"]
    assert (None if math.isnan(reached) else reached) == both_years


@pytest.mark.parametrize(("first", "reason"), [("2023-02-05", ""), ("2023-02-06", "short_history")])
def test_eleven_months_of_web_events_pass_for_a_year(first, reason):
    times = pd.to_datetime([first, "2023-12-31"])
    events = pd.DataFrame({"visitor_id": ["a", "b"], "event_time": times, "event_type": ["purchase", "view"]})
    assert conversion({"web_events": events}, AS_OF, ["purchase"]).days == (330 if reason == "" else 329)
    assert goals.kpis({"web_events": events}, AS_OF).kpi("conversion").reason == reason


@pytest.mark.parametrize(("first", "visitors"), [("2022-12-31", 1), ("2023-01-01", 2)])
def test_visits_count_for_twelve_months(first, visitors):
    events = pd.DataFrame({"visitor_id": ["a", "b"], "event_time": pd.to_datetime([first, "2023-12-31"]), "event_type": "purchase"})
    assert conversion({"web_events": events}, AS_OF, ["purchase"]).visitors == visitors


@pytest.mark.parametrize(("outcome", "converted"), [("2023-05-31", 0), ("2023-06-01", 1)])
def test_an_outcome_on_the_day_of_the_visit_counts(outcome, converted):
    visit = {"visitor_id": ["a"], "event_time": pd.to_datetime(["2023-06-01 15:00"]), "event_type": ["view"], "customer_id": ["c1"]}
    outcomes = pd.DataFrame({"customer_id": ["c1"], "outcome_date": pd.to_datetime([outcome])})
    assert conversion({"web_events": pd.DataFrame(visit), "outcomes": outcomes}, AS_OF, ["purchase"]).converted == converted


# ---- The check of a goal ----


def book_of(**fields: float) -> KpiBook:
    """Return a book whose order value is 100, with an interval from 90 to 110 and years from 80 to 120."""
    record = {"low": 90.0, "high": 110.0, "history_low": 80.0, "history_high": 120.0, "windows": 5} | fields
    kpi = Kpi("order_value", "money", "up", 100.0, base=50, **record)
    empty = pd.DataFrame()
    return KpiBook((kpi,), pd.Timestamp("2023-12-31"), 24, empty, empty, empty, None, {})


def problems(goal: dict, **fields: float) -> set[str]:
    whole = {"name": "g", "stage": "purchase", "owner": "An", "by": "2024-12-31", "kpi": "order_value"}
    (check,) = check_goals([goals.Goal.model_validate(whole | goal)], book_of(**fields), AS_OF)
    return {problem.kind for problem in check.problems}


@pytest.mark.parametrize(("by", "expected"), [("2023-12-31", {"date_past"}), ("2024-01-01", set())])
def test_a_date_on_the_as_of_date_has_passed(by, expected):
    assert problems({"by": by}) - {"no_target"} == expected


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        (100.0, {"target_worse"}),
        (100.1, {"within_noise"}),
        (110.0, {"within_noise"}),
        (110.1, set()),
        (120.0, set()),
        (120.1, {"outside_history"}),
        (80.0, {"target_worse"}),
        (79.9, {"target_worse", "outside_history"}),
    ],
)
def test_a_target_is_held_against_today_its_noise_and_its_past(target, expected):
    assert problems({"target": target}) == expected


@pytest.mark.parametrize(
    ("target", "expected"), [(100.0, {"target_worse"}), (99.9, {"within_noise"}), (90.0, {"within_noise"}), (89.9, set())]
)
def test_a_target_that_should_fall_is_held_the_other_way(target, expected):
    assert problems({"target": target, "better": "down"}) == expected


def test_a_past_without_a_range_is_too_short():
    assert problems({"target": 115.0}, history_low=math.nan) == {"history_too_short"}


@pytest.mark.parametrize(
    ("baseline", "differs"), [(90.0, False), (89.9, True), (110.0, False), (110.1, True)]
)  # the interval; 5 % would be 95 to 105
def test_a_baseline_inside_the_interval_is_no_difference(baseline, differs):
    assert ("baseline_differs" in problems({"baseline": baseline, "target": 115.0})) is differs


@pytest.mark.parametrize(("baseline", "differs"), [(95.0, False), (94.9, True), (105.2, False), (105.4, True)])
def test_a_baseline_within_five_percent_is_no_difference(baseline, differs):
    missing = {"low": math.nan, "high": math.nan}
    assert ("baseline_differs" in problems({"baseline": baseline, "target": 115.0}, **missing)) is differs


def test_what_makes_a_goal_impossible_to_steer_on():
    assert {"no_baseline", "no_target", "date_past", "target_worse", "no_own_kpi"} == SERIOUS


@pytest.mark.parametrize("kpi", ["repeat_rate", "top_share", "conversion"])
@pytest.mark.parametrize(("target", "allowed"), [(0.0, True), (1.0, True), (1.01, False), (-0.01, False)])
def test_a_share_lies_between_0_and_1(kpi, target, allowed):
    if allowed:
        assert goals.Goal(kpi=kpi, target=target).target == target
    else:
        with pytest.raises(ValidationError, match="is a share between 0 and 1"):
            goals.Goal(kpi=kpi, target=target)


# ---- The business case ----


@pytest.mark.usefixtures("no_past")
def test_measured_figures_stand_in_only_where_they_mean_the_same():
    answered = {"margin_share": {"low": 0.3, "middle": 0.4, "high": 0.5}}
    book = kpis(month_starts("2022-12-01", "2023-12-01"), 100)
    lines = {line.name: line for line in business_case(goals.Settings(business_case=answered).business_case, book).lines}
    origins = {name: line.origin for name, line in lines.items()}
    assert origins == {
        "customers_reached": "data",
        "extra_orders": "missing",
        "order_value": "data",
        "margin_share": "client",
        "cost_once": "missing",
        "cost_per_year": "missing",
    }
    reached = lines["customers_reached"]
    assert (reached.low, reached.middle, reached.high) == (100.0, 100.0, 100.0)  # counted: it has no interval
    few = business_case(goals.Settings().business_case, kpis(month_starts("2022-12-01", "2023-12-01"), 99))
    assert "goals.business_case.order_value" in few.missing  # nothing says how low or high it may lie


@pytest.mark.usefixtures("no_past")
def test_the_funnel_counts_who_ordered_twice_and_no_order_for_nothing():
    frame = orders(["2023-05-01", "2023-06-01"], 2)
    frame.loc[frame["order_id"] == "2023-06-01-1", "order_amount"] = 0.0
    facts = goals.kpis({"orders": frame}, AS_OF).facts
    assert (facts["orders"], facts["repeat_customers"]) == (3.0, 1.0)
