"""The result: what every customer reaches of the potential, with the numbers and notes that travel with it."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from helpers.analyses.potential import words
from helpers.analyses.potential.backtest import Backtest
from helpers.analyses.potential.effort import Effort
from helpers.analyses.potential.estimate import Potential
from helpers.analyses.potential.segments import Segments
from helpers.analyses.potential.settings import Settings
from helpers.core.results import Chance
from helpers.core.wording import _, listing, number, percent, plural

DEAD = 0  # the number that stands for dead records where a segment has its own
LISTS = ("unused", "often_seldom", "dead")  # lists of customers that can be exported


@dataclass(frozen=True)
class UntappedPotential:
    """Where revenue is left lying, and where effort is wasted.

    Parameters
    ----------
    table : one row per customer: features, dead_record, potential, reached_potential with bounds (missing where a customer
        cannot be compared), unused_potential, stays_behind (the list), segment (0 for dead records), segment_closeness,
        contacted_often_ordering_seldom.
    profile : one row per segment: size, revenue level, shares, reached potential, euros of unused potential
        low, middle and high, kind and marks.
    chance : the unused euros of all beside what chance alone gives; only where it is beaten are there euros to speak of.
    backtest : what became of the list of a year ago; None where the history does not say.
    effort : contact effort against orders, dead records, and the size of an experiment.
    quality : plain numbers.
    compared_on, clustered_on : the figures behind potential and segments.
    notes : sentences on what was done to the data.
    """

    table: pd.DataFrame
    profile: pd.DataFrame
    effort: Effort
    chance: Chance
    backtest: Backtest | None
    quality: dict[str, float]
    compared_on: tuple[str, ...]
    clustered_on: tuple[str, ...]
    notes: tuple[str, ...]

    def named_list(self, kind: str) -> pd.DataFrame:
        """Return customers for export: "unused" (stay behind beyond chance; most euros first), "often_seldom" or "dead" (most contacts first)."""
        rows = {
            "unused": self.table[self.table["stays_behind"]],
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
    return live.assign(
        potential=potential.potential.round(2),
        reached_potential=(1 - potential.unused / potential.potential).round(6),
        reached_low=potential.reached_low.round(6),
        reached_high=potential.reached_high.round(6),
        unused_potential=potential.unused.round(2),
        stays_behind=potential.listed,
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
    table["stays_behind"] = table["stays_behind"].fillna(False).astype(bool)
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
    low, high = potential.unused_range(np.ones(len(live), dtype=bool))
    unused, all_potential = float(live["unused_potential"].sum()), float(live["potential"].sum())
    lasting = {} if potential.lasting_share is None else {"lasting_share": potential.lasting_share}
    return {
        **lasting,
        "live_customers": float(len(live)),
        "compared_customers": float(potential.compared.sum()),
        "stay_behind": float(potential.listed.sum()),
        "segments": float(len(segments.centres)),
        "median_closeness": float(np.median(segments.closeness)),
        "reached_potential": 1 - unused / max(all_potential, 1),
        "peer_level": settings.peer_level,
        "years": float(potential.years),
        "unused_potential": unused,
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
    left_out = int((~potential.compared).sum())
    if left_out:
        text = _("{n} of {all} are not compared: their size, sector or usage is not known, or they are new.")
        notes.append(text.format(n=number(left_out), all=plural("{n} customer", "{n} customers", len(potential.compared))))
    compared = table.loc[table["potential"].notna()] if left_out else table
    unknown = compared.loc[compared["revenue_per_year"] > 0, "employees"].isna().mean()
    if "employees" in potential.compared_on and unknown > 0:
        text = _("The number of employees is not known for {share} of the customers who ordered; they stand at the middle.")
        notes.append(text.format(share=percent(unknown)))
    return tuple(notes)
