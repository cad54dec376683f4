"""Segments and the personas written beforehand: whose words are these?

A persona's word belongs to a segment when it marks that segment (z above 1.96) and marks no other
more. The score is the share of the persona's words that do, so it can be read aloud: "6 of 8 words".
A match needs the declared share, at least two words, and that each is the other's best. This is our
convention; without a match we say so rather than take the nearest.
"""

import numpy as np
import pandas as pd

from helpers.analyses.personas.log_odds import SIGNIFICANT_Z
from helpers.analyses.personas.serving import page_words
from helpers.analyses.personas.settings import Persona, Settings

FEWEST_WORDS = 2  # of a persona that must mark a segment
SAME_START = 5  # letters that two forms of a word must share, such as "student" and "studenten"


def scores(strength: np.ndarray, words: tuple[str, ...], settings: Settings) -> pd.DataFrame:
    """Return one row per persona and segment.

    Parameters
    ----------
    strength : segments × words, z-values from ``log_odds.log_odds``.
    words : the words of the site.
    settings : with the personas and ``match_at_least``.

    Returns
    -------
    Frame with persona, segment (from 1), score (0 to 1), own_words (that mark the segment, as
    text), persona_words (how many it has), on_site (of those, words that the site knows) and matched.
    """
    rows = [row for persona in settings.personas for row in _rows_of(persona, strength, words)]
    table = pd.DataFrame(rows, columns=["persona", "segment", "score", "marking_words", "own_words", "persona_words", "on_site"])
    best_segment = table.groupby("persona")["score"].transform("max") == table["score"]
    best_persona = table.groupby("segment")["score"].transform("max") == table["score"]
    enough = (table["score"] >= settings.match_at_least) & (table["marking_words"] >= FEWEST_WORDS)
    candidate = best_segment & best_persona & enough
    # Equal scores: the first persona and the first segment have it.
    first = ~table[candidate].duplicated("persona") & ~table[candidate].duplicated("segment")
    return table.assign(matched=candidate & first.reindex(table.index, fill_value=False)).drop(columns="marking_words")


def _rows_of(persona: Persona, strength: np.ndarray, words: tuple[str, ...]) -> list[tuple]:
    persona_words = list(dict.fromkeys(word for text in persona.words for word, _is_page in page_words(text)))
    columns_of = {word: [column for column, site_word in enumerate(words) if same(word, site_word)] for word in persona_words}
    owner = {}
    for word, columns in columns_of.items():
        if columns and strength[:, columns].max() > SIGNIFICANT_Z:
            owner[word] = int(np.unravel_index(strength[:, columns].argmax(), (len(strength), len(columns)))[0])
    on_site = sum(bool(columns) for columns in columns_of.values())
    rows = []
    for segment in range(len(strength)):
        own = [word for word in persona_words if owner.get(word) == segment]
        score = len(own) / max(len(persona_words), 1)
        rows.append((persona.name, segment + 1, score, len(own), ", ".join(own), len(persona_words), on_site))
    return rows


def same(word: str, other_word: str) -> bool:
    """Return whether two words are the same or one begins with the other (at least 5 letters)."""
    short, long = sorted((word, other_word), key=len)
    return word == other_word or (len(short) >= SAME_START and long.startswith(short))
