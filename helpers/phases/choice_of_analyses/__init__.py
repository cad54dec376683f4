"""Phase 4: the pictures every client can have, and which analyses its data carries."""

from helpers.phases.choice_of_analyses import charts, story, tables
from helpers.phases.choice_of_analyses.overview import overview
from helpers.phases.choice_of_analyses.ranking import ranked, to_frame
from helpers.phases.choice_of_analyses.settings import Settings

__all__ = ["Settings", "charts", "overview", "ranked", "story", "tables", "to_frame"]
