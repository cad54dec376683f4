"""RFM(T) segments and behaviour change (case B): who moved, with which revenue, and what is more than
chance.
"""

from helpers.analyses.rfm_movement import certainty, charts, story, tables
from helpers.analyses.rfm_movement.analysis import READS, requires, run
from helpers.analyses.rfm_movement.card import SegmentCard
from helpers.analyses.rfm_movement.change_groups import GROUPS
from helpers.analyses.rfm_movement.settings import Settings

__all__ = ["GROUPS", "READS", "SegmentCard", "Settings", "certainty", "charts", "requires", "run", "story", "tables"]
