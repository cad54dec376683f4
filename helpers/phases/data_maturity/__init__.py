"""Phase 3: data maturity, what is claimed beside what the data shows."""

from helpers.phases.data_maturity import charts, story
from helpers.phases.data_maturity.anchors import DIMENSIONS, anchors, eu_mapping
from helpers.phases.data_maturity.compare import compare
from helpers.phases.data_maturity.gaps import Contradiction
from helpers.phases.data_maturity.measures import Measure
from helpers.phases.data_maturity.room import READS, Maturity, evidence, review
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
]
