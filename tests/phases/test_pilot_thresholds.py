"""Where the plan of a pilot changes its mind: just below, at, and just above each of its thresholds."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest

from helpers.core.results import Refusal, RunContext
from helpers.phases import pilot
from helpers.phases.pilot import power
from helpers.phases.pilot.gate import Detectable, detectable
from helpers.phases.pilot.lists import is_released
from helpers.phases.pilot.settings import first_reachable_channel
from helpers.phases.pilot.size import size_of

AS_OF = date(2026, 6, 30)
CONTEXT = RunContext(AS_OF, 7)


def customers(count: int, **columns) -> pd.DataFrame:
    return pd.DataFrame({"customer_id": [f"c{number:04d}" for number in range(count)], "consent": "yes"} | columns)


def made(count: int = 400, **keys) -> pilot.analysis.Result:
    recency = np.arange(count) * 400 / count
    table = customers(count, recency_days=recency, monetary=100.0, frequency=2)
    result = pilot.make({"customer_table": table}, pilot.Settings(**keys), CONTEXT)
    assert not isinstance(result, Refusal)
    return result


def test_twenty_people_are_enough_and_nineteen_are_not():
    nineteen, twenty = ({"customer_table": customers(count)} for count in (19, 20))
    refusal = pilot.make(nineteen, pilot.Settings(), CONTEXT)
    assert isinstance(refusal, Refusal) and "1 people more" in refusal.gate.unlock
    assert isinstance(pilot.make(twenty, pilot.Settings(), CONTEXT), pilot.analysis.Result)
    assert pilot.requires(nineteen, pilot.Settings(), CONTEXT).verdict.kind == "not_yet"
    assert pilot.requires(twenty, pilot.Settings(base_rate=0.1), CONTEXT).verdict.kind == "caution"


def test_a_rise_that_would_just_be_seen_is_a_go():
    tables = {"customer_table": customers(1000)}
    settings = pilot.Settings(base_rate=0.1)
    smallest = detectable(tables["customer_table"], settings).smallest_rise
    assert smallest == pytest.approx(0.590, abs=0.01)
    for hoped_rise, kind in ((smallest, "go"), (smallest * 0.999, "caution"), (smallest * 1.001, "go")):
        gate = pilot.requires(tables, settings.model_copy(update={"hoped_rise": hoped_rise}), CONTEXT)
        assert gate.verdict.kind == kind
    plan = made(base_rate=0.1).plan
    for hoped_rise, word in ((plan.smallest_rise, "large enough"), (plan.smallest_rise * 0.999, "too small for the rise hoped for")):
        assert pilot.story.verdict(replace(plan, hoped_rise=hoped_rise)).word == word


def test_a_rate_of_nobody_or_of_everybody_is_no_rate():
    for rate, known in ((0.0, False), (0.001, True), (0.999, True), (1.0, False)):
        assert ("only a rise" in Detectable(50, 50, 30, rate, 0.5, 100).sentence()) == known
        assert math.isnan(power.smallest_rise(rate, 50, 50)) != known
        assert (power.people_needed(rate, 0.001) > 0) == known
    assert "no rise at all" in Detectable(50, 50, 30, 0.1, math.inf, 100).sentence()


def test_a_rise_to_everybody_can_be_planned_for_and_one_beyond_cannot():
    assert power.people_needed(0.5, 1.0) == 13
    assert power.people_needed(0.5, 1.01) == 0
    assert power.people_needed(0.5, 0.0) == 0
    assert power.people_needed(0.5, -1.0) == 0


def test_an_arm_of_one_is_an_arm_and_of_nobody_is_none():
    assert math.isinf(power.smallest_difference(1.0, 0, 10)) and math.isinf(power.smallest_rise(0.1, 10, 0))
    assert power.smallest_difference(1.0, 1, 1) == pytest.approx(2.8016 * math.sqrt(2), abs=1e-3)
    assert math.isfinite(power.smallest_rise(0.001, 1, 100_000)) and math.isinf(power.smallest_rise(0.9, 5, 5))


def test_whoever_ordered_fewer_than_so_many_days_ago_keeps_the_pace():
    assert power.recent_order_share(pd.Series([29.0, 30.0, 31.0, 400.0]), 30) == 0.25
    assert math.isnan(power.recent_order_share(pd.Series(dtype=float), 30))


def test_lengths_go_up_week_by_week_to_the_longest():
    keys = {"alpha": 0.05, "power": 0.8, "base_rate": 0.2}
    curve = power.duration_curve(pd.Series(dtype=float), 500, 500, most_days=30, **keys)
    assert curve["days"].tolist() == [7, 14, 21, 28, 30]
    assert curve["base_rate"].tolist() == pytest.approx([0.2 * days / 30 for days in (7, 14, 21, 28, 30)])
    assert power.duration_curve(pd.Series(dtype=float), 5, 5, most_days=28, **keys)["days"].tolist() == [7, 14, 21, 28]
    exactly = float(curve["smallest_rise"].iloc[2])
    assert power.days_needed(curve, exactly) == 21 and power.days_needed(curve, exactly * 0.999) == 28


def test_length_is_the_clients_else_the_shortest_that_sees_it_else_the_longest():
    people = customers(4000, recency_days=np.arange(4000) % 200)
    drawn = people.assign(treatment=np.where(np.arange(4000) % 2 == 0, "holdout_group", "treated"))
    size, _curve = size_of(people, drawn, pilot.Settings(hoped_rise=0.3))
    assert size.days == size.days_needed == 21
    hopeless, _curve = size_of(people, drawn, pilot.Settings(hoped_rise=0.01))
    assert (hopeless.days, hopeless.days_needed) == (90, None)
    fixed, _curve = size_of(people, drawn, pilot.Settings(days=60, base_rate=0.09))
    assert fixed.days == 60 and fixed.base_rate == pytest.approx(0.06)
    longer, _curve = size_of(people, drawn, pilot.Settings(days=120, base_rate=0.09))
    assert longer.base_rate == pytest.approx(0.09)


@pytest.mark.parametrize(("looks", "level"), [(1, 0.05), (2, 0.049), (3, 0.046256), (5, 0.042252)])
def test_the_level_of_the_last_look_sizes_the_pilot(looks, level):
    assert made(looks=looks).plan.last_alpha == pytest.approx(level, abs=1e-5)


def test_looks_are_equally_spaced_and_the_last_is_the_stop():
    plan = made(looks=3, days=30).plan
    start = date(2026, 7, 14)
    assert plan.start_date == start and plan.look_dates == tuple(start + timedelta(days=days) for days in (10, 20, 30))


def messages_to(customer: str, *days_ago: int) -> pd.DataFrame:
    return pd.DataFrame({"customer_id": customer, "sent_date": [pd.Timestamp(AS_OF) - pd.Timedelta(days=days) for days in days_ago]})


@pytest.mark.parametrize(
    ("days_ago", "may"),
    [
        ((0,), True),  # one in the week, and the new one: two
        ((0, 6), False),
        ((0, 7), True),  # a week ago is not in the week any more
        ((0, 8, 15), True),  # three in the month, and the new one: four
        ((0, 8, 15, 29), False),
        ((0, 8, 15, 30), True),
    ],
)
def test_contact_caps(days_ago, may):
    people, _funnel, _recipients = pilot.eligibility.eligible(
        customers(1), pilot.Settings(), AS_OF, campaigns=messages_to("c0000", *days_ago)
    )
    assert len(people) == int(may)


def test_lists_are_released_from_the_day_of_the_plan_on():
    plan = made().plan
    for approved_by, approved_on, released in (
        ("An", date(2026, 6, 29), False),
        ("An", date(2026, 6, 30), True),
        ("An", date(2026, 7, 1), True),
        (" ", date(2026, 7, 1), False),
        ("An", None, False),
    ):
        assert is_released(pilot.Settings(approved_by=approved_by, approved_on=approved_on), plan) == released


def test_strata_are_thirds_and_a_border_belongs_to_the_upper_one():
    people = customers(7, monetary=[0.0, 1, 2, 3, 4, 5, 6])
    cuts = pilot.assignment.stratum_cuts(people, ("monetary",))
    assert cuts == {"monetary": [2.0, 4.0]}
    labels = pilot.assignment.strata(people, ("monetary",), cuts).str.removeprefix("monetary=")
    assert labels.tolist() == ["1", "1", "2", "2", "3", "3", "3"]


def test_a_channel_needs_an_address_that_is_more_than_blank():
    people = pd.DataFrame({"email": ["a@x.example", " ", None]})
    channels = pilot.Settings(channels=[{"name": "email", "needs": "email"}, {"name": "fax", "needs": "fax"}, {"name": "card"}]).channels
    assert first_reachable_channel(people, channels).tolist() == ["email", "card", "card"]


def test_money_is_computed_only_from_orders():
    free, paid = made().plan, made(contact_cost=0.5, fixed_cost=10).plan
    assert free.cost == 0 and "No cost is given" in pilot.story.pays_when(free)
    assert paid.cost == pytest.approx(10 + 0.5 * paid.treated_people) and paid.order_value == 50
    assert paid.break_even_uplift == pytest.approx(paid.cost / (paid.treated_people * 50 * 0.3))
    never = pilot.make({"customer_table": customers(40, frequency=0, monetary=0.0)}, pilot.Settings(fixed_cost=1), CONTEXT)
    assert math.isnan(never.plan.order_value) and math.isnan(never.plan.break_even_uplift) and math.isnan(never.plan.smallest_revenue)
    once = pilot.make({"customer_table": customers(40, frequency=[1] + [0] * 39, monetary=5.0)}, pilot.Settings(fixed_cost=1), CONTEXT)
    assert once.plan.order_value == 200


def test_smallest_difference_in_revenue():
    plan = made(400, days=40).plan
    # A tenth ordered in 40 of 400 days, each order 50: the spread per person is 50 times the root of 0.1 times 0.9.
    spread = 50 * math.sqrt(0.1 * 0.9)
    assert plan.base_rate == 0.1
    assert plan.smallest_revenue == pytest.approx(2.8100 * spread * math.sqrt(2 / 200), rel=1e-3)


def test_defaults_are_those_of_the_handbook():
    assert pilot.Settings().model_dump(include={*SETTINGS}) == SETTINGS
    bounds = [(c.measure, c.at_least, c.at_most, c.surely) for c in pilot.Settings().criteria]
    assert bounds == [("conversion_uplift", 0, None, True), ("net_money", 0, None, False), ("opt_out_rate", None, 0.02, False)]


SETTINGS = {
    "most_in_7_days": 2,
    "most_in_30_days": 4,
    "holdout_share": 0.5,
    "alpha": 0.05,
    "power": 0.8,
    "hoped_rise": 0.2,
    "looks": 2,
    "start_in_days": 14,
    "most_days": 90,
    "contact_cost": 0.0,
    "fixed_cost": 0.0,
    "margin_share": 0.3,
}


@pytest.mark.parametrize(
    ("key", "lowest", "highest"),
    [("holdout_share", 0.02, 0.9), ("looks", 1, 10), ("days", 7, 1830), ("most_days", 7, 1830), ("start_in_days", 0, 366)],
)
def test_settings_have_borders(key, lowest, highest):
    pilot.Settings(**{key: lowest})
    pilot.Settings(**{key: highest})
    step = 0.001 if isinstance(lowest, float) else 1
    for beyond in (lowest - step, highest + step):
        with pytest.raises(ValueError):
            pilot.Settings(**{key: beyond})
