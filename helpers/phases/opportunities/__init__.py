"""Phase 2: personalisation opportunities, ranked for this client, and the one that is chosen."""

from helpers.phases.opportunities import charts, story, tables
from helpers.phases.opportunities.analysis import READS, Opportunities, chosen_analyses, review
from helpers.phases.opportunities.catalogue import Opportunity, catalogue
from helpers.phases.opportunities.ranking import RankedOpportunity
from helpers.phases.opportunities.settings import Settings

__all__ = [
    "READS",
    "Opportunities",
    "Opportunity",
    "RankedOpportunity",
    "Settings",
    "catalogue",
    "charts",
    "chosen_analyses",
    "review",
    "story",
    "tables",
]
