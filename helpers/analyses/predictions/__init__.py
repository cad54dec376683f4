"""Predictions: who buys again, who is about to leave, who rises, and what customers are worth (case E)."""

from . import btyd, charts, guard, story, value_story
from .judging import Judged, judge
from .room import READS, Result, requires, run
from .settings import Settings
from .status import STATUSES, changes
from .value import CustomerValue, customer_value, holdout_of

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
