"""May we: are there enough customers, groups and history?"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from helpers.analyses.gates import GateBuilder
from helpers.analyses.next_offer.detect import detectable, somebody_lacks_something
from helpers.analyses.next_offer.history import History, history, purchases, split
from helpers.analyses.next_offer.settings import Settings
from helpers.core.results import Gate, RunContext
from helpers.core.wording import _, number, plural

FEWEST_ITEMS = 5  # with fewer groups nearly everybody buys everything


def parts_of(tables: Mapping[str, pd.DataFrame], settings: Settings, context: RunContext):
    """Return the earlier history, (all lines, later lines), days of the later period, and the counts."""
    lines = tables.get("order_lines")
    if lines is None or not len(lines):
        return None, None, 0, {}
    bought, counts = purchases(tables, settings, context.as_of)
    earlier, later, days = split(bought, context.as_of, settings)
    return history(earlier, tables.get("customer_table"), settings), (bought, later), days, counts


def gate_of(known: History | None, lines, days: int, counts: dict, settings: Settings, seed: int) -> Gate:
    """Return the gate for lines that were prepared; None where there are none.

    Parameters
    ----------
    known, lines, days, counts : from ``parts_of``.
    settings : the section of client.yml.
    seed : of the round, for the trial on a sample.
    """
    have = len(known.customers) if known is not None else 0
    items = len(known.items) if known is not None else 0
    asked = _asked(settings, days, have, items)
    if items < FEWEST_ITEMS:
        return asked.not_yet(
            _("With so few product groups there is nothing left to suggest."),
            _("The product group of every order line, from the order lines or the products"),
        )
    if have < settings.customers_needed:
        return asked.not_yet(
            _("With so few customers nobody is like anybody else."),
            plural("{n} more customer", "{n} more customers", settings.customers_needed - have),
        )
    if not somebody_lacks_something(known):
        return asked.not_yet(
            _("Every customer buys every group already, so there is nothing to suggest."),
            _("Finer product groups, or products themselves (next_offer.level)"),
        )
    later = lines[1]
    seen = detectable(known, later, settings, seed).sentence()
    if len(later) < settings.customers_needed:
        return asked.with_care(
            _("Too few order lines fall in the later period to judge the suggestions by."),
            _("Order lines of another {days} days").format(days=number(days)),
            seen,
        )
    return asked.go(_("There are enough customers, groups and history."), seen)


def _asked(settings: Settings, days: int, have: int, items: int) -> GateBuilder:
    return GateBuilder(
        _("{customers} customers who ordered before the last {days} days, and {items} product groups").format(
            customers=number(settings.customers_needed), days=number(days), items=number(FEWEST_ITEMS)
        ),
        _("{customers} and {items}").format(
            customers=plural("{n} customer", "{n} customers", have),
            items=plural("{n} product group", "{n} product groups", items),
        ),
        _("Show every customer the groups that most customers buy."),
    )
