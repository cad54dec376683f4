"""Quotes (case A, "relate effort to chance of success"): asked, won, lost, and which open ones deserve the next hours."""

from helpers.analyses.quotes import certainty, charts, story, tables
from helpers.analyses.quotes.analysis import READS, requires, run
from helpers.analyses.quotes.result import LISTS, Quotes
from helpers.analyses.quotes.settings import Settings

__all__ = ["LISTS", "READS", "Quotes", "Settings", "certainty", "charts", "requires", "run", "story", "tables"]
