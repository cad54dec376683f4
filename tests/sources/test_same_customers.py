"""Two lists of customers whose ids do not meet: who would silently count twice is a stop, others go through."""

from __future__ import annotations

import math
import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import yaml

from helpers.core.errors import UserMistakes
from helpers.phases.data_maturity.story import put_together
from helpers.sources import read_sources
from helpers.sources.agreement import Agreement, are_the_same, cramer
from helpers.sources.same_customers import judged
from helpers.tables.declared import Source
from tests.support.customer_lists import CLEAN, WRONG, Lists, people
from tests.support.seeds import every, seeds


def read(folder: Path, lists: Lists):
    return read_sources(folder, [Source.model_validate(block) for block in lists.blocks])


@pytest.mark.parametrize("seed", seeds(3))
@pytest.mark.parametrize("kind", every(WRONG, 2))
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
@pytest.mark.parametrize("kind", every(CLEAN, 2))
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


@pytest.mark.parametrize(
    ("pairs", "expected", "smaller", "same"),
    [
        (20, 0.0, 200, True),  # a tenth of the smaller list
        (19, 0.0, 200, False),
        (3, 0.0, 10, True),
        (2, 0.0, 10, False),
        (1_500, 1_000.0, 2_000, True),  # half as many again as chance would have
        (1_499, 1_000.0, 2_000, False),
        (32, 16.0, 100, True),  # four standard deviations
        (31, 16.0, 100, False),
    ],
)
def test_how_many_equal_names_are_more_than_chance(pairs: int, expected: float, smaller: int, same: bool):
    assert judged(pairs, expected, smaller)[0] == same


@pytest.mark.parametrize(("expected", "tells"), [(25.0, True), (25.1, False)])
def test_names_that_chance_repeats_often_tell_nothing(expected: float, tells: bool):
    assert judged(0, expected, 100)[1] == tells


@pytest.mark.parametrize(("used", "stops"), [(5, False), (4, True)])
def test_how_many_of_a_list_orders_must_use(tmp_path: Path, used: int, stops: bool):
    lists = Lists(tmp_path, 11, 100)
    ids, theirs = lists.numbers(form="A-{:04}"), lists.numbers(5_000, "G-{}")
    lists.write("antwerp.csv", ids, lists.first, "Mail")
    lists.write("ghent.csv", theirs, people(lists.rng, 100), "Mail", "G")
    lists.order(ids)
    with (tmp_path / "orders.csv").open("a") as file:
        file.writelines(f"N{i};2024-05-05;{id_};9\n" for i, id_ in enumerate(theirs[:used]))
    if stops:
        with pytest.raises(UserMistakes, match=f"of their ids orders use {used}, of those of the sources before it"):
            read(tmp_path, lists).store.close()
    else:
        read(tmp_path, lists).store.close()


@pytest.mark.parametrize(("met", "stops"), [(5, False), (4, True)])
def test_how_many_ids_must_meet_for_two_lists_to_number_alike(tmp_path: Path, met: int, stops: bool):
    lists = Lists(tmp_path, 12, 100)
    ids = lists.strange("A-{}")
    theirs = [*ids[:met], *lists.strange("G-{}")[met:]]
    lists.write("a.csv", ids, lists.first, "Mail Country")
    lists.write("b.csv", theirs, [*lists.first[:met], *people(lists.rng, 100 - met)], "Mail Country", "G")
    lists.order(ids)
    if stops:
        with pytest.raises(UserMistakes, match="customers who order"):
            read(tmp_path, lists).store.close()
    else:
        read(tmp_path, lists).store.close()


def test_words_of_their_own_for_few_values_agree_and_chance_does_not():
    rng = np.random.default_rng(3)
    left = pd.Series(rng.choice(list("ABC"), 400))
    assert cramer(left, left.map({"A": "gold", "B": "silver", "C": "bronze"})) > 0.95
    assert all(cramer(left, pd.Series(rng.permutation(left))) < 0.2 for _ in range(20))
    assert cramer(left[:19], left[:19]) == 0.0 and cramer(left, pd.Series([f"{i}" for i in range(400)])) == 0.0
    for mean, best, same in ((0.2, 0.0, True), (0.19, 0.49, False), (0.1, 0.5, True)):
        assert are_the_same(Agreement(mean, best)) == same
    assert are_the_same(None)
