"""One contract for every analysis of ``helpers.workbook.ANALYSES``; a new one is tested by its line there."""

from __future__ import annotations

import dataclasses
from functools import cache

import numpy as np
import pandas as pd
import pytest

from helpers.core.results import Gate, Refusal, RunContext
from helpers.workbook import ANALYSES
from tests.support import gate_worlds as worlds
from tests.test_gates import CLIENTS, client

pytestmark = pytest.mark.slow
SECTIONS = [phase.section for phase in ANALYSES]
ROOMS = {phase.section: phase.room for phase in ANALYSES}
# Fewer draws, so that the family of tests stays quick; an analysis that is not named runs as it is.
LIGHT = {
    "clusters": {"resamples": 10, "evidence_resamples": 5, "references": 9, "most_clusters": 4},
    "rfm_movement": {"redraws": 20},
    "potential": {"draws": 20},
    "predictions": {"training_windows": 1},
    "personas": {"most_segments": 4},
}
# The column that holds the group, status or offer, in which customers of equal behaviour must agree.
PLACES = ("channels_used", "group", "segment", "segment_now", "status", "offer_1")
TWIN = "twin"
# Large, or for most analyses the same tables as those of the client that has everything.
ONLY_DRILLED = ("long list", "no consent asked", "nothing known of customers", "orders only")


def settings_of(section: str):
    return ROOMS[section].Settings(**LIGHT.get(section, {}))


def read(section: str, tables) -> dict[str, pd.DataFrame]:
    return {name: tables[name] for name in ROOMS[section].READS if name in tables}


def run(section: str, tables, seed: int = worlds.MOMENT.seed):
    return ROOMS[section].run(read(section, tables), settings_of(section), RunContext(worlds.MOMENT.as_of, seed))


def gate(section: str, tables) -> Gate:
    return ROOMS[section].requires(read(section, tables), settings_of(section), worlds.MOMENT)


@cache
def found(section: str, name: str = "rich"):
    return run(section, client(name))


def assert_same(one, other):
    assert type(one) is type(other)
    for name in ("table", "profile"):
        pd.testing.assert_frame_equal(getattr(one, name), getattr(other, name), check_like=False)
    assert one.notes == other.notes and one.quality.keys() == other.quality.keys()
    for key, value in one.quality.items():
        same = value == other.quality[key] or (value != value and other.quality[key] != other.quality[key])
        assert same or np.isclose(value, other.quality[key], rtol=1e-9), key


@pytest.mark.parametrize("section", SECTIONS)
def test_it_has_what_the_contract_asks_for(section):
    room = ROOMS[section]
    assert isinstance(room.READS, tuple) and room.Settings().model_config["extra"] == "forbid"
    result = found(section)
    assert dataclasses.is_dataclass(result) and type(result).__dataclass_params__.frozen
    assert result.table.columns[0] == "customer_id" and len(result.profile)
    assert all(isinstance(note, str) for note in result.notes)
    assert all(isinstance(value, (int, float, str, bool, np.number, np.bool_)) for value in result.quality.values())


@pytest.mark.parametrize("section", SECTIONS)
def test_every_customer_stands_there_once(section):
    table = found(section).table
    assert table["customer_id"].notna().all() and table["customer_id"].is_unique
    tables = client("rich")
    known = set(tables["customer_table"]["customer_id"]) | set(tables["web_events"]["visitor_id"])
    assert set(table["customer_id"]) <= known


@pytest.mark.parametrize("section", SECTIONS)
def test_the_tables_it_is_given_stay_as_they_were(section):
    tables = {name: table.copy(deep=True) for name, table in client("rich").items()}
    run(section, tables)
    gate(section, tables)
    for name, table in client("rich").items():
        pd.testing.assert_frame_equal(tables[name], table)


@pytest.mark.parametrize("section", SECTIONS)
def test_the_order_of_the_rows_does_not_matter_and_the_same_seed_gives_the_same(section):
    rng = np.random.default_rng(1)
    mixed = {name: table.iloc[rng.permutation(len(table))].reset_index(drop=True) for name, table in client("rich").items()}
    assert_same(run(section, mixed), found(section))
    assert gate(section, mixed) == gate(section, client("rich"))


@pytest.mark.parametrize("section", SECTIONS)
def test_equal_behaviour_gives_the_equal_group(section):
    tables, twins = with_twins(client("rich"))
    table = run(section, tables).table.set_index("customer_id")
    places = [name for name in PLACES if name in table]
    if not places:
        pytest.skip(f"{section} gives no group: name its column in PLACES where it does")
    pairs = [(one, twin) for one, twin in twins.items() if one in table.index and twin in table.index]
    assert len(pairs) >= 5
    for one, twin in pairs:
        for name in places:
            same = table.loc[one, name] == table.loc[twin, name]
            assert same or pd.isna(table.loc[one, name]) and pd.isna(table.loc[twin, name]), (one, name)


@pytest.mark.parametrize("name", [pytest.param(name, marks=[pytest.mark.drill] * (name in ONLY_DRILLED)) for name in CLIENTS])
@pytest.mark.parametrize("section", SECTIONS)
def test_run_and_requires_never_disagree(section, name):
    said, result = gate(section, client(name)), found(section, name)
    assert isinstance(result, Refusal) == said.closed
    if said.closed:
        assert result.gate == said and result.heading
    else:
        assert len(result.table)


@pytest.mark.parametrize("section", SECTIONS)
def test_a_missing_table_gives_a_result_or_a_reasoned_refusal(section):
    for missing in ROOMS[section].READS:
        if missing == "customer_table" and "orders" in ROOMS[section].READS:
            continue  # a round always has one
        tables = {name: table for name, table in client("rich").items() if name != missing}
        if missing == "customer_table":
            tables["customer_table"] = client("rich")["customer_table"].iloc[:0]
        said, result = gate(section, tables), run(section, tables)
        assert isinstance(result, Refusal) == said.closed, missing
        assert not said.closed or said.reason and said.unlock and said.instead, missing


def with_twins(tables) -> tuple[dict[str, pd.DataFrame], dict[str, str]]:
    """Return the client with a few customers and visitors there twice, under another number."""
    people = list(tables["customer_table"]["customer_id"][5:300:40]) + list(tables["web_events"]["visitor_id"].unique()[3:300:40])
    twins = {one: f"{one}-{TWIN}" for one in people}
    doubled = {}
    for name, table in tables.items():
        key = "visitor_id" if name == "web_events" else "customer_id"
        if key not in table:
            doubled[name] = table
            continue
        again = table[table[key].isin(twins)].copy()
        again[key] = again[key].map(twins)
        for number in {"order_id", "quote_id"} & set(again):
            again[number] = again[number] + f"-{TWIN}"
        doubled[name] = pd.concat([table, again], ignore_index=True)
    return doubled, twins
