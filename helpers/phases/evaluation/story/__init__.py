"""The evaluation in words: worked, did not, or cannot be known yet; the money; what to change next round."""

from helpers.phases.evaluation.story.answer import answer, arms_sentence, evolution_sentence, segments_sentence
from helpers.phases.evaluation.story.next_round import actions, finding, proposal_text, record

__all__ = ["actions", "answer", "arms_sentence", "evolution_sentence", "finding", "proposal_text", "record", "segments_sentence"]
