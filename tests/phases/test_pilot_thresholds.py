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
from helpers.phases.pilot.pace import OrderHistory, Pace, pace_of, read_rule
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
    smallest = detectable(tables["customer_table"], settings, CONTEXT).smallest_rise
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
        assert math.isnan(power.smallest_rise(rate, 500, 500)) != known
        assert (power.people_needed(rate, 0.001) > 0) == known
    assert "no rise at all" in Detectable(50, 50, 30, 0.1, math.inf, 100).sentence()


def test_a_rise_to_everybody_can_be_planned_for_and_one_beyond_cannot():
    assert power.people_needed(0.5, 1.0) == 30
    assert power.people_needed(0.5, 1.01) == 0
    assert power.people_needed(0.5, 0.0) == 0
    assert power.people_needed(0.5, -1.0) == 0


def test_an_arm_of_one_is_an_arm_and_of_nobody_is_none():
    assert math.isinf(power.smallest_difference(1.0, 0, 10)) and math.isinf(power.smallest_rise(0.1, 10, 0))
    assert power.smallest_difference(1.0, 1, 1) == pytest.approx(2.8016 * math.sqrt(2), abs=1e-3)


def test_lengths_go_up_week_by_week_to_the_longest():
    pace, keys = declared_pace(0.2, 30), {"alpha": 0.05, "power": 0.8}
    curve = power.duration_curve(pace, 500, 500, most_days=30, **keys)
    assert curve["days"].tolist() == [7, 14, 21, 28, 30]
    assert curve["base_rate"].tolist() == pytest.approx([0.2 * days / 30 for days in (7, 14, 21, 28, 30)])
    assert power.duration_curve(pace, 5, 5, most_days=28, **keys)["days"].tolist() == [7, 14, 21, 28]
    exactly = float(curve["smallest_rise"].iloc[2])
    assert power.days_needed(curve, exactly) == 21 and power.days_needed(curve, exactly * 0.999) == 28


def declared_pace(base_rate: float, most_days: int):
    return pace_of(customers(9), customers(9), None, pilot.Settings(base_rate=base_rate, most_days=most_days), AS_OF, 1)


def test_length_is_the_clients_else_the_shortest_that_sees_it_else_the_longest():
    drawn = customers(4000, treatment=np.where(np.arange(4000) % 2 == 0, "holdout_group", "treated"))

    def pace(days: int) -> Pace:
        return Pace(min(days / 200, 1), "people", 4000, 400, days)

    size, _curve = size_of(pace, drawn, pilot.Settings(hoped_rise=0.3))
    assert size.days == size.days_needed == 21
    hopeless, _curve = size_of(pace, drawn, pilot.Settings(hoped_rise=0.01))
    assert (hopeless.days, hopeless.days_needed) == (90, None)
    fixed, _curve = size_of(declared_pace(0.09, 90), drawn, pilot.Settings(days=60))
    assert fixed.days == 60 and fixed.base_rate == pytest.approx(0.06)
    longer, _curve = size_of(declared_pace(0.09, 90), drawn, pilot.Settings(days=120))
    assert longer.base_rate == pytest.approx(0.09)


@pytest.mark.parametrize(("days", "possible"), [(100, True), (101, False)])
def test_a_rise_to_everybody_is_possible_and_one_beyond_is_refused_with_a_sentence(days, possible):
    drawn = customers(4000, treatment=np.where(np.arange(4000) % 2 == 0, "holdout_group", "treated"))
    size, _curve = size_of(lambda length: Pace(length / 200, "people", 4000, 400, length), drawn, pilot.Settings(days=days, hoped_rise=1.0))
    plan = replace(made().plan, **vars(size), hoped_rise=1.0)
    assert size.smallest_rise < 1.0 and (size.people_needed > 0) == possible
    assert (pilot.story.verdict(plan).word == "large enough") == possible
    assert ("more than everybody" in pilot.story.smallest_effect(plan)) != possible
    if not possible:
        assert "At most 98" in pilot.story.smallest_effect(plan) and "impossible" in pilot.story.verdict(plan).word


def test_the_gate_refuses_a_rise_beyond_everybody():
    tables = {"customer_table": customers(2000)}
    gate = pilot.requires(tables, pilot.Settings(base_rate=0.895), CONTEXT)
    assert gate.verdict.kind == "caution" and "more than everybody" in gate.reason and "at most 12" in gate.unlock
    assert pilot.requires(tables, pilot.Settings(base_rate=0.895, hoped_rise=0.1), CONTEXT).verdict.kind == "go"


# ---- The pace ----


def bought(*rows: tuple[str, int]) -> pd.DataFrame:
    return pd.DataFrame([(customer, pd.Timestamp(AS_OF) - pd.Timedelta(days=age), 10.0) for customer, age in rows], columns=ORDERS)


ORDERS = ["customer_id", "order_date", "order_amount"]


def test_people_of_today_count_from_the_day_before_the_window_on():
    people = customers(80, recency_days=[29.0] * 20 + [30.0] * 60, tenure_days=[30.0] * 40 + [29.0] * 40)
    pace = pace_of(people, people, None, pilot.Settings(), AS_OF, 1)(30)
    # Forty were customers 30 days ago, of whom twenty ordered since; the others came in the window.
    assert (pace.base_rate, pace.base_from, pace.base_people) == (0.5, "people", 40)
    fewer = people.iloc[[*range(19), *range(40, 80)]]
    assert pace_of(fewer, fewer, None, pilot.Settings(), AS_OF, 1)(30).base_from == "short"
    young = people.assign(tenure_days=29.0)
    assert pace_of(young, young, None, pilot.Settings(), AS_OF, 1)(30).base_from == "short"


