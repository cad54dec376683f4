"""Shops that are right, each in a way that looks doubtful; and what goes wrong in exports, planted into them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

AS_OF = date(2024, 12, 31)
Tables = dict[str, pd.DataFrame]


@dataclass(frozen=True)
class Shop:
    """How a right shop sells: buyers, orders a year per buyer, prices, season by month, how often the largest buys."""

    buyers: int = 300
    orders: int = 1_500
    season: tuple[float, ...] = (1.0,) * 12
    whole_prices: bool = False
    constant: float = 0.0
    largest: float = 0.0
    once: float = 0.0
    returns: float = 0.03
    years: int = 2


SHOPS = {
    "plain": Shop(),
    "yearly": Shop(buyers=900, orders=1_200, season=(0.02,) * 10 + (1.0, 4.0), once=0.7),
    "one-time buyers": Shop(buyers=1_400, orders=1_500, once=0.97),
    "one large firm": Shop(buyers=80, orders=1_200, largest=0.05),
    "weekly market": Shop(buyers=60, orders=3_000),
    "wholesale": Shop(buyers=120, whole_prices=True),
    "subscription": Shop(buyers=100, orders=2_400, constant=29.95, returns=0.0),
    "closed in August": Shop(season=(1, 1, 1, 1, 1, 1, 1, 0, 1, 1, 1, 1)),
    "no returns": Shop(returns=0.0),
}


def shop(name: str, seed: int) -> Tables:
    """Return the tables of a right shop: customers, products, order_lines, orders."""
    kind, rng = SHOPS[name], np.random.default_rng([seed, sorted(SHOPS).index(name)])
    days = pd.date_range(f"{AS_OF.year - kind.years + 1}-01-01", AS_OF)
    weight = np.array([kind.season[day.month - 1] for day in days]) * rng.uniform(0.5, 1.5, len(days))
    when = np.sort(rng.choice(len(days), kind.orders, p=weight / weight.sum()))
    pull = rng.gamma(1.0, 1.0, kind.buyers)
    who = rng.choice(kind.buyers, kind.orders, p=pull / pull.sum())
    if kind.once:
        once = rng.random(kind.orders) < kind.once
        who = np.where(once, kind.buyers + rng.permutation(kind.orders), who)
    if kind.largest:
        who = np.where(rng.random(kind.orders) < kind.largest, 0, who)
    if kind.constant:  # each month's invoices on the day of the month on which the customer began
        who, when = np.divmod(np.arange(kind.orders), 24)
        when = np.minimum((when * 30.44).astype(int) + who % 28, len(days) - 1)
    ids = {number: f"K{10_000 + int(place)}" for number, place in zip(np.unique(who), rng.permutation(90_000), strict=False)}
    products = _products(kind, rng)
    lines = _lines(kind, products, len(who), rng)
    lines["order_id"] = [f"O{100_000 + int(i)}" for i in lines["order"]]
    lines["customer_id"] = [ids[who[i]] for i in lines["order"]]
    lines["order_date"] = days[when].to_numpy()[lines["order"]]
    lines = lines.drop(columns="order")
    first = lines.groupby("customer_id")["order_date"].min()
    customers = pd.DataFrame(
        {"customer_id": first.index, "created_date": first.to_numpy() - pd.to_timedelta(rng.integers(0, 200, len(first)), "D")}
    )
    customers["customer_name"] = [f"Firma {i} Testelt" for i in range(len(customers))]
    customers["email"] = [f"contest{i}@mail.test" if i % 3 else None for i in range(len(customers))]
    return {"customers": customers, "products": products, "order_lines": lines, "orders": orders_of(lines)}


def _products(kind: Shop, rng: np.random.Generator) -> pd.DataFrame:
    price = np.round(rng.lognormal(3.0, 0.8, 60) + 2, 0 if kind.whole_prices else 2)
    names = [f"Artikel {i} portret" for i in range(60)]
    return pd.DataFrame({"product_id": [f"P{i:03}" for i in range(60)], "product_name": names, "price": price})


def _lines(kind: Shop, products: pd.DataFrame, orders: int, rng: np.random.Generator) -> pd.DataFrame:
    order = np.repeat(np.arange(orders), 1 if kind.constant else rng.integers(1, 4, orders))
    product = rng.choice(60, len(order), p=rng.dirichlet(np.ones(60) * 3))
    quantity = rng.integers(1, 6, len(order)).astype(float)
    price = products["price"].to_numpy()[product]
    if kind.constant:
        product, quantity, price = np.zeros(len(order), dtype=int), np.ones(len(order)), np.full(len(order), kind.constant)
    quantity = np.where(rng.random(len(order)) < kind.returns, -1.0, quantity)
    frame = pd.DataFrame(
        {"order": order, "product_id": products["product_id"].to_numpy()[product], "quantity": quantity, "unit_price": price}
    )
    return frame.assign(line_amount=(frame["quantity"] * frame["unit_price"]).round(2))


def orders_of(lines: pd.DataFrame) -> pd.DataFrame:
    """Return the orders that lines add up to."""
    by = lines.groupby("order_id", sort=True)
    return by.agg(customer_id=("customer_id", "first"), order_date=("order_date", "min"), order_amount=("line_amount", "sum")).reset_index()


Plant = Callable[[Tables, np.random.Generator], Tables]
PLANTS: dict[str, Plant] = {}


def plants(kind: str) -> Callable[[Plant], Plant]:
    """Register what plants a kind of doubt."""

    def registered(plant: Plant) -> Plant:
        PLANTS[kind] = plant
        return plant

    return registered


def _with_lines(tables: Tables, lines: pd.DataFrame) -> Tables:
    return tables | {"order_lines": lines, "orders": orders_of(lines)}


@plants("order_as_customer")
def own_numbers(tables: Tables, rng: np.random.Generator) -> Tables:
    lines = tables["order_lines"].sort_values(["order_date", "order_id"])
    number = pd.factorize(lines["order_id"])[0] + 5_000
    return _with_lines(tables, lines.assign(customer_id=[f"{n}" for n in number])) | {"customers": None}


@plants("guest_account")
def till(tables: Tables, rng: np.random.Generator) -> Tables:
    lines = tables["order_lines"]
    chosen = rng.choice(lines["order_id"].unique(), int(0.25 * lines["order_id"].nunique()), replace=False)
    return _with_lines(tables, lines.assign(customer_id=lines["customer_id"].where(~lines["order_id"].isin(chosen), "K777")))


@plants("leading_account")
def key_account(tables: Tables, rng: np.random.Generator) -> Tables:
    lines = tables["order_lines"].copy()
    who = lines["customer_id"].value_counts().index[3]
    mine = lines["customer_id"] == who
    lines.loc[mine, ["unit_price", "line_amount"]] *= round(lines["line_amount"].sum() / max(lines.loc[mine, "line_amount"].sum(), 1.0))
    return _with_lines(tables, lines)


@plants("leading_order")
def typing_error(tables: Tables, rng: np.random.Generator) -> Tables:
    lines = tables["order_lines"].copy()
    place = rng.integers(len(lines))
    lines.loc[lines.index[place], ["unit_price", "line_amount", "quantity"]] = [lines["line_amount"].sum(), lines["line_amount"].sum(), 1.0]
    return _with_lines(tables, lines)


@plants("test_records")
def trials(tables: Tables, rng: np.random.Generator) -> Tables:
    customers = tables["customers"].copy()
    chosen = rng.choice(len(customers), 4, replace=False)
    customers.loc[chosen[:2], "customer_name"] = ["Test Klant", "demo"]
    customers.loc[chosen[2:], "email"] = ["test1@firma.be", "jan@test.be"]
    return tables | {"customers": customers}


@plants("month_twice")
def second_import(tables: Tables, rng: np.random.Generator) -> Tables:
    lines = tables["order_lines"]
    month = pd.Series(pd.to_datetime(lines["order_date"]).dt.to_period("M").value_counts()).index[rng.integers(5)]
    again = lines[lines["order_date"].dt.to_period("M") == month]
    again = again.assign(order_id="N" + again["order_id"])
    return _with_lines(tables, pd.concat([lines, again], ignore_index=True))


@plants("positive_refunds")
def refunds(tables: Tables, rng: np.random.Generator) -> Tables:
    orders = tables["orders"][tables["orders"]["order_amount"] > 0].reset_index(drop=True)
    back = orders.iloc[np.sort(rng.choice(len(orders), len(orders) // 20, replace=False))]
    back = back.assign(order_id="CN" + back["order_id"].str[1:], order_date=back["order_date"] + pd.Timedelta(9, "D"))
    return {"customers": tables["customers"], "orders": pd.concat([orders, back], ignore_index=True)}


@plants("currencies")
def several_currencies(tables: Tables, rng: np.random.Generator) -> Tables:
    orders = tables["orders"]
    return tables | {"orders": orders.assign(currency=np.where(rng.random(len(orders)) < 0.1, "USD", "EUR"))}


@plants("tax_mixed")
def with_tax(tables: Tables, rng: np.random.Generator) -> Tables:
    lines = tables["order_lines"].copy()
    gross = rng.random(len(lines)) < 0.4
    lines["unit_price"] = np.where(gross, (lines["unit_price"] * 1.21).round(2), lines["unit_price"])
    return _with_lines(tables, lines.assign(line_amount=(lines["quantity"] * lines["unit_price"]).round(2)))


@plants("cents")
def a_year_in_cents(tables: Tables, rng: np.random.Generator) -> Tables:
    lines = tables["order_lines"].copy()
    late = lines["order_date"] >= "2024-07-01"
    for name in ("unit_price", "line_amount"):
        lines[name] = np.where(late, lines[name] * 100, lines[name])
    return _with_lines(tables, lines)


@plants("amount_not_product")
def other_amounts(tables: Tables, rng: np.random.Generator) -> Tables:
    lines = tables["order_lines"].copy()
    off = rng.random(len(lines)) < 0.05
    return _with_lines(tables, lines.assign(line_amount=np.where(off, lines["line_amount"] * 0.7 - 1, lines["line_amount"])))


@plants("measured_quantities")
def fuel(tables: Tables, rng: np.random.Generator) -> Tables:
    lines = tables["order_lines"].copy()
    mine = lines["product_id"] == lines["product_id"].value_counts().index[0]
    lines.loc[mine, "quantity"] = np.round(rng.uniform(8_000, 60_000, int(mine.sum())))
    lines.loc[mine, "unit_price"] = 0.0016
    return _with_lines(tables, lines.assign(line_amount=(lines["quantity"] * lines["unit_price"]).round(2)))


@plants("service_products")
def shipping(tables: Tables, rng: np.random.Generator) -> Tables:
    lines, products = tables["order_lines"], tables["products"].copy()
    products.loc[5, "product_name"] = rng.choice(["Verzendkosten", "Versandkosten DE", "Frakt", "Shipping & handling", "Statiegeld"])
    lines = lines.assign(product_id=np.where(rng.random(len(lines)) < 0.1, "P005", lines["product_id"]))
    return tables | {"order_lines": lines, "products": products}


@plants("month_missing")
def lost_month(tables: Tables, rng: np.random.Generator) -> Tables:
    lines = tables["order_lines"]
    month = pd.Period("2024-05", "M") + int(rng.integers(5))
    return _with_lines(tables, lines[lines["order_date"].dt.to_period("M") != month])


@plants("days_missing")
def early_end(tables: Tables, rng: np.random.Generator) -> Tables:
    lines = tables["order_lines"]
    return _with_lines(tables, lines[lines["order_date"] < "2024-10-20"])


@plants("stray_dates")
def impossible_days(tables: Tables, rng: np.random.Generator) -> Tables:
    lines = tables["order_lines"].copy()
    chosen = rng.choice(lines["order_id"].unique(), 4, replace=False)
    for order, day in zip(chosen, ["1900-01-01", "1970-01-01", "2042-03-01", "1900-01-01"], strict=True):
        lines.loc[lines["order_id"] == order, "order_date"] = pd.Timestamp(day)
    return _with_lines(tables, lines)


@plants("days_of_month")
def monthly_totals(tables: Tables, rng: np.random.Generator) -> Tables:
    lines = tables["order_lines"]
    return _with_lines(tables, lines.assign(order_date=lines["order_date"].dt.to_period("M").dt.to_timestamp()))


@plants("created_later")
def moved_system(tables: Tables, rng: np.random.Generator) -> Tables:
    customers = tables["customers"]
    return tables | {
        "customers": customers.assign(
            created_date=customers["created_date"].where(rng.random(len(customers)) < 0.5, pd.Timestamp("2024-12-01"))
        )
    }


@plants("shared_address")
def families(tables: Tables, rng: np.random.Generator) -> Tables:
    customers = tables["customers"].copy()
    customers["email"] = [f"p{i // 2}@mail.test" if i < len(customers) // 5 else f"q{i}@mail.test" for i in range(len(customers))]
    return tables | {"customers": customers}


@plants("cut_ids")
def rounded(tables: Tables, rng: np.random.Generator) -> Tables:
    lines = tables["order_lines"]
    number = {order: f"{4_000_000_000_000_000 + 10 * i}" for i, order in enumerate(lines["order_id"].unique())}
    return _with_lines(tables, lines.assign(order_id=lines["order_id"].map(number)))


@plants("dates_as_ids")
def days_for_codes(tables: Tables, rng: np.random.Generator) -> Tables:
    products = tables["products"].copy()
    products.loc[:4, "product_id"] = ["01-feb", "3-Mar", "02/apr", "jan-24", "5-mei"]
    return tables | {"products": products}


def _with_persons(tables: Tables, rng: np.random.Generator) -> Tables:
    firms = rng.permutation(tables["customers"]["customer_id"].to_numpy())[:40]
    persons = pd.DataFrame({"person_id": [f"C{i}" for i in range(len(firms))], "customer_id": firms})
    return tables | {"persons": persons.assign(email=[f"buyer{i}@firm.example" for i in range(len(firms))])}


@plants("persons_apart")
def strangers(tables: Tables, rng: np.random.Generator) -> Tables:
    tables = _with_persons(tables, rng)
    persons = tables["persons"].copy()
    persons.loc[3, "customer_id"], persons.loc[7, "customer_id"] = "nobody", None
    again = persons.iloc[[5]].assign(person_id="C900", email="Buyer5@firm.example ")
    elsewhere = persons.iloc[[9]].assign(person_id="C901", customer_id=persons.loc[10, "customer_id"])
    return tables | {"persons": pd.concat([persons, again, elsewhere], ignore_index=True)}
