"""The gate is right on planted clients: what each analysis, and the A/B test, says before it runs."""

from __future__ import annotations

from functools import cache

import numpy as np
import pandas as pd
import pytest
from statsmodels.stats.power import NormalIndPower
from statsmodels.stats.proportion import proportion_effectsize

from helpers.phases import pilot
from helpers.phases.pilot.gate import detectable
from helpers.workbook import GATED
from tests.support import gate_worlds as worlds

CLIENTS = {
    "rich": worlds.rich,
    "nobody at all": worlds.nobody,
    "one customer": lambda: worlds.whole(worlds.firm(1)),
    "tiny: twelve customers": lambda: worlds.whole(worlds.firm(12)),
    "small: seventy customers": lambda: worlds.whole(worlds.firm(70)),
    "one-off buyers only": lambda: worlds.whole(worlds.firm(400, orders=1)),
    "no history: one month": lambda: worlds.whole(worlds.firm(400, months=1)),
    "fourteen months": lambda: worlds.whole(worlds.firm(400, months=14)),
    "no ids on the orders": worlds.without_ids,
    "all customers alike": lambda: worlds.whole(worlds.firm(120, orders=6, alike=True)),
    "orders only": lambda: worlds.without(
        worlds.rich(), "customers", "order_lines", "products", "contacts", "web_events", "outcomes", "quotes"
    ),
    "web only": lambda: worlds.whole(worlds.visits(400)),
    "no consent asked": worlds.without_consent,
    "nothing known of customers": worlds.unknown_customers,
    "long list": lambda: worlds.whole(worlds.firm(4000, orders=4)),
}
GO, CARE, NO = "go", "caution", "not_yet"
# clusters, rfm_movement, personas, potential, predictions, next_offer, channels, pilot
EXPECTED = {
    "rich": (GO, GO, GO, GO, GO, GO, GO, CARE),
    "nobody at all": (NO, NO, NO, NO, NO, NO, NO, NO),
    "one customer": (NO, NO, NO, NO, NO, NO, NO, NO),
    "tiny: twelve customers": (NO, NO, NO, NO, NO, NO, NO, NO),
    "small: seventy customers": (CARE, CARE, NO, NO, NO, CARE, GO, CARE),
    "one-off buyers only": (GO, NO, NO, CARE, NO, CARE, NO, CARE),
    "no history: one month": (GO, NO, NO, CARE, NO, GO, CARE, CARE),
    "fourteen months": (GO, CARE, NO, CARE, GO, GO, CARE, CARE),
    "no ids on the orders": (NO, NO, NO, NO, NO, NO, NO, NO),
    "all customers alike": (NO, NO, NO, NO, CARE, NO, NO, CARE),
    "orders only": (GO, GO, NO, NO, GO, NO, GO, NO),
    "web only": (NO, NO, GO, NO, NO, NO, NO, NO),
    "no consent asked": (GO, GO, GO, GO, GO, GO, GO, NO),
    "nothing known of customers": (GO, GO, GO, NO, GO, GO, GO, CARE),
    "long list": (GO, GO, NO, CARE, GO, GO, GO, GO),
}
QUOTED = ("rich", "no consent asked", "nothing known of customers")  # those who have quotes
NAMES = ("clusters", "rfm_movement", "personas", "potential", "predictions", "next_offer", "channels", "pilot")
ROOMS = {phase.section: phase.room for phase in GATED if phase.section in (*NAMES, "quotes")}


@cache
def client(name: str) -> dict[str, pd.DataFrame]:
    return CLIENTS[name]()


@cache
def gates(name: str):
    tables = client(name)
    return {
        section: room.requires({one: tables[one] for one in room.READS if one in tables}, room.Settings(), worlds.MOMENT)
        for section, room in ROOMS.items()
    }


def test_the_table_covers_every_gate():
    assert len(EXPECTED) >= 12 and set(EXPECTED) == set(CLIENTS)
    assert {*NAMES, "quotes"} == set(ROOMS)


@pytest.mark.parametrize("name", CLIENTS)
def test_the_verdicts_are_those_planted(name):
    found = {section: gate.verdict.kind for section, gate in gates(name).items()}
    assert found == dict(zip(NAMES, EXPECTED[name], strict=True)) | {"quotes": GO if name in QUOTED else NO}


