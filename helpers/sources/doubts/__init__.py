"""The doubt list: what in the exports may not be what it seems, looked for before it is believed."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from helpers.sources.doubts.calendar import calendar_doubts
from helpers.sources.doubts.lines import line_doubts
from helpers.sources.doubts.orders import order_doubts
from helpers.sources.doubts.people import people_doubts
from helpers.tables.doubts import KINDS, Doubt


def find_doubts(tables: Mapping[str, Any], as_of: date, currency: str = "EUR", noticed: Iterable[Doubt] = ()) -> tuple[Doubt, ...]:
    """Return what is doubtful in a client's tables, in the order of ``KINDS``.

    Everything is added up in the engine that holds a table: a few questions per table, whatever its size.

    Parameters
    ----------
    tables : the canonical tables as ibis tables, before any window in time; orders are there where lines are.
    as_of : the day the round looks back from.
    currency : the client's, as ISO code: where prices are whole numbers, they look like cents.
    noticed : what reading the sources noticed in columns that no table takes.
    """
    orders, lines, customers = (tables.get(name) for name in ("orders", "order_lines", "customers"))
    doubts: list[Doubt] = [*noticed]
    if orders is not None:
        doubts += [*order_doubts(orders, currency), *calendar_doubts(orders, lines, as_of)]
    if lines is not None:
        doubts += line_doubts(lines, tables.get("products"), currency)
    doubts += people_doubts(customers, orders, tables)
    # Lines and the orders they add up to say the same of these.
    first = {doubt.kind: doubt for doubt in reversed(doubts) if doubt.kind in ("cents", "positive_refunds")}
    doubts = [doubt for doubt in doubts if first.get(doubt.kind, doubt) is doubt]
    order = list(KINDS)
    return tuple(sorted(doubts, key=lambda doubt: order.index(doubt.kind)))
