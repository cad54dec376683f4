"""Untapped potential: what comparable customers reach, segments, and where contact effort goes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from helpers.analyses.potential.effort import Effort, effort
from helpers.analyses.potential.features import features
from helpers.analyses.potential.gate import requires
from helpers.analyses.potential.notes import make_notes
from helpers.analyses.potential.peers import Potential, potential
from helpers.analyses.potential.profile import make_profile
from helpers.analyses.potential.segments import Segments, segment
from helpers.analyses.potential.settings import Settings
from helpers.core.results import Refusal, RunContext
from helpers.core.wording import _

DEAD = 0  # the number that stands for dead records where a segment has its own


LISTS = ("unused", "often_seldom", "dead")  # lists of customers that can be exported


@dataclass(frozen=True)
class UntappedPotential:
    """Where revenue is left lying, and where effort is wasted.

    Parameters
    ----------
    table : one row per customer: features, dead_record, potential, reached_potential with bounds,
        unused_potential, segment (0 for dead records), segment_closeness, contacted_often_ordering_seldom.
    profile : one row per segment: size, revenue level, shares, reached potential, euros of unused potential
        low, middle and high, kind and marks.
    effort : contact effort against orders, dead records, and the size of an experiment.
    quality : plain numbers.
    compared_on, clustered_on : the figures behind potential and segments.
    notes : sentences on what was done to the data.
    """

    table: pd.DataFrame
    profile: pd.DataFrame
    effort: Effort
    quality: dict[str, float]
    compared_on: tuple[str, ...]
    clustered_on: tuple[str, ...]
    notes: tuple[str, ...]

    def named_list(self, kind: str) -> pd.DataFrame:
        """Return customers for export: "unused" (most euros first), "often_seldom" or "dead"."""
        rows = {
            "unused": self.table[self.table["unused_potential"] > 0],
            "often_seldom": self.table[self.table["contacted_often_ordering_seldom"]],
            "dead": self.table[self.table["dead_record"]],
        }[kind]
        by = "unused_potential" if kind == "unused" else "contacts_per_year"
        return rows.sort_values([by, "customer_id"], ascending=[False, True], ignore_index=True)


def run(tables: Mapping[str, pd.DataFrame], settings: Settings, context: RunContext) -> UntappedPotential | Refusal:
    """Return segments with their reached and unused potential, or why not.

    Parameters
    ----------
    tables : ``customer_table`` and orders or order lines; products, usage, campaigns, contacts and external
        figures where the client has them.
    settings : the section of client.yml.
    context : the round's date and seed.
    """
    gate = requires(tables, settings, context)
    if gate.closed:
        return Refusal(_("Untapped potential cannot be shown yet"), gate)
    frame = features(tables, settings, context)
    frame["dead_record"] = dead_records(frame)
    live = frame[~frame["dead_record"]].reset_index(drop=True)
    reach = potential(live, settings, context.seed)
    live = with_potential(live, reach)
    found = segment(live, settings, context.seed)
    live = live.assign(segment=found.number, segment_closeness=found.closeness)
    table = _table(frame, live, settings)
    return UntappedPotential(
        table=table,
        profile=make_profile(live, found, reach),
        effort=effort(table, settings),
        quality=_quality(table, live, found, reach, settings),
        compared_on=reach.compared_on,
        clustered_on=found.used,
        notes=make_notes(tables, table, found, reach, settings),
    )


def dead_records(frame: pd.DataFrame) -> pd.Series:
    """Return who neither ordered nor uses a device in the months looked at (our convention; "card-index
    corpses").
    """
    unused = frame["devices"].fillna(0) == 0
    silent = frame["usage_per_month"].fillna(0) == 0
    return (frame["orders_per_year"] == 0) & unused & silent


def with_potential(live: pd.DataFrame, reach: Potential) -> pd.DataFrame:
    """Return the customers with potential, reached share (at most 1) with bounds, and unused euros per
    year.
    """
    revenue = live["revenue_per_year"].to_numpy(float).clip(min=0)
    return live.assign(
        potential=reach.middle.round(2),
        reached_potential=np.minimum(revenue / reach.middle, 1).round(6),
        reached_low=np.minimum(revenue / reach.bounds[:, 1], 1).round(6),
        reached_high=np.minimum(revenue / reach.bounds[:, 0], 1).round(6),
        unused_potential=np.maximum(reach.middle - revenue, 0).round(2),
    )


def _table(frame: pd.DataFrame, live: pd.DataFrame, settings: Settings) -> pd.DataFrame:
    new = [name for name in live.columns if name not in frame.columns]
    table = frame.merge(live[["customer_id", *new]], on="customer_id", how="left")
    table["segment"] = table["segment"].fillna(DEAD).astype(int)
    table["unused_potential"] = table["unused_potential"].fillna(0.0)
    table["contacted_often_ordering_seldom"] = (
        (table["contacts_per_year"] >= settings.often_contacts)
        & (table["orders_per_year"] <= settings.seldom_orders)
        & ~table["dead_record"]
    )
    return table


def _quality(table: pd.DataFrame, live: pd.DataFrame, found: Segments, reach: Potential, settings: Settings) -> dict[str, float]:
    revenue = live["revenue_per_year"].to_numpy(float).clip(min=0)
    low, high = reach.unused_range(revenue, np.ones(len(live), dtype=bool))
    return {
        "customers": float(len(table)),
        "live_customers": float(len(live)),
        "dead_records": float(table["dead_record"].sum()),
        "segments": float(len(found.centres)),
        "median_closeness": float(np.median(found.closeness)),
        "share_at_or_above_potential": float((revenue >= reach.middle).mean()),
        "reached_potential": float(1 - live["unused_potential"].sum() / max(reach.middle.sum(), 1)),
        "peer_low": settings.peer_low,
        "peer_level": settings.peer_level,
        "peer_high": settings.peer_high,
        "unused_potential": float(live["unused_potential"].sum()),
        "unused_potential_low": low,
        "unused_potential_high": high,
    }
