"""Where the ranking of phase 2 turns: every weight of our convention as a literal outcome, and every edge."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest
from pydantic import ValidationError

from helpers.core.results import RunContext
from helpers.phases import goals
from helpers.phases import opportunities as room
from helpers.phases.opportunities import words

CONTEXT = RunContext(date(2023, 12, 31), 7)
ENTRY = {"title": "t", "kind": "content", "moments": ["service"], "kpis": ["revenue"], "b2b": 1, "b2c": 1, "effort": 1}


def ranked(entry: dict | None = None, filled: int = 5, wanted: tuple[goals.Goal, ...] = (), **settings) -> room.RankedOpportunity:
    """Return one opportunity of one's own that needs sector, of which some of five rows are filled."""
    own = {"id": "mine", "tables": {"customers": ["customer_id", "sector"]}, **ENTRY, **(entry or {})}
    customers = pd.DataFrame({"customer_id": list("abcde"), "sector": ["Care"] * filled + [None] * (5 - filled)})
    result = room.review({"customers": customers}, room.Settings.model_validate({"own": [own], **settings}), CONTEXT, wanted)
    return next(opportunity for opportunity in result.ranking if opportunity.entry.id == "mine")


def goal(kpi: str, stage: str, priority: int = 3) -> goals.Goal:
    return goals.Goal(name=f"{kpi} at {stage}", kpi=kpi, stage=stage, priority=priority)


@pytest.mark.parametrize(
    ("wanted", "contribution"),
    [
        ((), 0.5),  # no goals: every opportunity alike
        ((goal("revenue", "retention"),), 0.6),
        ((goal("conversion", "service"),), 0.4),
        ((goal("revenue", "service"),), 1.0),
        ((goal("conversion", "retention"),), 0.0),
        ((goal("revenue", "retention", 1), goal("conversion", "retention", 5)), 0.1),  # 1 x 0.6 of 6
    ],
)
def test_what_a_goal_gets_from_an_opportunity(wanted, contribution):
    assert ranked(wanted=wanted).contribution == pytest.approx(contribution)


def test_goals_are_named_by_weight_and_only_those_that_are_served():
    wanted = (goal("conversion", "retention", 5), goal("conversion", "service", 1), goal("revenue", "retention", 2))
    assert ranked(wanted=wanted).goals == ("revenue at retention", "conversion at service")


@pytest.mark.parametrize(("customers", "fit"), [("business", 0.9), ("consumers", 0.2), ("both", 0.55)])
def test_the_fit_is_a_factor_of_the_contribution(customers, fit):
    opportunity = ranked({"b2b": 0.9, "b2c": 0.2}, customers=customers)
    assert (opportunity.fit, opportunity.contribution) == pytest.approx((fit, 0.5 * fit))


@pytest.mark.parametrize(
    ("filled", "data", "verdict"),
    [(5, 1.0, "go"), (4, 1.0, "go"), (3, 0.875, "caution"), (0, 0.25, "not_yet")],  # 0.8 filled is enough; a missing column halves
)
def test_a_column_filled_for_four_of_five_is_there(filled, data, verdict):
    opportunity = ranked(filled=filled)
    assert opportunity.data == pytest.approx(data)
    assert words.verdict(opportunity).kind == verdict
    assert opportunity.thin == ((("customers", "sector", 0.6),) if verdict == "caution" else ())
    assert opportunity.possible is (verdict != "not_yet")


@pytest.mark.parametrize(("effort", "ease"), [(1, 1.0), (2, 0.8), (3, 0.6), (4, 0.4), (5, 0.2)])
def test_ease_falls_by_a_fifth_per_step_of_effort(effort, ease):
    opportunity = ranked({"effort": effort}, filled=3)
    assert opportunity.ease == pytest.approx(ease)
    assert opportunity.feasibility == pytest.approx((0.875 * ease) ** 0.5)


@pytest.mark.parametrize(
    ("weights", "score"),
    [
        ({}, (0.5**2 * 0.875 * 0.2) ** 0.25),  # goals count twice
        ({"goals": 1, "data": 0, "effort": 0}, 0.5),
        ({"goals": 0, "data": 1, "effort": 0}, 0.875),
        ({"goals": 0, "data": 0, "effort": 3}, 0.2),
    ],
)
def test_the_score_is_a_weighted_geometric_mean(weights, score):
    assert ranked({"effort": 5}, filled=3, weights=weights).score == pytest.approx(score)


@pytest.mark.parametrize(("goals_weight", "score"), [(0.0, 1.0), (0.1, 0.0)])
def test_a_part_that_fails_wholly_fails_the_whole_unless_it_has_no_weight(goals_weight, score):
    weights = {"goals": goals_weight, "data": 1, "effort": 1}
    assert ranked(wanted=(goal("conversion", "retention"),), weights=weights).score == score


def test_the_possible_stand_first_then_score_contribution_effort_and_id():
    entries = [
        {"id": "z_missing", **ENTRY, "tables": {"usage": ["devices"]}},
        {"id": "a_tie", **ENTRY, "b2b": 0.5, "b2c": 0.5},
        {"id": "b_tie", **ENTRY, "b2b": 0.5, "b2c": 0.5},
        {"id": "better", **ENTRY},
        {"id": "easy", **ENTRY, "b2b": 0, "b2c": 0},  # score 0 as of "hard": the easier first
        {"id": "hard", **ENTRY, "b2b": 0, "b2c": 0, "effort": 2},
    ]
    excluded = [entry.id for entry in room.catalogue()]
    settings = room.Settings.model_validate({"own": entries[::-1], "excluded": excluded})
    ranking = room.review({}, settings, CONTEXT, ()).ranking
    assert [opportunity.entry.id for opportunity in ranking] == ["better", "a_tie", "b_tie", "easy", "hard", "z_missing"]
    assert [opportunity.place for opportunity in ranking] == [1, 2, 3, 4, 5, 6]


@pytest.mark.parametrize(("effort", "allowed"), [(0, False), (1, True), (5, True), (6, False)])
def test_effort_goes_from_1_to_5(effort, allowed):
    if allowed:
        assert ranked(effort={"mine": effort}).effort == effort
    else:
        with pytest.raises(ValidationError):
            ranked(effort={"mine": effort})


@pytest.mark.parametrize(
    ("lacking", "text"),
    [
        (["email", "postcode", "region"], "email (customers), postcode (customers) and region (customers)"),
        (["country", "email", "postcode", "region"], "country (customers), email (customers), postcode (customers) and 1 more"),
    ],
)
def test_three_missing_fields_are_named_and_a_fourth_counted(lacking, text):
    opportunity = ranked({"tables": {"customers": ["customer_id", *lacking]}})
    assert words.reasons(opportunity, 0)[1] == f"Not possible yet; missing: {text}."
