"""Persons as an export holds them: rows without a firm are read and counted, and a contact finds the firm of its person."""

from __future__ import annotations

from pathlib import Path

import pytest

from helpers.core.errors import UserMistakes
from helpers.sources import read_sources
from helpers.sources.customers import customer_table
from helpers.tables.declared import Source
from tests.support.firm_worlds import AS_OF
from tests.support.receipts import rows_set_aside

CUSTOMERS = {"table": "customers", "file": "firms.csv", "columns": {"customer_id": "id", "consent": "ok"}}
PERSONS = {
    "table": "persons",
    "file": "persons.csv",
    "columns": {"person_id": "id", "customer_id": "firm", "consent": "ok", "opted_out": "out"},
}
CONTACTS = {"table": "contacts", "file": "contacts.csv", "columns": {"person_id": "who", "contact_date": "day"}}
FILES = {
    "firms.csv": "id;ok\nF1;\nF2;yes\nF3;yes\n",
    "persons.csv": "id;firm;ok;out\nP1;F1;yes;\nP2;F1;no;\nP3;F2;;\nP4;;yes;\nP5;F9;yes;\n",
    "contacts.csv": "who;firm;day\nP1;;2026-05-01\nP2;;2026-05-02\nP4;;2026-05-03\nP8;;2026-05-04\nP3;F3;2026-05-05\n;F2;2026-05-06\n",
}


def read(folder: Path, *blocks: dict):
    for name, text in FILES.items():
        (folder / name).write_text(text)
    return read_sources(folder, [Source.model_validate(block) for block in blocks])


def test_every_person_is_read_and_every_row_accounted_for(tmp_path: Path):
    with read(tmp_path, CUSTOMERS, PERSONS) as intake:
        assert [receipt.rows_used for receipt in intake.receipts] == [3, 5]
        (link,) = intake.merge["links"]
        assert (link["rows"], link["rows_without_key"], link["orphan_rows"], link["both"]) == (5, 1, 1, 2)
        table = customer_table(intake.relations, AS_OF).set_index("customer_id")
    # F1: one of two said yes. F2: its person was never asked, so its own yes does not help. F3: nobody is known there.
    assert table["consent"].fillna(False).to_dict() == {"F1": True, "F2": False, "F3": True}
    assert table["objecting_persons"].tolist() == [0, 0, 0]


def test_a_contact_of_a_person_counts_for_the_firm(tmp_path: Path):
    mapped = CONTACTS | {"columns": {**CONTACTS["columns"], "customer_id": "firm"}}
    for block, counts in ((CONTACTS, {"F1": 2, "F2": 1, "F3": 0}), (mapped, {"F1": 2, "F2": 1, "F3": 1})):
        with read(tmp_path, CUSTOMERS, PERSONS, block) as intake:
            links = {(link["table"], link["list"]): link for link in intake.merge["links"]}
            assert customer_table(intake.relations, AS_OF).set_index("customer_id")["contacts"].to_dict() == counts
            assert intake.receipts[2].rows_used == 6
        # P4 has no firm, nobody knows P8; where the file names the firm too, the last two rows have theirs.
        assert links["contacts", "customers"]["rows_without_key"] == (2 if block is mapped else 3)
        assert links["contacts", "persons"]["orphan_rows"] == 1


def test_a_contact_of_a_person_needs_a_source_of_persons(tmp_path: Path):
    with pytest.raises(UserMistakes, match="a source of table persons"):
        read(tmp_path, CUSTOMERS, CONTACTS)


def test_without_persons_an_empty_customer_is_a_mistake_as_before(tmp_path: Path):
    plain = CONTACTS | {"columns": {"customer_id": "firm", "contact_date": "day"}}
    with pytest.raises(UserMistakes, match="customer_id|firm"):
        read(tmp_path, CUSTOMERS, plain)
    with pytest.raises(UserMistakes, match="customer_id"):
        read(tmp_path, CUSTOMERS, PERSONS | {"columns": {"person_id": "id"}})


def test_a_number_that_stands_twice_is_refused_or_counted(tmp_path: Path):
    FILES_TWICE = FILES["persons.csv"] + "P1;F2;yes;\n"
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(FILES, "persons.csv", FILES_TWICE)
        with pytest.raises(UserMistakes, match="each person_id once"):
            read(tmp_path, CUSTOMERS, PERSONS)
        with read(tmp_path, CUSTOMERS, PERSONS | {"duplicates": "first"}) as intake:
            receipt = intake.receipts[1]
    assert (receipt.rows_read, receipt.rows_used, rows_set_aside(receipt)) == (6, 5, 1)
