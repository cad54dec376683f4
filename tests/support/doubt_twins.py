"""Right shops that look wrong, and wrong exports that look right: every seed draws another shop of the kind."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import yaml

from helpers.commands.check import check_client
from helpers.sources.doubts import find_doubts
from helpers.sources.store import Store
from tests.support.doubt_worlds import AS_OF, Tables, orders_of

RATES = (0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9)


@dataclass
class World:
    """A shop's exports: the canonical tables, the day of the round, the currency, and further columns of the orders or lines."""

    tables: Tables
    as_of: date = AS_OF
    currency: str = "EUR"
    unmapped: dict[str, list[str]] = field(default_factory=dict)
    through_files: bool = False


@dataclass(frozen=True)
class Way:
    """How a shop sells; what is None is drawn."""

    buyers: int | None = None
    orders: int | None = None
    years: int | None = None
    pull: float = 1.0
    end: str = "2024-12-31"
    start: str = ""
    season: tuple[float, ...] = (1.0,) * 12
    prices: Callable[[np.random.Generator, int], np.ndarray] | None = None
    quantity: Callable[[np.random.Generator, int], np.ndarray] | None = None
    returns: float = 0.02
    lines: int = 4


def drawn(rng: np.random.Generator, way: Way = Way()) -> Tables:
    """Return the tables of a right shop that sells in a way."""
    buyers, years = way.buyers or int(rng.integers(120, 500)), way.years or int(rng.integers(1, 4))
    orders = way.orders or int(rng.integers(700, 1_200)) * years
    last = pd.Timestamp(way.end)
    days = pd.date_range(way.start or last - pd.DateOffset(years=years) + pd.Timedelta(1, "D"), last)
    weight = np.array([way.season[day.month - 1] * (0.3 if day.day_of_week == 6 else 1.0) for day in days]) * rng.uniform(
        0.6, 1.4, len(days)
    )
    when = np.sort(rng.choice(len(days), orders, p=weight / weight.sum()))
    pull = rng.gamma(way.pull, 1.0, buyers)
    who = rng.choice(buyers, orders, p=pull / pull.sum())
    prices = way.prices(rng, 50) if way.prices else np.round(rng.lognormal(3.0, 0.8, 50) + 1.5, 2)
    order = np.repeat(np.arange(orders), rng.integers(1, way.lines + 1, orders))
    product = rng.choice(50, len(order), p=rng.dirichlet(np.ones(50) * 3))
    quantity = (way.quantity or (lambda rng, n: rng.integers(1, 5, n)))(rng, len(order)).astype(float)
    quantity = np.where(rng.random(len(order)) < way.returns, -quantity, quantity)
    numbers = rng.permutation(90_000)[:buyers] + 10_000
    frame = pd.DataFrame(
        {
            "order_id": [f"B{200_000 + int(i)}" for i in order],
            "customer_id": [f"{numbers[who[i]]}" for i in order],
            "order_date": days[when].to_numpy()[order],
            "product_id": [f"A{int(i):03}" for i in product],
            "quantity": quantity,
            "unit_price": prices[product],
        }
    )
    products = pd.DataFrame(
        {"product_id": [f"A{i:03}" for i in range(50)], "product_name": [f"Stuk {i}" for i in range(50)], "price": prices}
    )
    return completed(frame.assign(line_amount=_amounts(frame)), products, rng)


def completed(lines: pd.DataFrame, products: pd.DataFrame | None, rng: np.random.Generator) -> Tables:
    """Return lines with the orders that they add up to and a list of their customers."""
    first = lines.groupby("customer_id")["order_date"].min()
    known = first.to_numpy() - pd.to_timedelta(rng.integers(0, 90, len(first)), "D")
    names = [f"{rng.choice(['Jansen', 'Maes', 'Berg', 'Lind', 'Roux'])} {i}" for i in range(len(first))]
    customers = pd.DataFrame({"customer_id": first.index, "created_date": known, "customer_name": names})
    customers["email"] = [f"klant{i}@post.example.org" for i in range(len(first))]
    return {"customers": customers, "order_lines": lines, "orders": orders_of(lines)} | ({} if products is None else {"products": products})


def _amounts(lines: pd.DataFrame) -> pd.Series:
    return (lines["quantity"] * lines["unit_price"]).round(2)


def _repriced(tables: Tables, factor: np.ndarray | pd.Series) -> Tables:
    lines = tables["order_lines"].copy()
    lines["unit_price"] = (lines["unit_price"] * factor).round(2)
    return _relined(tables, lines.assign(line_amount=_amounts(lines)))


