"""Sentences on what was done to the data: they travel with the result."""

from __future__ import annotations

import pandas as pd

from helpers.analyses.rfm_movement.card import SegmentCard
from helpers.analyses.rfm_movement.periods import Periods
from helpers.analyses.rfm_movement.settings import Settings
from helpers.core.wording import _, day, number, plural


def make_notes(periods: Periods, settings: Settings, card: SegmentCard, table: pd.DataFrame, market: bool) -> tuple[str, ...]:
    """Return the notes that apply to this round."""
    notes = [
        _("The comparison period runs from {a} to {b}, the current period from {c} to {d}.").format(
            a=day(periods.comparison.start),
            b=day(periods.comparison.end),
            c=day(periods.current.start),
            d=day(periods.current.end),
        )
    ]
    if periods.dropped_days:
        notes.append(
            _("{days} at the end were left out, because that month is not complete.").format(
                days=plural("{n} day", "{n} days", periods.dropped_days)
            )
        )
    if periods.shortened:
        notes.append(
            _("The orders start on {day}: the comparison period is shorter than the {n} months asked for.").format(
                day=day(periods.history_start), n=number(settings.comparison_months)
            )
        )
    if card.weights["tenure_days"] == 0:
        notes.append(_("How long somebody has been a customer is shown but does not count in the segments of this card."))
    if (card.comparison_months, card.current_months) != (settings.comparison_months, settings.current_months):
        notes.append(_("The segment card was made for periods of another length; read the movement with care."))
    if market:
        notes.append(_("Chance is drawn as busy as all customers were on each day, so that a season is not taken for movement."))
    waiting = int((table["change_group"] == "not_judged").sum())
    if waiting:
        notes.append(
            _("{customers} without an order up to the end of the current period: not judged.").format(
                customers=plural("{n} customer", "{n} customers", waiting)
            )
        )
    return tuple(notes)
