"""Untapped potential (case D): what comparable customers reach, who stays behind, and where contact effort is wasted."""

from helpers.analyses.potential import certainty, charts, story, tables
from helpers.analyses.potential.analysis import READS, requires, run
from helpers.analyses.potential.result import LISTS
from helpers.analyses.potential.settings import Settings

__all__ = ["LISTS", "READS", "Settings", "certainty", "charts", "requires", "run", "story", "tables"]
