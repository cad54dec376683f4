"""Phase 5: a pilot with a holdout group, planned so that it can be believed."""

from helpers.pilot import charts, story
from helpers.pilot.assignment import HOLDOUT, assign, balance_of_draw, pilot_id, serving_table
from helpers.pilot.eligibility import eligible
from helpers.pilot.gate import may_we, requires
from helpers.pilot.lists import TargetList, target_lists
from helpers.pilot.plan import Plan
from helpers.pilot.power import people_needed, smallest_rise
from helpers.pilot.room import READS, Result, extend, make
from helpers.pilot.settings import Channel, Criterion, Settings

__all__ = [
    "HOLDOUT", "READS", "Channel", "Criterion", "Plan", "Result", "Settings", "TargetList", "assign",
    "balance_of_draw", "charts", "eligible", "extend", "make", "may_we", "people_needed", "pilot_id",
    "requires", "serving_table", "smallest_rise", "story", "target_lists",
]  # fmt: skip
