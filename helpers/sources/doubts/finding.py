"""Every finder asked, over all canonical tables."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from helpers.sources.doubts.calendar import calendar_doubts
from helpers.sources.doubts.lines import line_doubts
from helpers.sources.doubts.orders import order_doubts
from helpers.sources.doubts.people import people_doubts
from helpers.tables.doubts import KINDS, Doubt


def find_doubts(tables: Mapping[str, Any], as_of: date) -> tuple[Doubt, ...]:
    """Return what is doubtful in a client's tables, in the order of ``KINDS``.

    Parameters
    ----------
    tables : the canonical tables as ibis tables, before any window in time; orders are there where lines are.
    as_of : the day the round looks back from.

    Notes
    -----
    Everything is added up in the engine that holds a table: a few questions per table, whatever its size.
    """
    orders, lines, customers = (tables.get(name) for name in ("orders", "order_lines", "customers"))
    doubts: list[Doubt] = []
    if orders is not None:
        doubts += [*order_doubts(orders), *calendar_doubts(orders, lines, as_of)]
    if lines is not None:
        doubts += line_doubts(lines, tables.get("products"))
    doubts += people_doubts(customers, orders, tables)
    order = list(KINDS)
    return tuple(sorted(doubts, key=lambda doubt: order.index(doubt.kind)))
