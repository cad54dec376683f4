"""Phase 5: a pilot with a holdout group, planned so that it can be believed."""

from helpers.phases.pilot import certainty, charts, story, tables
from helpers.phases.pilot.analysis import READS, extend, make
from helpers.phases.pilot.assignment import serving_table
from helpers.phases.pilot.gate import requires
from helpers.phases.pilot.lists import list_files, target_lists
from helpers.phases.pilot.plan import Plan
from helpers.phases.pilot.settings import Settings

__all__ = [
    "READS",
    "Plan",
    "Settings",
    "certainty",
    "charts",
    "extend",
    "list_files",
    "make",
    "requires",
    "serving_table",
    "story",
    "tables",
    "target_lists",
]
