"""Within a visit: a small table, and a scorer in Python and in JavaScript that give the same answer."""

from helpers.analyses.personas.serving.scorer import page_words, score

__all__ = ["page_words", "score"]