def _relined(tables: Tables, lines: pd.DataFrame) -> Tables:
    return tables | {"order_lines": lines, "orders": orders_of(lines)}


def _renamed(tables: Tables, column: str, ids: Callable[[int], str]) -> Tables:
    """Give every customer, product or order another id."""
    values = sorted(set(tables["order_lines"][column]))
    names = {value: ids(i) for i, value in enumerate(values)}
    return {
        name: table.assign(**{column: table[column].map(names).fillna(table[column])}) if column in table else table
        for name, table in tables.items()
    }


Maker = Callable[[np.random.Generator], World]
TWINS: dict[str, Maker] = {}
PLANTED: dict[str, tuple[str, Maker]] = {}


def twin(name: str) -> Callable[[Callable[[np.random.Generator], World | Tables]], Maker]:
    """Register a right shop."""

    def registered(make: Callable[[np.random.Generator], World | Tables]) -> Maker:
        def world(rng: np.random.Generator) -> World:
            tables = make(rng)
            return tables if isinstance(tables, World) else World(tables)

        TWINS[name] = world
        return world

    return registered


def plant(name: str, kind: str) -> Callable[[Callable[[np.random.Generator], World | Tables]], Maker]:
    """Register a trouble, and the kind of doubt that must name it ("refused" where reading must stop)."""

    def registered(make: Callable[[np.random.Generator], World | Tables]) -> Maker:
        def world(rng: np.random.Generator) -> World:
            tables = make(rng)
            return tables if isinstance(tables, World) else World(tables)

        PLANTED[name] = (kind, world)
        return world

    return registered


def twin_world(name: str, seed: int) -> World:
    """Return a right shop by name and seed."""
    return TWINS[name](np.random.default_rng([seed, sorted(TWINS).index(name), 77]))


def planted_world(name: str, seed: int) -> World:
    """Return a wrong export by name and seed."""
    return PLANTED[name][1](np.random.default_rng([seed, sorted(PLANTED).index(name), 78]))


# Right shops


@twin("dealers with a lower list")
def _(rng):
    tables = drawn(rng)
    dealers = rng.random(len(tables["customers"])) < rng.uniform(0.2, 0.5)
    hit = tables["order_lines"]["customer_id"].isin(tables["customers"]["customer_id"][dealers])
    return _repriced(tables, np.where(hit, rng.choice(RATES), 1.0))


@twin("dealers with a fifth off, orders without lists")
def _(rng):
    tables = drawn(rng, Way(buyers=60))
    dealers = rng.random(len(tables["customers"])) < 0.4
    hit = tables["order_lines"]["customer_id"].isin(tables["customers"]["customer_id"][dealers])
    tables = _repriced(tables, np.where(hit, 0.8, 1.0))
    return {"order_lines": tables["order_lines"], "orders": tables["orders"]}


@twin("a price rise in the year")
def _(rng):
    tables = drawn(rng)
    day = pd.Timestamp("2024-01-01") + pd.Timedelta(int(rng.integers(60, 300)), "D")
    return _repriced(
        tables, np.where(tables["order_lines"]["order_date"] >= day, rng.choice([1.03, 1.05, 1.06, 1.07, 1.09, 1.1, 1.12]), 1.0)
    )


@twin("a sale of some weeks")
def _(rng):
    tables = drawn(rng)
    start = pd.Timestamp("2024-01-01") + pd.Timedelta(int(rng.integers(30, 300)), "D")
    hit = tables["order_lines"]["order_date"].between(start, start + pd.Timedelta(int(rng.integers(10, 30)), "D"))
    return _repriced(tables, np.where(hit, rng.choice(RATES), 1.0))


def _bills(rng, amount, gaps=(1,), day=1):
    """Bills of the same day of a month: every customer at a pace of its own."""
    rows, months = [], pd.period_range("2022-01", "2024-12", freq="M")
    for who in range(int(rng.integers(60, 150))):
        price, gap = round(float(rng.uniform(9, 90)), 2), int(rng.choice(gaps))
        for month in months[int(rng.integers(0, 18)) :: gap]:
            rows.append((f"K{1_000 + who}", month.to_timestamp() + pd.Timedelta(day - 1, "D"), amount(rng, price)))
    lines = pd.DataFrame(rows, columns=["customer_id", "order_date", "line_amount"]).sort_values(["order_date", "customer_id"])
    lines = lines.assign(order_id=[f"F{i:06}" for i in range(len(lines))], product_id="ABO", quantity=1.0, unit_price=lines["line_amount"])
    return World(completed(lines.reset_index(drop=True), None, rng), as_of=date(2024, 12, 31))


