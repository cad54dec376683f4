"""The web personas: may we, and who comes to the site."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from threadpoolctl import threadpool_limits

from helpers.analyses.personas import conversion, matching, segments, stability, words
from helpers.analyses.personas.events import Prepared, prepare
from helpers.analyses.personas.features import Features, build
from helpers.analyses.personas.gate import gate_of, usable_of
from helpers.analyses.personas.notes import notes_for
from helpers.analyses.personas.profile import entry_pages, per_segment, shares, visitor_table
from helpers.analyses.personas.serving import table as serving_table
from helpers.analyses.personas.settings import Settings
from helpers.core.results import Gate, Refusal, RunContext
from helpers.core.wording import _

READS = ("web_events", "outcomes")


@dataclass(frozen=True)
class Result:
    """The segments of one round.

    Parameters
    ----------
    table : one row per visitor: customer_id (the visitor, under the site's own id), segment (1 = the
        largest, 0 = too little seen), segment_name, persona, margin (lead over the second segment, 0
        to 1), visits, page_views, minutes, first_visit, entry_page, context, converted.
    profile : one row per segment, see ``profile.per_segment``.
    quality : plain numbers: segments, proposed, agreement, weakest, words_kept, assigned_share …
    notes : sentences about what was left out or assumed.
    words : the distinguishing words, see ``words.table``.
    times, devices : segment × part of the week, segment × device, as shares.
    entries : segment, page, visitors, share: the pages where visits begin.
    matches : persona × segment, see ``matching.scores``.
    evidence : one row per number of segments, see ``stability.evidence``.
    accuracy : what the site would get right after 1, 2, 3 pages, see ``serving.table``.
    serving : the table for the site, as JSON values.
    settings : the settings that were used.
    """

    table: pd.DataFrame
    profile: pd.DataFrame
    quality: dict[str, Any]
    notes: tuple[str, ...]
    words: pd.DataFrame
    times: pd.DataFrame
    devices: pd.DataFrame
    entries: pd.DataFrame
    matches: pd.DataFrame
    evidence: pd.DataFrame
    accuracy: pd.DataFrame
    serving: dict[str, Any]
    settings: Settings


def requires(tables: Mapping[str, pd.DataFrame], settings: Settings, context: RunContext) -> Gate:
    """Say whether segments can be made of these events.

    Needed are ``visitors_per_segment`` visitors with enough page views for each segment: with 50 a
    conversion of 10 % is known to within about 8 points (Wilson). The number is our convention.
    """
    if tables.get("web_events") is None or not len(tables["web_events"]):
        return gate_of(None, None, settings, context.seed)
    ready = prepare(tables, settings)
    return gate_of(ready, build(ready.views, settings), settings, context.seed)


def run(tables: Mapping[str, pd.DataFrame], settings: Settings, context: RunContext) -> Result | Refusal:
    """Make the segments, their words, their personas and the table for the site.

    Parameters
    ----------
    tables : with "web_events" and, where there is one, "outcomes"; not changed.
    settings : see ``Settings``.
    context : its seed decides every random draw.

    Returns
    -------
    A Result, or a Refusal when ``requires`` says not yet.
    """
    empty = tables.get("web_events") is None or not len(tables["web_events"])
    ready = None if empty else prepare(tables, settings)
    features = None if empty else build(ready.views, settings)
    gate = gate_of(ready, features, settings, context.seed)
    if gate.closed:
        return Refusal(_("There are no web segments yet: {has}.").format(has=gate.has), gate)
    seed = int(np.random.default_rng(context.seed).integers(2**31))
    with threadpool_limits(1):  # hundreds of small fits: threads that wait for each other cost far more than they bring
        return _segmented(ready, features, settings, seed)


def _segmented(ready: Prepared, features: Features, settings: Settings, seed: int) -> Result:
    usable = _part(features, usable_of(features, settings))
    fitted = _part(usable, _sampled(len(usable.visitors), settings.fit_sample, seed))
    proof = stability.evidence(fitted, settings, seed)
    proposed = int(proof.loc[proof["proposed"], "segments"].iloc[0])
    count = settings.segments if isinstance(settings.segments, int) else proposed
    centre = segments.centres(fitted.matrix, segments.reduce(fitted.matrix, seed), count, seed, settings.method)
    centre = segments.by_size(usable.matrix, centre)
    return _result(ready, usable, fitted, centre, proof, settings, seed)


def _sampled(size: int, most: int, seed: int) -> np.ndarray:
    chosen = np.zeros(size, dtype=bool)
    chosen[np.random.default_rng(seed).choice(size, min(most, size), replace=False)] = True
    return chosen


def _part(features: Features, chosen: np.ndarray) -> Features:
    return Features(
        features.visitors[chosen],
        features.matrix[chosen],
        features.seen[chosen],
        features.pages[chosen],
        features.vocabulary,
    )


def _result(
    ready: Prepared,
    usable: Features,
    fitted: Features,
    centre: np.ndarray,
    proof: pd.DataFrame,
    settings: Settings,
    seed: int,
) -> Result:
    count, vocabulary = len(centre), usable.vocabulary
    labels, margin = segments.assign(usable.matrix, centre)
    steady = stability.stability(fitted, count, settings, seed, centre)
    strength = words.log_odds(usable.seen, labels, count, settings.prior_visitors)
    marks = words.table(usable.seen, labels, vocabulary.words, count, settings.prior_visitors, settings.cloud_words)
    matches = matching.scores(strength, vocabulary.words, settings)
    people = visitor_table(ready, usable.visitors, labels + 1, margin)
    converted = people["converted"] if ready.converted is not None else None
    rates = conversion.per_segment(people["segment"], converted)
    entries = entry_pages(people)
    profile = per_segment(people, rates, marks, matches, steady)
    people = _named(people, profile)
    contents = _contents(profile, settings)
    served = serving_table.make(centre, vocabulary, profile["name"].tolist(), contents, settings)
    accuracy = serving_table.expected_accuracy(ready.views[ready.views["visitor_id"].isin(fitted.visitors)], fitted, count, settings, seed)
    times, devices = shares(ready.views, people)
    quality = _quality(ready, people, proof, steady, matches, count, settings)
    notes = notes_for(ready, people, settings)
    return Result(
        people,
        profile,
        quality,
        notes,
        marks,
        times,
        devices,
        entries,
        matches,
        proof,
        accuracy,
        served,
        settings,
    )


def _named(people: pd.DataFrame, profile: pd.DataFrame) -> pd.DataFrame:
    by = profile.set_index("segment")
    people = people.copy()
    people.insert(2, "segment_name", people["segment"].map(by["name"]).fillna(_("Too little seen")))
    people.insert(3, "persona", people["segment"].map(by["persona"]).fillna(""))
    return people


def _contents(profile: pd.DataFrame, settings: Settings) -> list[str]:
    """Return what each segment is shown: the matched persona's content, else the standard."""
    given = {persona.name: persona.content or persona.name for persona in settings.personas}
    return [given.get(persona, settings.standard_content) for persona in profile["persona"]]


def _quality(
    ready: Prepared,
    people: pd.DataFrame,
    proof: pd.DataFrame,
    steady: stability.Stability,
    matches: pd.DataFrame,
    count: int,
    settings: Settings,
) -> dict[str, Any]:
    row = proof[proof["segments"] == count]
    return {
        **ready.counts,
        "segments": count,
        "proposed": int(proof.loc[proof["proposed"], "segments"].iloc[0]),
        "declared": isinstance(settings.segments, int),
        "natural": bool(row["natural"].iloc[0]) if len(row) else False,
        **({"chance": float(row["chance"].iloc[0])} if len(row) else {}),
        "agreement": steady.agreement,
        "weakest": steady.weakest,
        "words_kept": float(steady.words.mean()),
        "assigned": int((people["segment"] > 0).sum()),
        "assigned_share": float((people["segment"] > 0).mean()),
        "conversions": int(people["converted"].sum()) if ready.converted is not None else 0,
        "outcomes_known": ready.converted is not None,
        "personas": len(settings.personas),
        "matched": int(matches["matched"].sum()),
    }
