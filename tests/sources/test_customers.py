"""One row per customer as of a day."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.core.errors import UserMistakes
from helpers.sources.customers import customer_table
from helpers.tables import CUSTOMER_TABLE
from tests.support.order_tables import orders_from_lines

ORDERS = pd.DataFrame(
    {
        "order_id": ["1", "2", "3", "4"],
        "customer_id": ["a", "a", "b", None],
        "order_date": pd.to_datetime(["2023-01-01 10:00", "2023-12-01 00:00", "2024-01-05 00:00", "2023-06-01 00:00"]).astype(
            "datetime64[us]"
        ),
        "order_amount": [10.0, 30.0, 5.0, 99.0],
    }
)


def test_recency_tenure_frequency_and_money_by_hand():
    table = customer_table({"orders": ORDERS}, date(2023, 12, 31))
    assert table["customer_id"].tolist() == ["a"]
    row = table.iloc[0]
    assert (row.recency_days, row.tenure_days, row.frequency, row.monetary, row.monetary_per_order) == (30, 364, 2, 40, 20)
    assert row.frequency_per_month == pytest.approx(2 / (364 / (365.25 / 12)))


def test_nothing_after_as_of_or_before_history_is_used():
    assert customer_table({"orders": ORDERS}, date(2024, 1, 5))["customer_id"].tolist() == ["a", "b"]
    late = customer_table({"orders": ORDERS}, date(2023, 12, 31), history_from=date(2023, 6, 1))
    assert late["frequency"].tolist() == [1]


def test_listed_customers_without_orders_stay_and_personal_columns_go():
    listed = pd.DataFrame({"customer_id": ["b", "z"], "customer_name": ["Name", "Other"], "sector": ["Care", None]})
    table = customer_table({"orders": ORDERS, "customers": listed}, date(2024, 12, 31))
    assert table["customer_id"].tolist() == ["a", "b", "z"]
    assert table["in_customer_list"].tolist() == [False, True, True]
    assert table["frequency"].tolist() == [2, 1, 0]
    assert "customer_name" not in table and table["sector"].tolist()[1] == "Care"


def test_contacts_count_up_to_as_of():
    contacts = pd.DataFrame({"customer_id": ["a", "a", "b"], "contact_date": pd.to_datetime(["2023-01-01", "2025-01-01", "2023-02-01"])})
    table = customer_table({"orders": ORDERS, "contacts": contacts}, date(2024, 12, 31))
    assert table.set_index("customer_id")["contacts"].to_dict() == {"a": 1, "b": 1}


def test_lines_add_up_to_orders_and_two_owners_are_refused():
    lines = pd.DataFrame(
        {
            "order_id": ["1", "1", "2"],
            "customer_id": ["a", "a", "b"],
            "line_amount": [0.1, 0.2, 5.0],
            "order_date": pd.to_datetime(["2023-01-02", "2023-01-01", "2023-03-01"]),
        }
    )
    orders = orders_from_lines(lines)
    assert orders["order_amount"].tolist() == [0.3, 5.0]
    assert orders["order_date"].iloc[0] == pd.Timestamp("2023-01-01")
    with pytest.raises(UserMistakes, match="one customer per order"):
        orders_from_lines(lines.assign(customer_id=["a", "b", "b"]))


def test_columns_are_the_contract():
    assert set(customer_table({"orders": ORDERS}, date(2024, 12, 31))) <= set(CUSTOMER_TABLE.names)


@settings(max_examples=20, deadline=None)
@given(
    rows=st.lists(
        st.tuples(st.sampled_from("abcde"), st.dates(date(2020, 1, 1), date(2023, 12, 31)), st.integers(-5000, 5000)),
        min_size=1,
        max_size=40,
    ),
    shuffle=st.randoms(use_true_random=False),
)
def test_sums_reconcile_and_row_order_does_not_matter(rows, shuffle):
    orders = pd.DataFrame(rows, columns=["customer_id", "order_date", "order_amount"])
    orders["order_date"] = pd.to_datetime(orders["order_date"])
    orders["order_amount"] = orders["order_amount"] / 100
    orders["order_id"] = [str(i) for i in range(len(orders))]
    table = customer_table({"orders": orders}, date(2023, 12, 31))
    assert table["monetary"].sum() == pytest.approx(orders["order_amount"].sum(), abs=0.01)
    assert table["frequency"].sum() == len(orders)
    mixed = orders.iloc[shuffle.sample(range(len(orders)), len(orders))]
    pd.testing.assert_frame_equal(customer_table({"orders": mixed}, date(2023, 12, 31)), table)
