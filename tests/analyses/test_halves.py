"""What is said where a half of the data is missing, and what orders alone still give."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest

from helpers.analyses import next_offer
from helpers.analyses.gates import GateBuilder
from helpers.analyses.halves import CUSTOMERS, ORDERS, missing_half, true_ground
from helpers.core.results import Refusal, RunContext
from helpers.phases import goals

NOBODY = [None] * 40
CONTEXT = RunContext(date(2024, 12, 31), 1)
CLOSED = GateBuilder("needs", "0 customers", "instead").not_yet("reason", "unlock")


def orders(customers: list) -> pd.DataFrame:
    days = pd.date_range("2023-01-05", periods=len(customers), freq="17D")
    amounts = [10.0 + place for place in range(len(customers))]
    ids = [f"o{place:03}" for place in range(len(customers))]
    return pd.DataFrame({"order_id": ids, "customer_id": pd.Series(customers, dtype="str"), "order_date": days, "order_amount": amounts})


PEOPLE = pd.DataFrame({"customer_id": ["a", "b"]})


@pytest.mark.parametrize(
    ("tables", "half"),
    [
        ({"orders": orders(NOBODY), "customer_table": PEOPLE[:0]}, CUSTOMERS),
        ({"orders": orders(NOBODY).drop(columns="customer_id"), "customer_table": PEOPLE}, CUSTOMERS),
        ({"orders": orders([*NOBODY, "a"]), "customer_table": PEOPLE}, ""),
        ({"customer_table": PEOPLE}, ORDERS),
        ({"customer_table": PEOPLE[:0]}, ""),
    ],
)
def test_the_missing_half_is_the_ground_where_it_is_needed_and_nowhere_else(tables: dict, half: str):
    assert missing_half(tables) == half
    heading, gate = true_ground(CLOSED, tables, (CUSTOMERS, ORDERS))
    assert bool(heading) == bool(half) == (gate != CLOSED) and gate.closed and ("0 customers" in gate.has) != bool(half)
    assert true_ground(CLOSED, tables, ()) == ("", CLOSED)
    opened = GateBuilder("", "", "").go("reason", "")
    assert true_ground(opened, tables, (CUSTOMERS, ORDERS)) == ("", opened)


def test_orders_of_nobody_are_counted_and_nothing_is_said_of_customers():
    book = goals.kpis({"orders": orders(NOBODY)}, CONTEXT)
    window = orders(NOBODY)[lambda frame: frame["order_date"] > "2023-12-31"]
    assert book.kpi("orders").current == len(window) and book.kpi("revenue").current == window["order_amount"].sum()
    value = book.kpi("order_value")
    assert value.current == pytest.approx(window["order_amount"].mean()) and value.needed == 100 and value.low != value.low
    for name in ("active_customers", "new_customers", "repeat_rate", "revenue_per_customer", "top_share"):
        assert not book.kpi(name).measured and book.kpi(name).reason == "no_customers"
    # The same orders with customers: the order value is the same, and customers are counted.
    named = goals.kpis({"orders": orders([f"c{place % 15}" for place in range(40)])}, CONTEXT)
    assert named.kpi("order_value").current == pytest.approx(value.current) and named.kpi("active_customers").current > 0


def test_lines_per_order_need_no_customer():
    lines = pd.DataFrame({"order_id": ["x"] * 3 + ["y"], "order_date": pd.Timestamp("2024-06-01")})
    assert goals.kpis({"orders": orders(NOBODY), "order_lines": lines}, CONTEXT).kpi("basket_size").current == 2.0


@pytest.mark.parametrize("together", [True, False])
def test_bundles_need_baskets_only(together: bool):
    rows = [
        (f"o{n}", pd.Timestamp("2024-01-01") + pd.Timedelta(days=n), item)
        for n in range(330)
        for item in (("w", "c") if together or n % 2 else ("s",))
    ]
    lines = pd.DataFrame(rows, columns=["order_id", "order_date", "product_id"]).assign(quantity=1.0)
    if not together:
        lines = lines[~((lines["product_id"] == "c") & (lines["order_id"] > ""))]
    products = pd.DataFrame({"product_id": ["w", "c", "s"], "product_name": ["W", "C", "S"], "product_group": ["wine", "cheese", "soap"]})
    tables = {"order_lines": lines, "products": products.assign(price=1.0), "customer_table": PEOPLE[:0]}
    settings = next_offer.Settings.model_validate({"bundles": [{"name": "r", "base": "wine", "add": ["cheese"]}]})
    refused = next_offer.run(tables, settings, CONTEXT)
    assert isinstance(refused, Refusal)
    made = next_offer.baskets(refused, tables, settings, CONTEXT)
    assert isinstance(made, next_offer.Baskets) == together
    if together:
        assert made.bundles.table[["base", "product"]].to_numpy().tolist() == [["w", "c"]]
        assert "1 bundle" in next_offer.story.answer_of_baskets(made).heading
