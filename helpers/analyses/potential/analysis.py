"""Untapped potential: may we, and what do comparable customers reach."""

from collections.abc import Mapping

import pandas as pd

from helpers.analyses.potential.backtest import backtest
from helpers.analyses.potential.effort import measure_effort
from helpers.analyses.potential.estimate import estimate_potential
from helpers.analyses.potential.features import features
from helpers.analyses.potential.gate import requires
from helpers.analyses.potential.profile import profile_table
from helpers.analyses.potential.result import UntappedPotential, customers_table, dead_records, notes_on, quality_numbers, with_potential
from helpers.analyses.potential.segments import fit_segments
from helpers.analyses.potential.settings import Settings
from helpers.core.results import Refusal, RunContext
from helpers.core.wording import _

READS = ("customer_table", "orders", "order_lines", "products", "usage", "campaigns", "contacts", "external")


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
    customers = features(tables, settings, context)
    customers["dead_record"] = dead_records(customers)

    # Dead records would pull down what comparable customers reach: potential and segments are made without them.
    live = customers[~customers["dead_record"]].reset_index(drop=True)
    potential = estimate_potential(live, settings, context.seed)
    live = with_potential(live, potential)
    segments = fit_segments(live, settings, context.seed)
    live = live.assign(segment=segments.number, segment_closeness=segments.closeness)

    table = customers_table(customers, live, settings)
    return UntappedPotential(
        table=table,
        profile=profile_table(live, segments, potential),
        effort=measure_effort(table, settings),
        chance=potential.chance,
        backtest=backtest(live, settings, context.seed),
        quality=quality_numbers(table, live, segments, potential, settings),
        compared_on=potential.compared_on,
        clustered_on=segments.used,
        notes=notes_on(tables, table, segments, potential, settings),
    )
