"""Doubts about who ordered and for how much: tills, order numbers for customers, refunds, currencies, cents."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd

from helpers.sources.asking import counts, frame
from helpers.tables.doubts import Doubt

# All thresholds here are our convention.
LEAST_ORDERS = 100  # with fewer, a share says little
OWN_NUMBER = 0.995  # customer numbers per order from which every order seems to have its own
IN_STEP = 0.99  # rank correlation of number and day from which numbers run with the orders
GUEST_SHARE, GUEST_AHEAD = 0.08, 5.0  # share of orders, and times the next customer's
GUEST_WORD_SHARE = 0.005
LEADING_SHARE, LEADING_CUSTOMERS = 0.25, 30
LEADING_ORDER, LEADING_ORDER_TIMES = 0.15, 20.0
CENTS_ENDINGS, CENTS_MEDIAN = 0.6, 400.0
CENTS_LOW, CENTS_HIGH = 60.0, 160.0
REFUND_ROWS, REFUND_TWINS, REFUND_USUAL = 5, 0.8, 0.5
_GUEST = r"^(gast|guest|gastkonto|walk.?in|cash|kassa|kasse|contant|comptant|barverkauf|laufkunde|diverse?n?|anonym.*|dummy|pos|0+|9{4,})$"
_BACK = r"(retour|refund|return|gutschrift|gutschr|credit|kredit|creditnota|avoir|remboursement|storno|terugbetal|återbetal)"


def order_doubts(orders: Any) -> Iterator[Doubt]:
    """Yield what is doubtful about single orders and their customers.

    Parameters
    ----------
    orders : the canonical table, as an ibis table of any engine.
    """
    amount = orders["order_amount"]
    whole = counts(orders, orders=orders.count(), revenue=amount.sum(where=amount > 0), highest=amount.max())
    if whole["orders"] < LEAST_ORDERS:
        return
    if "customer_id" in orders.columns:
        yield from _own_numbers(orders)
        yield from _accounts(orders, whole)
    yield from _leading_order(orders, whole)
    yield from _refunds(orders)
    yield from currency_doubts(orders, "orders")
    yield from _cents(orders)


def _own_numbers(orders: Any) -> Iterator[Doubt]:
    known = orders.filter(orders["customer_id"].notnull())
    seen = counts(known, orders=known.count(), customers=known["customer_id"].nunique())
    if seen["orders"] < LEAST_ORDERS or seen["customers"] < OWN_NUMBER * seen["orders"]:
        return
    sample = frame(known.select("customer_id", "order_id", "order_date").order_by("order_date", "order_id").limit(5_000))
    # Numbers that run with the orders: longer is later, and of equal length the later letter.
    numbers = sample["customer_id"].str.len() * 1e6 + sample["customer_id"].rank(method="dense")
    in_step = numbers.rank().corr(pd.Series(range(len(sample)), dtype=float))
    same = (sample["customer_id"].str.replace(r"\D", "", regex=True) == sample["order_id"].str.replace(r"\D", "", regex=True)).mean()
    if in_step >= IN_STEP or same >= 0.5:
        yield Doubt("order_as_customer", "orders", int(seen["customers"]), int(seen["orders"]))


def _accounts(orders: Any, whole: dict[str, float]) -> Iterator[Doubt]:
    known = orders.filter(orders["customer_id"].notnull())
    bought = known.group_by("customer_id").aggregate(orders=known.count(), revenue=known["order_amount"].sum())
    customers = int(counts(bought, n=bought.count())["n"])
    busiest = frame(bought.order_by(bought["orders"].desc(), "customer_id").limit(2))
    words = bought.filter(bought["customer_id"].lower().re_search(_GUEST))
    named = frame(words.order_by(words["orders"].desc(), "customer_id").limit(1))
    guest = ""
    if len(named) and named["orders"].iloc[0] >= GUEST_WORD_SHARE * whole["orders"] and customers > 1:
        guest, row = named["customer_id"].iloc[0], named.iloc[0]
    elif len(busiest) == 2 and busiest["orders"].iloc[0] >= max(GUEST_SHARE * whole["orders"], GUEST_AHEAD * busiest["orders"].iloc[1]):
        guest, row = busiest["customer_id"].iloc[0], busiest.iloc[0]
    if guest:
        yield Doubt("guest_account", "orders", int(row["orders"]), int(whole["orders"]), float(row["revenue"]))
    richest = frame(bought.order_by(bought["revenue"].desc(), "customer_id").limit(1))
    leads = len(richest) and richest["revenue"].iloc[0] >= LEADING_SHARE * whole["revenue"] > 0
    if leads and customers >= LEADING_CUSTOMERS and richest["customer_id"].iloc[0] != guest:
        share = richest["revenue"].iloc[0] / whole["revenue"]
        yield Doubt("leading_account", "orders", round(10_000 * share), 10_000, float(richest["revenue"].iloc[0]))


def _leading_order(orders: Any, whole: dict[str, float]) -> Iterator[Doubt]:
    if whole["highest"] < LEADING_ORDER * whole["revenue"] or whole["revenue"] <= 0:
        return
    largest = frame(orders.filter(orders["order_amount"].notnull()).order_by(orders["order_amount"].desc(), "order_id").limit(2))
    if largest["order_amount"].iloc[0] >= LEADING_ORDER_TIMES * largest["order_amount"].iloc[1]:
        share = whole["highest"] / whole["revenue"]
        yield Doubt("leading_order", "orders", round(10_000 * share), 10_000, whole["highest"])


def _refunds(orders: Any) -> Iterator[Doubt]:
    """Look at what says that a row is a return: its status, and the letters in front of its number."""
    amount = orders["order_amount"]
    if "order_status" in orders.columns:
        back = orders["order_status"].lower().re_search(_BACK).fill_null(False)
        seen = counts(orders, rows=(back & (amount > 0)).sum(), of=back.sum(), amount=amount.sum(where=back & (amount > 0)))
        if seen["rows"] >= REFUND_ROWS and seen["rows"] >= 0.5 * seen["of"]:
            yield Doubt("positive_refunds", "orders", int(seen["rows"]), int(seen["of"]), seen["amount"], "order_status")
            return
    if "customer_id" not in orders.columns or counts(orders, n=(amount < 0).sum())["n"]:
        return
    letters = orders["order_id"].re_replace("[^A-Za-z].*$", "")
    marked = orders.mutate(letters=letters).filter(orders["customer_id"].notnull())
    kinds = frame(marked.group_by("letters").aggregate(n=marked.count()).order_by("letters").limit(20))
    for row in kinds.itertuples():
        if not REFUND_ROWS <= row.n <= 0.3 * kinds["n"].sum():
            continue
        back, bought = (marked.filter(hit) for hit in (marked["letters"] == row.letters, marked["letters"] != row.letters))
        seen, usual = _bought_before(back, bought), _bought_before(bought, bought)
        # Where everybody pays the same each month, every order has one like it before.
        if seen["share"] >= REFUND_TWINS and usual["share"] <= REFUND_USUAL:
            mark = f"{row.letters}…" if row.letters else "order_id"
            yield Doubt("positive_refunds", "orders", int(seen["rows"]), int(row.n), seen["amount"], mark)


def _bought_before(rows: Any, bought: Any) -> dict[str, float]:
    """Return how many rows have an order of the same customer and amount on an earlier day, their share and amount."""
    first = bought.group_by("customer_id", "order_amount").aggregate(first=bought["order_date"].min())
    both = rows.left_join(first, ["customer_id", "order_amount"])
    hit = (both["first"] < both["order_date"]).fill_null(False)
    seen = counts(both, rows=hit.sum(), of=both.count(), amount=both["order_amount"].sum(where=hit))
    return seen | {"share": seen["rows"] / seen["of"] if seen["of"] else 0.0}


def currency_doubts(rows: Any, table: str) -> Iterator[Doubt]:
    """Yield the doubt of amounts in several currencies.

    Parameters
    ----------
    rows : orders or order lines, as an ibis table.
    table : which of the two, by name.
    """
    if "currency" not in rows.columns:
        return
    said = rows.filter(rows["currency"].notnull())
    seen = frame(said.group_by("currency").aggregate(n=said.count()))
    seen = seen.sort_values(["n", "currency"], ascending=[False, True])
    if len(seen) > 1:
        names = ", ".join(f"{name[:8]}" for name in seen["currency"].head(6))
        yield Doubt("currencies", table, int(seen["n"].iloc[1:].sum()), int(seen["n"].sum()), 0.0, names)


def _cents(orders: Any) -> Iterator[Doubt]:
    """Look for amounts a hundred times too high: in some months, or, by their endings, in all."""
    amount = orders["order_amount"]
    positive = orders.filter(amount > 0)
    monthly = positive.group_by(month=positive["order_date"].truncate("M")).aggregate(
        n=positive.count(), median=positive["order_amount"].median()
    )
    months = frame(monthly.order_by("month"))
    months = months[months["n"] >= 10]
    if len(months) >= 3:
        usual = months["median"].median()
        low = months["median"] / months["median"].min()
        base = usual if not low.median() > CENTS_LOW else months["median"].min()
        off = months[(months["median"] / base).between(CENTS_LOW, CENTS_HIGH)]
        if len(off) and len(off) < len(months):
            names = ", ".join(f"{month:%Y-%m}" for month in off["month"].head(4))
            yield Doubt("cents", "orders", int(off["n"].sum()), int(months["n"].sum()), 0.0, names)
            return
    whole = positive["order_amount"].round(0) == positive["order_amount"]
    end = positive["order_amount"].cast("int64") % 100
    typical = end.isin([99, 95, 90, 50, 49])
    middle = positive["order_amount"].median()
    seen = counts(positive, n=positive.count(), whole=whole.sum(), typical=(whole & typical).sum(), median=middle)
    if seen["n"] and seen["whole"] == seen["n"] and seen["typical"] >= CENTS_ENDINGS * seen["n"] and seen["median"] >= CENTS_MEDIAN:
        yield Doubt("cents", "orders", int(seen["n"]), int(seen["n"]), 0.0, "…99, …95, …50")
