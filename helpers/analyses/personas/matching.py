"""Segments and the personas written beforehand: whose words are these?

A persona's word belongs to a segment when it marks that segment (z above 1.96) and marks no other
more. The score is the share of the persona's words that do, so it can be read aloud: "6 of 8 words".
A match needs the declared share, at least two words, and that each is the other's best; this is our convention. Above all it
needs more than random words of the site would give: every word of the site marks some segment, so a few of them often mark the
same one. Sets of words that as many visitors saw are drawn in place of the persona's, and the strength of the best segment is
compared; the p-values of several personas are corrected (Holm 1979). Words of one folder are seen together whoever comes, so on a site
whose visitors are not of several kinds no persona is recognised. Without a match we say so rather than take the nearest.
"""

from collections.abc import Iterator

import numpy as np
import pandas as pd
from scipy.stats import rankdata

from helpers.analyses.personas.log_odds import SIGNIFICANT_Z
from helpers.analyses.personas.serving import page_words
from helpers.analyses.personas.settings import Persona, Settings
from helpers.core.results import NEWS
from helpers.statistics.resampling import holm, permutation_p_values

FEWEST_WORDS = 2  # of a persona that must mark a segment
DEALS = 999  # sets of random words
NEAR = 30  # words as frequent as the persona's: so many places up or down among the words of the site (our convention)
SAME_START = 5  # letters that two forms of a word must share, such as "student" and "studenten"


def scores(
    strength: np.ndarray, words: tuple[str, ...], seen_by: np.ndarray, settings: Settings, seed: int, kinds: bool = True
) -> pd.DataFrame:
    """Return one row per persona and segment.

    Parameters
    ----------
    strength : segments × words, z-values from ``log_odds.log_odds``.
    words : the words of the site.
    seen_by : visitors who saw each word.
    settings : with the personas and ``match_at_least``.
    seed : of the random words.
    kinds : whether the site has kinds of visitors, beyond chance; without them nothing is matched.

    Returns
    -------
    Frame with persona, segment (from 1), score (0 to 1), own_words (that mark the segment, as text), persona_words (how many it
    has), on_site (of those, words that the site knows), by_chance (mean best score of random words), p_value (of a persona, NaN
    where the site knows none of its words) and matched.
    """
    columns = ["persona", "segment", "score", "marking_words", "own_words", "persona_words", "on_site", "by_chance", "p_value"]
    dealt = list(_other_words(seen_by, seed)) if settings.personas else []
    table = pd.DataFrame([row for persona in settings.personas for row in _rows_of(persona, strength, words, dealt)], columns=columns)
    per_persona = table.groupby("persona")["p_value"].first()
    table["p_value"] = table["persona"].map(dict(zip(per_persona.index, holm(per_persona.tolist()), strict=True)))
    best_segment = table.groupby("persona")["score"].transform("max") == table["score"]
    best_persona = table.groupby("segment")["score"].transform("max") == table["score"]
    enough = (table["score"] >= settings.match_at_least) & (table["marking_words"] >= FEWEST_WORDS) & (table["p_value"] <= NEWS)
    candidate = best_segment & best_persona & enough & kinds
    # Equal scores: the first persona and the first segment have it.
    first = ~table[candidate].duplicated("persona") & ~table[candidate].duplicated("segment")
    return table.assign(matched=candidate & first.reindex(table.index, fill_value=False)).drop(columns="marking_words")


def _rows_of(persona: Persona, strength: np.ndarray, words: tuple[str, ...], dealt: list[np.ndarray]) -> list[tuple]:
    persona_words = list(dict.fromkeys(word for text in persona.words for word, _is_page in page_words(text)))
    columns_of = {word: [column for column, site_word in enumerate(words) if same(word, site_word)] for word in persona_words}
    known = {word: columns for word, columns in columns_of.items() if columns}
    owners, force = _owners(strength, list(known.values()))
    chance = [_owners(strength, [other[columns] for columns in known.values()]) for other in dealt] if known else []
    p_value = float(permutation_p_values(force, np.array([other_force for _owner, other_force in chance]))[0]) if chance else np.nan
    scored = [np.bincount(other[other >= 0], minlength=1).max() / len(persona_words) for other, _force in chance]
    by_chance = float(np.mean(scored)) if scored else np.nan
    rows = []
    for segment in range(len(strength)):
        own = [word for word, owner in zip(known, owners, strict=True) if owner == segment]
        score = len(own) / max(len(persona_words), 1)
        own_words = ", ".join(own)
        rows.append((persona.name, segment + 1, score, len(own), own_words, len(persona_words), len(known), by_chance, p_value))
    return rows


def _owners(strength: np.ndarray, columns_per_word: list) -> tuple[np.ndarray, float]:
    """Return which segment each word marks most (-1: none), and the mean strength of the words in the segment where it is largest."""
    if not columns_per_word:
        return np.array([], dtype=int), 0.0
    # A word with several forms on the site speaks with the form that marks a segment most.
    forms = [columns[strength[:, columns].max(axis=0).argmax()] for columns in map(np.asarray, columns_per_word)]
    of_words = strength[:, forms]
    owners = np.where(of_words.max(axis=0) > SIGNIFICANT_Z, of_words.argmax(axis=0), -1)
    return owners, float(of_words.mean(axis=1).max())


def _other_words(seen_by: np.ndarray, seed: int) -> Iterator[np.ndarray]:
    """Yield, again and again, another word of the site for each word, one that about as many visitors saw; no word twice."""
    rng = np.random.default_rng(seed)
    # Words seen by as many visitors share one place: any of them may stand for another.
    place = rankdata(-seen_by)
    by_frequency = np.argsort(place, kind="stable")
    for _deal in range(DEALS):
        other = np.empty(len(seen_by), dtype=int)
        other[by_frequency] = np.argsort(place + rng.uniform(0, NEAR, len(seen_by)))
        yield other


def same(word: str, other_word: str) -> bool:
    """Return whether two words are the same or one begins with the other (at least 5 letters)."""
    short, long = sorted((word, other_word), key=len)
    return word == other_word or (len(short) >= SAME_START and long.startswith(short))
