"""The tables of what changed since the last round, as people read them."""

import pandas as pd

from helpers.core.results import Verdict
from helpers.core.wording import _
from helpers.phases.changes.result import Changes, GoalChange
from helpers.phases.goals.words import kpi_value
from helpers.story import Table


def goal_table(changes: Changes) -> Table:
    """Return every goal: the figure then, now, and its target."""
    rows = [
        (goal.name, kpi_value(goal.kpi, goal.then), kpi_value(goal.kpi, goal.now), kpi_value(goal.kpi, goal.target), _verdict(goal))
        for goal in changes.goals
    ]
    frame = pd.DataFrame(rows, columns=["goal", "then", "now", "target", "verdict"])
    return Table(
        frame,
        _("Goals: the figure in the last round, in this one, and the target"),
        {
            "goal": (_("Goal"), "text"),
            "then": (_("Last round"), "text"),
            "now": (_("This round"), "text"),
            "target": (_("Target"), "text"),
            "verdict": (_("Judgement"), "verdict"),
        },
    )


def _verdict(goal: GoalChange) -> Verdict:
    if goal.now != goal.now:
        return Verdict("not_yet", _("not measured"))
    if goal.reached:
        return Verdict("go", _("reached"))
    return Verdict("caution", _("closer")) if goal.closer else Verdict("not_yet", _("not closer"))


def size_table(changes: Changes) -> Table:
    """Return the customers per segment, on the frozen card, in both rounds."""
    return Table(
        changes.segments.assign(change=changes.segments["current"] - changes.segments["before"]),
        _("Customers per segment in the last round and in this one, by the same card"),
        {
            "segment": (_("Segment"), "text"),
            "before": (_("Last round"), "number"),
            "current": (_("This round"), "number"),
            "change": (_("Change"), "number"),
        },
    )
