"""Predictions: who buys again, who is about to leave, who rises, and what customers are worth (case E)."""

from helpers.analyses.predictions import btyd, certainty, charts, guard, story, tables
from helpers.analyses.predictions.analysis import READS, requires, run
from helpers.analyses.predictions.judging import Judged, judge
from helpers.analyses.predictions.result import Result
from helpers.analyses.predictions.settings import Settings
from helpers.analyses.predictions.status import STATUSES, changes
from helpers.analyses.predictions.value import CustomerValue, customer_value, holdout_of

__all__ = [
    "READS",
    "STATUSES",
    "CustomerValue",
    "Judged",
    "Result",
    "Settings",
    "btyd",
    "certainty",
    "changes",
    "charts",
    "customer_value",
    "guard",
    "holdout_of",
    "judge",
    "requires",
    "run",
    "story",
    "tables",
]
