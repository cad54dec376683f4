"""RFM(T) segments in two periods, the six change groups, and movement held against chance."""

from collections.abc import Mapping

import pandas as pd

from helpers.analyses.rfm_movement.card import SegmentCard, make_card
from helpers.analyses.rfm_movement.change_groups import groups_of_customers
from helpers.analyses.rfm_movement.gate import purchases_and_periods, requires
from helpers.analyses.rfm_movement.measures import measure
from helpers.analyses.rfm_movement.noise_floor import movement_by_chance
from helpers.analyses.rfm_movement.profiles import group_profile, segment_profile, transitions
from helpers.analyses.rfm_movement.result import ABSENT, Movement, customers_table, every_customer, notes_on, quality_numbers
from helpers.analyses.rfm_movement.settings import Settings
from helpers.core.results import Refusal, RunContext
from helpers.core.wording import _

READS = ("customer_table", "orders")


def run(tables: Mapping[str, pd.DataFrame], settings: Settings, context: RunContext, card: SegmentCard | None = None) -> Movement | Refusal:
    """Return segments, change groups and movement against chance, or why not.

    Parameters
    ----------
    tables : ``customer_table`` and ``orders``.
    settings : the section of client.yml.
    context : the round's date and seed.
    card : the segment card of an earlier round; None makes a new one from the comparison period.
    """
    gate = requires(tables, settings, context)
    observed = purchases_and_periods(tables, settings, context)
    if gate.closed or observed is None:
        return Refusal(_("Movement between segments cannot be shown yet"), gate)
    purchases, periods = observed

    measures_before = measure(purchases, periods.comparison, settings.shortest_months)
    measures_now = measure(purchases, periods.current, settings.shortest_months)
    card = card or make_card(measures_before, periods, settings)
    before, now = card.standing(measures_before), card.standing(measures_now)
    groups = groups_of_customers(purchases, periods, settings, before, now)

    chance = movement_by_chance(purchases, periods, settings, context.seed, card, before, now)
    table = customers_table(purchases, periods, card, before, now, groups, chance.unusual)
    matrix = transitions(table, card.letters, ABSENT, chance.pairs)
    return Movement(
        table=every_customer(tables["customer_table"], table),
        profile=group_profile(table, chance.groups, chance.revenue),
        segments=segment_profile(table, card.letters, ABSENT),
        matrix=matrix,
        card=card,
        periods=periods,
        quality=quality_numbers(table, matrix, chance, periods, settings),
        chance=chance.claims,
        notes=notes_on(periods, settings, card, table),
    )
