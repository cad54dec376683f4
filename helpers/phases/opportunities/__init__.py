"""Phase 2: personalisation opportunities, ranked for this client, and the one that is chosen."""

from helpers.phases.opportunities import charts, story
from helpers.phases.opportunities.availability import availability
from helpers.phases.opportunities.catalogue import Opportunity, catalogue
from helpers.phases.opportunities.choice import Choice, choose
from helpers.phases.opportunities.ranking import Ranked, rank
from helpers.phases.opportunities.room import READS, Opportunities, review
from helpers.phases.opportunities.settings import Settings

__all__ = [
    "READS",
    "Choice",
    "Opportunities",
    "Opportunity",
    "Ranked",
    "Settings",
    "availability",
    "catalogue",
    "charts",
    "choose",
    "rank",
    "review",
    "story",
]
