"""Several sources of one table become one truth: joined by key, stacked where they hold others, stopped where nobody can know."""

from __future__ import annotations

import random
from pathlib import Path

import pandas as pd
import pytest

from helpers.core.errors import UserMistakes
from helpers.sources import read_sources
from helpers.sources.agreement import LEAST_AGREEMENT, kappa
from helpers.tables.declared import Source
from tests.support.receipts import rows_set_aside
from tests.support.seeds import seeds
from tests.support.split_systems import write_split_systems

SEEDS = seeds(4)


def read(folder: Path, blocks: list[dict]):
    return read_sources(folder, [Source.model_validate(block) for block in blocks])


def refusal(folder: Path, blocks: list[dict]) -> str:
    with pytest.raises(UserMistakes) as caught:
        read(folder, blocks).store.close()
    return str(caught.value)


@pytest.mark.parametrize("seed", SEEDS)
def test_crm_and_erp_become_one_customer_each(tmp_path: Path, seed: int):
    world = write_split_systems(tmp_path, seed, prefix="")
    with read(tmp_path, world.blocks) as intake:
        customers, (crm, erp, _) = intake.tables["customers"].set_index("customer_id"), intake.receipts
        decisions = {(row["what"], row["column"]): row["rows"] for row in intake.merge["decisions"]}
    assert customers["country"].to_dict() == world.country
    assert customers["employees"].to_dict() == world.employees
    assert customers["customer_name"].notna().all() and "Namur" not in set(customers["place"])
    assert (crm.rows_used, erp.rows_read, erp.rows_used, erp.rows_joined) == (300, 300, 0, 300)
    assert decisions == {
        ("joined", "customer_id"): 300,
        ("brings", "country"): 300,
        ("brings", "employees"): 300,
        ("differs", "place"): world.conflicts,
    }


@pytest.mark.parametrize("seed", SEEDS)
def test_the_declared_winner_is_right_in_its_columns(tmp_path: Path, seed: int):
    world = write_split_systems(tmp_path, seed, prefix="")
    world.blocks[1]["wins"] = ["place"]
    with read(tmp_path, world.blocks) as intake:
        assert int((intake.tables["customers"]["place"] == "Namur").sum()) == world.conflicts


@pytest.mark.parametrize("seed", SEEDS)
def test_ids_that_do_not_meet_stop_with_the_lines_that_mend_it(tmp_path: Path, seed: int):
    world = write_split_systems(tmp_path, seed, prefix="NAS", share_prefixed=0.7)
    message = refusal(tmp_path, world.blocks)
    assert "erp.csv, column Klant: expected ids that meet those of crm.csv" in message
    assert '100% would meet if you write in the source of erp.csv: ids: {customer_id: {strip_prefix: "NAS"}}.' in message
    world.blocks[1]["ids"] = {"customer_id": {"strip_prefix": "NAS"}}
    with read(tmp_path, world.blocks) as intake:
        assert intake.tables["customers"].set_index("customer_id")["country"].to_dict() == world.country


def test_a_join_that_few_meet_is_a_stop_until_it_is_declared(tmp_path: Path):
    rng = random.Random(1)
    ids = rng.sample(range(10**6), 400)
    (tmp_path / "a.csv").write_text("Nr;Naam\n" + "".join(f"{i};N{i}\n" for i in ids[:200]))
    (tmp_path / "b.csv").write_text("Nr;Sector\n" + "".join(f"{i};S\n" for i in ids[140:340]))
    blocks = [
        {"table": "customers", "file": "a.csv", "columns": {"customer_id": "Nr", "customer_name": "Naam"}},
        {"table": "customers", "file": "b.csv", "columns": {"customer_id": "Nr", "sector": "Sector"}},
    ]
    assert "60 of 200 do" in refusal(tmp_path, blocks)
    blocks[1]["least_met"] = 0.3
    with read(tmp_path, blocks) as intake:
        assert len(intake.tables["customers"]) == 340
    blocks[1] |= {"combine": "stack", "least_met": 0.5}
    assert "add_prefix" in refusal(tmp_path, blocks)


def branches(folder: Path, seed: int, same: bool) -> list[dict]:
    """Two branches: each with customers of its own numbered from 1, or the same customers kept twice."""
    rng = random.Random(seed)
    towns = [f"Town {i}" for i in range(30)]
    first = {n: (f"Name {rng.random():.6f}", rng.choice(towns)) for n in range(1, 201)}
    second = {n: first[n] if same else (f"Name {rng.random():.6f}", rng.choice(towns)) for n in range(1, 151)}
    for name, people in (("a", first), ("b", second)):
        (folder / f"{name}.csv").write_text("Nr;Naam;Plaats\n" + "".join(f"{n};{who};{town}\n" for n, (who, town) in people.items()))
    columns = {"customer_id": "Nr", "customer_name": "Naam", "place": "Plaats"}
    return [{"table": "customers", "file": f"{name}.csv", "columns": columns} for name in "ab"]