def test_who_never_ordered_counts_from_the_day_of_record_on():
    created = [pd.Timestamp(AS_OF) - pd.Timedelta(days=age) for age in (30, 29)]
    people = customers(60, recency_days=[5.0] * 20 + [np.nan] * 40, tenure_days=[300.0] * 20 + [np.nan] * 40)
    assert pace_of(people, people, None, pilot.Settings(), AS_OF, 1)(30).base_rate == pytest.approx(20 / 60)
    recorded = people.assign(created_date=[created[0]] * 20 + [created[0]] * 20 + [created[1]] * 20)
    assert pace_of(recorded, recorded, None, pilot.Settings(), AS_OF, 1)(30).base_rate == pytest.approx(20 / 40)


def test_the_orders_of_an_earlier_day_give_the_measures_of_that_day():
    history = OrderHistory.of(bought(("a", 3), ("a", 10), ("a", 40), ("b", 9), ("x", 1)), pd.Series(["a", "b", "c"]), AS_OF)
    assert history.measures(10)[0].tolist() == [0, 30, 2, 20, 10]
    assert np.isnan(history.measures(10)[1, [0, 1, 4]]).all() and history.measures(10)[1, 2] == 0
    assert history.measures(0)[:, 0].tolist()[:2] == [3, 9] and np.isnan(history.measures(0)[2, 0])
    assert history.ordered_within(10).tolist() == [True, True, False]
    assert history.ordered_within(9).tolist() == [True, False, False]


def shop(days: int, count: int = 1500, rate: float = 0.01, seed: int = 4) -> tuple[pd.DataFrame, pd.DataFrame, pd.Series]:
    """Everybody orders by chance, day by day, at a rate of their own: the customer table, the orders, who orders in the next 30 days."""
    rng = np.random.default_rng(seed)
    own = rate * rng.gamma(2, 0.5, (count, 1))
    who, age = np.nonzero(rng.random((count, days)) < own)
    ids = np.array([f"c{number:04d}" for number in range(count)])
    orders = pd.DataFrame({"customer_id": ids[who], "order_date": pd.Timestamp(AS_OF) - pd.to_timedelta(age, "D"), "order_amount": 10.0})
    ages = pd.Series(age).groupby(ids[who])
    table = customers(count).set_index("customer_id").assign(recency_days=ages.min(), tenure_days=ages.max(), frequency=ages.size())
    return table.reset_index(), orders, pd.Series((rng.random((count, 30)) < own).any(axis=1))


@pytest.mark.parametrize("name", ["lately", "asleep"])
def test_a_group_chosen_by_its_last_order_is_looked_for_one_window_back(name):
    table, orders, orders_next = shop(700)
    groups = table[["customer_id"]].assign(group_name=np.where(table["recency_days"] > 60, "asleep", "lately"), group=0)
    settings = pilot.Settings(groups=(name,), days=30)
    plan = pilot.make({"customer_table": table, "groups": groups, "orders": orders}, settings, CONTEXT).plan
    assert plan.base_from == "rule" and "same rule" in pilot.story.smallest_effect(plan)
    # By their last orders it would be 0 % or half of them; four standard errors of two such shares are seven points.
    assert plan.base_rate == pytest.approx(orders_next[groups["group_name"] == name].mean(), abs=0.07)
    hidden = pilot.make({"customer_table": table, "groups": groups}, settings, CONTEXT).plan
    assert hidden.base_from == "hidden" and math.isnan(hidden.base_rate) and "bring the orders" in pilot.story.smallest_effect(hidden)


def test_a_group_that_orders_do_not_explain_is_followed():
    table, orders, _next = shop(700)
    groups = table[["customer_id"]].assign(group_name=np.where(np.arange(len(table)) % 3 == 0, "north", "south"), group=0)
    plan = pilot.make(
        {"customer_table": table, "groups": groups, "orders": orders}, pilot.Settings(groups=("north",), days=30), CONTEXT
    ).plan
    north = table[np.arange(len(table)) % 3 == 0]
    assert plan.base_from == "people" and plan.base_people == (~(north["tenure_days"] < 30)).sum()


@pytest.mark.parametrize(("mixed_up", "explained"), [(0.25, True), (0.30, False)])
def test_orders_explain_a_group_from_an_area_of_65_percent_on(mixed_up, explained):
    # Areas under the curve of 0.68 and 0.63, in unseen folds.
    rng = np.random.default_rng(3)
    recency = rng.permutation(2000) * 400 / 2000
    member = (recency > 120) ^ (rng.random(2000) < mixed_up)
    measures = np.column_stack([recency, recency + 50, *np.ones((3, 2000))])
    assert (read_rule(measures, member, 1) is not None) == explained


def test_fewer_than_five_inside_or_outside_say_nothing_of_a_rule():
    recency = np.arange(100.0)
    measures = np.column_stack([recency] * 5)
    for inside, read in ((4, False), (5, True), (95, True), (96, False)):
        assert (read_rule(measures, recency < inside, 1) is not None) == read


@pytest.mark.parametrize(("days", "known"), [(150, False), (400, True)])
def test_a_history_that_does_not_reach_the_rule_is_said_with_what_it_takes(days, known):
    table, orders, _next = shop(days)
    groups = table[["customer_id"]].assign(group_name=np.where(table["recency_days"] > 120, "asleep", "lately"), group=0)
    plan = pilot.make(
        {"customer_table": table, "groups": groups, "orders": orders}, pilot.Settings(groups=("asleep",), days=30), CONTEXT
    ).plan
    assert (plan.base_from == "rule") == known
    if not known:
        assert plan.base_from == "short" and plan.history_needed > days and "too short to say" in pilot.story.smallest_effect(plan)


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
