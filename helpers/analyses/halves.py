"""The true ground of a refusal where a half of the client's data is missing: orders without customers, or customers without orders."""

from collections.abc import Collection, Mapping
from dataclasses import replace

import pandas as pd

from helpers.core.results import Gate
from helpers.core.wording import _, plural

READS = ("orders", "customer_table")
CUSTOMERS, ORDERS = "customers", "orders"


def missing_half(tables: Mapping[str, pd.DataFrame]) -> str:
    """Return which half is missing: "customers" (no order names one), "orders" (no order at all), or "".

    Parameters
    ----------
    tables : those of ``READS`` that are there.
    """
    orders = tables.get("orders")
    if orders is None or orders.empty:
        return ORDERS if len(tables.get("customer_table", ())) else ""
    return "" if "customer_id" in orders and orders["customer_id"].notna().any() else CUSTOMERS


def true_ground(gate: Gate, tables: Mapping[str, pd.DataFrame], needed: Collection[str]) -> tuple[str, Gate]:
    """Return the heading and the gate of an analysis that must wait for a missing half; the gate as it is, without heading, otherwise.

    Parameters
    ----------
    gate : as the analysis gave it; an open one stays.
    tables : those of ``READS`` that are there.
    needed : the halves without which the analysis can say nothing.
    """
    half = missing_half(tables) if gate.closed and needed else ""
    if half not in needed:
        return "", gate
    if half == CUSTOMERS:
        return _("Without the customers of the orders this must wait"), replace(
            gate,
            has=plural("{n} order that names no customer", "{n} orders, none of which names its customer", len(tables["orders"])),
            reason=_("No order says whose it is, so nobody can be followed from one order to the next."),
            unlock=_("the customer's number with every order: a loyalty card, an account, an e-mail at the till"),
            instead=_("Look at orders, revenue and baskets per month, and at what is bought together."),
        )
    return _("Without orders this must wait"), replace(
        gate,
        has=plural("{n} customer and no orders", "{n} customers and no orders", len(tables["customer_table"])),
        reason=_("There are no orders among the exports, so nobody's buying can be looked at."),
        unlock=_("a table of orders with the customer of each"),
        instead=_("Group customers on what is known of them, or learn from a label they carry (predictions.label)."),
    )
