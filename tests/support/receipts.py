"""What tests add up in a receipt."""

from __future__ import annotations

from helpers.tables.receipts import Receipt


def rows_set_aside(receipt: Receipt) -> int:
    """Return the rows set aside by all rules together."""
    return sum(rule.rows for rule in receipt.set_aside)
