"""What became of every file, as the report shows it."""

import pandas as pd

from helpers.running.rendering import _subtitle
from helpers.running.rounds import Round
from helpers.sources.reading_report import reading_frame
from helpers.tables.receipts import Receipt, SetAside

ORDERS = Receipt("orders", "shop/orders.csv", "shop", 10, 7, (SetAside("counter", "sold without a card", 3, 30.0),), 100.0, 70.0)
PEOPLE = Receipt("customers", "../people.csv", "shop", 5, 5)


def test_rows_and_amounts_of_a_file_add_up():
    frame = reading_frame([ORDERS])
    read, aside, used = frame["rows"]
    assert (read, aside, used) == (10, 3, 7) and read == aside + used
    assert frame["amount"].iloc[0] == frame["amount"].iloc[1:].sum()


def test_a_table_without_money_shows_no_amounts():
    assert reading_frame([PEOPLE])["amount"].isna().all()
    assert ORDERS.has_money and not PEOPLE.has_money


def test_where_nobody_orders_the_visits_stand_below_the_title(tmp_path):
    round_ = Round(tmp_path)
    round_.keep("customer_table", pd.DataFrame({"customer_id": ["A"], "frequency": [0]}))
    assert _subtitle(round_) == "1 customer, no orders"
    seen = pd.to_datetime(["2022-08-30", "2022-09-02", "2022-09-03"])
    round_.keep("web_events", pd.DataFrame({"visitor_id": ["v1", "v2", "v1"], "event_time": seen}))
    assert _subtitle(round_) == "web visits August 2022 to September 2022, 2 visitors"