@pytest.mark.parametrize("seed", SEEDS)
def test_one_number_for_two_people_is_a_stop_and_a_prefix_tells_them_apart(tmp_path: Path, seed: int):
    blocks = branches(tmp_path, seed, same=False)
    assert "their other columns agree no more than chance would have it" in refusal(tmp_path, blocks)
    blocks[1]["ids"] = {"customer_id": {"add_prefix": "B-"}}
    with read(tmp_path, blocks) as intake:
        assert len(intake.tables["customers"]) == 350


@pytest.mark.parametrize("seed", SEEDS)
def test_the_same_people_kept_twice_are_one(tmp_path: Path, seed: int):
    with read(tmp_path, branches(tmp_path, seed, same=True)) as intake:
        assert len(intake.tables["customers"]) == 200 and intake.receipts[1].rows_joined == 150


def test_months_are_stacked_and_an_order_in_two_of_them_counts_once(tmp_path: Path):
    rng = random.Random(3)
    orders = [(n, f"2024-{n // 100 + 1:02}-{n % 28 + 1:02}", f"K{rng.randrange(90)}", rng.randrange(1, 99)) for n in range(1_200)]
    blocks = []
    for month in range(12):  # every export begins with the last ten orders of the month before
        rows = orders[max(0, month * 100 - 10) : (month + 1) * 100]
        lines = "".join(f"{n};{day};{who};{amount}\n" for n, day, who, amount in rows)
        (tmp_path / f"{month}.csv").write_text("Nr;Dag;Klant;Bedrag\n" + lines)
        columns = {"order_id": "Nr", "order_date": "Dag", "customer_id": "Klant", "order_amount": "Bedrag"}
        blocks.append({"table": "orders", "file": f"{month}.csv", "columns": columns})
    with read(tmp_path, blocks) as intake:
        read_orders, receipts = intake.tables["orders"], intake.receipts
    assert len(read_orders) == 1_200 and read_orders["order_amount"].sum() == sum(amount for *_, amount in orders)
    assert sum(receipt.rows_joined for receipt in receipts) == 110
    for receipt in receipts:
        assert receipt.rows_read == receipt.rows_used + receipt.rows_joined + rows_set_aside(receipt)
        assert receipt.amount_read == pytest.approx(receipt.amount_used + receipt.amount_joined)
    assert sum(receipt.amount_used for receipt in receipts) == pytest.approx(read_orders["order_amount"].sum())


def test_a_source_that_only_completes_makes_no_order_of_its_own(tmp_path: Path):
    (tmp_path / "orders.csv").write_text("Nr;Dag;Klant;Bedrag\n" + "".join(f"{n};2024-01-05;K{n};9\n" for n in range(30)))
    (tmp_path / "channels.csv").write_text("Nr;Kanaal\n" + "".join(f"{n};web\n" for n in range(10, 40)))
    columns = {"order_id": "Nr", "order_date": "Dag", "customer_id": "Klant", "order_amount": "Bedrag"}
    blocks = [
        {"table": "orders", "file": "orders.csv", "columns": columns},
        {"table": "orders", "file": "channels.csv", "columns": {"order_id": "Nr", "channel": "Kanaal"}, "combine": "join"},
    ]
    with read(tmp_path, blocks) as intake:
        orders, (_, channels) = intake.tables["orders"], intake.receipts
    assert len(orders) == 30 and int(orders["channel"].notna().sum()) == 20
    assert (channels.rows_joined, rows_set_aside(channels), channels.rows_used) == (20, 10, 0)


@pytest.mark.parametrize("seed", SEEDS)
def test_order_lines_without_their_products_stop_with_a_rule(tmp_path: Path, seed: int):
    rng = random.Random(seed)
    codes = [f"FR-R{rng.randrange(10**5)}-{i}" for i in range(120)]
    (tmp_path / "products.csv").write_text(
        "Code;Groep\n" + "".join(f"{rng.choice('AB')}{i % 4}-X{i % 3}-{code};G\n" for i, code in enumerate(codes))
    )
    (tmp_path / "lines.csv").write_text("Nr;Dag;Code;Bedrag\n" + "".join(f"{n};2024-01-05;{rng.choice(codes)};9\n" for n in range(600)))
    blocks = [
        {
            "table": "order_lines",
            "file": "lines.csv",
            "columns": {"order_id": "Nr", "order_date": "Dag", "product_id": "Code", "line_amount": "Bedrag"},
        },
        {"table": "products", "file": "products.csv", "columns": {"product_id": "Code", "product_group": "Groep"}},
    ]
    message = refusal(tmp_path, blocks)
    assert 'in the source of products.csv: ids: {product_id: {after: "-", after_times: 2}}' in message
    blocks[1]["ids"] = {"product_id": {"after": "-", "after_times": 2}}
    with read(tmp_path, blocks) as intake:
        (link,) = [link for link in intake.merge["links"] if link["list"] == "products"]
    assert link["both"] == link["keys"]


@pytest.mark.parametrize(("right", "same"), [(25, True), (15, False)])
def test_records_are_the_same_when_they_agree_better_than_chance(right: int, same: bool):
    left = pd.Series([f"v{i}" for i in range(100)])
    other = pd.Series([f"v{i}" if i < right else f"w{i}" for i in range(100)])
    agreed = kappa(left, other)
    assert agreed is not None and (agreed >= LEAST_AGREEMENT) == same
