"""Phase 1: KPIs by hand on a tiny frame, goal checks, business case, and clients without anything."""

from __future__ import annotations

import math
from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from helpers.core.results import Finding, RunContext
from helpers.phases import goals
from helpers.phases.goals import story, tables
from helpers.phases.goals.conversion import conversion
from tests.conftest import shared_data

MOMENT = RunContext(date(2023, 12, 31), 7)
TINY = pd.DataFrame(
    [
        ("1", "a", "2023-01-10", 100.0),
        ("2", "a", "2023-01-30", 300.0),
        ("3", "a", "2023-03-01", 200.0),  # a: gaps 20 and 30 days
        ("4", "b", "2023-02-01", 50.0),
        ("5", "b", "2023-02-11", 150.0),  # b: gap 10 days
        ("6", "c", "2023-06-01", 400.0),
        ("7", None, "2023-07-01", 80.0),  # nobody's
        ("8", "c", "2023-08-01", -100.0),  # a credit note
        ("9", "d", "2022-05-01", 999.0),  # before the 12 months
        ("10", "a", "2024-01-05", 5000.0),  # after the as-of date
        ("11", "a", "2021-11-05", 10.0),  # a is no new customer
    ],
    columns=["order_id", "customer_id", "order_date", "order_amount"],
)


def years(months: int, seasonal: bool = False, customers: int = 12) -> pd.DataFrame:
    """Return one order per month from each of some customers, with a season in December."""
    rows = []
    for month in pd.period_range("2020-01", periods=months, freq="M"):
        for customer in range(customers):
            amount = 300.0 if seasonal and month.month == 12 else 100.0
            rows.append((f"{month}-{customer}", f"c{customer}", month.start_time + pd.Timedelta(days=5), amount))
        # A last order at the end makes the month whole.
        rows.append((f"{month}-end", "c0", month.end_time.normalize(), 1.0))
    return pd.DataFrame(rows, columns=TINY.columns)


def test_kpis_by_hand():
    book = goals.kpis({"orders": TINY}, MOMENT)
    current = {kpi.name: kpi.current for kpi in book.kpis}
    assert current["active_customers"] == 3
    assert current["new_customers"] == 2  # b and c
    assert current["repeat_rate"] == pytest.approx(2 / 3)
    assert current["revenue"] == pytest.approx(100 + 300 + 200 + 50 + 150 + 400 + 80 - 100)
    assert current["revenue_per_customer"] == pytest.approx((600 + 200 + 300) / 3)
    assert current["order_value"] == pytest.approx(1100 / 6)
    assert current["days_between_orders"] == pytest.approx((25 + 10) / 2)
    assert math.isnan(current["top_share"])  # fewer than ten customers have no tenth
    assert math.isnan(current["conversion"])
    assert book.facts["orders_without_customer"] == 1
    assert book.facts["undated_rows"] == 1


def test_top_share_is_the_tenth_rounded_up():
    amounts = [100.0] * 10 + [500.0]
    orders = pd.DataFrame(
        {
            "order_id": [str(n) for n in range(11)],
            "customer_id": [f"c{n}" for n in range(11)],
            "order_date": "2023-05-05",
            "order_amount": amounts,
        }
    )
    book = goals.kpis({"orders": orders}, MOMENT)
    assert book.kpi("top_share").current == pytest.approx(600 / 1500)


def test_intervals_hold_the_figure_and_are_blind_to_row_order_and_seed():
    rng = np.random.default_rng(3)
    orders = years(24, customers=400).assign(order_amount=lambda frame: rng.gamma(2, 50, len(frame)))
    first = goals.kpis({"orders": orders}, RunContext(date(2021, 12, 31), 11)).table
    again = goals.kpis({"orders": orders.sample(frac=1, random_state=1)}, RunContext(date(2021, 12, 31), 12)).table
    pd.testing.assert_frame_equal(first, again)
    sampled = first.dropna(subset=["low"])
    assert len(sampled) == 5
    assert (sampled["low"] <= sampled["current"]).all() and (sampled["current"] <= sampled["high"] + 1e-9).all()


