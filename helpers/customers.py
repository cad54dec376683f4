"""Canonical tables → one row per customer as of a day."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import pandas as pd

from helpers.errors import Problem, UserMistakes

DAYS_PER_MONTH = 365.25 / 12
# Names and addresses stay in the table customers: no analysis needs them.
PERSONAL = ("customer_name", "email", "phone")


def orders_from_lines(lines: pd.DataFrame) -> pd.DataFrame:
    """Add up order lines to orders.

    Parameters
    ----------
    lines : the canonical table order_lines.

    Returns
    -------
    The canonical table orders: order_id, customer_id, order_date (the first line's), order_amount
    and, where the lines have it, channel.

    Raises
    ------
    UserMistakes : an order belongs to more than one customer.
    """
    per_order = lines.sort_values(["order_id", "order_date"]).groupby("order_id", sort=True)
    if "customer_id" in lines:
        owners = per_order["customer_id"].nunique()
        if (owners > 1).any():
            example = owners.index[owners > 1][0]
            fix = f"Correct the {int((owners > 1).sum())} orders that name more than one customer."
            raise UserMistakes([Problem("order lines", "column order_id", str(example), "one customer per order", fix)])
    first = [name for name in ("customer_id", "order_date", "channel") if name in lines]
    orders = per_order[first].first()
    orders["order_amount"] = per_order["line_amount"].sum().round(2)
    return orders.reset_index()


def customer_table(tables: Mapping[str, pd.DataFrame], as_of: date, history_from: date | None = None) -> pd.DataFrame:
    """Return one row per customer as of a day.

    Parameters
    ----------
    tables : canonical tables by name; uses customers, orders and contacts where they are there.
    as_of : last day that counts.
    history_from : first day that counts; None for all history.

    Returns
    -------
    Frame with the columns of ``tables.CUSTOMER_TABLE`` followed by the firm's own columns from
    customers (without names and addresses), sorted by customer_id. Customers without an order in the window have frequency 0 and
    no recency. Months are 30.44 days; a customer counts for at least one month (our convention).
    """
    orders = in_window(tables.get("orders"), "order_date", as_of, history_from)
    contacts = in_window(tables.get("contacts"), "contact_date", as_of, history_from)
    listed = tables.get("customers")
    table = _from_orders(orders, as_of)
    if listed is not None:
        own = listed.set_index("customer_id").drop(columns=list(PERSONAL), errors="ignore")
        table = table.join(own, how="outer")
        table["in_customer_list"] = pd.array(table.index.isin(own.index), dtype="boolean")
    else:
        table["in_customer_list"] = pd.array([pd.NA] * len(table), dtype="boolean")
    table = table.join(_from_contacts(contacts))
    table[["recency_days", "tenure_days"]] = table[["recency_days", "tenure_days"]].astype("float64")
    table["frequency"] = table["frequency"].fillna(0).astype("int64")
    table["monetary"] = table["monetary"].fillna(0.0)
    if contacts is not None:
        table["contacts"] = table["contacts"].fillna(0).astype("int64")
    return table.rename_axis("customer_id").reset_index().sort_values("customer_id", ignore_index=True)


def in_window(frame: pd.DataFrame | None, when: str, as_of: date, history_from: date | None = None) -> pd.DataFrame | None:
    """Return the rows of a table up to and including a day, and from a first day on.

    Parameters
    ----------
    frame : a table, or None.
    when : its time column.
    as_of, history_from : last and first day that count; ``history_from`` may be None.
    """
    if frame is None:
        return None
    days = frame[when].dt.normalize()
    inside = days <= pd.Timestamp(as_of)
    if history_from is not None:
        inside &= days >= pd.Timestamp(history_from)
    return frame[inside]


def _from_orders(orders: pd.DataFrame | None, as_of: date) -> pd.DataFrame:
    if orders is None:
        orders = pd.DataFrame({"order_id": [], "customer_id": [], "order_date": [], "order_amount": []})
        orders = orders.astype({"order_date": "datetime64[us]", "customer_id": "str"})
    known = orders[orders["customer_id"].notna()]
    per_customer = known.groupby("customer_id", sort=True)
    table = pd.DataFrame({
        "first_order_date": per_customer["order_date"].min().dt.normalize(),
        "last_order_date": per_customer["order_date"].max().dt.normalize(),
        "frequency": per_customer["order_id"].nunique(),
        "monetary": per_customer["order_amount"].sum().round(2),
    })  # fmt: skip
    today = pd.Timestamp(as_of)
    table.insert(2, "recency_days", (today - table["last_order_date"]).dt.days)
    table.insert(3, "tenure_days", (today - table["first_order_date"]).dt.days)
    months = (table["tenure_days"] / DAYS_PER_MONTH).clip(lower=1.0)
    table.insert(5, "frequency_per_month", table["frequency"] / months)
    table["monetary_per_order"] = table["monetary"] / table["frequency"]
    return table


def _from_contacts(contacts: pd.DataFrame | None) -> pd.DataFrame:
    if contacts is None:
        return pd.DataFrame(index=pd.Index([], name="customer_id", dtype="str"))
    per_customer = contacts.groupby("customer_id", sort=True)["contact_date"]
    return pd.DataFrame({"contacts": per_customer.size(), "last_contact_date": per_customer.max().dt.normalize()})
