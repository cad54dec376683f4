"""Phase 3: data maturity, what is claimed beside what the data shows."""

from helpers.phases.data_maturity import charts, story, tables
from helpers.phases.data_maturity.analysis import READS, evidence, review
from helpers.phases.data_maturity.anchors import DIMENSIONS, anchors, eu_mapping
from helpers.phases.data_maturity.contradictions import Contradiction
from helpers.phases.data_maturity.measures import Measure, compare
from helpers.phases.data_maturity.result import Maturity
from helpers.phases.data_maturity.settings import Settings

__all__ = [
    "DIMENSIONS",
    "READS",
    "Contradiction",
    "Maturity",
    "Measure",
    "Settings",
    "anchors",
    "charts",
    "compare",
    "eu_mapping",
    "evidence",
    "review",
    "story",
    "tables",
]
