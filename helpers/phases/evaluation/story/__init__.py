"""The evaluation in words: worked, did not, or cannot be known yet; the money; what to change next round."""

from helpers.phases.evaluation.story.answer import answer
from helpers.phases.evaluation.story.next_round import actions, finding, proposal_text, record
from helpers.phases.evaluation.story.where import arms_sentence, evolution_sentence, segments_sentence

__all__ = ["actions", "answer", "arms_sentence", "evolution_sentence", "finding", "proposal_text", "record", "segments_sentence"]
