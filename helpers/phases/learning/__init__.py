"""Phase 6, without a server: weights that learn from a log of what was shown and what came of it."""

from helpers.phases.learning import charts, story, sure, told
from helpers.phases.learning.log import read_log
from helpers.phases.learning.positions import Places, places_of
from helpers.phases.learning.room import READS, Result, learn, may_we
from helpers.phases.learning.settings import Settings
from helpers.phases.learning.simulator import Simulation, simulate
from helpers.phases.learning.sliders import slider, slider_table, slider_worth
from helpers.phases.learning.weights import next_weights, standing, top_two, weights_file, with_floor
from helpers.phases.learning.worth import Worth, worth_of, worth_of_weights

__all__ = [
    "READS",
    "Places",
    "Result",
    "Settings",
    "Simulation",
    "Worth",
    "charts",
    "learn",
    "may_we",
    "next_weights",
    "places_of",
    "read_log",
    "simulate",
    "slider",
    "slider_table",
    "slider_worth",
    "standing",
    "story",
    "sure",
    "told",
    "top_two",
    "weights_file",
    "with_floor",
    "worth_of",
    "worth_of_weights",
]
