"""Phase 6: did the pilot work, and what does that change in the next round?"""

from helpers.phases.evaluation import certainty, charts, story, tables
from helpers.phases.evaluation.analysis import READS, evaluate
from helpers.phases.evaluation.gate import OUTCOME_COLUMNS, may_we
from helpers.phases.evaluation.result import Result
from helpers.phases.evaluation.sample_ratio import sample_ratio
from helpers.phases.evaluation.settings import Settings
from helpers.phases.evaluation.verdict import Judgement

__all__ = [
    "OUTCOME_COLUMNS",
    "READS",
    "Judgement",
    "Result",
    "Settings",
    "certainty",
    "charts",
    "evaluate",
    "may_we",
    "sample_ratio",
    "story",
    "tables",
]
