"""A client's exports of one month and the next: normal months, and some fifty ways in which an export goes wrong."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd

Tables = dict[str, pd.DataFrame]
AS_OF, NEXT = pd.Timestamp("2024-10-31"), pd.Timestamp("2024-11-30")


def world(seed: int) -> Tables:
    """Return everything that will ever be exported: customers with consent, orders with channel, status and currency, contacts."""
    rng = np.random.default_rng(seed)
    buyers, n = int(rng.integers(150, 500)), int(rng.integers(900, 2_500))
    days = pd.date_range("2023-01-01", NEXT)
    growth = np.linspace(1, rng.uniform(0.7, 1.6), len(days)) * (1 + rng.uniform(0, 0.6) * np.sin(np.arange(len(days)) / 58))
    when = days.to_numpy()[np.sort(rng.choice(len(days), n, p=growth / growth.sum()))]
    ids = [f"K{i:05}" for i in rng.permutation(20_000)[:buyers]]
    who = rng.choice(ids, n, p=rng.dirichlet(np.ones(buyers)))
    channels = rng.choice(["shop", "web", "sales person"], n, p=rng.dirichlet([6, 4, 2]))
    orders = pd.DataFrame({"order_id": [f"{100_000 + i}" for i in range(n)], "customer_id": who, "order_date": when, "channel": channels})
    orders["order_amount"] = np.round(rng.lognormal(rng.uniform(3, 6), 0.8, n), 2) * np.where(rng.random(n) < 0.03, -1, 1)
    orders["order_status"] = rng.choice(["paid", "sent"], n, p=[0.3, 0.7])
    orders["currency"] = "EUR"
    first = orders.groupby("customer_id")["order_date"].min()
    known = pd.DataFrame({"customer_id": first.index, "created_date": first.to_numpy()})
    known["customer_name"] = [f"Café Björn {i}" for i in range(len(known))]
    known["place"] = rng.choice(["Gent", "Liège", "Malmö"], len(known))
    known["consent"] = pd.array(np.where(rng.random(len(known)) < 0.6, rng.random(len(known)) < 0.7, None), dtype="boolean")
    known["email"] = [f"p{i}@mail.test" if rng.random() < 0.8 else None for i in range(len(known))]
    known["sector"] = np.where(rng.random(len(known)) < rng.uniform(0.3, 0.9), rng.choice(["care", "building", "retail"], len(known)), None)
    known["phone"] = [f"04{i:08}" if rng.random() < 0.25 else None for i in rng.permutation(10**6)[: len(known)]]
    contacts = pd.DataFrame({"customer_id": rng.choice(ids, n // 2), "contact_date": days.to_numpy()[rng.integers(0, len(days), n // 2)]})
    contacts["contact_type"] = rng.choice(["visit", "phone"], len(contacts))
    codes = pd.DataFrame({"product_id": [f"P{i:04}" for i in rng.permutation(9_000)[: int(rng.integers(60, 300))]]})
    products = codes.assign(product_group=rng.choice(["a", "b", "c"], len(codes)), price=np.round(rng.lognormal(3, 1, len(codes)), 2))
    return {"customers": known, "orders": orders, "contacts": contacts, "products": products}


def export(tables: Tables, day: pd.Timestamp) -> Tables:
    """Return what stands in the exports of a day."""
    when = {"customers": "created_date", "orders": "order_date", "contacts": "contact_date"}
    return {
        name: frame[frame[when[name]] <= day].reset_index(drop=True) if name in when else frame.copy() for name, frame in tables.items()
    }


def normal(tables: Tables, seed: int) -> Tables:
    """Return next month's export as life makes it.

    A channel is tried, orders are booked late, statuses move on, a field is kept a little better, a few records go, and some
    systems hold the last months only.
    """
    rng = np.random.default_rng([seed, 1])
    now = export(tables, NEXT)
    if rng.random() < 0.5:  # a season's products go, others come
        products = now["products"]
        come = products.sample(frac=0.2, random_state=seed).assign(product_id=lambda rows: "N" + rows["product_id"])
        now["products"] = pd.concat([products[rng.random(len(products)) > 0.2], come], ignore_index=True)
    orders, customers = now["orders"].copy(), now["customers"].copy()
    late = orders["order_date"] > AS_OF
    orders.loc[late, "order_amount"] = (orders.loc[late, "order_amount"] * rng.uniform(0.9, 1.15)).round(2)
    if rng.random() < 0.4:
        tried = late & (rng.random(len(orders)) < 0.6)
        orders["channel"] = orders["channel"].mask(tried, "app")
    booked_late = orders[~late & (rng.random(len(orders)) < rng.uniform(0, 0.02))]
    orders = pd.concat([orders, booked_late.assign(order_id="L" + booked_late["order_id"])], ignore_index=True)
    orders["order_status"] = orders["order_status"].mask(rng.random(len(orders)) < 0.02, "sent")
    if rng.random() < 0.3:  # a system that holds the last months only
        orders = orders[orders["order_date"] >= orders["order_date"].min() + pd.DateOffset(months=1)].reset_index(drop=True)
    # A few per cent leave the list, and a few ask to be forgotten; their orders stay.
    customers = customers[rng.random(len(customers)) > rng.uniform(0, 0.05)].reset_index(drop=True)
    customers = customers[rng.random(len(customers)) > rng.uniform(0, 0.03)].reset_index(drop=True)
    filled = customers["email"].isna() & (rng.random(len(customers)) < 0.2)
    customers.loc[filled, "email"] = [f"n{i}@mail.test" for i in range(int(filled.sum()))]
    return now | {"orders": orders, "customers": customers}


def _orders(change: Callable[[pd.DataFrame], pd.DataFrame]) -> Callable[[Tables], Tables]:
    return lambda tables: tables | {"orders": change(tables["orders"].copy())}


def _customers(change: Callable[[pd.DataFrame], pd.DataFrame]) -> Callable[[Tables], Tables]:
    return lambda tables: tables | {"customers": change(tables["customers"].copy())}


def _again(frame: pd.DataFrame, key: str) -> pd.DataFrame:
    return pd.concat([frame, frame.assign(**{key: "X" + frame[key]})], ignore_index=True)


def _swapped(days: pd.Series) -> pd.Series:
    """Return the days as a spreadsheet of another country reads them: day and month change places where both can be a month."""
    return days.map(lambda day: pd.Timestamp(day.year, day.day, day.month) if day.day <= 12 else day)


def _month(frame: pd.DataFrame, month: str) -> pd.Series:
    return frame["order_date"].dt.strftime("%Y-%m") == month


def _every(orders: pd.DataFrame, step: int) -> np.ndarray:
    return np.arange(len(orders)) % step == 0


def _some(orders: pd.DataFrame, column: str) -> pd.Series:
    return orders[column].where(_every(orders, 8))


def _answered(answer: bool | None) -> Callable[[Tables], Tables]:
    return _customers(lambda people: people.assign(consent=pd.array([answer] * len(people), dtype="boolean")))


def _late_in_cents(orders: pd.DataFrame) -> pd.DataFrame:
    return orders.assign(order_amount=orders["order_amount"].mask(orders["order_date"] > AS_OF, orders["order_amount"] * 100))


def _all_ids(tables: Tables, change: Callable[[pd.Series], pd.Series]) -> Tables:
    return {
        name: frame.assign(customer_id=change(frame["customer_id"])) if "customer_id" in frame else frame for name, frame in tables.items()
    }


def _damaged(text: pd.Series) -> pd.Series:
    return text.map(lambda value: value.encode("utf-8").decode("cp1252", errors="replace"))


# What goes wrong, and the kind of change that must be named.
WRONG: dict[str, tuple[str, Callable[[Tables], Tables]]] = {
    "orders twice": ("rows_doubled", _orders(lambda orders: _again(orders, "order_id"))),
    "a month twice": ("rows_doubled", _orders(lambda orders: pd.concat([orders, _again(orders[_month(orders, "2024-06")], "order_id")]))),
    "contacts twice": ("rows_doubled", lambda tables: tables | {"contacts": pd.concat([tables["contacts"]] * 2)}),
    "customers twice": ("rows_doubled", _customers(lambda people: _again(people, "customer_id"))),
    "a third of the orders": ("rows_thinned", _orders(lambda orders: orders.iloc[::3])),
    "no contacts": ("rows_thinned", lambda tables: {name: frame for name, frame in tables.items() if name != "contacts"}),
    "a month gone": ("months_missing", _orders(lambda orders: orders[~_month(orders, "2024-05")])),
    "two months gone": ("months_missing", _orders(lambda orders: orders[~(_month(orders, "2023-11") | _month(orders, "2023-12"))])),
    "day and month swapped": ("dates_moved", _orders(lambda orders: orders.assign(order_date=_swapped(orders["order_date"])))),
    "half a year gone": ("history_shorter", _orders(lambda orders: orders[orders["order_date"] >= "2023-07-01"])),
    "amounts in cents": ("amounts_scaled", _orders(lambda orders: orders.assign(order_amount=orders["order_amount"] * 100))),
    "amounts in thousands": ("amounts_scaled", _orders(lambda orders: orders.assign(order_amount=orders["order_amount"] / 1_000))),
    "decimals lost": ("amounts_scaled", _orders(lambda orders: orders.assign(order_amount=(orders["order_amount"] * 100).round()))),
    "new orders in cents": ("amounts_scaled", _orders(_late_in_cents)),
    "with tax": ("amounts_taxed", _orders(lambda orders: orders.assign(order_amount=(orders["order_amount"] * 1.21).round(2)))),
    "without tax": ("amounts_taxed", _orders(lambda orders: orders.assign(order_amount=(orders["order_amount"] / 1.21).round(2)))),
    "signs turned": ("signs_flipped", _orders(lambda orders: orders.assign(order_amount=-orders["order_amount"]))),
    "other currency": ("currency_changed", _orders(lambda orders: orders.assign(currency="SEK"))),
    "some in another currency": (
        "currency_changed",
        _orders(lambda orders: orders.assign(currency=np.where(np.arange(len(orders)) % 9 == 0, "USD", "EUR"))),
    ),
    "half the customers": ("customers_gone", lambda tables: _half(tables)),
    "prefixed ids": ("ids_changed", lambda tables: _all_ids(tables, lambda ids: "C-" + ids)),
    "another client": ("other_client", lambda tables: world(999_999) | {"contacts": tables["contacts"].head(0)}),
    "consent emptied": ("consent_emptied", _answered(None)),
    "consent refused by all": ("consent_emptied", _answered(False)),
    "consent of all": ("consent_all", _answered(True)),
    "e-mail emptied": ("column_emptied", _customers(lambda people: people.assign(email=pd.array([None] * len(people), dtype="str")))),
    "names emptied": (
        "column_emptied",
        _customers(lambda people: people.assign(customer_name=pd.array([None] * len(people), dtype="str"))),
    ),
    "no customer on orders": ("column_emptied", _orders(lambda orders: orders.assign(customer_id=_some(orders, "customer_id")))),
    "new status": ("value_new", _orders(lambda orders: orders.assign(order_status=orders["order_status"].mask(_every(orders, 9), "void")))),
    "status renamed": ("value_gone", _orders(lambda orders: orders.replace({"order_status": {"sent": "verstuurd"}}))),
    "no web orders": ("value_gone", _orders(lambda orders: orders[orders["channel"] != orders["channel"].mode()[0]])),
    "wrong encoding": ("text_damaged", _customers(lambda people: people.assign(customer_name=_damaged(people["customer_name"])))),
    "last month's file": ("nothing_new", lambda tables: export(tables, AS_OF)),
}


def _emptied(column: str, share: float = 1.0) -> Callable[[Tables], Tables]:
    return _customers(lambda people: people.assign(**{column: people[column].where(np.arange(len(people)) >= share * len(people))}))


def _listed(tables: Tables, kept: float) -> Tables:
    """Return the tables with a part of the customer list only; their orders are still there."""
    people = tables["customers"]
    return tables | {"customers": people.sample(frac=kept, random_state=len(people))}


def _renumbered(tables: Tables, form: Callable[[str], str], name: str = "customers", key: str = "customer_id") -> Tables:
    return tables | {name: tables[name].assign(**{key: tables[name][key].map(form)})}


def _prospects(tables: Tables) -> Tables:
    people = tables["customers"].sample(frac=0.8, random_state=1)
    return tables | {"customers": people.assign(customer_id=[f"K9{i:05}" for i in range(len(people))])}


def _merged(tables: Tables) -> Tables:
    """Return the list after one in seven records was found to be a double of another, as were their orders."""
    people = tables["customers"].reset_index(drop=True)
    gone = people.index % 7 == 3
    kept = dict(zip(people["customer_id"][gone], people["customer_id"].shift(1)[gone], strict=True))
    orders = tables["orders"].assign(customer_id=tables["orders"]["customer_id"].replace(kept))
    return tables | {"customers": people[~gone], "orders": orders}


# A list goes wrong while the orders stay as they are, so that their customers are all still there.
WRONG |= {
    "half the list gone": ("list_gone", lambda tables: _listed(tables, 0.5)),
    "a third of the list gone": ("list_gone", lambda tables: _listed(tables, 0.7)),
    "the list cut at a number of rows": ("list_gone", _customers(lambda people: people.head(int(0.75 * len(people))))),
    "the list renumbered": ("ids_changed", lambda tables: _renumbered(tables, lambda id_: f"C{int(id_[1:]) + 70_000}")),
    "zeros before the ids of the list": ("ids_changed", lambda tables: _renumbered(tables, lambda id_: "K000" + id_[1:])),
    "zeros lost from the ids of the list": ("list_gone", lambda tables: _renumbered(tables, lambda id_: "K" + id_[1:].lstrip("0"))),
    "prospects instead of customers": ("ids_changed", _prospects),
    "doubles merged": ("list_shorter", _merged),
    "last month's list": ("list_unmet", lambda tables: _listed(tables, 0.85)),
    "sectors emptied": ("column_emptied", _emptied("sector")),
    "half the sectors emptied": ("column_emptied", _emptied("sector", 0.55)),
    "half the e-mails emptied": ("column_emptied", _emptied("email", 0.55)),
    "the few telephones emptied": ("column_emptied", _emptied("phone")),
    "products renumbered": ("ids_changed", lambda tables: _renumbered(tables, lambda id_: "9" + id_, "products", "product_id")),
    "half the products gone": ("rows_thinned", lambda tables: tables | {"products": tables["products"].iloc[::2]}),
    "half the orders": ("rows_thinned", _orders(lambda orders: orders.iloc[::2])),
    "one of two systems sends no customers": ("list_gone", lambda tables: _one_system(tables)),
}


def _one_system(tables: Tables) -> Tables:
    people = tables["customers"]
    return tables | {"customers": people[people["customer_id"].map(lambda id_: int(id_[1:]) % 10 < 7)]}


def _half(tables: Tables) -> Tables:
    ids = sorted(set(tables["customers"]["customer_id"]))[::2]
    return {name: frame[frame["customer_id"].isin(ids)] if "customer_id" in frame else frame for name, frame in tables.items()}
