"""Predictions: who buys again, who is about to leave, who rises, and what customers are worth (case E)."""

from helpers.analyses.predictions import btyd, certainty, charts, guard, story, tables
from helpers.analyses.predictions.analysis import READS, requires, run
from helpers.analyses.predictions.settings import Settings
from helpers.analyses.predictions.status import STATUSES

__all__ = ["READS", "STATUSES", "Settings", "btyd", "certainty", "charts", "guard", "requires", "run", "story", "tables"]
