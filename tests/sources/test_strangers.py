"""Whole exports of other people: counts and sums as planted, or the stop that is due (docs/strangers.md)."""

from __future__ import annotations

from pathlib import Path

import pytest

from helpers.core.errors import UserMistakes
from helpers.sources import read_sources
from helpers.tables.declared import Source
from tests.support.ledgers import Ledger, write_ledger
from tests.support.seeds import seeds

SEEDS = seeds(4)


def read(folder: Path, block: dict):
    return read_sources(folder, [Source.model_validate(block)])


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
