"""Predictions: who buys again, who is about to leave, who rises, and what customers are worth (case E)."""

from helpers.analyses.predictions import btyd, charts, guard, story, value_story
from helpers.analyses.predictions.judging import Judged, judge
from helpers.analyses.predictions.room import READS, Result, requires, run
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
    "changes",
    "charts",
    "customer_value",
    "guard",
    "holdout_of",
    "judge",
    "requires",
    "run",
    "story",
    "value_story",
]
