"""Every limit of the clean form of web events and of a contract, just below and just above."""

from __future__ import annotations

import ibis
import pandas as pd
import pytest

from helpers.tables import EXPOSURES, web
from helpers.tables.contracts import breaches


def visit_of(pages: int, seconds: float) -> pd.DataFrame:
    """Return one visitor who opens a page every so many seconds."""
    times = pd.Timestamp("2026-01-01") + pd.to_timedelta([seconds * page for page in range(pages)], unit="s")
    return pd.DataFrame({"visitor_id": "a", "event_time": times, "page_path": "/a"})


def test_a_robot_opens_thirty_pages_faster_than_one_in_two_seconds():
    assert web.is_robot(visit_of(30, 1.9)).tolist() == [True]
    assert web.is_robot(visit_of(29, 1.9)).tolist() == [False]
    assert web.is_robot(visit_of(30, 2.0)).tolist() == [False]
    assert web.is_robot(visit_of(10, 0.4), pages=10, seconds_per_page=0.5).tolist() == [True]


def test_a_visit_ends_after_half_an_hour_of_silence():
    assert web.add_visits(visit_of(2, 30 * 60))["visit"].tolist() == [0, 0]
    assert web.add_visits(visit_of(2, 30 * 60 + 1))["visit"].tolist() == [0, 1]
    assert web.add_visits(visit_of(2, 61), gap_minutes=1)["visit"].tolist() == [0, 1]


def test_a_path_keeps_300_letters_and_a_campaign_tag_100():
    letters = "-".join(["winter"] * 50)
    pages = pd.Series(["/" + letters[:299], "/" + letters[:300], "/?utm_source=" + letters[:100], "/?utm_source=" + letters[:101]])
    parts = web.split_pages(pages)
    assert parts["page_path"].str.len().tolist()[:2] == [300, 300]
    assert parts["utm_source"].str.len().tolist()[2:] == [100, 100]


@pytest.mark.parametrize(
    ("address", "short"),
    [("192.0.2.255", "192.0.2.0"), ("192.0.3.0", "192.0.3.0"), ("2001:db8:1:ffff::", "2001:db8:1::"), ("2001:db8:2::", "2001:db8:2::")],
)
def test_the_last_8_and_80_bits_of_an_address_are_shortened(address, short):
    assert web.shorten_address(address) == short


@pytest.mark.parametrize(
    ("position", "chance", "columns"), [(1, 0.0, []), (1, 1.0, []), (0, 1.0, ["position"]), (1, 1.01, ["treatment_probability"])]
)
def test_a_contract_names_the_column_beyond_its_range(position, chance, columns):
    rows = pd.DataFrame({"customer_id": ["a"], "shown_time": [pd.Timestamp("2026-01-01")], "position": [position]})
    rows = rows.assign(treatment_probability=chance)
    missing = {name: pd.Series([None], dtype="str") for name in ("pilot_id", "treatment", "item", "channel")}
    relation = ibis.memtable(rows.assign(**missing, clicked=pd.Series([True], dtype="boolean")))
    assert [problem.place for problem in breaches(relation, EXPOSURES)] == [f"column {column}" for column in columns]
