"""Learning in words: what to show more often, what it would bring, and what lies behind that."""

from helpers.phases.learning.story.answer import actions, answer, cost_sentence, finding, headline, reason, value_sentence, verdict
from helpers.phases.learning.story.details import adapting_sentence, positions_sentence, slider, slider_place_sentence, slider_sentence

__all__ = [
    "actions",
    "adapting_sentence",
    "answer",
    "cost_sentence",
    "finding",
    "headline",
    "positions_sentence",
    "reason",
    "slider",
    "slider_place_sentence",
    "slider_sentence",
    "value_sentence",
    "verdict",
]
