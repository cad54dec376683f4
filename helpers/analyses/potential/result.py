"""The result: what every customer reaches of the potential, with the numbers and notes that travel with it."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from helpers.analyses.potential import words
from helpers.analyses.potential.effort import Effort
from helpers.analyses.potential.peers import Potential
from helpers.analyses.potential.segments import Segments
from helpers.analyses.potential.settings import Settings
from helpers.core.wording import _, listing, number, percent, plural

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
        """Return customers for export: "unused" (most euros first), "often_seldom" or "dead" (most contacts first)."""
        rows = {
            "unused": self.table[self.table["unused_potential"] > 0],
            "often_seldom": self.table[self.table["contacted_often_ordering_seldom"]],
            "dead": self.table[self.table["dead_record"]],
        }[kind]
        most_of = "unused_potential" if kind == "unused" else "contacts_per_year"
        return rows.sort_values([most_of, "customer_id"], ascending=[False, True], ignore_index=True)


def dead_records(customers: pd.DataFrame) -> pd.Series:
    """Return who neither ordered nor uses a device in the months looked at (our convention; "card-index corpses")."""
    no_devices = customers["devices"].fillna(0) == 0
    no_usage = customers["usage_per_month"].fillna(0) == 0
    return (customers["orders_per_year"] == 0) & no_devices & no_usage


def with_potential(live: pd.DataFrame, potential: Potential) -> pd.DataFrame:
    """Return the customers with potential, reached share (at most 1) with bounds, and unused euros per year."""
    revenue = live["revenue_per_year"].to_numpy(float).clip(min=0)
    return live.assign(
        potential=potential.middle.round(2),
        reached_potential=np.minimum(revenue / potential.middle, 1).round(6),
        reached_low=np.minimum(revenue / potential.bounds[:, 1], 1).round(6),
        reached_high=np.minimum(revenue / potential.bounds[:, 0], 1).round(6),
        unused_potential=np.maximum(potential.middle - revenue, 0).round(2),
    )


def customers_table(customers: pd.DataFrame, live: pd.DataFrame, settings: Settings) -> pd.DataFrame:
    """Return one row per customer, dead records included.

    Parameters
    ----------
    customers : the features of everybody, with ``dead_record``.
    live : those who are no dead record, with potential and segment.
    settings : what counts as contacted often and as ordering seldom.
    """
    new = [name for name in live.columns if name not in customers.columns]
    table = customers.merge(live[["customer_id", *new]], on="customer_id", how="left")
    table["segment"] = table["segment"].fillna(DEAD).astype(int)
    table["unused_potential"] = table["unused_potential"].fillna(0.0)
    table["contacted_often_ordering_seldom"] = (
        (table["contacts_per_year"] >= settings.often_contacts)
        & (table["orders_per_year"] <= settings.seldom_orders)
        & ~table["dead_record"]
    )
    return table


def quality_numbers(
    table: pd.DataFrame, live: pd.DataFrame, segments: Segments, potential: Potential, settings: Settings
) -> dict[str, float]:
    """Return the plain numbers of the result.

    Parameters
    ----------
    table : everybody, from ``customers_table``.
    live : those who are no dead record, with potential and segment.
    segments, potential : as fitted.
    settings : the levels of comparable customers.
    """
    revenue = live["revenue_per_year"].to_numpy(float).clip(min=0)
    low, high = potential.unused_range(revenue, np.ones(len(live), dtype=bool))
    return {
        "live_customers": float(len(live)),
        "segments": float(len(segments.centres)),
        "median_closeness": float(np.median(segments.closeness)),
        "share_at_or_above_potential": float((revenue >= potential.middle).mean()),
        "reached_potential": float(1 - live["unused_potential"].sum() / max(potential.middle.sum(), 1)),
        "peer_low": settings.peer_low,
        "peer_level": settings.peer_level,
        "peer_high": settings.peer_high,
        "unused_potential": float(live["unused_potential"].sum()),
        "unused_potential_low": low,
        "unused_potential_high": high,
    }


def notes_on(
    tables: Mapping[str, pd.DataFrame], table: pd.DataFrame, segments: Segments, potential: Potential, settings: Settings
) -> tuple[str, ...]:
    """Return the sentences on what was done to the data that apply to this round."""
    notes = []
    dead = int(table["dead_record"].sum())
    if dead:
        records = plural("{n} record", "{n} records", dead)
        text = _("{records} without an order or a device in {months} months stand apart from the segments.")
        notes.append(text.format(records=records, months=number(settings.months)))
    if segments.left_out:
        names = listing([words.feature_name(name) for name in segments.left_out])
        notes.append(_("Not used for the segments, because missing or the same for all: {names}.").format(names=names))
    if "order_lines" in tables and not (table["refill_revenue_per_year"] > 0).any():
        notes.append(_("No product group counts as refill: name yours under refill_groups in client.yml."))
    unknown = table.loc[table["revenue_per_year"] > 0, "employees"].isna().mean()
    if "employees" in potential.compared_on and unknown > 0:
        text = _("The number of employees is not known for {share} of the customers who ordered; they stand at the middle.")
        notes.append(text.format(share=percent(unknown)))
    return tuple(notes)
