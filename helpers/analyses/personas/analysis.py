"""The web personas: may we, and who comes to the site."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pandas as pd

from helpers.analyses.personas import log_odds, matching, profile, segments, stability
from helpers.analyses.personas.events import Prepared, prepare
from helpers.analyses.personas.features import Features, build
from helpers.analyses.personas.gate import gate_of, gate_without_events, usable_of
from helpers.analyses.personas.notes import notes_for
from helpers.analyses.personas.result import Result, quality_numbers
from helpers.analyses.personas.serving import judging
from helpers.analyses.personas.serving import table as serving_table
from helpers.analyses.personas.settings import Settings
from helpers.core.results import Chance, Gate, Refusal, RunContext
from helpers.core.wording import _
from helpers.statistics.resampling import holm

READS = ("web_events", "outcomes")


def requires(tables: Mapping[str, pd.DataFrame], settings: Settings, context: RunContext) -> Gate:
    """Say whether segments can be made of these events.

    Needed are ``visitors_per_segment`` visitors with enough page views for each segment: with 50 a
    conversion of 10 % is known to within about 8 points (Wilson). The number is our convention.
    """
    if not _has_events(tables):
        return gate_without_events(settings)
    prepared = prepare(tables, settings)
    return gate_of(build(prepared.views, settings), settings, context.seed)


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
    if not _has_events(tables):
        return _refusal(gate_without_events(settings))
    prepared = prepare(tables, settings)
    features = build(prepared.views, settings)
    gate = gate_of(features, settings, context.seed)
    if gate.closed:
        return _refusal(gate)
    seed = int(np.random.default_rng(context.seed).integers(2**31))
    return _segmented(prepared, features, settings, seed)


def _has_events(tables: Mapping[str, pd.DataFrame]) -> bool:
    events = tables.get("web_events")
    return events is not None and len(events) > 0


def _refusal(gate: Gate) -> Refusal:
    return Refusal(_("There are no web segments yet: {has}.").format(has=gate.has), gate)


def _segmented(prepared: Prepared, features: Features, settings: Settings, seed: int) -> Result:
    """Choose the number of segments, fit their centres on a sample, and describe everybody by them."""
    usable = features.select(usable_of(features, settings))
    fitted = usable.select(_sample(len(usable.visitors), settings.fit_sample, seed))
    evidence = stability.evidence(fitted, settings, seed)
    proposed = int(evidence.loc[evidence["proposed"], "segments"].iloc[0])
    count = settings.segments if isinstance(settings.segments, int) else proposed
    centres = segments.fit_centres(fitted.matrix, segments.reduce(fitted.matrix, seed), count, seed, settings.method)
    centres = segments.by_size(usable.matrix, centres)
    return _result(prepared, usable, fitted, centres, evidence, settings, seed)


def _sample(size: int, most: int, seed: int) -> np.ndarray:
    """Return which of ``size`` visitors the segments are fitted on: all, or ``most`` at random."""
    chosen = np.zeros(size, dtype=bool)
    chosen[np.random.default_rng(seed).choice(size, min(most, size), replace=False)] = True
    return chosen


def _result(
    prepared: Prepared, usable: Features, fitted: Features, centres: np.ndarray, evidence: pd.DataFrame, settings: Settings, seed: int
) -> Result:
    count, vocabulary = len(centres), usable.vocabulary
    labels, margin = segments.assign(usable.matrix, centres)
    segment_stability = stability.stability(fitted, count, settings, seed, centres)

    strength = log_odds.log_odds(usable.seen, labels, count, settings.prior_visitors)
    words = log_odds.words_table(usable.seen, labels, vocabulary.words, count, settings.prior_visitors, settings.cloud_words)
    seen_by = np.asarray(usable.seen.sum(axis=0)).ravel()

    visitors = profile.visitor_table(prepared, usable.visitors, labels + 1, margin)
    conversion = profile.conversion(visitors["segment"], visitors["converted"] if prepared.converted is not None else None)

    # Serving is judged on the visitors that the segments were fitted on: the others have no half of their own.
    own_views = prepared.views[prepared.views["visitor_id"].isin(fitted.visitors)]
    check, best = _corrected(
        judging.judge(own_views, fitted, count, settings, seed), profile.best_converting(conversion, visitors["segment"], seed)
    )
    matches = matching.scores(strength, vocabulary.words, seen_by, settings, seed, check.has_kinds)

    profiles = profile.per_segment(visitors, conversion, words, matches, segment_stability)
    visitors = profile.with_names(visitors, profiles)
    times, devices = profile.shares(prepared.views, visitors)

    contents = _contents(profiles, settings)
    return Result(
        table=visitors,
        profile=profiles,
        quality=quality_numbers(prepared, visitors, evidence, segment_stability, matches, settings),
        notes=notes_for(prepared, visitors, settings),
        words=words,
        times=times,
        devices=devices,
        matches=matches,
        evidence=evidence,
        check=check,
        best=best,
        serving=serving_table.make(centres, vocabulary, profiles["name"].tolist(), contents, settings) if check.serves else None,
        settings=settings,
    )


def _corrected(check: judging.ServingCheck, best: tuple[int, Chance] | None) -> tuple[judging.ServingCheck, tuple[int, Chance] | None]:
    """Return both claims of the chapter, kinds of visitors and the one that converts best, corrected for there being two (Holm 1979)."""
    if check.structure is None or best is None:
        return check, best
    kinds, converting = holm([check.structure.p_value, best[1].p_value])
    structure, lead = replace(check.structure, p_value=kinds), replace(best[1], p_value=converting)
    return replace(check, structure=structure), (best[0], lead)


def _contents(profiles: pd.DataFrame, settings: Settings) -> list[str]:
    """Return what each segment is shown: the matched persona's content, else the standard."""
    content_of = {persona.name: persona.content or persona.name for persona in settings.personas}
    return [content_of.get(persona, settings.standard_content) for persona in profiles["persona"]]
