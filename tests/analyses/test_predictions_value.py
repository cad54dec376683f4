"""Customer value: published numbers, and refusals on data that the model cannot carry."""

import numpy as np
import pandas as pd
import pytest

from helpers.analyses.predictions import Settings, btyd, story, value, windows
from helpers.core import wording
from tests.analyses.test_predictions import AS_OF, shop
from tests.conftest import shared_data


@pytest.fixture(scope="module")
def cdnow():
    folder = shared_data("cdnow")
    return pd.read_csv(folder / "cdnow_customers_summary_with_transactions.csv")


@pytest.fixture(scope="module")
def cdnow_orders():
    file = shared_data("cdnow") / "CDNOW_sample.txt"
    raw = pd.read_csv(file, sep=r"\s+", header=None, names=["id", "customer_id", "date", "cds", "order_amount"], dtype=str)
    return pd.DataFrame(
        {"customer_id": raw["customer_id"], "order_date": pd.to_datetime(raw["date"]), "order_amount": raw["order_amount"].astype(float)}
    )


def test_bg_nbd_as_published_in_2005(cdnow):
    model = btyd.fit_bg_nbd(cdnow["x"], cdnow["t_x"], cdnow["T"])
    assert (model.r, model.alpha, model.a, model.b) == pytest.approx((0.243, 4.414, 0.793, 2.426), abs=5e-4)
    assert model.log_likelihood == pytest.approx(-9582.4, abs=0.1)


def test_gamma_gamma_as_published(cdnow_orders):
    people = btyd.summary(windows.known_orders(cdnow_orders, "1998-06-30"), pd.Timestamp("1997-09-30"))
    assert int((people["repeat_orders"] > 0).sum()) == 946
    model = btyd.fit_gamma_gamma(people["repeat_orders"], people["mean_repeat_amount"])
    assert (round(model.p, 2), round(model.q, 2), round(model.gamma, 2)) == (6.25, 3.74, 15.44)


def test_forecast_on_the_cdnow_holdout(cdnow, cdnow_orders):
    model = btyd.fit_bg_nbd(cdnow["x"], cdnow["t_x"], cdnow["T"])
    expected = btyd.expected_orders(model, 39, cdnow["x"], cdnow["t_x"], cdnow["T"])
    days = cdnow_orders[cdnow_orders["order_date"] > "1997-09-30"].drop_duplicates(["customer_id", "order_date"])
    actual = days.groupby("customer_id").size().reindex(cdnow["ID"].map("{:04d}".format)).fillna(0)
    assert actual.sum() == 1882
    assert np.corrcoef(expected, actual)[0, 1] == pytest.approx(0.626, abs=0.005)


def test_the_expectation_is_that_of_a_simulation():
    """Equation 10 against 40,000 simulated customers with the same parameters."""
    rng = np.random.default_rng(8)
    model = btyd.BgNbd(0.8, 6.0, 0.9, 2.5, 0.0)
    rate, leave = rng.gamma(model.r, 1 / model.alpha, 40_000), rng.beta(model.a, model.b, 40_000)
    counts = np.zeros((2, 40_000))
    last = np.zeros(40_000)
    now, alive = np.zeros(40_000), np.ones(40_000, dtype=bool)
    while (alive & (now < 60)).any():
        now = now + rng.exponential(1 / np.maximum(rate, 1e-12))
        buys = alive & (now < 60)
        early = buys & (now < 30)
        counts[0] += early
        counts[1] += buys & ~early
        last = np.where(early, now, last)
        alive &= buys & (rng.random(40_000) >= leave)
    expected = btyd.expected_orders(model, 30, counts[0], last, np.full(40_000, 30.0))
    assert expected.mean() == pytest.approx(counts[1].mean(), rel=0.03)
    late = counts[0] >= 2
    assert expected[late].mean() == pytest.approx(counts[1][late].mean(), rel=0.06)


@pytest.mark.slow
def test_online_retail_is_refused_with_the_reason():
    lines = pd.read_parquet(shared_data("online_retail") / "online_retail.parquet")
    lines = lines[lines["CustomerID"].notna() & (lines["Quantity"] > 0) & (lines["UnitPrice"] > 0)]
    lines = lines.assign(order_amount=lines["Quantity"] * lines["UnitPrice"], customer_id=lines["CustomerID"].astype(str))
    orders = (
        lines.groupby("InvoiceNo")
        .agg(customer_id=("customer_id", "first"), order_date=("InvoiceDate", "min"), order_amount=("order_amount", "sum"))
        .reset_index()
    )
    customer_value = value.customer_value(windows.known_orders(orders, "2011-12-09"), "2011-12-09", Settings())
    assert "degenerate_corner" in customer_value.refused and np.isnan(customer_value.expected)
    sentence = story.value_sentence(customer_value, Settings()).text
    last_year = orders.loc[orders["order_date"] >= "2010-12-10", "order_amount"].sum()
    assert customer_value.same_as_before == pytest.approx(last_year)
    assert "nobody ever leaves" in sentence and wording.money(last_year) in sentence
    assert customer_value.holdout.table["actual"].iloc[-1] > 0


def test_value_is_a_range_around_what_came_and_beats_same_as_before():
    customer_value = value.customer_value(windows.known_orders(shop(1500, days=920, seed=6), AS_OF), AS_OF, Settings())
    assert not customer_value.refused and customer_value.holdouts == 3
    assert customer_value.low < customer_value.expected < customer_value.high
    assert abs(customer_value.holdout.error) < abs(customer_value.holdout.error_same)
    assert customer_value.per_customer["expected_value"].sum() == pytest.approx(customer_value.expected)


def test_spend_that_goes_with_frequency_is_refused():
    orders = shop(1500, seed=6)
    count = orders.groupby("customer_id")["order_amount"].transform("size")
    customer_value = value.customer_value(
        windows.known_orders(orders.assign(order_amount=orders["order_amount"] * count**1.5), AS_OF), AS_OF, Settings()
    )
    assert "spend_goes_with_frequency" in customer_value.refused


def test_a_year_ahead_is_refused_where_the_history_cannot_try_it_twice_and_half_a_year_is_said_where_nobody_asked():
    known, asked = windows.known_orders(shop(1500, days=700, seed=6), AS_OF), Settings(value_horizon_days=365)
    refused = value.customer_value(known, AS_OF, asked)
    assert refused.refused == ("horizon_beyond_history",) and np.isnan(refused.low)
    assert "You need 24 months of orders" in story.value_sentence(refused, asked).text
    half = value.customer_value(known, AS_OF, Settings())
    assert half.horizon_days == 182 and half.holdouts == 3 and half.low < half.high
    assert half.same_as_before == value.spend_between(known, pd.Timestamp(AS_OF) - 182 * windows.DAY, pd.Timestamp(AS_OF))
    assert "In the next 182 days" in story.value_sentence(half, Settings()).text


def test_too_little_history_gives_the_simpler_figure():
    orders = shop(300, seed=6)
    recent = orders[orders["order_date"] > pd.Timestamp(AS_OF) - pd.Timedelta(days=200)]
    customer_value = value.customer_value(windows.known_orders(recent, AS_OF), AS_OF, Settings())
    assert customer_value.refused == ("too_little_history",)
    assert customer_value.same_as_before == pytest.approx(recent["order_amount"].sum())
