"""Right shops that look wrong raise no doubt; troubles that look right do: twenty seeds of the ones, ten of the others."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.doubt_twins import PLANTED, TWINS, kinds_seen, planted_world, twin_world
from tests.support.seeds import every, seeds


def test_there_are_enough_of_both():
    assert len(TWINS) >= 26 and len(PLANTED) >= 22


@pytest.mark.parametrize("seed", seeds(20))
@pytest.mark.parametrize("name", every(TWINS, 4))
def test_a_right_shop_that_looks_odd_raises_nothing(name: str, seed: int, tmp_path: Path):
    assert kinds_seen(twin_world(name, seed), tmp_path) == set()


@pytest.mark.parametrize("seed", seeds(10))
@pytest.mark.parametrize("name", every(PLANTED, 4))
def test_what_is_wrong_is_named(name: str, seed: int, tmp_path: Path):
    assert PLANTED[name][0] in kinds_seen(planted_world(name, seed), tmp_path)