def test_lines_per_order_vary_by_customer_and_not_by_order():
    """A hundred customers with ten orders each, all alike: the range is that of a hundred, as if each had ordered once."""
    sizes = np.repeat(np.tile([1, 5], 50), 10)
    orders = pd.DataFrame({"order_id": np.arange(1000).astype(str), "customer_id": np.repeat(np.arange(100), 10).astype(str)})
    lines = orders.loc[np.repeat(orders.index, sizes)].assign(order_date=pd.Timestamp("2023-06-01"))
    kpi = goals.kpis({"order_lines": lines}, MOMENT).kpi("basket_size")
    assert kpi.current == 3 and kpi.base == 100
    assert kpi.high - kpi.low == pytest.approx(2 * 1.984 * 2.01 / 10, rel=0.01)
    without = goals.kpis({"order_lines": lines.assign(customer_id=None)}, MOMENT).kpi("basket_size")
    assert without.base == 1000 and without.high - without.low < 0.4 * (kpi.high - kpi.low)


def test_partial_months_are_not_compared():
    context = RunContext(date(2021, 6, 9), 1)
    book = goals.kpis({"orders": years(30)}, context)
    assert not book.monthly.loc["2021-06-01", "complete"]
    assert book.monthly.loc["2021-05-01", "complete"]
    assert book.rolling.index.max() == pd.Timestamp("2021-05-31")


def test_the_season_is_found_and_needs_two_whole_years():
    context = RunContext(date(2022, 12, 31), 1)
    season = goals.kpis({"orders": years(36, seasonal=True)}, context).seasonality
    assert season["index"].idxmax() == 12
    assert season["index"].mean() == pytest.approx(1)
    assert season.loc[12, "index"] > 2 * season.loc[6, "index"]
    assert goals.kpis({"orders": years(23)}, RunContext(date(2021, 11, 30), 1)).seasonality.empty


def test_new_customers_need_a_year_before():
    orders = years(36)
    reason = {}
    for year, month, day in ((2020, 12, 31), (2021, 6, 30), (2022, 12, 31)):
        reason[(year, month)] = goals.kpis({"orders": orders}, RunContext(date(year, month, day), 1)).kpi("new_customers").reason
    assert reason == {(2020, 12): "no_past", (2021, 6): "short_history", (2022, 12): ""}


def test_conversion_from_events_and_from_outcomes():
    events = pd.DataFrame(
        {
            "visitor_id": ["v1", "v1", "v2", "v3", "v4"],
            "event_time": pd.Timestamp("2023-03-03"),
            "event_type": ["view", "Purchase", "view", "view", "view"],
            "customer_id": ["a", "a", "b", None, None],
        }
    )
    assert goals.kpis({"web_events": events}, MOMENT).kpi("conversion").current == pytest.approx(1 / 4)
    only_views = events.assign(event_type="view")
    assert goals.kpis({"web_events": only_views}, MOMENT).kpi("conversion").reason == "no_conversion_event"
    outcomes = pd.DataFrame({"customer_id": ["a", "b"], "outcome_date": pd.to_datetime(["2023-04-01", "2023-01-01"])})
    conversion = goals.kpis({"web_events": only_views, "outcomes": outcomes}, MOMENT).kpi("conversion")
    assert conversion.current == pytest.approx(1 / 4)  # b's outcome came before the visit
    assert conversion.low < 0.25 < conversion.high


CHECKS = [
    ({"kpi": "own"}, {"no_own_kpi", "no_baseline", "no_target", "no_date", "no_owner", "no_name", "no_stage"}),
    ({"kpi": "order_value", "target": 130, "by": "2021-12-31"}, {"date_past", "outside_history"}),
    ({"kpi": "order_value", "target": 50}, {"target_worse", "outside_history"}),
    ({"kpi": "days_between_orders", "target": 300}, {"target_worse", "outside_history"}),
    ({"kpi": "order_value", "target": 130, "baseline": 80}, {"baseline_differs", "outside_history"}),
    ({"kpi": "own", "own_kpi": "score", "baseline": 7, "target": 8}, set()),
    ({"kpi": "own", "own_kpi": "complaints", "baseline": 7, "target": 5, "better": "down"}, set()),
    ({"kpi": "order_value", "customer_group": "schools", "target": 130}, {"no_baseline"}),
    ({"kpi": "repeat_rate", "target": 1.0}, {"target_worse"}),
]


