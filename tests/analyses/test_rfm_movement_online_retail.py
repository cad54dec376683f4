"""Movement on a real shop: half-years of Online Retail, its noise floor, and its nine days of December."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest

from helpers.analyses import rfm_movement as room
from helpers.core.results import RunContext
from helpers.sources.customers import customer_table
from tests.conftest import shared_data

pytestmark = pytest.mark.slow
END = date(2011, 12, 9)


@pytest.fixture(scope="module")
def tables():
    lines = pd.read_parquet(shared_data("online_retail") / "online_retail.parquet")
    keep = ~lines["InvoiceNo"].str.startswith("C") & lines["CustomerID"].notna()
    lines = lines[keep & (lines["Quantity"] > 0) & (lines["UnitPrice"] > 0)]
    lines = lines.assign(amount=lines["Quantity"] * lines["UnitPrice"], customer_id=lines["CustomerID"].astype(str))
    orders = lines.groupby("InvoiceNo").agg(
        customer_id=("customer_id", "first"), order_date=("InvoiceDate", "min"), order_amount=("amount", "sum")
    )
    orders = orders.rename_axis("order_id").reset_index()
    assert (len(orders), orders["customer_id"].nunique()) == (18_532, 4_338)
    return {"orders": orders, "customer_table": customer_table({"orders": orders}, END)}


def run(tables, as_of=END, **keys):
    return room.run(tables, room.Settings(**{"comparison_months": 6, "current_months": 6, **keys}), RunContext(as_of, 42))


def test_two_half_years_are_reported_with_their_noise_floor(tables):
    movement = run(tables)
    assert (movement.periods.comparison.start, movement.periods.current.end) == (date(2010, 12, 1), date(2011, 11, 30))
    quality = movement.quality
    assert quality["dropped_days"] == 9
    assert 1_850 < quality["customers_in_both_periods"] < 1_950
    assert 0.30 < quality["share_same_segment"] < 0.38  # most customers move ...
    low, high = quality["share_same_segment_by_chance_low"], quality["share_same_segment_by_chance_high"]
    assert low <= quality["share_same_segment"] <= high  # ... and that is what chance gives
    # A year of orders cannot tell the season of a customer from a change: nothing is claimed.
    assert room.certainty.verdict(movement).kind == "caution"
    assert not any(chance.beaten for chance in movement.chance.values()) and not room.story.finding(movement).actions


@pytest.mark.parametrize("as_of", [END, date(2011, 12, 31)])
def test_the_part_of_december_makes_nobody_sleep(tables, as_of):
    """November against December: whole months end in November, whatever the round's date says."""
    november = run(tables, as_of, current_months=1, comparison_months=3, redraws=20)
    assert november.periods.current.end == date(2011, 11, 30)
    december = run(tables, as_of, current_months=1, comparison_months=3, redraws=20, whole_months=False)
    if as_of > END:  # a month of which only nine days were delivered
        asleep = [result.profile.set_index("change_group").loc["sleeping", "share"] for result in (november, december)]
        assert asleep[1] > asleep[0] + 0.15


def test_a_shuffle_moves_nobody(tables):
    once = run(tables, redraws=20)
    shuffled = {name: frame.sample(frac=1, random_state=2) for name, frame in tables.items()}
    pd.testing.assert_frame_equal(run(shuffled, redraws=20).table, once.table)
