"""Sentences about what was left out of the segments, and what looks suspicious."""

from __future__ import annotations

import pandas as pd

from helpers.analyses.personas.events import Prepared
from helpers.analyses.personas.settings import Settings
from helpers.core.wording import _, listing, number, percent, plural

SUSPECT_VISITORS, SUSPECT_SHARE, USUAL_SHARE = 10, 0.95, 0.5


def notes_for(ready: Prepared, people: pd.DataFrame, settings: Settings) -> tuple[str, ...]:
    """Return the notes of one run, most important first."""
    counts = ready.counts
    notes = [_left_out(counts)]
    few = int((people["segment"] == 0).sum())
    if few:
        notes.append(
            _("{n} of {all} visitors opened fewer than {pages} pages or pages without words, and belong to no segment.").format(
                n=number(few), all=number(len(people)), pages=number(settings.fewest_pages)
            )
        )
    if ready.converted is None:
        notes.append(
            _(
                "No outcome is known, so conversion is not stated: add a table of outcomes, or name the "
                "event types under personas.outcome_events."
            )
        )
    if counts["unmatched_outcomes"]:
        text = plural(
            "{n} outcome belongs to nobody in the web events.",
            "{n} outcomes belong to nobody in the web events.",
            counts["unmatched_outcomes"],
        )
        notes.append(text)
    leaks = suspect_pages(ready)
    if leaks:
        notes.append(
            _(
                "These pages are seen almost only by visitors who converted; if they are part of "
                "converting, name them under personas.outcome_paths: {pages}."
            ).format(pages=listing(leaks))
        )
    return tuple(notes)


def _left_out(counts: dict[str, int]) -> str:
    share = counts["noise"] / max(counts["events"], 1)
    return _(
        "Of {events} events, {noise} ({share}) are touches, scrolling and the like, {robot_events} come from "
        "{robots} robots and {outcomes} are conversions; {views} page views remain."
    ).format(
        events=number(counts["events"]),
        noise=number(counts["noise"]),
        share=percent(share),
        robot_events=number(counts["robot_events"]),
        robots=number(counts["robots"]),
        outcomes=number(counts["outcome_events"]),
        views=number(counts["views"]),
    )


def suspect_pages(ready: Prepared) -> list[str]:
    """Return pages seen almost only by those who converted (our limits: 10 visitors, 95 %)."""
    if not ready.converted or len(ready.converted) > USUAL_SHARE * len(ready.per_visitor):
        return []
    pairs = ready.views[["page_path", "visitor_id"]].drop_duplicates()
    pairs = pairs.assign(converted=pairs["visitor_id"].isin(ready.converted))
    by = pairs.groupby("page_path")["converted"].agg(["size", "mean"])
    found = by[(by["size"] >= SUSPECT_VISITORS) & (by["mean"] >= SUSPECT_SHARE)]
    return sorted(found.index)[:5]
