"""What changed since the last round: pure comparison of two rounds' results, and the list of rounds."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest

from helpers.phases import changes

CARD = {"made_on": "2025-12-31", "value_cuts": [0.1, 0.2]}


def goals(rate: float, orders: float) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "name": ["Come back", "Order sooner"],
            "kpi": ["repeat_rate", "days_between_orders"],
            "customer_group": ["", ""],
            "target": [0.5, 30.0],
            "baseline": [rate, orders],
            "by": [date(2026, 12, 31)] * 2,
        }
    )


def segments(**stands: str) -> pd.DataFrame:
    return pd.DataFrame({"customer_id": list(stands), "segment_now": list(stands.values())})


def maturity(level: int) -> pd.DataFrame:
    return pd.DataFrame({"dimension": ["clean"], "name": ["rows_used"], "table": ["orders"], "column": [""], "level": [level]})


@pytest.fixture
def earlier() -> dict:
    return {
        "as_of": {"as_of": "2025-12-31"},
        "goal_checks": goals(0.40, 40.0),
        "maturity": maturity(2),
        "segment_card": CARD,
        "movement": segments(a="A", b="B", c="C", d="D", e="–"),
        "plan": {"pilot_id": "card-2025-12-31", "name": "card"},
    }


@pytest.fixture
def current() -> dict:
    verdict = {"pilot_id": "card-2025-12-31", "decision": "go", "headline": "card worked: 9 % against 5 %"}
    return {
        "as_of": {"as_of": "2026-06-30"},
        "goal_checks": goals(0.52, 45.0),
        "maturity": maturity(3),
        "segment_card": CARD,
        "movement": segments(a="A", b="A", c="D", d="–", e="E", f="B"),
        "evaluation": verdict,
    }


def test_the_first_round_has_nothing_to_compare_with(current):
    assert changes.since({}, current) is None
    assert "first round" in changes.story.page(None).to_text()


def test_goals_go_the_way_of_their_target(earlier, current):
    rate, days = changes.since(earlier, current).goals
    assert rate.reached and rate.closer and (rate.then, rate.now) == (0.40, 0.52)
    assert not days.reached and not days.closer  # fewer days are better, and there are more
    sentence = changes.story.goals_sentence((rate, days))
    assert "reached: Come back" in sentence and "not closer: Order sooner" in sentence


def test_a_goal_that_is_new_has_no_past(earlier, current):
    earlier["goal_checks"] = earlier["goal_checks"].head(1)
    since = changes.since(earlier, current)
    assert since.goals[1].then != since.goals[1].then
    assert "Order sooner" not in changes.story.goals_sentence(since.goals)
    assert changes.tables.goal_table(since).to_text().count("–") >= 1


def test_customers_are_followed_between_the_frozen_segments(earlier, current):
    since = changes.since(earlier, current)
    assert since.moved == {"rose": 1, "fell": 1, "stayed": 1, "came": 2, "went": 1}
    assert since.segments.set_index("segment")["current"].to_dict() == {"A": 2, "B": 1, "C": 0, "D": 1, "E": 1}
    assert "1 customer rose" in changes.story.movement_sentence(since)


def test_letters_of_another_card_are_never_compared(earlier, current):
    current["segment_card"] = CARD | {"made_on": "2026-06-30"}
    since = changes.since(earlier, current)
    assert not since.same_card and since.moved == {} and since.segments.empty
    assert changes.story.movement_sentence(since) == ""


def test_the_verdict_must_be_on_the_pilot_of_that_round(earlier, current):
    sentence = changes.story.pilot_sentence(changes.since(earlier, current))
    assert "card worked" in sentence and "go" in sentence
    current["evaluation"]["pilot_id"] = "another"
    assert "cannot be judged yet" in changes.story.pilot_sentence(changes.since(earlier, current))
    assert changes.story.pilot_sentence(changes.since(earlier | {"plan": None}, current)) == ""


def test_maturity_compares_only_what_both_rounds_measured(earlier, current):
    current["maturity"] = pd.concat([maturity(3), maturity(0).assign(name="new")], ignore_index=True)
    levels = changes.since(earlier, current).maturity
    assert levels[["before", "current"]].to_numpy().tolist() == [[2.0, 3.0]]
    assert "rose" in changes.story.maturity_sentence(changes.since(earlier, current))


def test_it_can_be_shown_and_kept(earlier, current):
    since = changes.since(earlier, current)
    assert changes.story.page(since).to_html()
    record = since.to_json()
    assert record["then"] == "2025-12-31" and record["verdict"]["decision"] == "go" and record["moved"]["rose"] == 1


def test_rounds_are_listed_with_goals_pilots_and_verdicts(earlier, current):
    plan = {"pilot_id": "card-2025-12-31", "start_date": "2026-01-14", "stop_date": "2026-03-15", "treated_people": 10, "holdout_people": 5}
    lines = [
        changes.line_of("2025-12-31", "done", {"goal_checks": earlier["goal_checks"], "plan": plan}),
        changes.line_of("2026-06-30", "done", {**current, "learning": {"weights": {"x": 0.2, "y": 0.8}}}),
        changes.line_of("2026-12-31", "failed", {}),
    ]
    text = changes.listed(lines).replace("\u00a0", " ")
    assert [line for line in text.splitlines() if not line.startswith(" ")] == [
        "2025-12-31  done",
        "2026-06-30  done",
        "2026-12-31  failed",
    ]
    for part in (
        "goal Come back: 40.0 %, target 50.0 %",
        "pilot card-2025-12-31: 14 January 2026 to 15 March 2026",
        "verdict on card-2025-12-31: card worked",
        "(go)",
        "y is shown most",
    ):
        assert part in text
