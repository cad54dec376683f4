"""Canonical tables → one row per customer as of a day, computed in the engine that holds the data.

Everything here is written once with ibis: DuckDB, PostgreSQL and Spark give the same rows. Money is
added up exactly (``sources.money``), so that neither the engine nor the order of rows changes a cent.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import ibis
import pandas as pd

from helpers.core.errors import Problem, UserMistakes
from helpers.privacy import with_firm_flags
from helpers.sources.asking import records
from helpers.sources.frames import frame_of
from helpers.sources.money import from_parts, light_sum
from helpers.sources.store import Store
from helpers.tables import CUSTOMER_TABLE, CUSTOMERS, DAYS_PER_MONTH, ORDERS, TABLES, dtypes, empty

# Names and addresses stay in the table customers: no analysis needs them.
PERSONAL = ("customer_name", "email", "phone")
_WHOLE = ("frequency", "contacts")


def orders_of(lines: Any) -> Any:
    """Return the orders that order lines add up to, as ``orders_from_lines`` does, for an ibis table."""
    first: dict[str, Any] = {"order_date": lines["order_date"].min()}
    if "customer_id" in lines.columns:
        first = {"customer_id": lines["customer_id"].max(), **first}
    if "channel" in lines.columns:
        first["channel"] = lines["channel"].min()
    summed = lines.group_by("order_id").aggregate(**first, __parts=light_sum(lines["line_amount"]))
    return summed.mutate(order_amount=from_parts(summed["__parts"])).drop("__parts")


def check_owners(lines: Any) -> None:
    """Raise UserMistakes where an order of an ibis table of lines belongs to more than one customer."""
    if "customer_id" not in lines.columns:
        return
    owners = lines.group_by("order_id").aggregate(low=lines["customer_id"].min(), high=lines["customer_id"].max())
    torn = owners.filter(owners["low"] != owners["high"])
    (shared,) = records(torn.aggregate(n=torn.count(), example=torn["order_id"].min()))
    if shared["n"]:
        fix = f"Correct the {shared['n']} orders that name more than one customer."
        raise UserMistakes([Problem("order lines", "column order_id", str(shared["example"]), "one customer per order", fix)])


def with_orders(tables: Mapping[str, Any]) -> dict[str, Any]:
    """Return the canonical tables with the orders that lines add up to, where a client exports lines only.

    Raises
    ------
    UserMistakes : an order belongs to more than one customer.
    """
    if "orders" in tables or "order_lines" not in tables:
        return dict(tables)
    check_owners(tables["order_lines"])
    return {**tables, "orders": orders_of(tables["order_lines"])}


def customer_table(tables: Mapping[str, Any], as_of: date, history_from: date | None = None) -> pd.DataFrame:
    """Return one row per customer as of a day.

    Parameters
    ----------
    tables : canonical tables by name, as frames or ibis tables of any engine; uses customers, orders
        and contacts where they are there; of persons, who may be written to.
    as_of : last day that counts.
    history_from : first day that counts; None for all history.

    Returns
    -------
    Frame with the columns of ``tables.CUSTOMER_TABLE`` and the firm's own columns from customers
    (without names and addresses), sorted by customer_id. Customers without an order in the window
    have frequency 0 and no recency. Months are 30.44 days; a customer counts for at least one month
    (our convention).
    """
    with Store() as store:
        held = {
            name: store.add(tables[name]) if isinstance(tables[name], pd.DataFrame) else tables[name]
            for name in ("customers", "orders", "contacts")
            if tables.get(name) is not None
        }
        table = frame_of(customer_rows(held, as_of, history_from, store), dtypes(CUSTOMERS) | dtypes(CUSTOMER_TABLE))
    persons = tables.get("persons")
    if not (persons is None or isinstance(persons, pd.DataFrame)):
        persons = frame_of(persons, dtypes(TABLES["persons"]))
    return with_firm_flags(table.astype({name: "int64" for name in _WHOLE if name in table}), persons)


def customer_rows(tables: Mapping[str, Any], as_of: date, history_from: date | None, store: Store) -> Any:
    """Return the same as an ibis table of the embedded engine, where the sums per customer of each table's own engine meet."""
    orders, listed, contacts = (tables.get(name) for name in ("orders", "customers", "contacts"))
    rows = _per_customer(orders, as_of, history_from, store)
    if listed is not None:
        own = store.here(listed.drop(*(name for name in PERSONAL if name in listed.columns))).mutate(in_customer_list=True)
        rows = rows.join(own, "customer_id", how="outer", lname="", rname="{name}_right")
        customer = ibis.coalesce(rows["customer_id"], rows["customer_id_right"])
        rows = rows.mutate(customer_id=customer, in_customer_list=rows["in_customer_list"].fill_null(False)).drop("customer_id_right")
    else:
        rows = rows.mutate(in_customer_list=ibis.null("boolean"))
    rows = rows.mutate(frequency=rows["frequency"].fill_null(0), monetary=rows["monetary"].fill_null(0.0))
    if contacts is not None:
        inside = window(contacts, "contact_date", as_of, history_from)
        known = inside.filter(inside["customer_id"].notnull())
        last = known["contact_date"].max().truncate("D").cast("timestamp")
        touched = store.here(known.group_by("customer_id").aggregate(contacts=known.count(), last_contact_date=last))
        rows = rows.left_join(touched, "customer_id").drop("customer_id_right")
        rows = rows.mutate(contacts=rows["contacts"].fill_null(0))
    return rows.order_by("customer_id")


