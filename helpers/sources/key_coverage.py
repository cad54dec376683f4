"""What came together and what did not: CRM, ERP and web matched on their keys, both ways, with the money."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from helpers.core.wording import _
from helpers.sources.money import amount_of, exact_sum
from helpers.sources.store import Store
from helpers.tables import TABLES
from helpers.tables.receipts import Receipt

# List with one row per key, its key, and the tables that name it.
_LINKS = (
    (
        "customers",
        "customer_id",
        "customer_id",
        ("orders", "order_lines", "contacts", "usage", "campaigns", "exposures", "outcomes", "web_events"),
    ),
    ("products", "product_id", "product_id", ("order_lines",)),
    ("orders", "order_id", "order_id", ("order_lines",)),
    ("external", "external_key", "postcode", ("customers",)),
)


def merge_record(relations: Mapping[str, Any], receipts: Iterable[Receipt], store: Store) -> dict[str, Any]:
    """Return the merge report: coverage of keys both ways, orphans with their money, and duplicates.

    Parameters
    ----------
    relations : the canonical tables as ibis tables, before any window in time.
    receipts : what was done with each source; duplicates are counted there.
    store : the embedded engine, where keys of several engines meet.

    Returns
    -------
    Plain JSON values: ``links`` (one per pair of tables: keys in each and in both, rows without a key,
    orphan rows and their amount) and ``duplicates`` (one per source that had any). No key is named.
    """
    links = [
        _link(relations[listing], relations[table], listing, table, key, named, store)
        for listing, key, named, tables in _LINKS
        for table in tables
        if listing in relations and table in relations and named in relations[table].columns
    ]
    duplicates = [
        {
            "file": receipt.file,
            "system": receipt.system,
            "table": receipt.table,
            "rows": rule.rows,
            "amount": rule.amount,
            "rule": rule.reason,
        }
        for receipt in receipts
        for rule in receipt.set_aside
        if rule.rule == _("duplicate")
    ]
    return {"links": links, "duplicates": duplicates}


def _link(listing: Any, table: Any, list_name: str, name: str, key: str, named: str, store: Store) -> dict[str, Any]:
    money = TABLES[name].money
    parts = exact_sum(table[money]) if money in table.columns else table.count() * 0
    facts = store.here(table.group_by(named).aggregate(rows=table.count(), parts=parts)).rename(fact_key=named)
    known = listing.filter(listing[key].notnull())
    keys = store.here(known.select(list_key=known[key]).distinct())
    both = facts.join(keys, facts["fact_key"] == keys["list_key"], how="outer")
    fact, listed = both["fact_key"].notnull(), both["list_key"].notnull()
    orphan = fact & ~listed
    counting = both.aggregate(
        keys=fact.sum(),
        listed=listed.sum(),
        both=(fact & listed).sum(),
        rows=both["rows"].sum(),
        no_key=both["rows"].sum(where=~fact & ~listed),
        orphans=both["rows"].sum(where=orphan),
        orphan_parts=both["parts"].sum(where=orphan),
    )
    counts = {name: int(value or 0) for name, value in store.backend.to_pyarrow(counting).to_pylist()[0].items()}
    return {
        "table": name,
        "list": list_name,
        "key": named,
        "keys": counts["keys"],
        "listed": counts["listed"],
        "both": counts["both"],
        "rows": counts["rows"],
        "rows_without_key": counts["no_key"],
        "orphan_rows": counts["orphans"],
        "orphan_amount": amount_of(counts["orphan_parts"]),
    }
