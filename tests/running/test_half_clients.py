"""Clients of which a half is missing, run through every notebook: a whole report, true in every chapter."""

from __future__ import annotations

import html
import re
from pathlib import Path

import pytest

from helpers.core.records import RoundRecord, RunRequest
from helpers.running.rounds import Round
from helpers.running.runner import run_round
from tests.support.half_clients import write_baskets, write_customers

pytestmark = pytest.mark.drill  # each runs all notebooks: a quarter of a minute
# An absent half is no finding: none of these may be told as if it had been counted.
FALSE = re.compile(
    r"\b0 (of the )?(customers|people|buyers)\b(?! (and|with enough|who may be written to))"
    r"|Nobody has ordered|None of these people|\b0 orders\b"
)


def run(folder: Path, reports: Path) -> tuple[RoundRecord, Round, str]:
    """Run every notebook of a client, and return its record, its round and the words of its report."""
    record = run_round(RunRequest(folder, reports))
    assert record.good, record
    assert {notebook.status for notebook in record.notebooks} <= {"done", "not enough data"}
    page = re.sub(r"<(script|style|svg)[^>]*>.*?</\1>", "", record.report.read_text(encoding="utf-8"), flags=re.S)
    return record, Round(record.report.parent), re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", page)))


def done(record: RoundRecord) -> set[str]:
    return {notebook.notebook for notebook in record.notebooks if notebook.status == "done"}


@pytest.mark.parametrize("column", [False, True])
def test_baskets_without_customers_give_figures_pictures_bundles_and_one_table_of_what_must_wait(tmp_path: Path, column: bool):
    shop = write_baskets(tmp_path / "corner-shop", 11, column=column)
    record, round_, page = run(tmp_path / "corner-shop", tmp_path / "reports")
    assert {"10_goals", "20_opportunities", "30_data_maturity", "40_analyses", "46_next_offer", "00_summary"} == done(record)
    kpis = round_.frame("kpis").set_index("kpi")
    assert kpis.loc["orders", "current"] == shop.orders and round(100 * kpis.loc["revenue", "current"]) == shop.cents
    assert kpis.loc["order_value", "low"] < shop.cents / shop.orders / 100 < kpis.loc["order_value", "high"]
    assert kpis.loc["basket_size", "current"] > 1 and kpis.loc[["active_customers", "repeat_rate"], "current"].isna().all()
    gates = round_.frame("gates").set_index("section")
    waiting = gates.loc[["clusters", "rfm_movement", "potential", "predictions", "next_offer", "channels", "pilot"]]
    assert waiting["has"].str.contains("none of which names its customer").all() and waiting["unlock"].str.contains("card").all()
    assert "Orders per month" in page and "fit what is bought together" in page and not FALSE.search(page)
    bundles = (record.report.parent / "exports" / "bundles.csv").read_text(encoding="utf-8")
    assert re.search(rf"{shop.pair[0]}.*{shop.pair[1]}", bundles)


def test_where_a_third_of_the_orders_names_its_customer_the_analyses_run_on_that_third(tmp_path: Path):
    write_baskets(tmp_path / "half-shop", 12, named=1 / 3)
    record, round_, _page = run(tmp_path / "half-shop", tmp_path / "reports")
    assert {"41_clusters", "42_rfm_movement", "45_predictions", "46_next_offer"} <= done(record)
    assert round_.frame("gates")["has"].str.contains("none of which").sum() == 0


@pytest.mark.parametrize("leak", ["reason", ""])
def test_customers_without_orders_are_held_grouped_and_foretold_by_their_label(tmp_path: Path, leak: str):
    table = write_customers(tmp_path / "telephone", 13, leak=leak, consent=True, customers=600)
    record, round_, page = run(tmp_path / "telephone", tmp_path / "reports")
    assert {"41_clusters", "45_predictions", "50_pilot", "00_summary"} <= done(record)
    assert len(round_.frame("customer_table")) == len(round_.frame("groups")) == len(table)
    scores = round_.frame("label_scores")
    assert set(scores["customer_id"]) == set(table.loc[table["left"].isna(), "customer_id"])
    assert ("reason was left out" in page) == bool(leak) and "600 customers, no orders" in page
    gates = round_.frame("gates").set_index("section")
    assert gates.loc[["rfm_movement", "potential", "next_offer", "channels"], "has"].str.contains("600 customers and no orders").all()
    assert "No orders of these people are known" in page and not FALSE.search(page)


@pytest.mark.parametrize(("world", "words"), [({"signal": 0.0}, "no better than the base rate"), ({"customers": 150}, "not enough data")])
def test_a_label_without_signal_or_with_few_cases_is_said_so(tmp_path: Path, world: dict, words: str):
    write_customers(tmp_path / "bank", 14, **world)
    record, _round, page = run(tmp_path / "bank", tmp_path / "reports")
    assert words in page and not FALSE.search(page) and "41_clusters" in done(record)
