"""Measured on the systems and on what the reader did: what arrived, what was set aside, who owns it."""

from collections.abc import Iterator, Mapping, Sequence

import pandas as pd

from helpers.phases.data_maturity.measures import Measure, share
from helpers.phases.data_maturity.settings import System
from helpers.tables.receipts import Receipt

# What is easy and small to begin with, after the sources listed by ease and size in the
# four-step guide of the expert group Personalized E-commerce (ShoppingTomorrow).
EASE = {
    "orders": "easy",
    "order_lines": "easy",
    "customers": "easy",
    "contacts": "easy",
    "quotes": "easy",
    "products": "easy",
    "campaigns": "medium",
    "outcomes": "medium",
    "test_assignment": "medium",
    "usage": "medium",
    "exposures": "hard",
    "web_events": "hard",
    "external": "hard",
}
# Rows read: fewer are small, so many and more are large (our convention).
SMALL_BELOW = 100_000
LARGE_FROM = 1_000_000


def reading_measures(receipts: Sequence[Receipt], systems: Sequence[System]) -> Iterator[Measure | None]:
    """Yield what the receipts and the list of systems show; None where there is nothing to count."""
    for receipt in receipts:
        file = receipt.file.replace("../", "")  # the settings of an earlier round stand deeper and name the same file so
        facts = "; ".join(f"{set_aside.rule} {set_aside.rows}" for set_aside in receipt.set_aside)
        yield share("rows_used", receipt.table, file, receipt.rows_used + receipt.rows_joined, receipt.rows_read, facts)
        columns = len(receipt.completeness) + len(receipt.unmapped_columns)
        facts = ", ".join(receipt.unmapped_columns[:5])
        yield share("columns_understood", receipt.table, file, len(receipt.completeness), columns, facts)
    delivered = {receipt.system.casefold() for receipt in receipts if receipt.rows_used + receipt.rows_joined}
    if systems and receipts:
        came = [system.name for system in systems if system.name.casefold() in delivered]
        missing = [system.name for system in systems if system.name.casefold() not in delivered]
        yield share("systems_delivered", "all", "", len(came), len(systems), ", ".join(missing))
    if systems:
        owned = sum(bool(system.owner.strip()) for system in systems)
        nobody = [system.name for system in systems if not system.owner.strip()]
        yield share("owners_named", "all", "", owned, len(systems), ", ".join(nobody))
        totals = [system.name for system in systems if system.aggregated]
        yield share("in_detail", "all", "", len(systems) - len(totals), len(systems), ", ".join(totals))


def system_list(receipts: Sequence[Receipt], systems: Sequence[System], tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Return the systems and sources: what each holds, how easy and large it is, and who owns it.

    Returns
    -------
    Frame: system, tables, rows (read; missing when nothing came), ease, size, owner, aggregated, retention_months.
    Ease and size are the client's own where given, else ours by the kind of table and the rows read.
    """
    by_system: dict[str, list[Receipt]] = {}
    for receipt in receipts:
        by_system.setdefault(receipt.system, []).append(receipt)
    named = {system.name.casefold() for system in systems}
    rows = []
    for system in systems:
        given = [receipt for name, own in by_system.items() if name.casefold() == system.name.casefold() for receipt in own]
        rows.append(_row(system, *_held(given)))
    undescribed = [(name, *_held(given)) for name, given in sorted(by_system.items()) if name.casefold() not in named]
    if not rows and not undescribed:
        undescribed = [(name, (name,), len(tables[name])) for name in sorted(tables) if name in EASE and len(tables[name])]
    rows += [_row(System.model_construct(name=name), holds, size) for name, holds, size in undescribed]
    return pd.DataFrame(rows, columns=["system", "tables", "rows", "ease", "size", "owner", "aggregated", "retention_months"])


def _held(given: Sequence[Receipt]) -> tuple[tuple[str, ...], int | None]:
    return tuple(dict.fromkeys(receipt.table for receipt in given)), sum(receipt.rows_read for receipt in given) if given else None


def _row(system: System, delivered: tuple[str, ...], rows: int | None) -> dict[str, object]:
    tables = tuple(system.tables) or delivered
    hardest = max((EASE.get(table, "medium") for table in tables), key=("easy", "medium", "hard").index, default="")
    size_by_rows = "" if rows is None else "small" if rows < SMALL_BELOW else "medium" if rows < LARGE_FROM else "large"
    ours = {"tables": ", ".join(tables), "rows": rows, "ease": system.ease or hardest, "size": system.size or size_by_rows}
    theirs = {"owner": system.owner, "aggregated": system.aggregated, "retention_months": system.retention_months}
    return {"system": system.name} | ours | theirs
