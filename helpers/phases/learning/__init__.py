"""Phase 6, without a server: weights that learn from a log of what was shown and what came of it."""

from helpers.phases.learning import certainty, charts, story, tables
from helpers.phases.learning.analysis import READS, learn
from helpers.phases.learning.gate import may_we
from helpers.phases.learning.log import read_log
from helpers.phases.learning.off_policy import value_of_weights
from helpers.phases.learning.positions import position_effects
from helpers.phases.learning.result import Result
from helpers.phases.learning.settings import Settings
from helpers.phases.learning.simulator import simulate
from helpers.phases.learning.weights import next_weights, top_two, weights_file, with_floor

__all__ = [
    "READS",
    "Result",
    "Settings",
    "certainty",
    "charts",
    "learn",
    "may_we",
    "next_weights",
    "position_effects",
    "read_log",
    "simulate",
    "story",
    "tables",
    "top_two",
    "value_of_weights",
    "weights_file",
    "with_floor",
]