def window(table: Any, when: str, as_of: date, history_from: date | None = None) -> Any:
    """Return the rows of an ibis table up to and including a day of its column ``when``, and from a first day on where one is given."""
    moment = table[when]
    inside = moment < ibis.timestamp(f"{as_of + timedelta(days=1)} 00:00:00")
    if history_from is not None:
        inside = inside & (moment >= ibis.timestamp(f"{history_from} 00:00:00"))
    return table.filter(inside)


def known_by(customers: Any, orders: Any, as_of: date) -> Any:
    """Return the customers known on a day: recorded by then, or with an order by then; unknown days count.

    Both are ibis tables of the embedded engine; ``orders`` may be None.
    """
    if "created_date" not in customers.columns:
        return customers
    known = (customers["created_date"] < ibis.timestamp(f"{as_of + timedelta(days=1)} 00:00:00")).fill_null(True)
    if orders is not None and "customer_id" in orders.columns:
        known = known | customers["customer_id"].isin(window(orders, "order_date", as_of)["customer_id"])
    return customers.filter(known)


def _per_customer(orders: Any, as_of: date, history_from: date | None, store: Store) -> Any:
    if orders is None or "customer_id" not in orders.columns:
        orders = store.add(empty(ORDERS))
    inside = window(orders, "order_date", as_of, history_from)
    known = inside.filter(inside["customer_id"].notnull())
    summed = known.group_by("customer_id").aggregate(
        first_order_date=known["order_date"].min().truncate("D").cast("timestamp"),
        last_order_date=known["order_date"].max().truncate("D").cast("timestamp"),
        frequency=known.count(),  # an order stands once in its table
        monetary=from_parts(light_sum(known["order_amount"])),
    )
    here = store.here(summed)
    today = ibis.date(as_of)
    here = here.mutate(
        recency_days=today.delta(here["last_order_date"].date(), unit="day").cast("float64"),
        tenure_days=today.delta(here["first_order_date"].date(), unit="day").cast("float64"),
    )
    months = ibis.greatest(here["tenure_days"] / DAYS_PER_MONTH, 1.0)
    return here.select(
        "customer_id",
        "first_order_date",
        "last_order_date",
        "recency_days",
        "tenure_days",
        "frequency",
        frequency_per_month=here["frequency"] / months,
        monetary=here["monetary"],
        monetary_per_order=here["monetary"] / here["frequency"],
    )


def with_contact_details(people: pd.DataFrame, customers: pd.DataFrame | None, persons: pd.DataFrame | None = None) -> pd.DataFrame:
    """Return people with the name and addresses that a list may declare, where the client gives them.

    One row per customer, or per recipient with person_id too (``privacy.recipients``): a person has its own addresses, never those of its
    firm.
    """
    details = [name for name in PERSONAL if customers is not None and name in customers]
    if customers is not None and details:
        people = people.merge(customers[["customer_id", *details]], on="customer_id", how="left")
    if persons is None or "person_id" not in people:
        return people
    own = persons.drop_duplicates("person_id").set_index("person_id").reindex(people["person_id"]).set_axis(people.index)
    for name in ("email", "phone"):
        if name in people or name in own:
            firm, person = (frame.get(name, pd.Series(pd.NA, index=people.index)).astype(object) for frame in (people, own))
            people = people.assign(**{name: firm.mask(people["person_id"].notna(), person)})
    return people
