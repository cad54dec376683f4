"""Ten kinds of client whose exports nobody has declared: the answer key reads them, and so does what ``aim new`` drafts."""

from __future__ import annotations

from pathlib import Path

import pytest

from helpers.sources import read_sources
from helpers.tables.declared import Source
from tests.support.doors_worlds import WORLDS
from tests.support.doors_worlds.comparing import differences
from tests.support.doors_worlds.supermarket import write_supermarket
from tests.support.doors_worlds.trying import tried
from tests.support.seeds import every, seeds

GOOD = ("report", "right refusal", "asked")


def folders(tmp_path: Path) -> tuple[Path, Path]:
    exports, home = tmp_path / "exports", tmp_path / "home"
    exports.mkdir()
    home.mkdir()
    return exports, home


@pytest.mark.parametrize("seed", seeds(12))
@pytest.mark.parametrize("name", every(WORLDS, 3))
def test_the_answer_key_of_a_world_gives_its_true_tables(tmp_path: Path, name: str, seed: int):
    world = WORLDS[name](tmp_path, seed)
    with read_sources(tmp_path, [Source.model_validate(block) for block in world.answer["sources"]]) as intake:
        assert differences(world, intake.tables) == []


def test_a_truth_that_was_altered_is_seen(tmp_path: Path):
    world = WORLDS["yearly"](tmp_path, 0)
    with read_sources(tmp_path, [Source.model_validate(block) for block in world.answer["sources"]]) as intake:
        tables = intake.tables
    gross = tables["orders"].assign(order_amount=tables["orders"]["order_amount"] * 1.21)
    swapped = tables["orders"].assign(order_amount=tables["orders"]["order_amount"].to_numpy()[::-1])
    assert [column for _, column, _ in differences(world, tables | {"orders": gross})] == ["order_amount"]
    assert differences(world, tables | {"orders": swapped}) == [("orders", "", "every column is right, and the rows are not")]
    assert differences(world, tables | {"orders": tables["orders"].head(9)})[0][:2] == ("orders", "")


@pytest.mark.parametrize("seed", [pytest.param(seed, marks=pytest.mark.drill) for seed in range(6)])
@pytest.mark.parametrize("name", WORLDS)
def test_new_from_the_exports_alone_gives_the_true_tables_or_says_what_it_does_not_know(tmp_path: Path, name: str, seed: int):
    exports, home = folders(tmp_path)
    outcome = tried(WORLDS[name](exports, seed), home, run=False)
    assert outcome.verdict in GOOD, (outcome.differs, outcome.lacking)


@pytest.mark.drill
@pytest.mark.parametrize("name", WORLDS)
def test_what_is_declared_by_hand_becomes_a_report_that_says_what_is_planted(tmp_path: Path, name: str):
    exports, home = folders(tmp_path)
    outcome = tried(WORLDS[name](exports, 1), home, with_answers=True)
    assert outcome.verdict == "report", (outcome.differs, outcome.lacking)


@pytest.mark.drill
@pytest.mark.parametrize("name", WORLDS)
def test_a_report_comes_out_in_which_nothing_is_silently_wrong(tmp_path: Path, name: str):
    exports, home = folders(tmp_path)
    outcome = tried(WORLDS[name](exports, 0), home)
    assert outcome.verdict in GOOD, (outcome.differs, outcome.lacking)


@pytest.mark.drill
def test_a_million_lines_of_a_supermarket_come_through_the_door(tmp_path: Path):
    exports, home = folders(tmp_path)
    outcome = tried(write_supermarket(exports, 0, lines=1_000_000), home)
    assert outcome.verdict in GOOD, (outcome.differs, outcome.lacking)
