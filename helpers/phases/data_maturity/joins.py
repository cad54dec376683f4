"""Measured between tables and systems: who is known to both, what hangs loose, what contradicts."""

from collections.abc import Iterator, Mapping

import pandas as pd

from helpers.phases.data_maturity.measures import Measure, share
from helpers.tables.receipts import filled

# column, table beside customers: facts that should be the same in both.
SHARED_FACTS = (("country", "order_lines"),)
# Words in a role, in the languages of our clients, of somebody who decides on a purchase (our convention).
_DECIDES = (
    r"\b(?:decision|decides?|beslis\w*|entscheid\w*|d[ée]cid\w*|owner|eigenaar|inhaber\w*|zaakvoerder|bestuurder|g[ée]rante?|"
    r"direct(?:or|eur|rice|ie)|direktor\w*|gesch[äa]ftsf[üu]hr\w*|ceo|cfo|coo|president|vd)\b"
)


def join_measures(tables: Mapping[str, pd.DataFrame]) -> Iterator[Measure | None]:
    """Yield how well the client's tables fit each other; None where there are no rows.

    The matched measures count distinct customers in both directions: of those in orders (contacts),
    how many the customer list knows; and, as a fact in words, of the customer list how many ordered.
    """
    yield from _known("orders_matched", tables, "orders")
    yield from _known("contacts_matched", tables, "contacts")
    yield _revenue(tables)
    yield _orphans(tables, "order_lines", "order_id", "orders")
    yield _orphans(tables, "order_lines", "product_id", "products")
    yield _orphans(tables, "campaigns", "customer_id", "customers")
    for column, table in SHARED_FACTS:
        yield _consistent(tables, column, table)


def person_measures(tables: Mapping[str, pd.DataFrame]) -> Iterator[Measure | None]:
    """Yield how well a client that sells to firms knows the persons there; nothing where no source holds persons."""
    persons, firms = tables.get("persons"), ids(tables, "customers")
    if persons is None or not len(persons):
        return
    placed = persons["customer_id"].astype("string").str.strip().isin(firms)
    yield share("persons_placed", "persons", "customer_id", int(placed.sum()), len(persons))
    firms_known = persons.loc[placed, "customer_id"].nunique()
    yield share("persons_known", "customers", "", firms_known, len(firms))
    asked = filled(persons.reindex(columns=["consent", "opted_out"]).bfill(axis=1)["consent"])
    yield share("persons_asked", "persons", "consent", int(asked.sum()), len(persons))
    role = persons["role"].astype("string") if "role" in persons else pd.Series("", index=persons.index)
    decides = placed & role.str.contains(_DECIDES, case=False).fillna(False).astype(bool)
    yield share("decider_known", "persons", "role", persons.loc[decides, "customer_id"].nunique(), firms_known)


def ids(tables: Mapping[str, pd.DataFrame], table: str, column: str = "customer_id") -> set[str]:
    """Return the distinct filled ids of a table as text; empty when it is absent."""
    frame = tables.get(table)
    if frame is None or column not in frame:
        return set()
    given = frame.loc[filled(frame[column]), column]
    return set(given.astype("string").str.strip())


def _known(name: str, tables: Mapping[str, pd.DataFrame], table: str) -> Iterator[Measure | None]:
    listed, active = ids(tables, "customers"), ids(tables, table)
    if not listed or not active:
        return
    both = len(listed & active)
    yield share(name, table, "customer_id", both, len(active), f"{both}/{len(listed)}")


def _revenue(tables: Mapping[str, pd.DataFrame]) -> Measure | None:
    """Return the share of revenue with a customer; the rows are orders, the figure is money."""
    name = "orders" if "orders" in tables else "order_lines"
    money = "order_amount" if name == "orders" else "line_amount"
    orders = tables.get(name)
    if orders is None or money not in orders or not len(orders):
        return None
    amount = pd.to_numeric(orders[money], errors="coerce").fillna(0.0).clip(lower=0.0)
    if amount.sum() <= 0:
        return None
    known = filled(orders["customer_id"]) if "customer_id" in orders else pd.Series(False, index=orders.index)
    figure = float(amount[known].sum() / amount.sum())
    return Measure(
        "revenue_with_customer", name, "customer_id", figure, int(known.sum()), len(orders), f"{float(amount[~known].sum()):.2f}"
    )


def _orphans(tables: Mapping[str, pd.DataFrame], table: str, column: str, owner: str) -> Measure | None:
    frame, known = tables.get(table), ids(tables, owner, column)
    if frame is None or column not in frame or not known:
        return None
    given = frame.loc[filled(frame[column]), column].astype("string").str.strip()
    return share("not_orphaned", table, column, int(given.isin(known).sum()), len(given), owner)


def _consistent(tables: Mapping[str, pd.DataFrame], column: str, table: str) -> Measure | None:
    """Return the share of customers for whom two systems give the same fact (case and spaces apart)."""
    listed, beside = tables.get("customers"), tables.get(table)
    if listed is None or beside is None or not {"customer_id", column} <= set(listed) & set(beside):
        return None
    left, right = (_first(frame, column) for frame in (listed, beside))
    pairs = pd.concat([left, right], axis=1, join="inner", keys=["left", "right"])
    return share("consistent", table, column, int((pairs["left"] == pairs["right"]).sum()), len(pairs), "customers")


def _first(frame: pd.DataFrame, column: str) -> pd.Series:
    given = frame[filled(frame["customer_id"]) & filled(frame[column])]
    text = given[["customer_id", column]].astype("string").apply(lambda values: values.str.strip())
    text[column] = text[column].str.casefold()
    ordered = text.sort_values(["customer_id", column], kind="stable").drop_duplicates("customer_id")
    return ordered.set_index("customer_id")[column]
