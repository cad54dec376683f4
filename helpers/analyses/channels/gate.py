"""May channels be compared on this client's data?"""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from helpers.analyses.channels.measures import bought_in_both, per_customer, shares, tests_of
from helpers.analyses.channels.purchases import Purchases, collect_purchases
from helpers.analyses.channels.settings import Settings
from helpers.analyses.gates import GateBuilder
from helpers.core.results import Gate, RunContext
from helpers.core.wording import _, number, percent, plural
from helpers.statistics.power import needed_z

# Our conventions: with fewer purchases a channel is an exception; with fewer recorded, the rest may be anything.
LEAST_PURCHASES = 30
LEAST_RECORDED, RECORDED_WELL = 0.5, 0.9


def purchases_of(tables: Mapping[str, pd.DataFrame], settings: Settings, context: RunContext) -> Purchases | None:
    """Return the purchases of both periods; None without a table of orders or customers."""
    if "orders" not in tables or "customer_table" not in tables:
        return None
    ids = tables["customer_table"]["customer_id"]
    return collect_purchases(tables["orders"], ids, context.as_of, settings.months, settings.most_channels)


def gate_of(purchases: Purchases | None, settings: Settings) -> Gate:
    """Return the gate; see ``analysis.requires`` for when it is closed or open with a caution.

    Parameters
    ----------
    purchases : those of both periods; None where there is no table of orders.
    settings : the section of client.yml.
    """
    if purchases is None or not len(purchases.frame):
        none = _("There are no orders in the last {n} months.").format(n=number(2 * settings.months))
        return _builder(settings, 0, 0).not_yet(none, _("a table of orders with the channel of each"))
    now = per_customer(purchases, current=True)
    sizes = now.sum(axis=0)
    in_use = int((sizes >= LEAST_PURCHASES).sum())
    repeaters = int((now.sum(axis=1) >= 2).sum())
    builder = _builder(settings, in_use, repeaters)
    if purchases.recorded_share < LEAST_RECORDED:
        reason = _("The channel is recorded for {share} of the orders only.").format(share=percent(purchases.recorded_share))
        return builder.not_yet(reason, _("the channel of at least {share} of the orders").format(share=percent(LEAST_RECORDED)))
    if in_use < 2:
        reason = _("Known customers buy through one channel only.") if in_use else _("No channel has enough purchases of known customers.")
        unlock = _("a second channel with at least {n} purchases of known customers")
        return builder.not_yet(reason, unlock.format(n=number(LEAST_PURCHASES)))
    if repeaters < settings.least_customers:
        reason = _("Too few customers bought twice, so few could have used two channels.")
        return builder.not_yet(reason, _("at least {n} customers with two purchases").format(n=number(settings.least_customers)))
    return _open(builder, purchases, settings, now)


def _builder(settings: Settings, in_use: int, repeaters: int) -> GateBuilder:
    needs = _(
        "orders with their channel over {months} months: two channels with {least} purchases each, and {n} customers who bought twice"
    )
    has = _("{channels} in use, {customers} who bought twice")
    return GateBuilder(
        needs.format(months=number(settings.months), least=number(LEAST_PURCHASES), n=number(settings.least_customers)),
        has.format(channels=plural("{n} channel", "{n} channels", in_use), customers=plural("{n} customer", "{n} customers", repeaters)),
        _("Count the orders per channel and month."),
    )


def in_both_periods(purchases: Purchases) -> np.ndarray:
    """Return the change of every customer's shares per channel, for customers with purchases in both periods."""
    _places, before, now = bought_in_both(purchases)
    return shares(now) - shares(before)


def shows_movement(purchases: Purchases, settings: Settings) -> bool:
    """Return whether both periods are covered, hold enough customers, and name channels alike: else a change of recording moves them."""
    named_alike = purchases.recorded_in_both >= RECORDED_WELL and purchases.renamed is None
    return purchases.reaches_back and named_alike and len(in_both_periods(purchases)) >= settings.least_customers


def smallest_shift(change: np.ndarray) -> float:
    """Return the shift of a channel's share (0 to 1) that would be claimed in four of five such rounds.

    Parameters
    ----------
    change : change of every customer's share (rows) per channel (columns), as of ``in_both_periods``.
    """
    return needed_z(0.05 / tests_of(change.shape[1])) * float(change.std(axis=0, ddof=1).max()) / np.sqrt(len(change))


def _why_no_movement(purchases: Purchases, settings: Settings) -> str:
    if purchases.renamed is not None:
        text = _("Movement cannot be shown: {old} ends where {new} begins. If they are one channel, give them one name under values.")
        return text.format(old=purchases.renamed[0], new=purchases.renamed[1])
    if purchases.reaches_back and purchases.recorded_in_both < RECORDED_WELL:
        text = _("Movement cannot be shown: in one of the two periods the channel is recorded for {share} of the orders only.")
        return text.format(share=percent(purchases.recorded_in_both))
    return _("Movement cannot be shown: too few customers bought in both periods of {n} months.").format(n=number(settings.months))


def _open(builder: GateBuilder, purchases: Purchases, settings: Settings, now: np.ndarray) -> Gate:
    if not shows_movement(purchases, settings):
        reason = _why_no_movement(purchases, settings)
        unlock = _("orders over {months} months, and {n} customers who bought in both halves").format(
            months=number(2 * settings.months), n=number(settings.least_customers)
        )
        seen = _("Who buys in several channels can be seen; {n} are compared.")
        return builder.with_care(reason, unlock, seen.format(n=plural("{n} customer", "{n} customers", int((now.sum(axis=1) > 0).sum()))))
    change = in_both_periods(purchases)
    seen = _("A shift of {points} percentage points in the share of a channel would probably show.")
    seen = seen.format(points=number(100 * smallest_shift(change), 1))
    if purchases.recorded_share < RECORDED_WELL:
        reason = _("The channel is recorded for {share} of the orders; the others may differ.").format(
            share=percent(purchases.recorded_share)
        )
        return builder.with_care(reason, _("the channel of at least {share} of the orders").format(share=percent(RECORDED_WELL)), seen)
    return builder.go(_("Both periods hold enough customers, and the channels are recorded."), seen)
