"""Where the comparison of two rounds turns: reached or not, closer or not, worth a sentence or not."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest

from helpers.phases.changes import story
from helpers.phases.changes.compare import goal_changes, movement
from helpers.phases.changes.result import Changes


def change(then: float, now: float, target: float):
    frame = pd.DataFrame({"name": ["g"], "kpi": ["order_value"], "customer_group": [""], "target": [target], "baseline": [now]})
    (goal,) = goal_changes(frame.assign(baseline=then), frame)
    return goal.reached, goal.closer


@pytest.mark.parametrize(
    ("then", "now", "target", "expected"),
    [
        (10, 12, 12, (True, True)),  # at the target is reached
        (10, 11.9, 12, (False, True)),
        (10, 10, 12, (False, False)),  # where it was is not closer
        (10, 9.9, 12, (False, False)),
        (10, 8, 8, (True, True)),  # a figure that should fall
        (10, 8.1, 8, (False, True)),
        (10, 10, 8, (False, False)),
        (10, 10, 10, (True, False)),
        (10, 10.1, 10, (True, True)),  # a target that only holds what is there is one to stay above
        (10, 9.9, 10, (False, False)),
    ],
)
def test_a_goal_is_reached_at_its_target_and_closer_when_it_moved(then, now, target, expected):
    assert change(then, now, target) == expected


@pytest.mark.parametrize(
    ("step", "text"), [(0.05, "rose"), (0.049, "where it was"), (0.0, "where it was"), (-0.049, "where it was"), (-0.05, "fell")]
)
def test_a_mean_level_that_moved_by_less_than_a_twentieth_is_where_it_was(step, text):
    levels = pd.DataFrame({"dimension": ["clean"], "before": [0.0], "current": [step]})
    empty = pd.DataFrame()
    changes = Changes(date(2023, 1, 1), date(2024, 1, 1), (), levels, empty, True, {}, empty, None, None)
    assert text in story.maturity_sentence(changes)


@pytest.mark.parametrize(
    ("then", "now", "kind"), [("B", "A", "rose"), ("B", "B", "stayed"), ("B", "C", "fell"), ("–", "B", "came"), ("B", "–", "went")]
)
def test_a_is_the_highest_segment_and_a_dash_is_nobody(then, now, kind):
    before, after = (pd.DataFrame({"customer_id": ["x"], "segment_now": [segment]}) for segment in (then, now))
    assert [name for name, count in movement(before, after).items() if count] == [kind]
