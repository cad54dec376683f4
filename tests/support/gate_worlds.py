"""Small made-up clients, each with something of its own: rich, tiny, one-off buyers, no history, no ids …"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import numpy as np
import pandas as pd

from helpers.core.results import RunContext
from helpers.sources.customers import customer_table
from tests.support.order_tables import orders_from_lines

MOMENT = RunContext(date(2023, 12, 31), 11)
GROUPS = ("paper", "ink", "desks", "lamps", "chairs", "cups", "tea", "soap")
SECTORS = ("care", "school", "office")
PAGES = (("study", "nursing"), ("study", "teaching"), ("staff", "jobs"), ("firms", "projects"))

Tables = dict[str, pd.DataFrame]


def firm(people: int = 400, *, months: float = 48, orders: int = 12, alike: bool = False, gone: float = 0.3, seed: int = 5) -> Tables:
    """Return the sales tables of a firm.

    Parameters
    ----------
    people : customers; months : length of the history before the round's date.
    orders : mean number of orders of a customer; 1 gives everybody exactly one.
    alike : all customers buy the same on the same days.
    gone : share of customers who stopped half way.
    """
    rng = np.random.default_rng(seed)
    days = int(months * 30.4)
    rows = []
    for number in range(people):
        size = 1 if alike else float(np.exp(rng.normal(0, 1.2)))
        count = orders if alike or orders == 1 else 1 + rng.poisson((orders - 1) * min(size, 4))
        until = days // 2 if not alike and number < gone * people else 0
        when = np.linspace(1, days, count) if alike else rng.integers(until, days, count) if until < days else [until]
        taste = 0 if alike else number % 4
        for place, ago in enumerate(when):
            group = GROUPS[(taste + (place if alike else int(rng.integers(3)))) % len(GROUPS)]
            rows.append((f"c{number:04d}", f"o{number:04d}-{place}", int(ago), group, 40.0 if alike else 40 * size * rng.gamma(4, 0.25)))
    lines = pd.DataFrame(rows, columns=["customer_id", "order_id", "ago", "product_group", "line_amount"])
    lines["order_date"] = pd.Timestamp(MOMENT.as_of) - pd.to_timedelta(lines.pop("ago"), unit="D")
    lines["product_id"], lines["quantity"] = lines["product_group"], 1.0
    lines["line_amount"] = lines["line_amount"].round(2)
    # Two orders in three over the web, without a draw, so that all else stays as it was.
    places = lines["order_id"].str.extract(r"(\d+)-(\d+)").astype(int)
    lines["channel"] = np.where(alike | ((7 * places[0] + 5 * places[1]) % 3 < 2), "web", "shop")
    return {"order_lines": lines, "orders": orders_from_lines(lines), "customers": listed(people, alike, rng)}


def listed(people: int, alike: bool, rng: np.random.Generator) -> pd.DataFrame:
    """Return a customer list with sector, size and consent."""
    return pd.DataFrame(
        {
            "customer_id": [f"c{number:04d}" for number in range(people)],
            "sector": [SECTORS[0 if alike else number % 3] for number in range(people)],
            "employees": pd.array([10] * people if alike else rng.integers(1, 200, people), dtype="Int64"),
            "consent": pd.array([True] * people, dtype="boolean"),
            "opted_out": pd.array([False] * people, dtype="boolean"),
        }
    )


def contacts(people: int, seed: int = 6) -> pd.DataFrame:
    """Return contact moments in the last year."""
    rng = np.random.default_rng(seed)
    who = np.repeat([f"c{number:04d}" for number in range(people)], rng.poisson(3, people))
    ago = pd.to_timedelta(rng.integers(1, 360, len(who)), unit="D")
    return pd.DataFrame({"customer_id": who, "contact_date": pd.Timestamp(MOMENT.as_of) - ago, "contact_type": "visit"})


def quotes(people: int, seed: int = 8) -> pd.DataFrame:
    """Return two years of quotes, a third of them won."""
    rng = np.random.default_rng(seed)
    ago = rng.integers(1, 730, 2 * people)
    days = 1 + rng.integers(0, 60, 2 * people)
    asked = pd.Timestamp(MOMENT.as_of) - pd.to_timedelta(ago, unit="D")
    decided = days <= ago
    return pd.DataFrame(
        {
            "quote_id": [f"q{number:05d}" for number in range(2 * people)],
            "customer_id": [f"c{number:04d}" for number in rng.integers(0, people, 2 * people)],
            "quote_date": asked,
            "quote_amount": np.exp(rng.normal(7, 1, 2 * people)).round(2),
            "quote_status": np.where(decided, np.where(rng.random(2 * people) < 1 / 3, "won", "lost"), "open"),
            "decided_date": pd.Series(asked + pd.to_timedelta(days, unit="D")).where(decided),
        }
    )


def visits(people: int, seed: int = 7) -> Tables:
    """Return web events of visitors of four kinds, and who of them asked for a brochure."""
    rng = np.random.default_rng(seed)
    rows = []
    for number in range(people):
        theme = PAGES[number % len(PAGES)]
        start = pd.Timestamp("2023-09-04") + pd.Timedelta(minutes=int(rng.integers(0, 60 * 24 * 60)))
        for place in range(int(rng.integers(4, 9))):
            path = f"/{theme[0]}/{theme[1]}" if rng.random() < 0.8 else f"/about/page{rng.integers(3)}"
            rows.append((f"v{number:04d}", start + pd.Timedelta(minutes=place), "page_view", f"{path}/{rng.integers(4)}"))
    events = pd.DataFrame(rows, columns=["visitor_id", "event_time", "event_type", "page_path"])
    events["device"] = "computer"
    asked = [f"v{number:04d}" for number in range(0, people, 9)]
    outcomes = pd.DataFrame({"customer_id": asked, "outcome_date": pd.Timestamp("2023-12-01"), "outcome": "brochure"})
    return {"web_events": events, "outcomes": outcomes}


def whole(tables: Mapping[str, pd.DataFrame]) -> Tables:
    """Return the tables of a client with the customer table made of them."""
    return {**tables, "customer_table": customer_table(tables, MOMENT.as_of)}


def products() -> pd.DataFrame:
    """Return one product per group, half of them of the own brand."""
    own = pd.array([at % 2 == 0 for at in range(len(GROUPS))], dtype="boolean")
    return pd.DataFrame({"product_id": GROUPS, "product_group": GROUPS, "own_brand": own, "price": 10.0, "stock": 50.0})


def rich(people: int = 400) -> Tables:
    """Return a client that has everything."""
    return whole({**firm(people), "contacts": contacts(people), "products": products(), "quotes": quotes(people), **visits(400)})


def without(tables: Mapping[str, pd.DataFrame], *names: str) -> Tables:
    """Return the client without some tables, its customer table made again."""
    return whole({name: table for name, table in tables.items() if name not in (*names, "customer_table")})


def nobody() -> Tables:
    """Return a client with exports that hold no row."""
    return whole({name: table.iloc[:0] for name, table in firm(3).items()})


def without_ids() -> Tables:
    """Return a client whose orders name no customer."""
    sales = firm(400)
    return whole(
        {name: sales[name].assign(customer_id=pd.Series(pd.NA, index=sales[name].index, dtype="str")) for name in ("orders", "order_lines")}
    )


def without_consent() -> Tables:
    """Return a client who asked nobody whether they may be written to."""
    tables = rich()
    return without({**tables, "customers": tables["customers"].drop(columns=["consent"])})


def unknown_customers() -> Tables:
    """Return a client who knows nothing of its customers but their orders, lines and consent."""
    tables = rich()
    return without({**tables, "customers": tables["customers"].drop(columns=["sector", "employees"])})
