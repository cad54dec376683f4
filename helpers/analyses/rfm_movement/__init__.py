"""RFM(T) segments and behaviour change (case B): who moved, with which revenue, and what is more than
chance.
"""

from helpers.analyses.rfm_movement import charts, story
from helpers.analyses.rfm_movement.analysis import ABSENT, Movement, requires, run
from helpers.analyses.rfm_movement.card import SegmentCard
from helpers.analyses.rfm_movement.groups import GROUPS
from helpers.analyses.rfm_movement.settings import Settings

READS = ("customer_table", "orders")

__all__ = ["ABSENT", "GROUPS", "READS", "Movement", "SegmentCard", "Settings", "charts", "requires", "run", "story"]
