"""Two lists of customers whose ids do not meet: who would silently count twice is a stop, others go through."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from helpers.core.errors import UserMistakes
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
