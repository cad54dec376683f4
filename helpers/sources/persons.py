"""The firm of a person: looked up where a contact or a message names the person only."""

from collections.abc import Mapping
from typing import Any

from helpers.core.errors import Problem
from helpers.sources.store import Store


def with_firms(relations: Mapping[str, Any], store: Store) -> tuple[dict[str, Any], list[Problem]]:
    """Return the canonical tables with the customer filled in where a row of contacts or campaigns names a person only.

    Parameters
    ----------
    relations : the canonical tables as ibis tables.
    store : the embedded engine, where tables of several engines meet.

    Returns
    -------
    The tables, and the problem of each that names persons only while no source says where they work. A row whose person is not
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
