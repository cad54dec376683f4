"""What phase 1 results in: one record that tables, charts and story read."""

from dataclasses import dataclass

import pandas as pd

from helpers.phases.goals.business_case import Case
from helpers.phases.goals.checks import GoalCheck
from helpers.phases.goals.kpis import KpiBook
from helpers.phases.goals.settings import Option

_GOAL_COLUMNS = ("name", "stage", "customer_group", "kpi", "own_kpi", "target", "by", "owner", "priority")


_CHECK_COLUMNS = ("place", "baseline", "baseline_from", "change", "sound", "problems")


@dataclass(frozen=True)
class Goals:
    """What phase 1 computed from the data and the answers.

    Parameters
    ----------
    book : the KPIs with their history.
    checks : every goal with its baseline and problems, in the order of client.yml.
    case : the business case.
    culture : one row per question: question (key), level (0 to 4, missing when not answered), note.
    options : other ways to spend the money.
    funnel : one row per stage: stage, reached (people counted in the data; missing when not
        measurable), counted (what was counted), goals.
    """

    book: KpiBook
    checks: tuple[GoalCheck, ...]
    case: Case
    culture: pd.DataFrame
    options: tuple[Option, ...]
    funnel: pd.DataFrame

    @property
    def goal_checks(self) -> pd.DataFrame:
        """One row per goal, as later phases read it; ``problems`` are the kinds, divided by spaces."""
        rows = [
            {
                **{key: getattr(check.goal, key) for key in _GOAL_COLUMNS},
                "place": check.place,
                "baseline": check.baseline,
                "baseline_from": check.baseline_from,
                "change": check.change,
                "sound": check.sound,
                "problems": " ".join(problem.kind for problem in check.problems),
            }
            for check in self.checks
        ]
        return pd.DataFrame(rows, columns=[*_GOAL_COLUMNS, *_CHECK_COLUMNS])
