"""Segments and the personas written beforehand: whose words are these?

A persona's word belongs to a segment when it marks that segment (z above 1.96) and marks no other
more. The score is the share of the persona's words that do, so it can be read aloud: "6 of 8 words".
A match needs the declared share, at least two words, and that each is the other's best. This is our
convention; without a match we say so rather than take the nearest.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from helpers.analyses.personas.serving import page_words
from helpers.analyses.personas.settings import Persona, Settings
from helpers.analyses.personas.words import SURE

SAME_START = 5  # letters that two forms of a word must share, such as "student" and "studenten"


def scores(strength: np.ndarray, words: tuple[str, ...], settings: Settings) -> pd.DataFrame:
    """Return one row per persona and segment.

    Parameters
    ----------
    strength : segments × words, z-values from ``words.log_odds``.
    words : the words of the site.
    settings : with the personas and ``match_at_least``.

    Returns
    -------
    Frame with persona, segment (from 1), score (0 to 1), own_words (that mark the segment, as
    text), said (words of the persona), on_site (of those, words that the site knows) and matched.
    """
    rows = [row for persona in settings.personas for row in _persona(persona, strength, words)]
    table = pd.DataFrame(rows, columns=["persona", "segment", "score", "found", "own_words", "said", "on_site"])
    best_here = table.groupby("persona")["score"].transform("max") == table["score"]
    best_there = table.groupby("segment")["score"].transform("max") == table["score"]
    enough = (table["score"] >= settings.match_at_least) & (table["found"] >= 2)
    candidate = best_here & best_there & enough
    first = ~table[candidate].duplicated("persona") & ~table[candidate].duplicated("segment")
    return table.assign(matched=candidate & first.reindex(table.index, fill_value=False)).drop(columns="found")


def _persona(persona: Persona, strength: np.ndarray, words: tuple[str, ...]) -> list[tuple]:
    said = list(dict.fromkeys(word for text in persona.words for word, _ in page_words(text)))
    forms = {word: [i for i, other in enumerate(words) if same(word, other)] for word in said}
    owner = {}
    for word, columns in forms.items():
        if columns and strength[:, columns].max() > SURE:
            owner[word] = int(np.unravel_index(strength[:, columns].argmax(), (len(strength), len(columns)))[0])
    on_site = sum(bool(columns) for columns in forms.values())
    rows = []
    for at in range(len(strength)):
        own = [word for word in said if owner.get(word) == at]
        rows.append((persona.name, at + 1, len(own) / max(len(said), 1), len(own), ", ".join(own), len(said), on_site))
    return rows


def same(word: str, other: str) -> bool:
    """Return whether two words are the same or one begins with the other (at least 5 letters)."""
    short, long = sorted((word, other), key=len)
    return word == other or (len(short) >= SAME_START and long.startswith(short))
