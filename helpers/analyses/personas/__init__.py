"""Web personas: events into segments, segments into personas, with a table for the site (case C)."""

from helpers.analyses.personas import certainty, charts, persona_sheet, serving, story, tables
from helpers.analyses.personas.analysis import READS, requires, run
from helpers.analyses.personas.settings import Persona, Settings

__all__ = ["READS", "Persona", "Settings", "certainty", "charts", "persona_sheet", "requires", "run", "serving", "story", "tables"]
