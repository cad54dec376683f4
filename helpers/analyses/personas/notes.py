"""Sentences about what was left out of the segments, and what looks suspicious."""

import pandas as pd

from helpers.analyses.personas.events import Prepared, suspect_pages
from helpers.analyses.personas.settings import Settings
from helpers.core.wording import _, listing, number, percent, plural


def notes_for(prepared: Prepared, visitors: pd.DataFrame, settings: Settings) -> tuple[str, ...]:
    """Return the notes of a round, most important first."""
    counts = prepared.counts
    notes = [_left_out(counts)]
    few = int((visitors["segment"] == 0).sum())
    if few:
        notes.append(
            _("{n} of {all} visitors opened fewer than {pages} pages or pages without words, and belong to no segment.").format(
                n=number(few), all=number(len(visitors)), pages=number(settings.fewest_pages)
            )
        )
    if prepared.converted is None:
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
    suspects = suspect_pages(prepared)
    if suspects:
        notes.append(
            _(
                "These pages are seen almost only by visitors who converted; if they are part of "
                "converting, name them under personas.outcome_paths: {pages}."
            ).format(pages=listing(suspects))
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
