"""May movement be shown on this client's data?"""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from helpers.analyses.gates import GateBuilder
from helpers.analyses.rfm_movement.card import make_card
from helpers.analyses.rfm_movement.detect import detectable
from helpers.analyses.rfm_movement.measures import Purchases, collect_purchases, measure
from helpers.analyses.rfm_movement.periods import Periods, find_periods
from helpers.analyses.rfm_movement.settings import Settings
from helpers.core.results import Gate, RunContext
from helpers.core.wording import _, day, number

# Our convention: with fewer customers per segment single customers decide what the counts say.
CUSTOMERS_PER_SEGMENT = 20


def purchases_and_periods(tables: Mapping[str, pd.DataFrame], settings: Settings, context: RunContext) -> tuple[Purchases, Periods] | None:
    """Return the orders of the round's customers and the two periods; None without tables or orders."""
    if "orders" not in tables or "customer_table" not in tables:
        return None
    purchases = collect_purchases(tables["orders"], tables["customer_table"]["customer_id"], context.as_of)
    if not len(purchases.day):
        return None
    periods = find_periods(purchases.day, context.as_of, settings.comparison_months, settings.current_months, settings.whole_months)
    return purchases, periods


def requires(tables: Mapping[str, pd.DataFrame], settings: Settings, context: RunContext) -> Gate:
    """Return whether the data allow five segments in two periods, with numbers.

    Closed with fewer than ``least_customers`` in the comparison period, with nobody who ordered in both
    periods, or with customers too alike for so many segments; caution when the comparison period had to be
    shortened or when there are fewer than 20 customers per segment (our conventions). An open gate says how
    much movement chance alone would show.

    Parameters
    ----------
    tables : those of ``customer_table`` and ``orders`` that are there.
    settings : the section of client.yml.
    context : the round's date and seed.
    """
    observed = purchases_and_periods(tables, settings, context)
    if observed is None:
        if "orders" in tables and "customer_table" in tables:
            return _closed(settings, 0, 0, _("There are no orders of known customers before the round's date."))
        return _closed(settings, 0, 0, _("There is no table of orders."))
    purchases, periods = observed
    before = measure(purchases, periods.comparison, settings.shortest_months)
    now = measure(purchases, periods.current, settings.shortest_months)
    active = int((before["orders"] > 0).sum())
    both = int(((before["orders"] > 0) & (now["orders"] > 0)).sum())
    reason = _reason_closed(active, both, before, periods, settings)
    if reason:
        return _closed(settings, active, both, reason, _unlocked_by_history(periods, settings, context))
    chance = detectable(purchases, periods, make_card(before, periods, settings), settings, context.seed)
    return _open(settings, active, both, periods, chance.sentence() if chance else "")


def _reason_closed(active: int, both: int, before: dict[str, np.ndarray], periods: Periods, settings: Settings) -> str:
    if active < settings.least_customers:
        return _("Too few customers ordered in the comparison period to form segments.")
    if not both:
        return _("Nobody ordered in both periods, so nobody can be seen to move.")
    # The card itself knows whether there are enough different customers for the segments.
    try:
        make_card(before, periods, settings)
    except ValueError:
        return _("The customers are too alike to be parted into {n} segments.").format(n=number(settings.segments))
    return ""


def _unlocked_by_history(periods: Periods, settings: Settings, context: RunContext) -> str:
    """Return from when the history is long enough, in words; empty where it is long enough already."""
    months = settings.current_months + int(np.ceil(settings.shortest_months))
    start = pd.Timestamp(periods.history_start) + pd.DateOffset(months=months)
    if start <= pd.Timestamp(context.as_of):
        return ""  # not time but customers are missing
    return _("a round from {date} on, when {months} months of orders lie before it").format(date=day(start.date()), months=number(months))


def _builder(settings: Settings, active: int, both: int, instead: str) -> GateBuilder:
    needs = _("orders over {before} and {now} months, and at least {n} customers who ordered in the first of these periods")
    has = _("{active} customers in the comparison period, {both} of them also in the current period")
    return GateBuilder(
        needs.format(before=number(settings.comparison_months), now=number(settings.current_months), n=number(settings.least_customers)),
        has.format(active=number(active), both=number(both)),
        instead,
    )


def _closed(settings: Settings, active: int, both: int, reason: str, unlock: str = "") -> Gate:
    gate = _builder(settings, active, both, _("Look at the list of customers by their last order and their revenue."))
    enough = _("at least {n} customers in the comparison period, some of whom ordered again")
    return gate.not_yet(reason, unlock or enough.format(n=number(settings.least_customers)))


def _open(settings: Settings, active: int, both: int, periods: Periods, seen: str) -> Gate:
    if periods.shortened:
        gate = _builder(settings, active, both, _("Read the movement as a first impression."))
        reason = _("The orders do not reach back {n} months, so the comparison period is {months} months long.")
        return gate.with_care(
            reason.format(n=number(settings.comparison_months), months=number(periods.comparison.months)),
            _("orders over {n} months").format(n=number(settings.comparison_months + settings.current_months)),
            seen,
        )
    enough = CUSTOMERS_PER_SEGMENT * settings.segments
    if active < enough:
        gate = _builder(settings, active, both, _("Read the named lists rather than the counts."))
        reason = _("There are few customers for {n} segments: single customers weigh heavily.")
        return gate.with_care(
            reason.format(n=number(settings.segments)), _("at least {n} customers in the comparison period").format(n=number(enough)), seen
        )
    return _builder(settings, active, both, "").go(_("Both periods hold enough customers."), seen, _("ready"))
