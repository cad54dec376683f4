"""Phase 4: the pictures every client can have, and an honest choice of analyses."""

from helpers.selection import charts, discussion, readings, story
from helpers.selection.overview import Overview, overview
from helpers.selection.ranking import Offer, ranked, to_frame
from helpers.selection.settings import Settings

__all__ = [
    "Offer", "Overview", "Settings", "charts", "discussion", "overview", "ranked", "readings", "story", "to_frame",
]  # fmt: skip
