"""May we: are there enough customers, groups and history?"""

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from helpers.analyses.gates import GateBuilder
from helpers.analyses.next_offer.detect import detectable, somebody_lacks_something
from helpers.analyses.next_offer.history import History, history, purchases, split
from helpers.analyses.next_offer.settings import Settings
from helpers.core.results import Gate, RunContext
from helpers.core.wording import _, number, plural

FEWEST_ITEMS = 5  # with fewer groups nearly everybody buys everything


@dataclass(frozen=True)
class Observed:
    """The order lines, cut in time.

    Parameters
    ----------
    earlier : who bought what before the later period.
    bought, later : all lines that count, and those of the later period.
    later_days : length of the later period.
    counts : lines left out, by reason; see ``history.purchases``.
    """

    earlier: History
    bought: pd.DataFrame
    later: pd.DataFrame
    later_days: int
    counts: dict[str, int]


def observe(tables: Mapping[str, pd.DataFrame], settings: Settings, context: RunContext) -> Observed | None:
    """Return the order lines cut in time; None where there are none."""
    lines = tables.get("order_lines")
    if lines is None or not len(lines):
        return None
    bought, counts = purchases(tables, settings, context.as_of)
    earlier, later, later_days = split(bought, context.as_of, settings)
    return Observed(history(earlier, tables.get("customer_table"), settings), bought, later, later_days, counts)


def gate_of(observed: Observed | None, settings: Settings, seed: int) -> Gate:
    """Return the gate for lines that were prepared.

    Parameters
    ----------
    observed : from ``observe``; None where there are no lines.
    settings : the section of client.yml.
    seed : of the round, for the trial on a sample.
    """
    customers = len(observed.earlier.customers) if observed else 0
    items = len(observed.earlier.items) if observed else 0
    later_days = observed.later_days if observed else 0
    builder = _builder(settings, later_days, customers, items)
    if observed is None or items < FEWEST_ITEMS:
        return builder.not_yet(
            _("With so few product groups there is nothing left to suggest."),
            _("Finer product groups, or products themselves (next_offer.level)")
            if items
            else _("The product group of every order line, from the order lines or the products"),
        )
    if customers < settings.customers_needed:
        return builder.not_yet(
            _("With so few customers nobody is like anybody else."),
            plural("{n} more customer", "{n} more customers", settings.customers_needed - customers),
        )
    if not somebody_lacks_something(observed.earlier):
        return builder.not_yet(
            _("Every customer buys every group already, so there is nothing to suggest."),
            _("Finer product groups, or products themselves (next_offer.level)"),
        )
    trial = detectable(observed.earlier, observed.later, settings, seed).sentence()
    if len(observed.later) < settings.customers_needed:
        return builder.with_care(
            _("Too few order lines fall in the later period to judge the suggestions by."),
            _("Order lines of another {days} days").format(days=number(later_days)),
            trial,
        )
    return builder.go(_("There are enough customers, groups and history."), trial)


def _builder(settings: Settings, later_days: int, customers: int, items: int) -> GateBuilder:
    needs = _("{customers} customers who ordered before the last {days} days, and {items} product groups")
    if not later_days:  # there are no order lines that could be cut in time
        needs = _("Order lines of {customers} customers, in {items} product groups")
    return GateBuilder(
        needs.format(customers=number(settings.customers_needed), days=number(later_days), items=number(FEWEST_ITEMS)),
        _("{customers} and {items}").format(
            customers=plural("{n} customer", "{n} customers", customers), items=plural("{n} product group", "{n} product groups", items)
        ),
        _("Show every customer the groups that most customers buy."),
    )
