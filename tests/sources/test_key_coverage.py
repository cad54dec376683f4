"""Sources put together: coverage both ways, orphans with their money, one declared winner, and contracts."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from helpers.core.errors import UserMistakes
from helpers.sources import read_sources
from helpers.sources.key_coverage import merge_record
from helpers.sources.reading_report import merge_table
from helpers.sources.store import Store
from helpers.tables import EXPOSURES
from helpers.tables.contracts import breaches
from helpers.tables.declared import Source
from tests.support.receipts import rows_set_aside

CRM = "Nr;Naam;Sector;Sinds\nK1;An;;2020-01-01\nK2;Bo;Zorg;2021-01-01\nK1;An P;Bouw;2023-05-01\n"
ORDERS = "Order;Dag;Klant;Bedrag\n1;2024-01-01;K1;10\n2;2024-01-02;K9;5,5\n3;2024-01-03;;7\n"


def sources(folder: Path, rule: str) -> list[Source]:
    (folder / "crm.csv").write_text(CRM, encoding="utf-8")
    (folder / "orders.csv").write_text(ORDERS, encoding="utf-8")
    people = {"customer_id": "Nr", "customer_name": "Naam", "sector": "Sector", "created_date": "Sinds"}
    bought = {"order_id": "Order", "order_date": "Dag", "customer_id": "Klant", "order_amount": "Bedrag"}
    return [
        Source(table="customers", file="crm.csv", columns=people, duplicates=rule),
        Source(table="orders", file="orders.csv", columns=bought),
    ]


@pytest.mark.parametrize(("rule", "name"), [("first", "An"), ("last", "An P"), ("newest", "An P"), ("fullest", "An P")])
def test_the_declared_rule_says_which_record_wins(tmp_path: Path, rule: str, name: str):
    with read_sources(tmp_path, sources(tmp_path, rule)) as intake:
        customers, (receipt, _) = intake.tables["customers"], intake.receipts
        record = merge_record(intake.relations, intake.receipts, intake.store)
    assert customers.set_index("customer_id")["customer_name"].to_dict() == {"K1": name, "K2": "Bo"}
    assert (receipt.rows_read, receipt.rows_used, rows_set_aside(receipt)) == (3, 2, 1)
    assert [one["rows"] for one in record["duplicates"]] == [1]


def test_without_a_rule_doubles_are_refused_with_the_choice(tmp_path: Path):
    with pytest.raises(UserMistakes, match="declare duplicates: newest"):
        read_sources(tmp_path, sources(tmp_path, "refuse"))


def test_coverage_both_ways_and_orphans_with_their_money(tmp_path: Path):
    with read_sources(tmp_path, sources(tmp_path, "newest")) as intake:
        (link,) = merge_record(intake.relations, intake.receipts, intake.store)["links"]
    assert (link["keys"], link["listed"], link["both"], link["rows"]) == (2, 2, 1, 3)
    assert (link["rows_without_key"], link["orphan_rows"], link["orphan_amount"]) == (1, 1, 5.5)
    shown = merge_table({"links": [link], "duplicates": []})
    assert shown.frame["known"].tolist() == [0.5]


def test_a_contract_names_the_column_that_breaks_it():
    broken = pd.DataFrame({"customer_id": ["a"], "treatment_probability": [2.0]})
    broken["shown_time"] = pd.to_datetime(["2024-01-01"]).astype("datetime64[us]")
    with Store() as store:
        (problem,) = breaches(store.add(broken), EXPOSURES)
        assert "treatment_probability" in problem.place
        assert breaches(store.add(broken.assign(treatment_probability=0.5)), EXPOSURES) == []


def test_returns_and_credit_notes_become_negative(tmp_path: Path):
    (tmp_path / "o.csv").write_text("Nr;Dag;Bedrag;Soort\n1;2024-01-01;10;F\n2;2024-01-02;4;CN\n", encoding="utf-8")
    columns = {"order_id": "Nr", "order_date": "Dag", "order_amount": "Bedrag"}
    source = Source(table="orders", file="o.csv", columns=columns, returns={"column": "Soort", "equals": ["CN"]})
    with read_sources(tmp_path, [source]) as intake:
        assert intake.tables["orders"]["order_amount"].tolist() == [10.0, -4.0]
        assert intake.receipts[0].amount_used == 6.0
