"""Cells that cannot be read: refused in one line with what is needed to mend them, or set aside and counted where that is declared."""

from __future__ import annotations

import math
import random
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from helpers.core.errors import UserMistakes
from helpers.sources import read_sources
from helpers.tables.declared import Source
from tests.support.receipts import rows_set_aside
from tests.support.seeds import seeds

ORDERS = {"order_id": "Nr", "order_date": "Dag", "customer_id": "Klant", "order_amount": "Bedrag"}
SEEDS = seeds(4)


def source(**more) -> Source:
    return Source.model_validate({"table": "orders", "file": "a.csv", "decimal": ".", "columns": ORDERS} | more)


def read(folder: Path, lines: list[str], **more):
    (folder / "a.csv").write_text("\n".join(["Nr;Dag;Klant;Bedrag", *lines]) + "\n")
    return read_sources(folder, [source(**more)])


def refusal(folder: Path, lines: list[str], **more) -> list[str]:
    with pytest.raises(UserMistakes) as caught:
        read(folder, lines, **more).store.close()
    return [str(problem) for problem in caught.value.problems]


numbers = st.floats(-1e14, 1e14, allow_nan=False, allow_subnormal=False).filter(lambda value: value == 0 or abs(value) > 1e-30)


@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck), database=None)
@given(st.lists(numbers, min_size=1, max_size=40), st.sampled_from(["text", "engine"]))
def test_a_number_is_read_as_python_wrote_it(tmp_path_factory, values, reader):
    folder = tmp_path_factory.mktemp("numbers")
    with read(folder, [f"{i};2024-01-01;K;{value!r}" for i, value in enumerate(values)], reader=reader, three_decimals=True) as intake:
        amounts = intake.tables["orders"].assign(n=lambda frame: frame["order_id"].astype(int)).sort_values("n")["order_amount"]
    assert amounts.tolist() == values


@pytest.mark.parametrize(
    ("cell", "value"), [("1e-05", 1e-5), ("1.0E-5", 1e-5), ("1e+05", 100_000.0), ("0.0048649999999999995", 0.0048649999999999995)]
)
def test_the_forms_of_python_java_and_r_are_numbers(tmp_path: Path, cell: str, value: float):
    with read(tmp_path, [f"1;2024-01-01;K;{cell}", "2;2024-01-01;K;2.5"]) as intake:
        assert intake.tables["orders"]["order_amount"].tolist() == [value, 2.5]


@pytest.mark.parametrize("cell", ["1.23E+06", "1e308", "1e", "e5", "1e5e5"])
def test_what_a_spreadsheet_has_shortened_is_refused(tmp_path: Path, cell: str):
    (message,) = refusal(tmp_path, [f"1;2024-01-01;K;{cell}"])
    assert "line 2, column Bedrag" in message and repr(cell) in message


def damaged(seed: int, rows: int = 400, share: float = 0.01) -> tuple[list[str], int, float]:
    """Return order lines of which some have a day or amount that cannot be read; how many; and the money in the others."""
    rng = random.Random(seed)
    lines, bad, money = [], 0, 0.0
    for i in range(rows):
        day, amount = f"2024-{rng.randrange(1, 13):02}-{rng.randrange(1, 29):02}", round(rng.uniform(1, 900), 2)
        if rng.random() < share:
            bad += 1
            day, shown = rng.choice([("2024-02-30", amount), (day, "n.v.t."), ("31/31/2024", amount)])
        else:
            shown, money = amount, money + amount
        lines.append(f"{i};{day};K{i % 50};{shown}")
    return lines, bad, money


