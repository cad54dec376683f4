"""Ids that differ in capitals only: one customer typed in two ways, or two ids? Decided once for all tables that use the id."""

from collections.abc import Mapping
from dataclasses import replace

import ibis
import pandas as pd

from helpers.sources.asking import counts, frame
from helpers.sources.raw import Part
from helpers.sources.store import Store
from helpers.tables.receipts import Decision

# Id columns by the thing they name; every table that has the column takes part.
_DOMAINS = ("customer_id", "product_id", "order_id", "person_id")
# Ids that differ in capitals are the same when nearly all of them stand in capitals, in small letters, and in at most one other
# way: that is how people type. Codes in which capitals count, as those of Salesforce, stand in many ways (our convention).
LEAST_TYPED = 0.95
_MOST = 500_000


def in_one_case(parts: Mapping[str, list[Part]], store: Store) -> dict[str, list[Part]]:
    """Return the sources, by table, with their ids in one case, where capitals are all that tells two of them apart.

    Those whose ids changed say so in ``decisions``.
    """
    changed = {name: list(sources) for name, sources in parts.items()}
    for column in _DOMAINS:
        places = [(name, i) for name, sources in changed.items() for i, part in enumerate(sources) if column in part.rows.columns]
        if len(places) < 2 and column in ("order_id", "person_id"):
            continue  # an order or person that stands in one table only has nothing to meet
        form = _form(_lettered([changed[name][i] for name, i in places], column, store))
        for name, i in places if form else ():
            changed[name][i] = _turned(changed[name][i], column, form)
    return changed


def _lettered(parts: list[Part], column: str, store: Store) -> pd.DataFrame:
    """Return the ids that stand in more than one case: the id in small letters, the id, and how often it stands there."""
    if not parts:
        return pd.DataFrame({"low": [], "id": [], "n": []})
    forms = []
    for part in parts:
        ids = part.rows.select(id=part.rows[column])
        ids = ids.filter(ids["id"].lower() != ids["id"].upper())
        forms.append(store.here(ids.group_by("id").aggregate(n=ids.count())))
    together = ibis.union(*forms, distinct=False)
    summed = together.group_by("id").aggregate(n=together["n"].sum()).mutate(low=ibis._["id"].lower())
    several = summed.group_by("low").aggregate(ways=summed.count()).filter(ibis._["ways"] > 1).select("low")
    wanted = summed.semi_join(several, "low").order_by("id").limit(_MOST)
    return frame(wanted)


def _form(ids: pd.DataFrame) -> str:
    """Return "upper" or "lower", the case that ids are brought into; empty when capitals count."""
    if ids.empty:
        return ""
    is_upper, is_lower = ids["id"] == ids["id"].str.upper(), ids["id"] == ids["low"]
    others = (~is_upper & ~is_lower).groupby(ids["low"]).sum()
    if (others <= 1).mean() < LEAST_TYPED:
        return ""
    return "lower" if ids.loc[is_lower, "n"].sum() > ids.loc[is_upper, "n"].sum() else "upper"


def _turned(part: Part, column: str, form: str) -> Part:
    ids = part.rows[column]
    turned = ids.upper() if form == "upper" else ids.lower()
    n = int(counts(part.rows, n=(ids != turned).sum())["n"])
    if not n:
        return part
    decision = Decision("case", part.source.table, part.source.origin, column, n)
    return replace(part, rows=part.rows.mutate(**{column: turned}), decisions=(*part.decisions, decision))