@pytest.mark.parametrize(("answers", "expected"), CHECKS)
def test_goal_checks(answers: dict, expected: set[str]):
    whole = {"name": "g", "stage": "purchase", "owner": "An", "by": "2023-12-31"}
    base = {} if answers == {"kpi": "own"} else whole
    settings_ = goals.Settings.model_validate({"goals": [base | answers]})
    result = goals.review({"orders": years(36)}, settings_, RunContext(date(2022, 12, 31), 1))
    assert {problem.kind for problem in result.checks[0].problems} == expected
    assert all(words for words in result.goal_checks["place"])
    assert "mend" in tables.goal_table(result).frame.columns


def test_a_target_inside_the_uncertainty_is_said_to_be_chance():
    rng = np.random.default_rng(2)
    orders = years(36, customers=100).assign(order_amount=lambda frame: rng.lognormal(4, 1.2, len(frame)))
    context = RunContext(date(2022, 12, 31), 1)
    kpi = goals.kpis({"orders": orders}, context).kpi("order_value")
    target = (kpi.current + kpi.high) / 2
    answers = goals.Settings.model_validate({"goals": [{"kpi": "order_value", "target": target}]})
    kinds = {problem.kind for problem in goals.review({"orders": orders}, answers, context).checks[0].problems}
    assert "within_noise" in kinds


def test_business_case_by_hand_and_its_careful_end():
    answers = {
        "customers_reached": {"low": 100, "middle": 200, "high": 300, "source": "mailing list"},
        "extra_orders": {"low": 0.05, "middle": 0.1, "high": 0.2, "source": "test of 2022"},
        "order_value": {"low": 100, "middle": 100, "high": 100},
        "margin_share": {"low": 0.3, "middle": 0.4, "high": 0.5, "source": "controller"},
        "cost_once": {"low": 50, "middle": 100, "high": 200, "source": "quote"},
        "cost_per_year": {"low": 0, "middle": 10, "high": 20, "source": "quote"},
        "years": 2,
    }
    case = goals.review({}, goals.Settings(business_case=answers), MOMENT).case
    assert case.net["low"] == pytest.approx(100 * 0.05 * 100 * 0.3 * 2 - (200 + 40))
    assert case.net["middle"] == pytest.approx(200 * 0.1 * 100 * 0.4 * 2 - (100 + 20))
    assert case.net["high"] == pytest.approx(300 * 0.2 * 100 * 0.5 * 2 - 50)
    assert case.swing.iloc[0]["assumption"] == "extra_orders"


def test_another_way_to_spend_the_money_stands_below_the_case():
    options = [{"name": "a stand at the fair", "net_per_year": 400, "source": "last year's books"}, {}]
    result = goals.review({}, goals.Settings(business_case={"years": 2, "other_options": options}), MOMENT)
    rows = [row.cells for row in tables.case_table(result).rows[-2:]]
    assert rows[0] == ("Instead, after cost: a stand at the fair", "–", "€\u00a0800", "–", "last year's books")
    assert rows[1] == ("Instead, after cost: not named yet", "–", "–", "–", "no source given")
    assert len(tables.case_table(goals.review({}, goals.Settings(), MOMENT)).rows) == len(result.case.lines)


def test_measured_figures_stand_in_and_missing_ones_are_named():
    case = goals.review({"orders": years(36, customers=100)}, goals.Settings(), RunContext(date(2022, 12, 31), 1)).case
    origins = {line.name: line.origin for line in case.lines}
    assert origins["order_value"] == origins["customers_reached"] == "data"
    assert "goals.business_case.margin_share" in case.missing
    assert math.isnan(case.net["middle"])


@pytest.mark.parametrize(
    "wrong",
    [
        {"goals": [{"kpi": "repeat_rate", "target": 28}]},
        {"goals": [{"priority": 6}]},
        {"goals": [{"stage": "buying"}]},
        {"business_case": {"cost_once": {"low": 3, "middle": 2, "high": 5}}},
        {"gaols": []},
    ],
)
def test_wrong_answers_are_refused(wrong: dict):
    with pytest.raises(ValidationError):
        goals.Settings.model_validate(wrong)


orders_strategy = st.lists(
    st.tuples(
        st.sampled_from(["a", "b", "c", None, ""]), st.dates(date(2022, 6, 1), date(2024, 2, 1)), st.floats(-1e4, 1e6, allow_nan=False)
    ),
    max_size=40,
)


