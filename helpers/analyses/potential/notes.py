"""Sentences on what was done to the data: they travel with the result."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from helpers.analyses.potential import words
from helpers.analyses.potential.peers import Potential
from helpers.analyses.potential.segments import Segments
from helpers.analyses.potential.settings import Settings
from helpers.core.wording import _, listing, number, percent, plural


def make_notes(
    tables: Mapping[str, pd.DataFrame], table: pd.DataFrame, found: Segments, reach: Potential, settings: Settings
) -> tuple[str, ...]:
    """Return the notes that apply to this round."""
    notes = []
    dead = int(table["dead_record"].sum())
    if dead:
        notes.append(
            _("{records} without an order or a device in {months} months stand apart from the segments.").format(
                records=plural("{n} record", "{n} records", dead), months=number(settings.months)
            )
        )
    if found.left_out:
        notes.append(
            _("Not used for the segments, because missing or the same for all: {names}.").format(
                names=listing([words.feature_name(name) for name in found.left_out])
            )
        )
    if "order_lines" in tables and not (table["refill_revenue_per_year"] > 0).any():
        notes.append(_("No product group counts as refill: name yours under refill_groups in client.yml."))
    unknown = table.loc[table["revenue_per_year"] > 0, "employees"].isna().mean()
    if "employees" in reach.compared_on and unknown > 0:
        notes.append(
            _("The number of employees is not known for {share} of the customers who ordered; they stand at the middle.").format(
                share=percent(unknown)
            )
        )
    return tuple(notes)
