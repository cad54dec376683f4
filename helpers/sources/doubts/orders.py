"""Doubts about who ordered and for how much: tills, order numbers for customers, refunds, currencies, cents."""

from collections.abc import Iterator
from typing import Any

import pandas as pd

from helpers.sources.asking import channel_parts, counts, frame, words
from helpers.sources.credit_notes import unsigned
from helpers.tables.doubts import Doubt

# All thresholds here are our convention.
LEAST_ORDERS = 100  # with fewer, a share says little
OWN_NUMBER = 0.995  # customer numbers per order from which every order seems to have its own
IN_STEP, EQUAL_STEPS = 0.99, 0.9  # rank correlation of number and order; share of steps that are those of the orders, or one
GUEST_SHARE, GUEST_AHEAD = 0.08, 3.0  # share of orders, and times those of the third customer: a shop may have two tills
GUEST_PAIRS, GUEST_EXPECTED = 0.5, 10.0  # pairs of orders on one day, of those that chance gives; so many are needed to tell
GUEST_AMOUNT = 2.0  # times the usual order: many buyers spend as all do, a large firm more
GUEST_MOST = 0.4  # share of orders that is doubtful where there are too few to tell
GUEST_WORD_SHARE, GUEST_WORD_TIMES = 0.005, 5.0  # share of orders, and times the average customer's: one in 150 customers buys as much
LEADING_SHARE, LEADING_CUSTOMERS = 0.4, 30
LEADING_ORDER, LEADING_ORDER_TIMES = 0.15, 20.0
CENTS_ENDINGS, CENTS_MEDIAN = 0.6, 2_000.0  # share of prices that end as cents do, and a usual order of 20.00
CENTS_LOW, CENTS_HIGH = 60.0, 160.0
REFUND_ROWS, REFUND_TWINS, REFUND_USUAL = 5, 0.8, 0.5
WHOLE_CURRENCIES = frozenset("CLP CZK DKK HUF IDR INR ISK JPY KRW NOK PHP RUB SEK THB TWD VND".split())  # prices without decimals are usual
CENTS_USUAL = (99, 95, 90, 50, 49, 0)
_SIGNS = {"€": "EUR", "$": "USD", "£": "GBP", "KR": "SEK", "EURO": "EUR"}


def order_doubts(orders: Any, currency: str) -> Iterator[Doubt]:
    """Yield what is doubtful about single orders and their customers (an ibis table) of a client with this currency (ISO code)."""
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
    yield from _cents(orders, currency)


def _own_numbers(orders: Any) -> Iterator[Doubt]:
    known = orders.filter(orders["customer_id"].notnull())
    seen = counts(known, orders=known.count(), customers=known["customer_id"].nunique())
    if seen["orders"] < LEAST_ORDERS or seen["customers"] < OWN_NUMBER * seen["orders"]:
        return
    sample = frame(known.select("customer_id", "order_id", "order_date").order_by("order_date", "order_id").limit(5_000))
    digits = sample[["customer_id", "order_id"]].apply(lambda ids: pd.to_numeric(ids.str.replace(r"\D", "", regex=True), errors="coerce"))
    digits["place"] = range(len(digits))
    in_step = digits["customer_id"].corr(digits["place"], method="spearman")
    # People who sign up have numbers that run with the orders too, but those who never bought leave gaps.
    steps = digits.sort_values("customer_id").diff().iloc[1:]
    of_orders, single = (steps["customer_id"] == steps["order_id"]).mean(), (steps["customer_id"] == 1).mean()
    same = (digits["customer_id"] == digits["order_id"]).mean()
    if same >= 0.5 or of_orders >= EQUAL_STEPS or (in_step >= IN_STEP and single >= EQUAL_STEPS):
        yield Doubt("order_as_customer", "orders", int(seen["customers"]), int(seen["orders"]))


def _accounts(orders: Any, whole: dict[str, float]) -> Iterator[Doubt]:
    known = orders.filter(orders["customer_id"].notnull())
    bought = known.group_by("customer_id").aggregate(orders=known.count(), revenue=known["order_amount"].sum())
    customers = int(counts(bought, n=bought.count())["n"])
    guest = None
    for part in channel_parts(known):
        guest = guest if guest is not None else _guest(part)
    if guest is not None:
        rows, revenue = int(guest["orders"]), float(guest["revenue"])
        yield Doubt("guest_account", "orders", rows, int(whole["orders"]), revenue, act_on=guest["customer_id"])
    richest = frame(bought.order_by(bought["revenue"].desc(), "customer_id").limit(1))
    leads = len(richest) and richest["revenue"].iloc[0] >= LEADING_SHARE * whole["revenue"] > 0
    if leads and customers >= LEADING_CUSTOMERS and (guest is None or richest["customer_id"].iloc[0] != guest["customer_id"]):
        revenue, who = float(richest["revenue"].iloc[0]), richest["customer_id"].iloc[0]
        yield Doubt("leading_account", "orders", round(10_000 * revenue / whole["revenue"]), 10_000, revenue, act_on=who)