@twin("subscriptions on the first of the month")
def _(rng):
    return _bills(rng, lambda rng, price: price)


@twin("bills of what was used, each month or quarter")
def _(rng):
    return _bills(rng, lambda rng, price: round(float(price * rng.uniform(0.5, 1.5)), 2), (1, 1, 3))


@twin("firms and goods called Porto, Demoor, Testa")
def _(rng):
    tables = drawn(rng, Way(lines=5))
    customers, products = tables["customers"].copy(), tables["products"].copy()
    names = [
        "Porto",
        "Demoor NV",
        "Maria Testa",
        "Emma Tester",
        "Testerman BV",
        "Porto Import",
        "Demol",
        "Test-Aankoop",
        "Warentest GmbH",
        "Speed Test Center",
    ]
    customers.loc[: len(names) - 1, "customer_name"] = names
    customers.loc[:2, "email"] = ["testa.maria@post.be", "demoor.jan@post.be", "testerman@post.be"]
    products.loc[:9, "product_name"] = [
        f"{word} {i}" for i, word in enumerate(["Porto rood 75cl", "Porto Tawny", "Portofino", "Pandabeer", "Frakta tas"] * 2)
    ]
    return tables | {"customers": customers, "products": products}


@twin("a shop of packing for sending")
def _(rng):
    tables = drawn(rng)
    words = ["Versandkarton", "Verzenddoos", "Shipping labels", "Delivery bag", "Handling gloves", "Fraktkartong", "Deposit box"]
    products = tables["products"].copy()
    products["product_name"] = [f"{words[i % 7]} {i}" for i in range(len(products))]
    return tables | {"products": products}


@twin("goods that are tests")
def _(rng):
    tables = drawn(rng)
    products = tables["products"].assign(
        product_name=[f"{w} test {i}" for i, w in enumerate(["Covid", "PCR", "Water", "Demo", "Dummy"] * 10)]
    )
    return tables | {"products": products}


@twin("a small shop in which a friend buys a fifth")
def _(rng):
    tables = drawn(rng, Way(buyers=int(rng.integers(40, 90)), orders=int(rng.integers(150, 260)), years=1))
    return _friend(tables, rng, rng.uniform(0.15, 0.22), 1.0)


