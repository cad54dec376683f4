"""What came together and what did not: CRM, ERP and web matched on their keys, both ways, with the money."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from helpers.core.errors import Problem
from helpers.core.wording import _
from helpers.sources.asking import frame, records
from helpers.sources.key_search import MOST_LISTED, proposal
from helpers.sources.money import amount_of, exact_sum
from helpers.sources.store import Store
from helpers.tables import TABLES
from helpers.tables.declared import Source
from helpers.tables.receipts import Decision, Receipt

# Their customer_id may be that of a visitor whom no list knows.
_OF_VISITORS = ("exposures", "outcomes", "test_assignment", "web_events")
# List with one row per key, its key, and the tables that name it.
LINKS = (
    (
        "customers",
        "customer_id",
        "customer_id",
        ("orders", "order_lines", "contacts", "usage", "campaigns", *_OF_VISITORS, "quotes", "persons"),
    ),
    ("persons", "person_id", "person_id", ("contacts", "campaigns")),
    ("products", "product_id", "product_id", ("order_lines",)),
    ("orders", "order_id", "order_id", ("order_lines", "quotes")),
    ("external", "external_key", "postcode", ("customers",)),
)

FEWEST_KEYS = 20  # with fewer keys a share says nothing (our convention)


def merge_record(
    relations: Mapping[str, Any], receipts: Iterable[Receipt], store: Store, decisions: Iterable[Decision] = ()
) -> dict[str, Any]:
    """Return the merge report: coverage of keys both ways, orphans with their money, and duplicates.

    Returns
    -------
    Plain JSON values: ``links`` (one per pair of tables before any window in time: keys in each and in both, rows without a key,
    orphan rows and their amount), ``duplicates`` (one per source that had any) and ``decisions``. No key is named.
    """
    links = [
        _link(relations[listing], relations[table], listing, table, key, named, store)
        for listing, key, named, tables in LINKS
        for table in tables
        if listing in relations and table in relations and named in relations[table].columns
    ]
    duplicates = [
        {name: getattr(receipt, name) for name in ("file", "system", "table")}
        | {"rows": rule.rows, "amount": rule.amount, "rule": rule.reason}
        for receipt in receipts
        for rule in receipt.set_aside
        if rule.rule == _("duplicate")
    ]
    return {"links": links, "duplicates": duplicates, "decisions": [asdict(decision) for decision in decisions]}


def unmet_links(links: Iterable[Mapping[str, Any]], relations: Mapping[str, Any], sources: Sequence[Source]) -> list[Problem]:
    """Return the problem of every table whose keys hardly meet their list, with the rule that would mend it.

    Of the links of ``merge_record``; how few is too few is said by ``least_met`` of the sources that fill the table. Counted on the
    smaller side: a list may hold many who never bought, and an export of orders many that a small list of members does not know.
    Tables whose ids may be those of visitors are only reported.
    """
    problems = []
    for link in links:
        blocks = [source for source in sources if source.table == link["table"]]
        smaller = min(link["keys"], link["listed"])
        least = min(source.least_met for source in blocks)
        if link["table"] in _OF_VISITORS or smaller < FEWEST_KEYS or link["both"] >= least * smaller:
            continue
        listing = next(source for source in sources if source.table == link["list"])
        ids, listed = (_keys(relations[name], key) for name, key in ((link["table"], link["key"]), (link["list"], link["list_key"])))
        share = link["both"] / smaller
        fix = proposal(ids, set(listed), link["key"], blocks[0], listing)
        few = f"If so few really do, declare least_met: {share:.2f} in that source."
        look = "Look at both columns: one of them may hold other numbers than is thought."
        fix = fix or f"No small rule makes them meet. {few if share >= 0.01 else look}"
        expected = f"ids that meet those of {listing.origin}: {link['both']:,} of {smaller:,} do"
        problems.append(Problem(blocks[0].origin, f"column {blocks[0].columns.get(link['key'], link['key'])}", "", expected, fix))
    return problems


def _keys(relation: Any, key: str) -> list[str]:
    wanted = relation.filter(relation[key].notnull()).select(key=relation[key]).distinct()
    return frame(wanted.order_by("key").limit(MOST_LISTED))["key"].tolist()


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
    counts = {name: int(value or 0) for name, value in records(counting)[0].items()}
    return {
        "table": name,
        "list": list_name,
        "list_key": key,
        "key": named,
        **{name: counts[name] for name in ("keys", "listed", "both", "rows")},
        "rows_without_key": counts["no_key"],
        "orphan_rows": counts["orphans"],
        "orphan_amount": amount_of(counts["orphan_parts"]),
    }


def with_firms(relations: Mapping[str, Any], store: Store) -> tuple[dict[str, Any], list[Problem]]:
    """Return the canonical tables (ibis) with the customer filled in where a row of contacts or campaigns names a person only.

    Beside them the problem of each that names persons only while no source says where they work. A row whose person is not
    known, or has no firm, keeps an empty customer: it is counted among the rows without a key.
    """
    completed, problems = dict(relations), []
    for name in ("contacts", "campaigns"):
        rows = relations.get(name)
        if rows is None or "person_id" not in rows.columns:
            continue
        if "persons" in relations:
            persons = store.here(relations["persons"])
            both = store.here(rows).left_join(persons.select("person_id", __firm="customer_id"), "person_id").drop("person_id_right")
            firm = both["customer_id"].coalesce(both["__firm"]) if "customer_id" in rows.columns else both["__firm"]
            completed[name] = both.mutate(customer_id=firm).drop("__firm")
        elif "customer_id" not in rows.columns:
            fix = "Add the source of persons, or map customer_id too."
            problems.append(Problem("client.yml", "key sources", name, "a source of table persons, with the firm of each person", fix))
    return completed, problems
