"""The result: who is in which segment, what the segments are like, how good they are."""

from dataclasses import dataclass
from typing import Any

import pandas as pd

from helpers.analyses.personas.events import Prepared
from helpers.analyses.personas.serving.judging import ServingCheck
from helpers.analyses.personas.settings import Settings
from helpers.analyses.personas.stability import Stability
from helpers.core.results import Chance


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
    words : the distinguishing words, see ``log_odds.words_table``.
    times, devices : segment × part of the week, segment × device, as shares.
    matches : persona × segment, see ``matching.scores``.
    evidence : one row per number of segments, see ``stability.evidence``.
    check : what the site would get right after 1, 2, 3 pages, see ``serving.judging``.
    best : the segment that converts best and its lead beside chance, see ``profile.best_converting``; None without outcomes.
    serving : the table for the site, as JSON values; None where it does no better than the content of the largest segment.
    settings : the settings that were used.
    """

    table: pd.DataFrame
    profile: pd.DataFrame
    quality: dict[str, Any]
    notes: tuple[str, ...]
    words: pd.DataFrame
    times: pd.DataFrame
    devices: pd.DataFrame
    matches: pd.DataFrame
    evidence: pd.DataFrame
    check: ServingCheck
    best: tuple[int, Chance] | None
    serving: dict[str, Any] | None
    settings: Settings

    def name_of(self, segment: int) -> str:
        """Return the name of a segment: its persona, or its strongest words."""
        return str(self.profile.set_index("segment").loc[segment, "name"])


def quality_numbers(
    prepared: Prepared, visitors: pd.DataFrame, evidence: pd.DataFrame, stability: Stability, matches: pd.DataFrame, settings: Settings
) -> dict[str, Any]:
    """Return the plain numbers that say how good the segments are.

    Parameters
    ----------
    prepared : the web events, taken apart and counted.
    visitors : one row per visitor, see ``profile.visitor_table``.
    evidence : one row per number of segments, see ``stability.evidence``.
    stability : of the segments that are used.
    matches : from ``matching.scores``.
    settings : the settings that were used.
    """
    segments = len(stability.jaccard)
    # A declared number may lie outside the numbers that were looked at: nothing is then known of chance.
    row = evidence[evidence["segments"] == segments]
    return {
        **prepared.counts,
        "segments": segments,
        "proposed": int(evidence.loc[evidence["proposed"], "segments"].iloc[0]),
        "declared": isinstance(settings.segments, int),
        "natural": bool(row["natural"].iloc[0]) if len(row) else False,
        **({"chance": float(row["chance"].iloc[0])} if len(row) else {}),
        "agreement": stability.agreement,
        "weakest": stability.weakest,
        "words_kept": float(stability.words.mean()),
        "assigned": int((visitors["segment"] > 0).sum()),
        "conversions": int(visitors["converted"].sum()) if prepared.converted is not None else 0,
        "outcomes_known": prepared.converted is not None,
        "personas": len(settings.personas),
        "matched": int(matches["matched"].sum()),
    }
