"""Phase 1 as a whole: KPIs, checked goals, business case and culture."""

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from helpers.core.results import RunContext
from helpers.phases.goals.business_case import Case, business_case
from helpers.phases.goals.checks import GoalCheck, check_goals
from helpers.phases.goals.kpis import KpiBook, kpis
from helpers.phases.goals.settings import STAGES, Culture, Option, Settings

_GOAL_COLUMNS = ("name", "stage", "customer_group", "kpi", "own_kpi", "target", "by", "owner", "priority")
_CHECK_COLUMNS = ("place", "baseline", "baseline_from", "change", "sound")


@dataclass(frozen=True)
class Goals:
    """What phase 1 computed from the data and the answers.

    Parameters
    ----------
    culture : one row per question: question (key), level (0 to 4, missing when not answered), note.
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
        rows = []
        for check in self.checks:
            of_goal = {name: getattr(check.goal, name) for name in _GOAL_COLUMNS}
            of_check = {name: getattr(check, name) for name in _CHECK_COLUMNS}
            rows.append(of_goal | of_check | {"problems": " ".join(problem.kind for problem in check.problems)})
        return pd.DataFrame(rows, columns=[*_GOAL_COLUMNS, *_CHECK_COLUMNS, "problems"])


READS = ("orders", "order_lines", "customer_table", "web_events", "outcomes")
CULTURE_QUESTIONS = tuple(name for name in Culture.model_fields if name != "outsourced")


def review(tables: Mapping[str, pd.DataFrame], settings: Settings, context: RunContext) -> Goals:
    """Return the whole of phase 1, from canonical tables (``READS``) of which any may be absent."""
    book = kpis(tables, context, settings)
    checks = check_goals(settings.goals, book, context)
    case = business_case(settings.business_case, book)
    answers = [(name, getattr(settings.culture, name)) for name in CULTURE_QUESTIONS]
    culture = pd.DataFrame([{"question": name, "level": answer.level, "note": answer.note} for name, answer in answers]).astype(
        {"level": "Float64"}
    )
    return Goals(
        book=book,
        checks=checks,
        case=case,
        culture=culture,
        options=tuple(settings.business_case.other_options),
        funnel=_funnel(book, checks),
    )


def _funnel(book: KpiBook, checks: tuple[GoalCheck, ...]) -> pd.DataFrame:
    facts = book.facts
    visitors = book.conversion.visitors if book.conversion else float("nan")
    active = book.kpi("active_customers").current
    reached = {
        "awareness": (visitors, "visitors"),
        "orientation": (facts["known_customers"] or float("nan"), "known_customers"),
        "purchase": (active, "active_customers"),
        "service": (facts["repeat_customers"] if active == active else float("nan"), "repeat_customers"),
        "retention": (
            # The year before counts only when the data covers all of it.
            facts["customers_in_both_years"] if book.months_of_history >= 24 and active == active else float("nan"),
            "customers_in_both_years",
        ),
    }
    rows = []
    for stage in STAGES:
        names = tuple(check.goal.name or check.place for check in checks if check.goal.stage == stage)
        rows.append({"stage": stage, "reached": reached[stage][0], "counted": reached[stage][1], "goals": names})
    return pd.DataFrame(rows)
