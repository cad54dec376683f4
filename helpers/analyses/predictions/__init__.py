"""Predictions: who buys again, who is about to leave, who rises, and what customers are worth (case E)."""

from helpers.analyses.leaving import STATUSES
from helpers.analyses.predictions import btyd, certainty, charts, guard, label_story, story, tables
from helpers.analyses.predictions.analysis import READS, run
from helpers.analyses.predictions.gate import requires
from helpers.analyses.predictions.given_label import given_label
from helpers.analyses.predictions.settings import Settings

__all__ = [
    "READS",
    "STATUSES",
    "Settings",
    "btyd",
    "certainty",
    "charts",
    "given_label",
    "guard",
    "label_story",
    "requires",
    "run",
    "story",
    "tables",
]