@settings(max_examples=20, deadline=None)
@given(orders_strategy)
def test_any_orders_give_a_result_with_shares_in_range(rows):
    frame = pd.DataFrame(rows, columns=["customer_id", "order_date", "order_amount"]).astype({"customer_id": "object"})
    frame.insert(0, "order_id", [str(n) for n in range(len(frame))])
    before = frame.copy()
    result = goals.review({"orders": frame}, goals.Settings(), MOMENT)
    pd.testing.assert_frame_equal(frame, before)
    repeat = result.book.kpi("repeat_rate").current
    assert math.isnan(repeat) or 0 <= repeat <= 1
    known = frame[frame["customer_id"].isin(["a", "b", "c"])]
    active = result.book.kpi("active_customers").current
    assert math.isnan(active) or active <= known["customer_id"].nunique()
    assert story.finding(result).headline
    assert tables.kpi_table(result).to_text()


@pytest.mark.parametrize("tables", [{}, {"orders": TINY.head(0)}, {"orders": TINY.head(1)}])
def test_clients_without_anything_are_told_how_to_answer(tables):
    result = goals.review(tables, goals.Settings(), MOMENT)
    text = " ".join(sentence.text for sentence in story.sentences(result)) + " ".join(story.why(result))
    for key in ("goals.goals", "goals.business_case.margin_share", "goals.culture"):
        assert key in text
    assert goals.charts.funnel(result).png
    finding = story.finding(result)
    assert Finding.from_json(finding.to_json()) == finding


def test_pictures_of_a_rich_client():
    answers = {"goals": [{"name": "More", "stage": "retention", "kpi": "repeat_rate"}] * 3}
    result = goals.review({"orders": years(36)}, goals.Settings.model_validate(answers), RunContext(date(2022, 12, 31), 1))
    assert "More" in goals.charts.funnel(result).alt
    assert goals.charts.history(result.book, "order_value").png
    assert goals.charts.months(result.book).png
    assert goals.charts.case(result) is None
    assert story.how_sure(result).to_text() and tables.culture_table(result).to_text()


@pytest.mark.slow
def test_online_retail_without_answers():
    raw = pd.read_parquet(shared_data("online_retail") / "online_retail.parquet")
    sales = raw[
        ~raw["InvoiceNo"].astype(str).str.startswith("C") & raw["CustomerID"].notna() & (raw["Quantity"] > 0) & (raw["UnitPrice"] > 0)
    ]
    sales = sales.assign(order_amount=sales["Quantity"] * sales["UnitPrice"])
    orders = sales.groupby("InvoiceNo", as_index=False).agg(
        customer_id=("CustomerID", "first"), order_date=("InvoiceDate", "min"), order_amount=("order_amount", "sum")
    )
    orders = orders.rename(columns={"InvoiceNo": "order_id"})
    assert orders["order_amount"].sum() == pytest.approx(8_911_407.90, abs=0.01)
    result = goals.review({"orders": orders}, goals.Settings(), RunContext(date(2011, 12, 9), 1))
    book = result.book
    assert book.monthly["orders"].sum() == 18_532
    assert not book.monthly["complete"].iloc[-1] and book.monthly["complete"].iloc[:-1].all()
    last_year = orders[orders["order_date"] >= "2010-12-10"]
    assert book.kpi("active_customers").current == last_year["customer_id"].nunique()
    assert book.kpi("new_customers").reason == "no_past"
    assert "no goals are answered yet" in story.headline(result)
    assert "4,264" in story.headline(result)


def test_robots_are_no_visitors():
    people, robots = [f"v{n}" for n in range(20)], [f"r{n}" for n in range(30)]
    events = pd.DataFrame({"visitor_id": people + robots, "event_time": pd.Timestamp("2024-03-01 10:00"), "event_type": "page view"})
    events["user_agent"] = ["Mozilla/5.0 (X11; Linux x86_64) Firefox/120.0"] * 20 + ["Mozilla/5.0 (compatible; Googlebot/2.1)"] * 30
    events["customer_id"] = pd.NA
    counted = conversion({"web_events": events}, RunContext(date(2024, 6, 30), 1), ())
    assert counted is not None and counted.visitors == 20
