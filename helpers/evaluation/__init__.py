"""Phase 6: did the pilot work, and what does that change in the next round?"""

from helpers.evaluation import charts, story
from helpers.evaluation.conversions import Difference, compare_conversions, holm, newcombe, wilson
from helpers.evaluation.gate import OUTCOME_COLUMNS, may_we
from helpers.evaluation.revenue import Shift, compare_revenue
from helpers.evaluation.room import READS, Result, evaluate
from helpers.evaluation.sample_ratio import SampleRatio, sample_ratio
from helpers.evaluation.settings import Settings
from helpers.evaluation.verdict import Judgement, Money, Proposal
from helpers.sequential import boundary, level_of_look

__all__ = [
    "OUTCOME_COLUMNS", "READS", "Difference", "Judgement", "Money", "Proposal", "Result", "SampleRatio",
    "Settings", "Shift", "boundary", "charts", "compare_conversions", "compare_revenue", "evaluate", "holm",
    "level_of_look", "may_we", "newcombe", "sample_ratio", "story", "wilson",
]  # fmt: skip