def _friend(tables: Tables, rng, share: float, times: float) -> Tables:
    """Let one customer place a share of the orders, each some times the usual amount: one a day, one time in twenty a second."""
    lines = tables["order_lines"].copy()
    days = lines.drop_duplicates("order_id").sample(frac=1, random_state=int(rng.integers(1e6))).drop_duplicates("order_date")
    chosen = days["order_id"].head(int(share * lines["order_id"].nunique()))
    second = lines.loc[
        ~lines["order_id"].isin(days["order_id"]) & lines["order_date"].isin(days["order_date"].head(len(chosen))), "order_id"
    ]
    hit = lines["order_id"].isin([*chosen, *second.drop_duplicates().head(len(chosen) // 20)])
    lines.loc[hit, "customer_id"] = "10001"
    lines.loc[hit, "quantity"] = (lines["quantity"] * times).round()
    lines = lines.assign(line_amount=_amounts(lines))
    return completed(lines, tables.get("products"), rng)


@twin("business with one very large customer")
def _(rng):
    tables = drawn(rng, Way(buyers=int(rng.integers(50, 120)), returns=0.0))
    return _friend(tables, rng, rng.uniform(0.06, 0.12), rng.integers(3, 5))


def _nines(rng, n):
    return rng.choice([49, 79, 99, 129, 149, 199, 249, 299, 349, 399, 495, 499, 595, 799, 995, 999, 1295, 1499, 2495, 2999], n).astype(
        float
    )


@twin("Swedish crowns that end in 99")
def _(rng):
    return World(drawn(rng, Way(prices=_nines)), currency="SEK")


@twin("whole hundreds and 99 in euro")
def _(rng):
    prices = lambda rng, n: rng.choice([99, 100, 149, 199, 200, 249, 295, 300, 399, 400, 495, 499, 599, 699], n).astype(float)  # noqa: E731
    return drawn(rng, Way(prices=prices, lines=2, quantity=lambda rng, n: rng.integers(1, 3, n)))


@twin("yen")
def _(rng):
    prices = lambda rng, n: rng.choice([np.round(rng.lognormal(8, 1, n)), np.round(rng.lognormal(8, 1, n), -1) - 20], axis=0).clip(80)  # noqa: E731
    return World(drawn(rng, Way(prices=prices)), currency="JPY")


@twin("a year, closed in August")
def _(rng):
    return drawn(rng, Way(years=1, season=(1, 1, 1, 1, 1, 1, 1, 0, 1, 1, 1, 1)))


@twin("open for three months a year")
def _(rng):
    first, years = int(rng.integers(0, 10)), int(rng.integers(1, 4))
    season = tuple(1.0 if first <= month < first + 3 else 0.0 for month in range(12))
    end = pd.Period(f"2024-{first + 3:02}", "M").end_time.normalize()
    return World(drawn(rng, Way(years=years, season=season, end=f"{end:%Y-%m-%d}")), as_of=end.date())


@twin("wholesale in large numbers")
def _(rng):
    tables = drawn(rng)
    packs = {f"A{i:03}": int(p) for i, p in enumerate(np.round(10 ** rng.uniform(0, 3.3, 50), -1).clip(1))}
    lines = tables["order_lines"]
    lines = lines.assign(quantity=lines["quantity"] * lines["product_id"].map(packs))
    lines["unit_price"] = (lines["unit_price"] / lines["product_id"].map(packs)).clip(0.01).round(2)
    return _relined(tables, lines.assign(line_amount=_amounts(lines)))


@twin("screws by the hundred beside machines")
def _(rng):
    tables = drawn(rng)
    hit = tables["order_lines"]["product_id"].isin([f"A{i:03}" for i in rng.choice(50, 2, replace=False)])
    lines = tables["order_lines"].copy()
    lines.loc[hit, "quantity"] = rng.choice([100, 200, 250, 500, 1000], int(hit.sum())).astype(float)
    lines.loc[hit, "unit_price"] = 0.04
    return _relined(tables, lines.assign(line_amount=_amounts(lines)))


@twin("weights by the kilo")
def _(rng):
    return drawn(rng, Way(quantity=lambda rng, n: np.where(rng.random(n) < 0.6, rng.uniform(0.1, 4, n).round(3), rng.integers(1, 5, n))))


def _letters(rng, length):
    seen: set[str] = set()
    while len(seen) < 3_000:
        seen.add("".join(rng.choice(list("ABCDEFGHIJKLMNOPQRSTUVWXYZ"), length)))
    return sorted(seen)


@twin("ids of letters only")
def _(rng):
    names = _letters(rng, int(rng.integers(3, 6)))
    return _renamed(_renamed(drawn(rng), "customer_id", lambda i: names[i]), "product_id", lambda i: names[-1 - i])


@twin("ids with zeros in front")
def _(rng):
    width = int(rng.integers(4, 8))
    tables = drawn(rng, Way(pull=0.3))
    return _renamed(_renamed(tables, "customer_id", lambda i: f"{i + 1:0{width}}"), "product_id", lambda i: f"{i:04}")


@twin("ids that are long numbers")
def _(rng):
    length = int(rng.integers(15, 20))
    numbers = [f"{rng.integers(1, 9)}" + "".join(rng.choice(list("0123456789"), length - 1)) for _ in range(5_000)]
    return _renamed(_renamed(drawn(rng), "customer_id", lambda i: numbers[i]), "order_id", lambda i: numbers[1_000 + i])


@twin("ids with an E, and families called MAR or DEC")
def _(rng):
    ids = [f"{10 + i}E{rng.integers(1, 99)}" for i in range(25)] + [f"{'MAR' if i % 2 else 'DEC'}-{100 + i}" for i in range(25)]
    return _renamed(drawn(rng), "product_id", lambda i: ids[i])


@twin("a marketplace where everybody buys once")
def _(rng):
    tables = drawn(rng)
    lines = tables["order_lines"].sort_values(["order_date", "order_id"])
    place = pd.factorize(lines["order_id"])[0]
    number = np.cumsum(rng.geometric(0.5, place.max() + 1)) + 300
    return completed(lines.assign(customer_id=[f"{number[i]}" for i in place]), tables["products"], rng)


@twin("a shop that opened within a month")
def _(rng):
    start = pd.Timestamp("2024-02-01") + pd.Timedelta(int(rng.integers(5, 200)), "D")
    return drawn(rng, Way(start=f"{start:%Y-%m-%d}", years=1))


@twin("two rates of tax")
def _(rng):
    tables = drawn(rng)
    low = tables["order_lines"]["product_id"] < "A020"
    return _repriced(tables, np.where(low, 1.06, 1.21))


@twin("refunds with a minus, marked as such")
def _(rng):
    tables = drawn(rng, Way(returns=0.0))
    orders = tables["orders"]
    back = orders.sample(frac=0.05, random_state=int(rng.integers(1e6)))
    back = back.assign(
        order_id="GS" + back["order_id"], order_date=back["order_date"].clip(upper=pd.Timestamp("2024-12-20")) + pd.Timedelta(5, "D")
    )
    orders = pd.concat([orders, back.assign(order_amount=-back["order_amount"])], ignore_index=True)
    kinds = ["GS" if number.startswith("GS") else "RG" for number in orders["order_id"]]
    return World({"orders": orders, "customers": tables["customers"]}, unmapped={"Soort": kinds}, through_files=True)


@twin("paid by credit, debit or cash, from China and Costa Rica")
def _(rng):
    tables = drawn(rng, Way(returns=0.0))
    n = len(tables["orders"])
    pay = rng.choice(["Credit", "Debit", "Cash", "Credit card", "Kreditkarte"], n)
    land = rng.choice(["CN", "CR", "NC", "BE", "SE"], n)
    return World({"orders": tables["orders"]}, unmapped={"Betaalwijze": list(pay), "Land": list(land)}, through_files=True)


@twin("free samples")
def _(rng):
    tables = drawn(rng)
    free = rng.random(len(tables["order_lines"])) < rng.uniform(0.05, 0.3)
    return _repriced(tables, np.where(free, 0.0, 1.0))


@twin("a constant discount in the amount")
def _(rng):
    tables = drawn(rng)
    lines = tables["order_lines"]
    hit = rng.random(len(lines)) < rng.uniform(0.05, 0.9)
    rate = rng.choice([0.95, 0.9, 0.85, 0.8, 0.7]) if rng.random() < 0.5 else rng.choice([0.95, 0.9, 0.8], len(lines))
    return _relined(tables, lines.assign(line_amount=np.where(hit, (lines["line_amount"] * rate).round(2), lines["line_amount"])))


@twin("customers taken over on one day")
def _(rng):
    tables = drawn(rng)
    return tables | {"customers": tables["customers"].assign(created_date=tables["order_lines"]["order_date"].min() - pd.Timedelta(3, "D"))}


@twin("one currency, written in two ways")
def _(rng):
    tables = drawn(rng)
    orders = tables["orders"]
    return tables | {"orders": orders.assign(currency=rng.choice(["EUR", "eur", "EUR "], len(orders)))}


@twin("the same product twice on an order")
def _(rng):
    tables = drawn(rng)
    lines = tables["order_lines"]
    twice = lines[lines["order_id"].isin(lines["order_id"].drop_duplicates().sample(frac=rng.uniform(0.1, 1.0), random_state=3))]
    return _relined(tables, pd.concat([lines, twice], ignore_index=True))


@twin("an export that ends on the day of the round")
def _(rng):
    end = pd.Timestamp("2024-06-01") + pd.Timedelta(int(rng.integers(8, 24)), "D")
    return World(drawn(rng, Way(end=f"{end:%Y-%m-%d}")), as_of=end.date())


@twin("shipping declared apart")
def _(rng):
    tables = drawn(rng, Way(orders=600, years=1))
    lines = tables["order_lines"]
    sent = lines.drop_duplicates("order_id").assign(product_id="ZZ-VERZENDKOSTEN", quantity=1.0, unit_price=4.95, line_amount=4.95)
    return World({"order_lines": pd.concat([lines, sent], ignore_index=True)}, through_files=True)


# What goes wrong


def _till(tables: Tables, rng, share: float, name: str) -> Tables:
    lines = tables["order_lines"]
    hit = lines["order_id"].isin(lines["order_id"].drop_duplicates().sample(frac=share, random_state=int(rng.integers(1e6))))
    return completed(lines.assign(customer_id=lines["customer_id"].where(~hit, name)), tables.get("products"), rng)


@plant("half on a till", "guest_account")
def _(rng):
    return _till(drawn(rng), rng, 0.5, "10007")


@plant("a sixth on a till", "guest_account")
def _(rng):
    return _till(drawn(rng), rng, rng.uniform(0.14, 0.2), "10007")


def _with_a_till(tables: Tables, rng, times: float) -> Tables:
    """Put a shop's till beside its web shop: more orders, of customers who are recorded for some of them only."""
    web = tables["orders"].assign(channel="web")
    days = web["order_date"].sample(int(times * len(web)), replace=True, random_state=int(rng.integers(1_000_000))).to_numpy()
    till = pd.DataFrame({"order_id": [f"T{n:06d}" for n in range(len(days))], "order_date": days, "channel": "shop"})
    till["order_amount"] = rng.gamma(3, 12, len(days)).round(2) + 1.07
    known = rng.random(len(days)) < 0.3
    till["customer_id"] = np.where(known, rng.choice(web["customer_id"].dropna().unique(), len(days)), None)
    tables["orders"] = pd.concat([web, till], ignore_index=True)
    tables.pop("order_lines", None)
    return tables


@plant("a guest account of the web shop, a busy till beside it", "guest_account")
def _(rng):
    return _with_a_till(_till(drawn(rng), rng, rng.uniform(0.14, 0.2), "10007"), rng, 3.0)


@plant("half on a till in a small shop", "guest_account")
def _(rng):
    return _till(drawn(rng, Way(buyers=60, orders=200, years=1)), rng, 0.5, "10007")


@plant("guests under a word or 0", "guest_account")
def _(rng):
    word = rng.choice(
        ["0", "9999", "99999", "Gast", "GUEST", "Kassa", "walk-in", "Laufkunde", "Comptoir", "Kontantkund", "Onbekend", "particulier"]
    )
    return _till(drawn(rng), rng, rng.uniform(0.03, 0.08), str(word))


@plant("Jan Test, TEST TEST or test@test", "test_records")
def _(rng):
    tables = drawn(rng)
    customers = tables["customers"].copy()
    place, form = int(rng.integers(len(customers))), int(rng.integers(5))
    if form < 4:
        customers.loc[place, "customer_name"] = ["Jan Test", "TEST TEST", "test klant 2", "Testkunde"][form]
    else:
        customers.loc[place, "email"] = "test@test.nl"
    return tables | {"customers": customers}


@plant("litres as pieces", "measured_quantities")
def _(rng):
    tables = drawn(rng)
    lines = tables["order_lines"].copy()
    hit = lines["product_id"] == lines["product_id"].value_counts().index[int(rng.integers(6))]
    lines.loc[hit, "quantity"] = rng.uniform(300, 3_000, int(hit.sum())).round(int(rng.integers(0, 3)))
    lines.loc[hit, "unit_price"] = round(float(rng.uniform(0.6, 1.9)), 2)
    return _relined(tables, lines.assign(line_amount=_amounts(lines)))


@plant("ids as powers of ten", "refused")
def _(rng):
    tables = drawn(rng)
    return World({"orders": _renamed(tables, "customer_id", lambda i: f"1,{i % 90 + 10}E+11")["orders"]}, through_files=True)


@plant("half of the long ids cut", "cut_ids")
def _(rng):
    length = int(rng.integers(16, 20))
    numbers = [f"{rng.integers(1, 9)}" + "".join(rng.choice(list("0123456789"), length - 1)) for _ in range(500)]
    return _renamed(drawn(rng), "customer_id", lambda i: numbers[i][:15].ljust(length, "0") if i % 2 else numbers[i])


@plant("codes read as days", "dates_as_ids")
def _(rng):
    months = ["jan", "feb", "mrt", "apr", "mei", "jun", "jul", "aug", "sep"]
    return _renamed(drawn(rng), "product_id", lambda i: f"{i % 28 + 1}-{months[i % 9]}" if i % 6 == 0 else f"{i}-{i + 20}")


@plant("empty days", "refused")
def _(rng):
    orders = drawn(rng)["orders"]
    return World({"orders": orders.assign(order_date=orders["order_date"].where(rng.random(len(orders)) >= 0.05))}, through_files=True)


@plant("two months in cents", "cents")
def _(rng):
    tables = drawn(rng)
    month = pd.Period("2024-03", "M") + int(rng.integers(8))
    hit = tables["order_lines"]["order_date"].dt.to_period("M").isin([month, month + 1])
    return _repriced(tables, np.where(hit, 100.0, 1.0))


@plant("all months in cents", "cents")
def _(rng):
    prices = lambda rng, n: (rng.choice(np.arange(5, 80), n) + rng.choice([0.95, 0.99, 0.5, 0.0], n)).round(2) * 100  # noqa: E731
    tables = drawn(rng, Way(prices=prices))
    return tables | {"products": tables["products"].assign(price=tables["products"]["price"] / 100)} if rng.random() < 0.5 else tables


@plant("a month twice under other numbers", "month_twice")
def _(rng):
    tables = drawn(rng)
    lines = tables["order_lines"]
    month = lines["order_date"].dt.to_period("M")
    again = lines[month == pd.Period("2024-02", "M") + int(rng.integers(9))]
    return _relined(tables, pd.concat([lines, again.assign(order_id="Z9" + again["order_id"])], ignore_index=True))


@plant("a month twice in the orders", "month_twice")
def _(rng):
    orders = drawn(rng)["orders"]
    again = orders[orders["order_date"].dt.to_period("M") == pd.Period("2024-02", "M") + int(rng.integers(9))]
    return {"orders": pd.concat([orders, again.assign(order_id="Z9" + again["order_id"])], ignore_index=True)}


_MARKS = [
    ("RG", "GS"), ("Rechnung", "Gutschrift"), ("Invoice", "Credit"), ("facture", "avoir"), ("Faktura", "Kreditfaktura"), ("FA", "AV"),
    ("Factuur", "Creditnota"), ("", "Retour"), ("Sale", "Refund"), ("Order", "Återbetalning"), ("INV", "CN"), ("Verkoop", "Credit note"),
]  # fmt: skip


@plant("credit notes without a minus, marked in a column not mapped", "positive_refunds")
def _(rng):
    orders = drawn(rng, Way(returns=0.0))["orders"]
    usual, back = _MARKS[int(rng.integers(len(_MARKS)))]
    hit = rng.random(len(orders)) < rng.uniform(0.03, 0.15)
    return World({"orders": orders}, unmapped={"Belegart": list(np.where(hit, back, usual))}, through_files=True)


@plant("credit notes without a minus, marked beside the lines", "positive_refunds")
def _(rng):
    lines = drawn(rng, Way(returns=0.0, orders=600, years=1))["order_lines"]
    usual, back = _MARKS[int(rng.integers(len(_MARKS)))]
    hit = lines["order_id"].isin(lines["order_id"].drop_duplicates().sample(frac=0.06, random_state=int(rng.integers(1e6))))
    return World({"order_lines": lines}, unmapped={"Type": list(np.where(hit, back, usual))}, through_files=True)


@plant("credit notes without a minus, by their status", "positive_refunds")
def _(rng):
    orders = drawn(rng, Way(returns=0.0))["orders"]
    word = rng.choice(["Refunded", "Gutschrift", "avoir", "retour", "Återbetald", "creditnota", "Terugbetaald"])
    return {"orders": orders.assign(order_status=np.where(rng.random(len(orders)) < 0.06, word, "ok"))}


@plant("credit notes without a minus, by their number", "positive_refunds")
def _(rng):
    orders = drawn(rng, Way(returns=0.0))["orders"]
    back = orders.sample(frac=0.06, random_state=int(rng.integers(1e6)))
    day = (back["order_date"] + pd.to_timedelta(rng.integers(1, 40, len(back)), "D")).clip(upper=pd.Timestamp(AS_OF))
    back = back.assign(order_id="CR" + back["order_id"].str[1:], order_date=day)
    return {"orders": pd.concat([orders, back[back["order_date"] > orders["order_date"].loc[back.index]]], ignore_index=True)}


@plant("months missing in the middle", "month_missing")
def _(rng):
    tables = drawn(rng)
    month = pd.Period("2024-02", "M") + int(rng.choice([0, 1, 2, 3, 7, 8]))
    lines = tables["order_lines"]
    return _relined(tables, lines[~lines["order_date"].dt.to_period("M").isin([month + i for i in range(int(rng.integers(1, 3)))])])


@plant("services as products", "service_products")
def _(rng):
    tables = drawn(rng, Way(returns=0.0))
    lines = tables["order_lines"]
    name = rng.choice(
        [
            "Porto",
            "Verzendkosten NL",
            "Frakt Sverige zone 2",
            "Shipping EU standard",
            "Versandkosten",
            "Delivery to your door",
            "Porto DHL pakket",
        ]
    )
    sent = lines.drop_duplicates("order_id").sample(frac=rng.uniform(0.1, 0.9), random_state=1)
    sent = sent.assign(product_id="S01", quantity=1.0, unit_price=4.95, line_amount=4.95)
    products = pd.concat(
        [tables["products"], pd.DataFrame({"product_id": ["S01"], "product_name": [name], "price": [4.95]})], ignore_index=True
    )
    return _relined(tables | {"products": products}, pd.concat([lines, sent], ignore_index=True))


@plant("tax in one half of the time", "tax_mixed")
def _(rng):
    tables = drawn(rng)
    days = tables["order_lines"]["order_date"]
    late = days >= days.quantile(rng.uniform(0.35, 0.65))
    return _repriced(tables, np.where(late, rng.choice([1.19, 1.2, 1.21, 1.25]), 1.0))


@plant("tax on some lines", "tax_mixed")
def _(rng):
    tables = drawn(rng)
    hit = rng.random(len(tables["order_lines"])) < rng.uniform(0.25, 0.6)
    return _repriced(tables, np.where(hit, rng.choice([1.06, 1.09, 1.12, 1.19, 1.21, 1.25]), 1.0))


@plant("order numbers as customers", "order_as_customer")
def _(rng):
    tables = drawn(rng)
    lines = tables["order_lines"]
    shift = int(rng.integers(0, 3)) * 7_000
    return _relined(tables, lines.assign(customer_id=[f"{int(number[1:]) + shift}" for number in lines["order_id"]])) | {"customers": None}


@plant("totals per month", "days_of_month")
def _(rng):
    lines = drawn(rng)["order_lines"]
    first = lines["order_date"].dt.to_period("M").dt.to_timestamp()
    total = lines.assign(order_date=first).groupby(["customer_id", "order_date"], as_index=False)["line_amount"].sum()
    total["order_id"] = [f"T{i}" for i in range(len(total))]
    return {"orders": total.rename(columns={"line_amount": "order_amount"})}


@plant("two currencies", "currencies")
def _(rng):
    orders = drawn(rng)["orders"]
    return {"orders": orders.assign(currency=np.where(rng.random(len(orders)) < rng.uniform(0.02, 0.5), "SEK", "EUR"))}


@plant("amounts that are something else", "amount_not_product")
def _(rng):
    tables = drawn(rng)
    lines = tables["order_lines"]
    hit = rng.random(len(lines)) < rng.uniform(0.03, 0.3)
    return _relined(
        tables,
        lines.assign(line_amount=np.where(hit, (lines["line_amount"] * rng.uniform(0.3, 1.7, len(lines))).round(2), lines["line_amount"])),
    )


@plant("tax in the amounts, not in the prices", "amount_not_product")
def _(rng):
    tables = drawn(rng)
    lines = tables["order_lines"]
    return _relined(tables, lines.assign(line_amount=(lines["line_amount"] * rng.choice([1.06, 1.21, 1.25])).round(2)))


@plant("days of 1900 and of the future", "stray_dates")
def _(rng):
    tables = drawn(rng)
    lines = tables["order_lines"].copy()
    hit = lines["order_id"].isin(lines["order_id"].drop_duplicates().sample(5, random_state=int(rng.integers(1e6))))
    lines.loc[hit, "order_date"] = pd.Timestamp(str(rng.choice(["1900-01-01", "1970-01-01", "2047-05-01"])))
    return _relined(tables, lines)


@plant("customers recorded after their orders", "created_later")
def _(rng):
    tables = drawn(rng)
    customers = tables["customers"]
    hit = rng.random(len(customers)) < rng.uniform(0.2, 0.9)
    return tables | {"customers": customers.assign(created_date=customers["created_date"].where(~hit, pd.Timestamp("2024-12-30")))}


@plant("one account with half of the revenue", "leading_account")
def _(rng):
    tables = drawn(rng, Way(returns=0.0))
    lines = tables["order_lines"].copy()
    hit = lines["customer_id"] == lines["customer_id"].value_counts().index[int(rng.integers(1, 9))]
    lines.loc[hit, "quantity"] *= np.ceil(1.2 * lines["line_amount"].sum() / lines.loc[hit, "line_amount"].sum())
    return _relined(tables, lines.assign(line_amount=_amounts(lines)))


def kinds_seen(world: World, folder: Path) -> set[str]:
    """Return the kinds of doubt that a world raises; "refused" where reading it stops.

    Parameters
    ----------
    world : the exports.
    folder : an empty folder for those that are read as files, with what client.yml would declare.
    """
    if not world.through_files:
        with Store() as store:
            held = {name: store.add(frame) for name, frame in world.tables.items() if frame is not None}
            return {doubt.kind for doubt in find_doubts(held, world.as_of, world.currency)}
    blocks = []
    for name, frame in world.tables.items():
        export = frame.assign(**world.unmapped) if name != "customers" else frame
        export.to_csv(folder / f"{name}.csv", sep=";", index=False, date_format="%Y-%m-%d")
        rule = {"name": "sent", "column": "product_id", "starts_with": ["ZZ"], "reason": "No product."}
        block = {"table": name, "file": f"{name}.csv", "decimal": ".", "columns": {column: column for column in frame}}
        blocks.append(block | ({"set_aside": [rule]} if name == "order_lines" else {}))
    client = {"as_of": world.as_of, "client": {"currency": world.currency}, "sources": blocks}
    (folder / "client.yml").write_text(yaml.safe_dump(client))
    found = check_client(folder)
    return {"refused"} if found.problems else {doubt.kind for doubt in found.doubts}
