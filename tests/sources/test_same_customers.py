"""Two lists of customers whose ids do not meet: who would silently count twice is a stop, others go through."""

from __future__ import annotations

import math
import re
from pathlib import Path

import pytest
import yaml

from helpers.core.errors import UserMistakes
from helpers.phases.data_maturity.story import put_together
from helpers.sources import read_sources
from helpers.tables.declared import Source
from tests.support.customer_lists import CLEAN, WRONG, Lists
from tests.support.seeds import seeds


def read(folder: Path, lists: Lists):
    return read_sources(folder, [Source.model_validate(block) for block in lists.blocks])


@pytest.mark.parametrize("seed", seeds(3))
@pytest.mark.parametrize("kind", WRONG)
def test_the_same_customers_under_other_ids_stop(tmp_path: Path, kind: str, seed: int):
    lists = Lists(tmp_path, 100 + seed)
    WRONG[kind](lists)
    with pytest.raises(UserMistakes) as caught:
        read(tmp_path, lists).store.close()
    message = str(caught.value)
    assert "combine: stack" in message and not any(person["Mail"] in message or person["Name"] in message for person in lists.first)
    if "prefix" in kind and "other words" not in kind:
        assert "would meet if you write in the source of" in message


@pytest.mark.parametrize("seed", seeds(3))
@pytest.mark.parametrize("kind", CLEAN)
def test_other_customers_and_those_of_one_system_go_through(tmp_path: Path, kind: str, seed: int):
    lists = Lists(tmp_path, 200 + seed)
    write, times = CLEAN[kind]
    write(lists)
    with read(tmp_path, lists) as intake:
        n = len(intake.tables["customers"])
    assert math.isclose(n, times * lists.n, abs_tol=6 if "monthly" in kind else 0)


DOC = Path(__file__).parents[2] / "docs" / "two-systems.md"


def test_the_lines_of_the_walk_for_two_systems_are_those_that_the_stop_proposes(tmp_path: Path):
    blocks = yaml.safe_load(re.search(r"```yaml\n(.*?)```", DOC.read_text(encoding="utf-8"), re.DOTALL).group(1))["sources"]
    assert len(DOC.read_text(encoding="utf-8").splitlines()) <= 25
    lists = Lists(tmp_path, 7, 150)
    crm = [f"C-{i:05};{person['Name']}" for i, person in enumerate(lists.first, 1)]
    (tmp_path / "crm.csv").write_text("Nr;Name;Mail;Country\n" + "".join(f"{row};m{i}@x.test;BE\n" for i, row in enumerate(crm)))
    erp = [f"{i};{person['Name'].upper()}" for i, person in enumerate(lists.first, 1)][10:] + ["900;Elsewhere"]
    (tmp_path / "erp.csv").write_text("Debtor;Name;Land;Sector\n" + "".join(f"{row};NL;Care\n" for row in erp))
    (tmp_path / "orders.csv").write_text("Order;Date;Debtor;Amount\n" + "".join(f"{i};2024-01-05;{i + 11};9\n" for i in range(100)))
    lists.blocks = blocks
    with read(tmp_path, lists) as intake:
        customers, receipts, merge = intake.tables["customers"], intake.receipts, intake.merge
    assert len(customers) == 151 and (customers["country"] == "NL").sum() == 141
    (sentence,) = put_together(receipts, merge).parts
    assert sentence.text == ("Customers: joined by customer id. 140 are in crm.csv and erp.csv, 10 only in crm.csv, 1 only in erp.csv.")
    rule = blocks[0].pop("ids")
    with pytest.raises(UserMistakes) as caught:
        read(tmp_path, lists).store.close()
    line = re.search(r"in the source of crm\.csv: ids: (\{.*?\}\})", str(caught.value)).group(1)
    assert yaml.safe_load(line) == rule


def test_months_put_below_each_other_are_told_with_their_rows(tmp_path: Path):
    lists = Lists(tmp_path, 3, 300)
    CLEAN["monthly files of one system"][0](lists)
    with read(tmp_path, lists) as intake:
        (sentence,) = put_together(intake.receipts, intake.merge).parts
    assert sentence.text == (
        "Customers: put below each other, each source with its own rows: "
        "month0.csv (50), month1.csv (50), month2.csv (50) and 3 more (150)."
    )
    assert put_together(intake.receipts[-1:], intake.merge) is None
