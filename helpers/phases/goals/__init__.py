"""Phase 1: the client's goals, checked against what the data shows."""

from helpers.phases.goals import charts, story, tables
from helpers.phases.goals.analysis import READS, review
from helpers.phases.goals.business_case import business_case
from helpers.phases.goals.kpis import kpis
from helpers.phases.goals.settings import KPIS, STAGES, Goal, Settings

__all__ = ["KPIS", "READS", "STAGES", "Goal", "Settings", "business_case", "charts", "kpis", "review", "story", "tables"]
