"""Phase 2: personalisation opportunities, ranked for this client, and the one that is chosen."""

from helpers.opportunities import charts, story
from helpers.opportunities.availability import availability
from helpers.opportunities.catalogue import Opportunity, catalogue
from helpers.opportunities.choice import Choice, choose
from helpers.opportunities.ranking import Ranked, rank
from helpers.opportunities.room import READS, Opportunities, review
from helpers.opportunities.settings import Settings

__all__ = [
    "READS", "Choice", "Opportunities", "Opportunity", "Ranked", "Settings", "availability", "catalogue",
    "charts",
    "choose", "rank", "review", "story",
]  # fmt: skip
