"""Phase 3: data maturity, what is claimed beside what the data shows."""

from helpers.phases.data_maturity import charts, story, tables
from helpers.phases.data_maturity.analysis import READS, review
from helpers.phases.data_maturity.anchors import DIMENSIONS, anchors, eu_mapping
from helpers.phases.data_maturity.measures import compare
from helpers.phases.data_maturity.settings import Settings

__all__ = ["DIMENSIONS", "READS", "Settings", "anchors", "charts", "compare", "eu_mapping", "review", "story", "tables"]