@pytest.mark.parametrize("name", CLIENTS)
def test_every_gate_says_needs_has_reason_and_a_way_on(name):
    for section, gate in gates(name).items():
        assert gate.needs and gate.has and gate.reason and gate.verdict.word, section
        if gate.verdict.kind == "go":
            assert not gate.unlock and not gate.instead, section
        else:
            assert gate.unlock and gate.instead, f"{section}: {gate}"
        for words in (gate.needs, gate.has, gate.reason, gate.unlock, gate.instead, gate.detectable):
            assert "nan" not in words.lower().split() and "inf" not in words.lower().split(), f"{section}: {words}"


@pytest.mark.parametrize("name", CLIENTS)
def test_an_open_gate_says_what_would_be_seen(name):
    for section, gate in gates(name).items():
        assert bool(gate.detectable) == (not gate.closed), f"{section}: {gate}"


# ---- What is stated is what would come ----


def test_the_smallest_effect_agrees_with_statsmodels():
    tables = client("long list")
    gate = gates("long list")["pilot"]
    people = len(tables["customer_table"])
    ours = detectable(tables["customer_table"], pilot.Settings(looks=1), worlds.MOMENT)
    effect = NormalIndPower().solve_power(nobs1=ours.treated, ratio=ours.holdout / ours.treated, alpha=0.05, power=0.8)
    reached = ours.base_rate * (1 + ours.smallest_rise)
    assert proportion_effectsize(reached, ours.base_rate) == pytest.approx(effect, rel=0.01)
    assert ours.treated + ours.holdout == people and f"{ours.treated:,} people treated" in gate.detectable


def test_five_hundred_per_arm_at_two_percent_see_only_a_rise_of_163_percent():
    people = pd.DataFrame({"customer_id": [f"c{n:04d}" for n in range(1000)], "consent": True})
    tables = {"customer_table": people.astype({"consent": "boolean"})}
    gate = pilot.requires(tables, pilot.Settings(base_rate=0.02, looks=1), worlds.MOMENT)
    assert gate.verdict.kind == "caution"
    assert "rise of about 163\u00a0%" in gate.detectable and "500 people treated and 500 left out" in gate.detectable
    assert "42" in gate.unlock  # some 42,000 people for the rise of 20 % that is hoped for


def test_planted_groups_are_steady_and_a_cloud_is_not():
    room = ROOMS["clusters"]
    table = client("rich")["customer_table"]
    planted = table.assign(monetary=[10.0 ** (1 + at % 3) * (1 + at / 5000) for at in range(len(table))])
    settings = room.Settings(features=("monetary",), clusters=3)
    assert "of 3 groups keeps 100" in room.requires({"customer_table": planted}, settings, worlds.MOMENT).detectable
    many = room.Settings(clusters=12, customers_per_group=10, features=("monetary", "frequency", "tenure_days"))
    gate = room.requires({"customer_table": table}, many, worlds.MOMENT)
    assert gate.verdict.kind == "caution" and "drawn again" in gate.reason


def test_customers_who_come_back_by_the_toss_of_a_coin_cannot_be_foretold():
    room = ROOMS["predictions"]
    tables = worlds.whole(coins())
    gate = room.requires(tables, room.Settings(), worlds.MOMENT)
    assert gate.verdict.kind == "caution" and "no better than chance" in gate.reason


def coins(people: int = 400) -> dict[str, pd.DataFrame]:
    """Return orders in which everybody orders in each quarter or not, whatever was before."""
    rng = np.random.default_rng(3)
    ends = pd.date_range(end=worlds.MOMENT.as_of, periods=8, freq="91D")
    rows = [(f"c{who:04d}", f"c{who:04d}-first", pd.Timestamp("2021-10-01"), 10.0) for who in range(people)]
    rows += [
        (f"c{who:04d}", f"c{who:04d}-{at}", end - pd.Timedelta(days=45), 10.0)
        for at, end in enumerate(ends)
        for who in np.flatnonzero(rng.random(people) < 0.5)
    ]
    return {"orders": pd.DataFrame(rows, columns=["customer_id", "order_id", "order_date", "order_amount"])}


def test_a_history_too_short_for_movement_names_the_date_that_unlocks_it():
    room = ROOMS["rfm_movement"]
    gate = room.requires(client("no history: one month"), room.Settings(), worlds.MOMENT)
    assert "a round from" in gate.unlock and "15 months of orders" in gate.unlock
