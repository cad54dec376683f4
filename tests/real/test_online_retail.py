"""Real data: the UCI Online Retail order lines, from parquet to report."""

from __future__ import annotations

from pathlib import Path

import pytest

from helpers.core.records import RunRequest
from helpers.running.rounds import Round
from helpers.running.runner import run_round
from tests.conftest import shared_data

pytestmark = pytest.mark.drill
CLIENT = Path(__file__).parent / "online_retail"


@pytest.fixture(scope="module")
def place(tmp_path_factory) -> Path:
    shared_data("online_retail")
    record = run_round(RunRequest(CLIENT, tmp_path_factory.mktemp("reports")))
    assert record.good, record
    return record.report.parent


def test_the_cleaning_gives_the_known_figures(place):
    round_ = Round(place)
    lines, table = round_.frame("order_lines"), round_.frame("customer_table")
    assert len(lines) == 397_884
    assert lines["order_id"].nunique() == len(round_.frame("orders")) == 18_532
    assert lines["customer_id"].nunique() == (table["frequency"] > 0).sum() == 4_338
    assert round(lines["line_amount"].sum(), 2) == 8_911_407.90
    assert round(table["monetary"].sum(), 2) == 8_911_407.90


def test_every_row_set_aside_is_counted_and_reconciles(place):
    (receipt,) = Round(place).record("receipts")["receipts"]
    by_rule = {rule["rule"]: rule["rows"] for rule in receipt["set_aside"]}
    assert receipt["rows_read"] == 541_909
    assert by_rule["cancellations"] == 9_288
    assert by_rule["service codes"] == 0  # counted and kept, by a setting
    assert receipt["rows_used"] + sum(by_rule.values()) == 541_909


def test_the_report_says_what_was_set_aside_and_why(place):
    page = (place / "report.html").read_text(encoding="utf-8")
    for words in ("9,288", "A cancelled invoice", "The order names no customer", "no products. Kept by choice"):
        assert words in page


def test_one_in_three_bought_once_and_few_bring_much(place):
    table = Round(place).frame("customer_table")
    assert (table["frequency"] == 1).mean() == pytest.approx(0.344, abs=0.001)
    spend = table["monetary"].sort_values(ascending=False)
    assert spend.head(43).sum() / spend.sum() == pytest.approx(0.318, abs=0.002)


def test_without_answers_everything_asked_says_so(place):
    page = (place / "report.html").read_text(encoding="utf-8")
    assert "not answered yet" in page
    asked = (
        "goals.goals",
        "goals.business_case",
        "goals.culture",
        "opportunities.chosen",
        "data_maturity.respondents",
        "data_maturity.systems",
        "analyses.dilemmas",
        "under decisions in client.yml",
    )
    assert [key for key in asked if key not in page] == []
