"""Web personas: events into segments, segments into personas, with a table for the site (case C)."""

from helpers.analyses.personas import charts, serving, story
from helpers.analyses.personas.room import READS, Result, requires, run
from helpers.analyses.personas.settings import Persona, Settings

__all__ = ["READS", "Persona", "Result", "Settings", "charts", "requires", "run", "serving", "story"]