@pytest.mark.parametrize("seed", SEEDS)
def test_unreadable_rows_are_set_aside_counted_and_reconciled(tmp_path: Path, seed: int):
    lines, bad, money = damaged(seed)
    with read(tmp_path, lines, unreadable="set_aside", unreadable_share=0.05) as intake:
        (receipt,), orders = intake.receipts, intake.tables["orders"]
    assert (receipt.rows_read, receipt.rows_used, rows_set_aside(receipt)) == (400, 400 - bad, bad)
    assert orders["order_amount"].sum() == pytest.approx(money)
    assert receipt.amount_read == pytest.approx(receipt.amount_used + sum(rule.amount for rule in receipt.set_aside))
    if bad:
        assert "by column:" in receipt.set_aside[0].reason


@pytest.mark.parametrize("seed", SEEDS)
def test_more_than_the_declared_share_is_refused(tmp_path: Path, seed: int):
    lines, bad, _ = damaged(seed, share=0.1)
    messages = refusal(tmp_path, lines, unreadable="set_aside", unreadable_share=0.02)
    assert f"{bad} of 400 rows cannot be read" in messages[0] and len(messages) in (2, 3)


@pytest.mark.parametrize(("bad", "read_"), [(2, True), (3, False)])
def test_the_share_decides(tmp_path: Path, bad: int, read_: bool):
    lines = [f"{i};{'2024-02-30' if i < bad else '2024-01-01'};K;1" for i in range(100)]
    if read_:
        read(tmp_path, lines, unreadable="set_aside", unreadable_share=0.02).store.close()
    else:
        refusal(tmp_path, lines, unreadable="set_aside", unreadable_share=0.02)


def test_a_cell_nobody_needs_counts_as_empty_and_a_torn_line_is_set_aside(tmp_path: Path):
    text = "Nr;Dag;Klant;Bedrag;Sinds\n" + "".join(f"{i};2024-01-01;K{i};1;2020-01-{1 + i % 28:02}\n" for i in range(200))
    text = text.replace("2020-01-05", "ooit", 1).replace("7;2024-01-01;K7;1;2020-01-08", "7;2024-01-01;K7", 1)
    (tmp_path / "a.csv").write_text(text)
    columns = {"customer_id": "Nr", "created_date": "Sinds"}
    with read_sources(tmp_path, [source(table="customers", columns=columns, unreadable="set_aside", unreadable_share=0.02)]) as intake:
        (receipt,), customers = intake.receipts, intake.tables["customers"]
    assert int(customers["created_date"].isna().sum()) == 1 and len(customers) == 199
    assert (receipt.rows_read, receipt.rows_used, [rule.rows for rule in receipt.set_aside]) == (200, 199, [1])
    assert any("created_date 1" in note for note in receipt.notes)


@pytest.mark.parametrize("condition", [{"unreadable": True}, {"equals": ["2024-02-30"]}, {"matches": "[0-9]+-02-30"}])
def test_a_rule_may_set_wrong_dates_aside(tmp_path: Path, condition: dict):
    rule = {"name": "impossible days", "column": "order_date"} | condition
    with read(tmp_path, ["1;2024-02-30;K;5", "2;2024-02-20;K;7"], set_aside=[rule]) as intake:
        (receipt,) = intake.receipts
    assert (receipt.rows_used, rows_set_aside(receipt), receipt.amount_used) == (1, 1, 7.0)


def test_single_empty_amounts_are_quantity_times_price(tmp_path: Path):
    (tmp_path / "a.csv").write_text("Nr;Dag;N;P;A\n1;2024-01-01;3;2.50;\n1;2024-01-01;2;1.00;1.90\n2;2024-01-01;1;4;4\n")
    columns = {"order_id": "Nr", "order_date": "Dag", "quantity": "N", "unit_price": "P", "line_amount": "A"}
    with read_sources(tmp_path, [source(table="order_lines", columns=columns)]) as intake:
        assert sorted(intake.tables["order_lines"]["line_amount"]) == [1.9, 4.0, 7.5]
        assert intake.receipts[0].notes == ("1 empty amount was worked out as quantity times price.",)
        assert math.isclose(intake.receipts[0].amount_read, 13.4)
