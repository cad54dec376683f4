"""Phase 5: a pilot with a holdout group, planned so that it can be believed."""

from helpers.phases.pilot import charts, story
from helpers.phases.pilot.assignment import HOLDOUT, assign, balance_of_draw, pilot_id, serving_table
from helpers.phases.pilot.eligibility import eligible
from helpers.phases.pilot.gate import may_we, requires
from helpers.phases.pilot.lists import TargetList, target_lists
from helpers.phases.pilot.plan import Plan
from helpers.phases.pilot.power import people_needed, smallest_rise
from helpers.phases.pilot.room import READS, Result, extend, make
from helpers.phases.pilot.settings import Channel, Criterion, Settings

__all__ = [
    "HOLDOUT",
    "READS",
    "Channel",
    "Criterion",
    "Plan",
    "Result",
    "Settings",
    "TargetList",
    "assign",
    "balance_of_draw",
    "charts",
    "eligible",
    "extend",
    "make",
    "may_we",
    "people_needed",
    "pilot_id",
    "requires",
    "serving_table",
    "smallest_rise",
    "story",
    "target_lists",
]
