"""Phase 5: a pilot with a holdout group, planned so that it can be believed."""

from helpers.phases.pilot import certainty, charts, story, tables
from helpers.phases.pilot.analysis import READS, Result, extend, make
from helpers.phases.pilot.assignment import HOLDOUT, assign, balance_of_draw, serving_table
from helpers.phases.pilot.eligibility import eligible
from helpers.phases.pilot.gate import requires
from helpers.phases.pilot.lists import list_files, target_lists
from helpers.phases.pilot.plan import Plan
from helpers.phases.pilot.power import people_needed, smallest_rise
from helpers.phases.pilot.settings import Settings

__all__ = [
    "HOLDOUT",
    "READS",
    "Plan",
    "Result",
    "Settings",
    "assign",
    "balance_of_draw",
    "certainty",
    "charts",
    "eligible",
    "extend",
    "list_files",
    "make",
    "people_needed",
    "requires",
    "serving_table",
    "smallest_rise",
    "story",
    "tables",
    "target_lists",
]
