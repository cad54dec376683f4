"""May movement be shown on this client's data?"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from helpers.analyses.rfm_movement.card import make_card
from helpers.analyses.rfm_movement.detect import detectable
from helpers.analyses.rfm_movement.measures import Purchases, measure, purchases
from helpers.analyses.rfm_movement.periods import Periods, find_periods
from helpers.analyses.rfm_movement.settings import Settings
from helpers.core.results import Gate, RunContext, Verdict
from helpers.core.wording import _, day, number


def look(tables: Mapping[str, pd.DataFrame], settings: Settings, context: RunContext) -> tuple[Purchases, Periods | None]:
    """Return the orders of the round's customers and the two periods (None without orders)."""
    bought = purchases(tables["orders"], tables["customer_table"]["customer_id"], context.as_of)
    if not len(bought.day):
        return bought, None
    return bought, find_periods(bought.day, context.as_of, settings.comparison_months, settings.current_months, settings.whole_months)


def requires(tables: Mapping[str, pd.DataFrame], settings: Settings, context: RunContext) -> Gate:
    """Return whether the data allow five segments in two periods, with numbers.

    Closed with fewer than ``least_customers`` in the comparison period, with nobody who ordered in both
    periods, or with customers too alike for so many segments; caution when the comparison period had to be
    shortened or when there are fewer than 20 customers per segment (our conventions). An open gate says how
    much movement chance alone would show.
    """
    if "orders" not in tables or "customer_table" not in tables:
        return _closed(settings, 0, 0, _("There is no table of orders."))
    bought, periods = look(tables, settings, context)
    if periods is None:
        return _closed(settings, 0, 0, _("There are no orders of known customers before the round's date."))
    before = measure(bought, periods.comparison, settings.shortest_months)
    now = measure(bought, periods.current, settings.shortest_months)
    active = int((before["orders"] > 0).sum())
    both = int(((before["orders"] > 0) & (now["orders"] > 0)).sum())
    reason = _why_not(active, both, before, periods, settings)
    if reason:
        return _closed(settings, active, both, reason, _enough_from(periods, settings, context))
    chance = detectable(bought, periods, make_card(before, periods, settings), settings, context.seed)
    return _open(settings, active, both, periods, chance.sentence() if chance else "")


def _why_not(active: int, both: int, before: dict[str, np.ndarray], periods: Periods, settings: Settings) -> str:
    if active < settings.least_customers:
        return _("Too few customers ordered in the comparison period to form segments.")
    if not both:
        return _("Nobody ordered in both periods, so nobody can be seen to move.")
    try:
        make_card(before, periods, settings)
    except ValueError:
        return _("The customers are too alike to be parted into {n} segments.").format(n=number(settings.segments))
    return ""


def _needs(settings: Settings) -> str:
    return _("orders over {before} and {now} months, and at least {n} customers who ordered in the first of these periods").format(
        before=number(settings.comparison_months),
        now=number(settings.current_months),
        n=number(settings.least_customers),
    )


def _has(active: int, both: int) -> str:
    return _("{active} customers in the comparison period, {both} of them also in the current period").format(
        active=number(active), both=number(both)
    )


def _enough_from(periods: Periods, settings: Settings, context: RunContext) -> str:
    """Return from when the history is long enough, in words; empty where it is long enough already."""
    months = settings.current_months + int(np.ceil(settings.shortest_months))
    start = pd.Timestamp(periods.history_start) + pd.DateOffset(months=months)
    if start <= pd.Timestamp(context.as_of):
        return ""
    return _("a round from {date} on, when {months} months of orders lie before it").format(date=day(start.date()), months=number(months))


def _closed(settings: Settings, active: int, both: int, reason: str, unlock: str = "") -> Gate:
    several = _("at least {n} customers in the comparison period, some of whom ordered again")
    return Gate(
        Verdict("not_yet", _("not yet")),
        _needs(settings),
        _has(active, both),
        reason,
        unlock=unlock or several.format(n=number(settings.least_customers)),
        instead=_("Look at the list of customers by their last order and their revenue."),
    )


def _open(settings: Settings, active: int, both: int, periods: Periods, seen: str) -> Gate:
    if periods.shortened:
        return Gate(
            Verdict("caution", _("with care")),
            _needs(settings),
            _has(active, both),
            _("The orders do not reach back {n} months, so the comparison period is {months} months long.").format(
                n=number(settings.comparison_months), months=number(periods.comparison.months)
            ),
            unlock=_("orders over {n} months").format(n=number(settings.comparison_months + settings.current_months)),
            instead=_("Read the movement as a first impression."),
            detectable=seen,
        )
    if active < 20 * settings.segments:
        return Gate(
            Verdict("caution", _("with care")),
            _needs(settings),
            _has(active, both),
            _("There are few customers for {n} segments: single customers weigh heavily.").format(n=number(settings.segments)),
            unlock=_("at least {n} customers in the comparison period").format(n=number(20 * settings.segments)),
            instead=_("Read the named lists rather than the counts."),
            detectable=seen,
        )
    return Gate(
        Verdict("go", _("ready")),
        _needs(settings),
        _has(active, both),
        _("Both periods hold enough customers."),
        detectable=seen,
    )
