"""Phase 6, without a server: weights that learn from a log of what was shown and what came of it."""

from helpers.phases.learning import certainty, charts, story, tables
from helpers.phases.learning.analysis import READS, learn
from helpers.phases.learning.gate import may_we
from helpers.phases.learning.log import read_log
from helpers.phases.learning.off_policy import PolicyValue, value_of_policy, value_of_weights
from helpers.phases.learning.positions import PositionEffects, position_effects
from helpers.phases.learning.result import Result
from helpers.phases.learning.settings import Settings
from helpers.phases.learning.simulator import Simulation, simulate
from helpers.phases.learning.sliders import slider_table, slider_value
from helpers.phases.learning.weights import next_weights, option_rates, top_two, weights_file, with_floor

__all__ = [
    "READS",
    "PolicyValue",
    "PositionEffects",
    "Result",
    "Settings",
    "Simulation",
    "certainty",
    "charts",
    "learn",
    "may_we",
    "next_weights",
    "option_rates",
    "position_effects",
    "read_log",
    "simulate",
    "slider_table",
    "slider_value",
    "story",
    "tables",
    "top_two",
    "value_of_policy",
    "value_of_weights",
    "weights_file",
    "with_floor",
]
