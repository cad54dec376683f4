"""Phase 2: the catalogue is sound, and the ranking reacts to goals, data, effort and weights."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from helpers.core.results import Finding, RunContext
from helpers.phases import goals
from helpers.phases import opportunities as room
from helpers.phases.opportunities import story, tables
from helpers.phases.opportunities.catalogue import translatable
from helpers.tables import TABLES

MOMENT = RunContext(date(2023, 12, 31), 7)
ORDERS = pd.DataFrame({"order_id": ["1", "2"], "customer_id": ["a", "b"], "order_date": "2023-01-01", "order_amount": [1.0, 2.0]})


def goal(kpi: str, stage: str, priority: int = 3) -> goals.Goal:
    return goals.Goal(name=f"{kpi} at {stage}", kpi=kpi, stage=stage, priority=priority)


def everything() -> dict[str, pd.DataFrame]:
    """Return every canonical table with every column filled."""
    return {table.name: pd.DataFrame({column: ["x"] * 5 for column in table.names}) for table in TABLES.values()}


def place(result: room.Opportunities, id_: str) -> int:
    return next(opportunity.place for opportunity in result.ranking if opportunity.entry.id == id_)


def test_the_catalogue_covers_kinds_moments_and_needs():
    entries = room.catalogue()
    assert len(entries) >= 24
    assert {entry.kind for entry in entries} == {"content", "campaign_targeting", "context"}
    assert {moment for entry in entries for moment in entry.moments} == set(goals.STAGES)
    assert {entry.need for entry in entries} == {"functional", "emotional", "life_changing", "social_impact"}
    assert {kpi for entry in entries for kpi in entry.kpis} <= set(goals.KPIS)
    assert all(entry.pilot and entry.metric and entry.description and entry.needs for entry in entries)
    assert entries[0].title in translatable()


def test_an_entry_with_an_unknown_column_is_refused():
    with pytest.raises(ValidationError, match="Did you mean 'sector'"):
        room.Opportunity(id="x", title="t", kind="content", moments=("service",), tables={"customers": ("sectr",)})


def test_goals_decide_when_data_is_there():
    tables = everything()
    keep = room.review(tables, room.Settings(), MOMENT, [goal("repeat_rate", "retention", 5)])
    win = room.review(tables, room.Settings(), MOMENT, [goal("new_customers", "awareness", 5)])
    assert place(keep, "second_order") < place(win, "second_order")
    assert place(win, "sector_stories") < place(keep, "sector_stories")
    assert "new_customers" in win.ranking[0].entry.kpis


def test_priority_decides_between_two_goals():
    tables = everything()

    def first(high: str) -> room.Opportunities:
        pair = [
            goal("repeat_rate", "retention", 5 if high == "repeat" else 1),
            goal("conversion", "orientation", 5 if high == "web" else 1),
        ]
        return room.review(tables, room.Settings(), MOMENT, pair)

    assert place(first("web"), "choice_support") < place(first("repeat"), "choice_support")


def test_data_decides_and_is_named():
    with_orders = room.review({"orders": ORDERS}, room.Settings(), MOMENT, [])
    last = with_orders.ranking[-1]
    assert with_orders.ranking[0].possible and not last.possible
    assert place(with_orders, "win_back_sleepers") < place(with_orders, "refill_in_time")
    refill = next(opportunity for opportunity in with_orders.ranking if opportunity.entry.id == "refill_in_time")
    assert ("usage", "devices") not in refill.missing and ("usage", "usage_amount") in refill.missing
    assert any("usage" in reason for reason in room.story.words.reasons(refill, 0))


def test_thin_columns_count_for_less_and_are_named():
    tables = everything()
    thin = {**tables, "customers": tables["customers"].assign(sector=["Care", None, "", "unknown", "?"])}
    full, some = (room.review(client, room.Settings(), MOMENT, []) for client in (tables, thin))
    pick = lambda result: next(opportunity for opportunity in result.ranking if opportunity.entry.id == "sector_stories")  # noqa: E731
    assert pick(some).data == pytest.approx((1 + 0.2 / 0.8) / 2)
    assert pick(full).data == 1
    assert pick(some).thin == (("customers", "sector", 0.2),)
    assert pick(some).possible


def test_weights_and_fit_and_own_effort_change_the_order():
    tables = {"orders": ORDERS}
    wanted = [goal("active_customers", "retention")]
    lazy = room.review(tables, room.Settings(weights={"goals": 0, "data": 0, "effort": 1}), MOMENT, wanted)
    assert lazy.ranking[0].effort == 1
    keen = room.review(tables, room.Settings(weights={"goals": 1, "data": 0, "effort": 0}), MOMENT, wanted)
    assert place(keen, "win_back_sleepers") < place(lazy, "win_back_sleepers")
    b2b = room.review(everything(), room.Settings(customers="business"), MOMENT, [])
    b2c = room.review(everything(), room.Settings(customers="consumers"), MOMENT, [])
    assert place(b2b, "contact_effort") < place(b2c, "contact_effort")
    hard = room.review(tables, room.Settings(effort={"second_order": 5}), MOMENT, wanted)
    assert place(hard, "second_order") > place(room.review(tables, room.Settings(), MOMENT, wanted), "second_order")


def test_a_choice_is_kept_and_a_proposal_is_called_one():
    proposed = room.review({"orders": ORDERS}, room.Settings(), MOMENT, [])
    assert proposed.choice.by == "proposal" and proposed.choice.id == proposed.ranking[0].entry.id
    assert "Proposed" in story.headline(proposed)
    assert any("opportunities.chosen" in text for text in story.why(proposed))
    named = room.Settings(chosen="refill_in_time", chosen_by="An", chosen_why="The devices are out there.")
    chosen = room.review({"orders": ORDERS}, named, MOMENT, [])
    assert chosen.choice.by == "client" and not chosen.choice.possible
    assert "usage" in story.actions(chosen).to_text()
    finding = story.finding(chosen)
    assert Finding.from_json(finding.to_json()) == finding


def test_nothing_there_gives_a_reasoned_answer():
    result = room.review({}, room.Settings(), MOMENT)
    assert result.choice is None
    assert story.finding(result).verdict.kind == "not_yet"
    assert "None of the" in story.headline(result)
    assert tables.ranking_table(result).to_text() and room.charts.value_feasibility(result).png


def test_the_names_of_the_goals_served_stand_with_the_opportunity():
    answered = [goals.Goal(name="Loyal", stage="retention", kpi="repeat_rate", priority=5), goals.Goal(kpi="own")]
    result = room.review({"orders": ORDERS}, room.Settings(), MOMENT, answered)
    assert result.goals == 2
    assert "Loyal" in result.ranking[0].goals


@pytest.mark.parametrize(
    "wrong",
    [
        {"chosen": "win_back_sleeper"},
        {"weights": {"goals": 0, "data": 0, "effort": 0}},
        {"chosen": "bundles", "excluded": ["bundles"]},
        {"effort": {"bundles": 9}},
        {"own": [{"id": "bundles", "title": "t", "kind": "content", "moments": ["service"]}]},
    ],
)
def test_wrong_settings_are_refused(wrong: dict):
    with pytest.raises(ValidationError):
        room.Settings.model_validate(wrong)


def test_own_entries_join_and_excluded_ones_leave():
    own = {"id": "birthday", "title": "Birthday card", "kind": "context", "moments": ["retention"], "b2c": 1, "effort": 1}
    result = room.review({}, room.Settings(own=[own], excluded=["bundles"]), MOMENT)
    ids = set(result.table["id"])
    assert "birthday" in ids and "bundles" not in ids
    assert result.choice.id == "birthday"  # it needs no data at all


@settings(max_examples=20, deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from(sorted(goals.KPIS)), st.sampled_from(goals.STAGES), st.integers(1, 5)), max_size=5),
    st.sets(st.sampled_from(sorted(TABLES))),
)
def test_every_part_lies_between_nought_and_one(wanted, names):
    tables = {name: table for name, table in everything().items() if name in names}
    result = room.review(tables, room.Settings(), MOMENT, [goal(*answers) for answers in wanted])
    frame = result.table
    assert frame[["contribution", "data", "ease", "score", "feasibility"]].stack().between(0, 1).all()
    assert list(frame["place"]) == list(range(1, len(room.catalogue()) + 1))
    assert frame["possible"].is_monotonic_decreasing


@pytest.mark.parametrize("own", [False, True])
def test_what_the_products_say_of_the_lines_is_there_as_the_analyses_read_it(own: bool):
    lines = pd.DataFrame({"order_id": ["1", "1", "2", "3"], "product_id": ["a", "b", "a", "z"]})
    if own:  # the lines' own word goes first, and the products fill what it leaves out
        lines["product_group"] = [None, "tea", None, None]
    products = pd.DataFrame({"product_id": ["a", "b"], "product_group": ["coffee", "tea"]})
    filled = room.ranking.availability({"order_lines": lines, "products": products})["filled_share"]
    assert filled["order_lines", "product_group"] == 0.75
    alone = room.ranking.availability({"order_lines": lines})["filled_share"]
    assert alone["order_lines", "product_group"] == (0.25 if own else 0.0)
