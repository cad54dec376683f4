"""Measured on the systems and on what the reader did: what arrived, what was set aside, who owns it."""

from __future__ import annotations

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
    "products": "easy",
    "campaigns": "medium",
    "outcomes": "medium",
    "usage": "medium",
    "exposures": "hard",
    "web_events": "hard",
    "external": "hard",
}
SMALL, LARGE = 100_000, 1_000_000


def reading_measures(receipts: Sequence[Receipt], systems: Sequence[System]) -> Iterator[Measure | None]:
    """Yield what the receipts and the list of systems show; None where there is nothing to count.

    Parameters
    ----------
    receipts : one per file read; none means that the reader kept none.
    systems : section data_maturity.systems of client.yml.
    """
    for one in receipts:
        file = one.file.replace("../", "")  # the settings of an earlier round stand deeper and name the same file so
        facts = "; ".join(f"{each.rule} {each.rows}" for each in one.set_aside)
        yield share("rows_used", one.table, file, one.rows_used, one.rows_read, facts)
        columns = len(one.completeness) + len(one.unmapped_columns)
        facts = ", ".join(one.unmapped_columns[:5])
        yield share("columns_understood", one.table, file, len(one.completeness), columns, facts)
    delivered = {one.system.casefold() for one in receipts if one.rows_used}
    if systems and receipts:
        came = [one.name for one in systems if one.name.casefold() in delivered]
        missing = [one.name for one in systems if one.name.casefold() not in delivered]
        yield share("systems_delivered", "all", "", len(came), len(systems), ", ".join(missing))
    if systems:
        owned = sum(bool(one.owner.strip()) for one in systems)
        nobody = [one.name for one in systems if not one.owner.strip()]
        yield share("owners_named", "all", "", owned, len(systems), ", ".join(nobody))
        totals = [one.name for one in systems if one.aggregated]
        yield share("in_detail", "all", "", len(systems) - len(totals), len(systems), ", ".join(totals))


def system_list(receipts: Sequence[Receipt], systems: Sequence[System], tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Return the systems and sources: what each holds, how easy and large it is, and who owns it.

    Returns
    -------
    Frame: system, kind, tables, rows (read; missing when nothing came), ease, size, owner,
    aggregated, from_client (True when client.yml describes it), retention_months. Ease and size are the
    client's own where given, else ours by the kind of table and the rows read.
    """
    by_system: dict[str, list[Receipt]] = {}
    for one in receipts:
        by_system.setdefault(one.system, []).append(one)
    rows = [_described(one, _found(by_system, one.name)) for one in systems]
    named = {one.name.casefold() for one in systems}
    rows += [_only_read(name, given) for name, given in sorted(by_system.items()) if name.casefold() not in named]
    if not rows:
        rows = [
            _row(name, "", (name,), len(tables[name]), "", "", "", False, False)
            for name in sorted(tables)
            if name in EASE and len(tables[name])
        ]
    columns = [
        "system",
        "kind",
        "tables",
        "rows",
        "ease",
        "size",
        "owner",
        "aggregated",
        "from_client",
        "retention_months",
    ]
    return pd.DataFrame(rows, columns=columns)


def _found(by_system: dict[str, list[Receipt]], name: str) -> list[Receipt]:
    return [one for key, given in by_system.items() if key.casefold() == name.casefold() for one in given]


def _described(system: System, given: list[Receipt]) -> tuple:
    tables = tuple(system.tables) or tuple(dict.fromkeys(one.table for one in given))
    rows = sum(one.rows_read for one in given) if given else None
    return _row(
        system.name, system.kind, tables, rows, system.ease, system.size, system.owner, system.aggregated, True, system.retention_months
    )


def _only_read(name: str, given: list[Receipt]) -> tuple:
    tables = tuple(dict.fromkeys(one.table for one in given))
    return _row(name, "", tables, sum(one.rows_read for one in given), "", "", "", False, False)


def _row(name, kind, tables, rows, ease, size, owner, aggregated, from_client, retention=None) -> tuple:
    hardest = max((EASE.get(table, "medium") for table in tables), key=("easy", "medium", "hard").index, default="")
    counted = "" if rows is None else "small" if rows < SMALL else "medium" if rows < LARGE else "large"
    return (
        name,
        kind,
        ", ".join(tables),
        rows,
        ease or hardest,
        size or counted,
        owner,
        aggregated,
        from_client,
        retention,
    )
