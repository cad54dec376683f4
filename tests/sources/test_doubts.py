"""The doubt list: what is planted is seen with its counts, and right shops that look odd are left in peace."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from helpers.client.config import load_client
from helpers.commands.check import check_client
from helpers.core.results import Finding
from helpers.phases.summary import summarise
from helpers.running.prepare import prepare
from helpers.running.rounds import Round
from helpers.sources.doubts import find_doubts
from helpers.sources.store import Store
from helpers.tables.doubts import KINDS, Confirmed, Doubt, about, confirmed, doubts_of, to_json
from tests.support.doubt_worlds import AS_OF, PLANTS, SHOPS, Tables, shop
from tests.support.seeds import seeds

SEEDS = seeds(2)


def seen(tables: Tables) -> dict[str, Doubt]:
    with Store() as store:
        held = {name: store.add(frame) for name, frame in tables.items() if frame is not None}
        return {doubt.kind: doubt for doubt in find_doubts(held, AS_OF)}


def test_every_kind_is_planted_somewhere():
    assert {*PLANTS, "orders_twice"} == set(KINDS), "the last is seen where files are put together: test_proposing"
    assert len(KINDS) >= 16


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("name", SHOPS)
def test_a_right_shop_is_left_in_peace(name: str, seed: int):
    assert seen(shop(name, seed)) == {}


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("kind", PLANTS)
@pytest.mark.parametrize("name", ["plain", pytest.param("no returns", marks=pytest.mark.drill)])
def test_what_is_planted_is_seen_and_nothing_else(kind: str, name: str, seed: int):
    planted = PLANTS[kind](shop(name, seed), np.random.default_rng(seed))
    doubts = seen(planted)
    assert kind in doubts
    # One cause may show in two ways: a till also leads the revenue, a cut end is a gap as well.
    others = set(doubts) - {kind} - {"leading_account", "leading_order", "month_missing", "amount_not_product", "cents"}
    assert not others, others
    assert doubts[kind].seen and doubts[kind].effect and doubts[kind].mend


def test_the_counts_are_those_that_were_planted():
    tables = shop("plain", 7)
    lines = tables["order_lines"]
    month = lines["order_date"].dt.to_period("M") == "2024-03"
    again = pd.concat([lines, lines[month].assign(order_id="N" + lines["order_id"])], ignore_index=True)
    doubt = seen(tables | {"order_lines": again})["month_twice"]
    assert (doubt.rows, doubt.of, doubt.detail) == (int(month.sum()), 2 * int(month.sum()), "2024-03")


def test_persons_whose_firms_are_known_are_left_in_peace_and_strangers_counted():
    tables = PLANTS["persons_apart"](shop("plain", 5), np.random.default_rng(5))
    doubt = seen(tables)["persons_apart"]
    assert doubt.detail == "1 without a firm, 1 at a firm not in the list, 2 twice at one firm, 2 at several firms"
    assert (doubt.rows, doubt.of) == (6, 42) and not doubt.serious
    persons = tables["persons"]
    right = persons["customer_id"].isin(tables["customers"]["customer_id"]) & (persons["person_id"].str.len() < 4)
    assert seen(tables | {"persons": persons[right]}) == {}


def test_a_confirmed_doubt_is_not_serious_and_survives_being_kept():
    doubts = (Doubt("guest_account", "orders", 300, 1_000, 9_000.0), Doubt("cents", "orders", 5, 5))
    kept = doubts_of(to_json(confirmed(doubts, [Confirmed(kind="guest_account", reason="Our till")])))
    assert [doubt.serious for doubt in kept] == [False, True]
    assert [doubt.kind for doubt in about(kept, "clusters")] == ["cents"]
    assert about(kept, "personas") == ()
    with pytest.raises(ValueError, match="a kind of doubt"):
        Confirmed(kind="guests")


@pytest.mark.slow
def test_check_page_one_and_the_chapters_say_what_is_doubtful(tmp_path: Path):
    tables = PLANTS["guest_account"](shop("plain", 3), np.random.default_rng(3))
    folder = tmp_path / "shop"
    folder.mkdir()
    tables["orders"].to_csv(folder / "orders.csv", sep=";", index=False, date_format="%Y-%m-%d")
    columns = "{order_id: order_id, customer_id: customer_id, order_date: order_date, order_amount: order_amount}"
    block = f"sources:\n  - {{table: orders, file: orders.csv, decimal: '.', columns: {columns}}}\n"
    (folder / "client.yml").write_text(f"as_of: {AS_OF}\n{block}")
    found = check_client(folder)
    doubts = found.doubts
    assert found.problems == () and [doubt.kind for doubt in doubts] == ["guest_account"]
    place = Round(tmp_path / "round")
    prepare(folder, load_client(folder), place)
    assert [doubt.kind for doubt in doubts_of(place.record("doubts"))] == ["guest_account"]
    assert "K777" not in (place.artefacts / "doubts.json").read_text()
    page = summarise({"10_goals": Finding("All is well", ("Sold more.",), None)}, doubts)
    assert page.headline.startswith("Check first: One customer number stands on") and "All is well." in page.why


def test_the_number_of_questions_does_not_grow_with_the_rows():
    asked: list[Any] = []
    with Store() as store, pytest.MonkeyPatch.context() as patch:
        held = {name: store.add(frame) for name, frame in shop("plain", 1).items()}
        to_pyarrow = store.backend.to_pyarrow
        patch.setattr(store.backend, "to_pyarrow", lambda relation, **more: asked.append(relation) or to_pyarrow(relation, **more))
        find_doubts(held, AS_OF)
    assert len(asked) <= 40
