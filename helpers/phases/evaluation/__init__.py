"""Phase 6: did the pilot work, and what does that change in the next round?"""

from helpers.phases.evaluation import certainty, charts, story, tables
from helpers.phases.evaluation.analysis import READS, evaluate
from helpers.phases.evaluation.settings import Settings

__all__ = ["READS", "Settings", "certainty", "charts", "evaluate", "story", "tables"]
