"""Whole exports of other people: counts and sums as planted, or the stop that is due (docs/strangers.md)."""

from __future__ import annotations

from pathlib import Path

import pytest

from helpers.analyses import channels
from helpers.core.errors import UserMistakes
from helpers.core.results import RunContext
from helpers.sources import read_sources
from helpers.sources.customers import customer_table
from helpers.tables.declared import Source
from tests.support.ledgers import Ledger, write_ledger
from tests.support.seeds import seeds
from tests.support.shop_and_web import AS_OF, write_shop_and_web

SEEDS = seeds(4)


def read(folder: Path, *blocks: dict):
    return read_sources(folder, [Source.model_validate(block) for block in blocks])


def without(world: Ledger, *keys: str) -> dict:
    return {key: value for key, value in world.block.items() if key not in keys}


@pytest.mark.parametrize("seed", SEEDS)
def test_a_german_ledger_is_read_to_the_cent_and_its_sums_are_set_aside(tmp_path: Path, seed: int):
    world = write_ledger(tmp_path, seed)
    with read(tmp_path, world.block) as intake:
        orders, (receipt,) = intake.tables["orders"], intake.receipts
    assert len(orders) == world.invoices + world.credits and (orders["order_amount"] < 0).sum() == world.credits
    by_customer = (100 * orders.groupby("customer_id")["order_amount"].sum()).round().astype(int)
    assert by_customer.to_dict() == world.revenue_cents
    assert (receipt.rows_read, receipt.rows_used) == (len(orders) + world.sums, len(orders))


@pytest.mark.parametrize("seed", SEEDS[:1])
@pytest.mark.parametrize(
    ("left_out", "named"),
    [
        (("set_aside",), "Beleg-Nr."),
        (("skip_lines",), "Beleg-Nr."),
        (("thousands",), "Betrag EUR"),
        (("encoding",), "debitoren.csv"),
        (("date_format",), "Belegdatum"),
    ],
)
def test_what_is_not_declared_of_a_ledger_is_a_stop_and_never_a_wrong_sum(tmp_path: Path, seed: int, left_out: tuple[str, ...], named: str):
    world = write_ledger(tmp_path, seed)
    with pytest.raises(UserMistakes) as caught:
        read(tmp_path, without(world, *left_out)).store.close()
    assert named in str(caught.value) and "debitoren.csv" in str(caught.value)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_till_and_a_web_shop_become_two_channels_of_the_same_customers(tmp_path: Path, seed: int):
    world = write_shop_and_web(tmp_path, seed)
    with read(tmp_path, *world.blocks) as intake:
        orders = intake.tables["orders"]
    tables = {"orders": orders, "customer_table": customer_table({"orders": orders}, AS_OF)}
    compared = channels.run(tables, channels.Settings(draws=50), RunContext(AS_OF, 1))
    profile = compared.profile.set_index("channel")
    assert profile["orders"].to_dict() == dict(world.orders)
    assert (100 * profile["revenue"]).round().astype(int).to_dict() == dict(world.cents)
    assert (compared.several.in_several, compared.several.customers) == (world.in_both, world.in_both + world.in_one)


def test_two_exports_that_number_their_orders_alike_are_a_stop_until_a_prefix_tells_them_apart(tmp_path: Path):
    world = write_shop_and_web(tmp_path, 1)
    blocks = [block | {"ids": {"customer_id": {"strip_zeros": True}}} for block in world.blocks]
    with pytest.raises(UserMistakes, match="add_prefix"):
        read(tmp_path, *blocks).store.close()


@pytest.mark.parametrize(
    ("constants", "expected"),
    [({"channle": "web"}, "Did you mean 'channel'"), ({"order_total": "5"}, "a text column"), ({"customer_id": "x"}, "once")],
)
def test_a_constant_that_is_no_text_column_of_the_table_is_a_mistake(tmp_path: Path, constants: dict, expected: str):
    world = write_shop_and_web(tmp_path, 1)
    with pytest.raises((UserMistakes, ValueError), match=expected):
        read(tmp_path, world.blocks[0] | {"constants": constants}).store.close()
