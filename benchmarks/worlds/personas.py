"""Sites on which everybody may open anything, personas of random words, and twins with kinds of visitors who are not alike."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd

from benchmarks.worlds import World, beaten_claims
from helpers.analyses import personas
from helpers.analyses.personas import story
from helpers.analyses.personas.result import Result
from helpers.core.results import RunContext

AS_OF = date(2026, 10, 1)
KINDS, WORDS_PER_KIND = 4, 12
FOLDER = 4  # pages that lie in one folder
FAST = {"halves": 2, "references": 1, "most_segments": 4}


def word(number: int) -> str:
    """Return a word of letters only, different for every number, none the start of another."""
    return "".join("bcdfghklmn"[int(digit)] + "aeiou"[int(digit) % 5] for digit in f"{number:03d}")


def site(
    faithful: float, visitors: int, rng: np.random.Generator, conversion: float = 0.1, folders: bool = False
) -> dict[str, pd.DataFrame]:
    """Return page views and outcomes of visitors of four kinds, each with pages of its own.

    Parameters
    ----------
    faithful : share of pages that a visitor opens among those of the own kind; 0 for a site without kinds.
    visitors : how many.
    rng : of the world.
    conversion : of every visitor, whatever the kind.
    folders : whether pages lie in folders, whose words are seen with every page of theirs.
    """
    rows = np.repeat(np.arange(visitors), rng.integers(3, 8, visitors))
    own = rng.random(len(rows)) < faithful
    any_page = rng.integers(0, KINDS * WORDS_PER_KIND, len(rows))
    page = np.where(own, rows % KINDS * WORDS_PER_KIND + any_page % WORDS_PER_KIND, any_page)
    start = pd.Timestamp("2026-09-01") + pd.to_timedelta(rng.integers(0, 40_000, visitors), unit="min")
    paths = [(f"/{word(500 + number // FOLDER)}" if folders else "") + f"/{word(number)}" for number in page]
    events = pd.DataFrame({"visitor_id": [f"v{row:05d}" for row in rows], "page_path": paths})
    step = events.groupby("visitor_id").cumcount()
    events = events.assign(event_time=start[rows] + pd.to_timedelta(step, unit="min"), event_type="pageview")
    converted = np.flatnonzero(rng.random(visitors) < conversion)
    outcomes = pd.DataFrame({"customer_id": [f"v{row:05d}" for row in converted], "outcome": "request", "outcome_date": start[converted]})
    return {"web_events": events, "outcomes": outcomes}


def run(tables: dict[str, pd.DataFrame], words: dict[str, list[str]], seed: int) -> Result | None:
    """Return what the room says of a site with personas of such words; None where it refuses."""
    given = [personas.Persona(name=name, words=tuple(of_persona)) for name, of_persona in words.items()]
    result = personas.run(tables, personas.Settings(personas=given, **FAST), RunContext(AS_OF, seed))
    return result if isinstance(result, Result) else None


def without_kinds(visitors: int) -> World:
    """Return the site without kinds: no segments, no best converter, no table for the site."""

    def claims(seed: int) -> bool:
        result = run(site(0.0, visitors, np.random.default_rng(seed)), {}, seed)
        return result is not None and (bool(beaten_claims(story.finding(result))) or result.serving is not None)

    return World(f"a site without kinds of visitors, {visitors} visitors", claims)


def random_words(visitors: int) -> World:
    """Return the site with kinds, and three personas of five random words of it: none may be recognised."""

    def claims(seed: int) -> bool:
        rng = np.random.default_rng(seed)
        drawn = rng.permutation(KINDS * WORDS_PER_KIND)[:15].reshape(3, 5)
        result = run(site(0.7, visitors, rng), {f"P{at}": [word(number) for number in row] for at, row in enumerate(drawn)}, seed)
        return result is not None and bool(result.matches["matched"].any())

    return World(f"personas of random words, {visitors} visitors", claims)


def words_of_a_folder(visitors: int) -> World:
    """Return the site without kinds, and three personas of the words of a folder each, which are seen together: none may be recognised."""

    def claims(seed: int) -> bool:
        rng = np.random.default_rng(seed)
        drawn = rng.permutation(KINDS * WORDS_PER_KIND // FOLDER)[:3]
        words = {f"P{at}": [word(500 + at), *(word(at * FOLDER + page) for page in range(FOLDER))] for at in drawn}
        result = run(site(0.0, visitors, rng, folders=True), words, seed)
        return result is not None and bool(result.matches["matched"].any())

    return World(f"a site without kinds, personas of the words of a folder, {visitors} visitors", claims)


def written(visitors: int) -> World:
    """Return the twin: personas of five words of a kind each; all are recognised, and the site is served."""

    def claims(seed: int) -> bool:
        rng = np.random.default_rng(seed)
        words = {f"P{kind}": [word(kind * WORDS_PER_KIND + number) for number in range(5)] for kind in range(KINDS)}
        result = run(site(0.7, visitors, rng), words, seed)
        return (
            result is not None
            and result.quality["matched"] == KINDS
            and result.serving is not None
            and bool(beaten_claims(story.finding(result)))
        )

    return World(f"four kinds of visitors and their personas, {visitors} visitors", claims, planted=True)


WORLDS = (without_kinds(400), without_kinds(1200), random_words(800), words_of_a_folder(800), written(800))
