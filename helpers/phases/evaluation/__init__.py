"""Phase 6: did the pilot work, and what does that change in the next round?"""

from helpers.phases.evaluation import certainty, charts, story, tables
from helpers.phases.evaluation.analysis import READS, evaluate
from helpers.phases.evaluation.conversions import Difference, compare_conversions
from helpers.phases.evaluation.gate import OUTCOME_COLUMNS, may_we
from helpers.phases.evaluation.result import Result
from helpers.phases.evaluation.revenue import Shift, compare_revenue
from helpers.phases.evaluation.sample_ratio import SampleRatio, sample_ratio
from helpers.phases.evaluation.settings import Settings
from helpers.phases.evaluation.verdict import Judgement, Money, Proposal
from helpers.statistics.sequential import boundary, level_of_look

__all__ = [
    "OUTCOME_COLUMNS",
    "READS",
    "Difference",
    "Judgement",
    "Money",
    "Proposal",
    "Result",
    "SampleRatio",
    "Settings",
    "Shift",
    "boundary",
    "certainty",
    "charts",
    "compare_conversions",
    "compare_revenue",
    "evaluate",
    "level_of_look",
    "may_we",
    "sample_ratio",
    "story",
    "tables",
]
