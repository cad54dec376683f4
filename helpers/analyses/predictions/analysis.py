"""The analysis as a whole: may we, and what came out."""

from collections.abc import Mapping

import pandas as pd

from helpers.analyses.predictions import status
from helpers.analyses.predictions.gate import gate_of_orders, history_days, orders_of
from helpers.analyses.predictions.given_label import label_gate
from helpers.analyses.predictions.judging import Judged, counts_at, judge
from helpers.analyses.predictions.labels import events
from helpers.analyses.predictions.result import Result, customers_table, late_by_chance, limits_of, quality_numbers, status_profile
from helpers.analyses.predictions.settings import Settings
from helpers.analyses.predictions.value import customer_value
from helpers.analyses.predictions.windows import cut_offs
from helpers.core.results import Refusal, RunContext
from helpers.core.wording import _

READS = ("customer_table", "orders")


def run(tables: Mapping[str, pd.DataFrame], settings: Settings, context: RunContext) -> Result | Refusal:
    """Foretell buying and rising per customer; say who is late or gone, with reasons, and what customers are worth.

    Parameters
    ----------
    tables : customer_table and orders; optional previous_status (customer_id, status) of the previous round.
    settings : the section ``predictions`` of client.yml.
    context : as-of date and seed.
    """
    gate = gate_of_orders(tables, settings, context)
    if gate.closed and settings.label is not None and label_gate(tables, settings).closed:
        return Refusal(_("The label cannot be foretold yet"), label_gate(tables, settings))
    if gate.closed:
        return Refusal(_("Nobody can say yet who will buy again and who will leave"), gate)
    known = orders_of(tables, context)

    judged: dict[str, Judged] = {}
    notes = []
    for event in events(settings, history_days(known)):
        days = cut_offs(known, context.as_of, event.horizon_days, settings.training_windows)
        if days is not None and counts_at(event, known, days).enough:
            judged[event.name] = judge(event, known, days, settings, context.seed)
        elif event.name == "next_segment":  # that buying cannot be learnt is the gate's own reason
            notes.append(_("Who rises to the next value band cannot be foretold: too few customers did."))
    value = customer_value(known, context.as_of, settings)
    found, checked = status.rhythm_and_check(known, pd.Timestamp(context.as_of), settings)
    table = customers_table(known, judged, value, found, settings, context, listed=tables.get("customer_table"))

    previous = tables.get("previous_status")
    moved = status.changes(previous, table)
    notes += limits_of(known, judged, settings, gate)
    return Result(
        table=table,
        profile=status_profile(table),
        quality=quality_numbers(judged, checked),
        notes=tuple(notes),
        judged=judged,
        checked=checked,
        late_chance=late_by_chance(found, checked, table, context.seed),
        value=value,
        moved=moved,
        moved_counts=status.change_counts(moved),
        has_previous=previous is not None and len(previous) > 0,
    )