def _guest(known: Any) -> pd.Series | None:
    """Return the account of many buyers among orders of known customers (all, or those of one channel); None where none shows."""
    amount = known["order_amount"]
    whole = counts(known, orders=known.count(), revenue=amount.sum(where=amount > 0))
    if whole["orders"] < LEAST_ORDERS:
        return None
    bought = known.group_by("customer_id").aggregate(orders=known.count(), revenue=amount.sum())
    customers = int(counts(bought, n=bought.count())["n"])
    busiest = frame(bought.order_by(bought["orders"].desc(), "customer_id").limit(3))
    by_word = bought.filter(bought["customer_id"].lower().re_search(rf"^({words('guests')}([ _.-]?[0-9]{{1,3}})?|0+|9{{4,}})$"))
    named = frame(by_word.order_by(by_word["orders"].desc(), "customer_id").limit(1))
    if len(named) and named["orders"].iloc[0] >= max(
        GUEST_WORD_SHARE * whole["orders"], GUEST_WORD_TIMES * whole["orders"] / max(customers, 1)
    ):
        return named.iloc[0]
    if len(busiest) == 3 and busiest["orders"].iloc[0] >= max(GUEST_SHARE * whole["orders"], GUEST_AHEAD * busiest["orders"].iloc[2]):
        return busiest.iloc[0] if _many_buyers(known, busiest.iloc[0], whole) else None
    return None


def _many_buyers(orders: Any, account: pd.Series, whole: dict[str, float]) -> bool:
    """Tell whether an account's orders meet on a day as often as those of people who do not know of each other: one buyer's hardly do."""
    own = (orders["customer_id"] == account["customer_id"]).sum()
    days = orders.group_by(day=orders["order_date"].truncate("D")).aggregate(n=orders.count().cast("float64"), own=own.cast("float64"))
    pairs = counts(days, of_all=(days["n"] * (days["n"] - 1)).sum() / 2, own=(days["own"] * (days["own"] - 1)).sum() / 2)
    share = account["orders"] / whole["orders"]
    expected = share**2 * pairs["of_all"]
    if account["revenue"] > GUEST_AMOUNT * share * whole["revenue"]:
        return False
    return pairs["own"] >= GUEST_PAIRS * expected if expected >= GUEST_EXPECTED else share >= GUEST_MOST


def _leading_order(orders: Any, whole: dict[str, float]) -> Iterator[Doubt]:
    if whole["highest"] < LEADING_ORDER * whole["revenue"] or whole["revenue"] <= 0:
        return
    largest = frame(orders.filter(orders["order_amount"].notnull()).order_by(orders["order_amount"].desc(), "order_id").limit(2))
    if largest["order_amount"].iloc[0] >= LEADING_ORDER_TIMES * largest["order_amount"].iloc[1]:
        share = whole["highest"] / whole["revenue"]
        yield Doubt("leading_order", "orders", round(10_000 * share), 10_000, whole["highest"], act_on=largest["order_id"].iloc[0])


def _refunds(orders: Any) -> Iterator[Doubt]:
    """Look at what says that a row is a return: its status, and the letters in front of its number."""
    amount = orders["order_amount"]
    if "order_status" in orders.columns:
        marked = list(unsigned(orders, "order_status", "order_status", amount, "orders"))
        if marked:
            yield from marked
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
    """Yield the doubt of amounts in several currencies; ``table`` names what the rows are, orders or order lines (ibis)."""
    if "currency" not in rows.columns:
        return
    given = rows.filter(rows["currency"].notnull())
    seen = frame(given.group_by(currency=given["currency"].strip().upper()).aggregate(n=given.count()))
    seen = seen.assign(currency=seen["currency"].replace(_SIGNS)).groupby("currency", as_index=False)["n"].sum()
    seen = seen.sort_values(["n", "currency"], ascending=[False, True])
    if len(seen) > 1:
        names = ", ".join(f"{name[:8]}" for name in seen["currency"].head(6))
        yield Doubt("currencies", table, int(seen["n"].iloc[1:].sum()), int(seen["n"].sum()), 0.0, names)


def _cents(orders: Any, currency: str) -> Iterator[Doubt]:
    """Look for amounts a hundred times too high: in some months, or, by their endings, in all."""
    amount = orders["order_amount"]
    positive = orders.filter(amount > 0)
    whole = positive["order_amount"].round(0) == positive["order_amount"]
    typical = (positive["order_amount"].cast("int64") % 100).isin(CENTS_USUAL)
    monthly = positive.group_by(month=positive["order_date"].truncate("M")).aggregate(
        n=positive.count(), median=positive["order_amount"].median(), whole=whole.sum(), typical=(whole & typical).sum()
    )
    every = frame(monthly.order_by("month"))
    months = every[every["n"] >= 10]
    if len(months) >= 3:
        usual = months["median"].median()
        low = months["median"] / months["median"].min()
        base = usual if not low.median() > CENTS_LOW else months["median"].min()
        off = months[(months["median"] / base).between(CENTS_LOW, CENTS_HIGH)]
        if len(off) and len(off) < len(months):
            names = ", ".join(f"{month:%Y-%m}" for month in off["month"].head(4))
            yield Doubt("cents", "orders", int(off["n"].sum()), int(months["n"].sum()), 0.0, names)
            return
    n = int(every["n"].sum())
    if n and every["whole"].sum() == n and currency not in WHOLE_CURRENCIES and months["median"].median() >= CENTS_MEDIAN:
        if every["typical"].sum() >= CENTS_ENDINGS * n:
            yield Doubt("cents", "orders", n, n, 0.0, "…99, …95, …50")
