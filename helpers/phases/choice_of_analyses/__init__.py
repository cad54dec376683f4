"""Phase 4: the pictures every client can have, and an honest choice of analyses."""

from helpers.phases.choice_of_analyses import charts, discussion, readings, story
from helpers.phases.choice_of_analyses.overview import Overview, overview
from helpers.phases.choice_of_analyses.ranking import Offer, ranked, to_frame
from helpers.phases.choice_of_analyses.settings import Settings

__all__ = [
    "Offer",
    "Overview",
    "Settings",
    "charts",
    "discussion",
    "overview",
    "ranked",
    "readings",
    "story",
    "to_frame",
]
