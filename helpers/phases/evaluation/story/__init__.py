"""The evaluation told: worked, did not, or cannot be known yet; the money; the checks; what to change next round."""

from helpers.phases.evaluation.story.checks import balance_sentence, how_sure, reached
from helpers.phases.evaluation.story.in_short import answer, difference, headline, pays, takes, verdict
from helpers.phases.evaluation.story.kept import figures, finding, record
from helpers.phases.evaluation.story.next_round import actions, criteria_table, proposal_text
from helpers.phases.evaluation.story.readings import arms_table, evolution_sentence, segments_sentence, segments_table

__all__ = [
    "actions",
    "answer",
    "arms_table",
    "balance_sentence",
    "criteria_table",
    "difference",
    "evolution_sentence",
    "figures",
    "finding",
    "headline",
    "how_sure",
    "pays",
    "proposal_text",
    "reached",
    "record",
    "segments_sentence",
    "segments_table",
    "takes",
    "verdict",
]
