"""Phase 1: the client's goals, checked against what the data shows."""

from helpers.phases.goals import charts, story, tables
from helpers.phases.goals.analysis import READS, review
from helpers.phases.goals.business_case import Case, business_case
from helpers.phases.goals.checks import GoalCheck, GoalProblem, check_goals
from helpers.phases.goals.kpis import KPIS, Kpi, KpiBook, kpis
from helpers.phases.goals.result import Goals
from helpers.phases.goals.settings import STAGES, Goal, Settings

__all__ = [
    "KPIS",
    "READS",
    "STAGES",
    "Case",
    "Goal",
    "GoalCheck",
    "GoalProblem",
    "Goals",
    "Kpi",
    "KpiBook",
    "Settings",
    "business_case",
    "charts",
    "check_goals",
    "kpis",
    "review",
    "story",
    "tables",
]
