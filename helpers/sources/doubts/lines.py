"""Doubts about what was sold: grams for pieces, prices in cents, services for products, amounts that are no product."""

from collections.abc import Iterator
from typing import Any

import pandas as pd

from helpers.sources.asking import counts, frame, some, words
from helpers.sources.doubts.orders import CENTS_ENDINGS, CENTS_MEDIAN, CENTS_USUAL, WHOLE_CURRENCIES, currency_doubts
from helpers.sources.doubts.tax import tax_doubts
from helpers.tables.doubts import Doubt

# All thresholds here are our convention.
LEAST_LINES = 100
WRONG_SHARE, WRONG_LINES = 0.01, 5
DISCOUNT_SHARE, DISCOUNT_PRICE = 0.9, 10.0  # share of contradictions that are half percents off, where cents can tell
WEIGHT_SHARE, WEIGHT_PRODUCTS, WEIGHT_TIMES = 0.3, 0.05, 50.0
WEIGHT_TENS = 0.5  # share of quantities in tens from which they are packs, not weights: chance gives a tenth
SERVICE_SHARE, SERVICE_LINES = 0.01, 10
SERVICE_BESIDE, SERVICE_ONCE = 0.9, 0.95  # share of lines beside a product, and of a single piece
LIST_PRODUCTS, LIST_LOW, LIST_HIGH = 10, 60.0, 160.0  # products to compare, and times the list price that are a hundred


def line_doubts(lines: Any, products: Any, currency: str) -> Iterator[Doubt]:
    """Yield what is doubtful about order lines (ibis tables; ``products`` may be None) of a client with this currency (ISO code)."""
    if counts(lines, n=lines.count())["n"] < LEAST_LINES:
        return
    yield from currency_doubts(lines, "order_lines")
    if {"quantity", "unit_price", "line_amount"} <= set(lines.columns):
        yield from _not_the_product(lines)
    if {"product_id", "quantity", "line_amount"} <= set(lines.columns):
        sold = lines.filter((lines["quantity"] > 0) & (lines["line_amount"] > 0))
        price = sold["line_amount"] / sold["quantity"]
        # What was asked, where the export says it: a discount may stand in the amount.
        priced = sold.mutate(price=(sold["unit_price"].fill_null(price) if "unit_price" in sold.columns else price).round(2))
        prices = priced.group_by("product_id", "price").aggregate(n=priced.count())
        usual = frame(prices.filter(prices["n"] > 1).order_by("product_id", "price").limit(200_000))
        yield from tax_doubts(priced, usual)
        yield from _cents(usual, products, currency)
        yield from _weights(lines)
    yield from _services(lines, products)


def _not_the_product(lines: Any) -> Iterator[Doubt]:
    worked_out = lines["quantity"] * lines["unit_price"]
    gap = (worked_out - lines["line_amount"]).abs()
    # A cent of rounding on each piece is no contradiction.
    off = (gap > 0.011 * lines["quantity"].abs()) & (gap > 0.02) & (gap > 0.001 * lines["line_amount"].abs())
    seen = counts(lines, rows=off.sum(), of=worked_out.notnull().sum(), amount=lines["line_amount"].sum(where=off))
    if seen["rows"] >= max(WRONG_LINES, WRONG_SHARE * seen["of"]) and not _discounted(lines.filter(off)):
        yield Doubt("amount_not_product", "order_lines", int(seen["rows"]), int(seen["of"]), seen["amount"])


def _discounted(lines: Any) -> bool:
    """Tell whether amounts are whole or half percents below the product, up to all of it, as closely as a cent on each piece says."""
    pieces, worked_out = lines["quantity"].abs(), lines["quantity"] * lines["unit_price"]
    halves = 200 * (1 - lines["line_amount"] / worked_out.nullif(0))
    halves = halves.between(1, 200.5).ifelse(halves, None)
    telling = worked_out.abs() >= DISCOUNT_PRICE * pieces
    discount = telling & ((halves - halves.round(0)).abs() <= 1.2 * pieces / worked_out.abs())
    seen = counts(lines, telling=telling.sum(), discount=discount.sum())
    return seen["telling"] >= WRONG_LINES and seen["discount"] >= DISCOUNT_SHARE * seen["telling"]


def _cents(usual: pd.DataFrame, products: Any, currency: str) -> Iterator[Doubt]:
    """Look for prices in cents: a hundred times those of the list or, without a list, by their endings."""
    busiest = usual.sort_values(["n", "price"], ascending=[False, True]).drop_duplicates("product_id").set_index("product_id")
    n = int(usual["n"].sum())
    if products is not None and "price" in products.columns:
        listed = frame(products.filter(products["price"] > 0).select("product_id", "price").order_by("product_id").limit(200_000))
        times = (busiest["price"] / listed.drop_duplicates("product_id").set_index("product_id")["price"]).dropna()
        if len(times) >= LIST_PRODUCTS and LIST_LOW <= times.median() <= LIST_HIGH:
            yield Doubt("cents", "order_lines", n, n, 0.0, f"× {times.median():.0f}")
            return
    whole = usual["price"].round() == usual["price"]
    ends = usual.loc[(usual["price"] % 100).isin(CENTS_USUAL), "n"].sum()
    if not n or not whole.all() or currency in WHOLE_CURRENCIES or ends < CENTS_ENDINGS * n:
        return
    if (usual["price"] * usual["n"]).sum() / n >= CENTS_MEDIAN:
        yield Doubt("cents", "order_lines", n, n, 0.0, "…99, …95, …50")


def _weights(lines: Any) -> Iterator[Doubt]:
    sold = lines.filter(lines["quantity"] > 0)
    # Counted there and divided here: engines differ in what the mean of a condition is.
    tens = (sold["quantity"] % 10 == 0).sum()
    held = sold.group_by("product_id").aggregate(pieces=sold["quantity"].sum(), median=sold["quantity"].median(), n=sold.count(), tens=tens)
    products = frame(held.order_by(held["pieces"].desc(), "product_id").limit(50_000))
    if len(products) < 10:
        return
    heavy = products[
        (products["median"] >= WEIGHT_TIMES * max(products["median"].median(), 1.0)) & (products["tens"] < WEIGHT_TENS * products["n"])
    ]
    share = heavy["pieces"].sum() / products["pieces"].sum()
    if len(heavy) and len(heavy) <= max(1, WEIGHT_PRODUCTS * len(products)) and share >= WEIGHT_SHARE:
        yield Doubt("measured_quantities", "order_lines", len(heavy), len(products), 0.0, f"{share:.0%}", act_on=some(heavy["product_id"]))


def _services(lines: Any, products: Any) -> Iterator[Doubt]:
    texts = [name for name in ("product_id", "product_name", "product_group") if name in lines.columns]
    rows = lines
    if products is not None and "product_id" in lines.columns and "product_name" not in lines.columns:
        named = [name for name in ("product_name", "product_group") if name in products.columns]
        if named and products.get_backend() is lines.get_backend():
            listed = products.select(listed_id=products["product_id"], **{f"listed_{name}": products[name] for name in named})
            rows = lines.left_join(listed, lines["product_id"] == listed["listed_id"])
            texts += [f"listed_{name}" for name in named]
    if not texts:
        return
    any_word, only = rf"(^|[^a-z]){words('services')}([^a-z]|$)", words("only_services")
    # A name of nothing but such words, and signs, digits or a country; each part is parted, so that no text keeps the pattern busy.
    only_words = rf"[^a-z]*{only}([^a-z]+({only}|and|en|und|och|et|[a-z]{{1,2}}))*[^a-z]*"
    # Words are looked for in the few different products, not in every line.
    kinds = rows.group_by(*texts).aggregate(n=rows.count(), amount=rows["line_amount"].sum())
    hit = kinds[texts[0]].lower().re_search(any_word).fill_null(False)
    for name in texts[1:]:
        hit = hit | kinds[name].lower().re_search(any_word).fill_null(False)
    services = frame(kinds.filter(hit).order_by(kinds["n"].desc(), *texts).limit(1_000))
    if not len(services):
        return
    names = services[texts].fillna("").apply(lambda column: column.str.lower())
    sure = names.apply(lambda column: column.str.fullmatch(only_words)).any(axis=1)
    if "product_id" in texts and "quantity" in lines.columns:
        sure |= services["product_id"].isin(_beside_others(lines, services.loc[~sure, "product_id"].dropna()))
    services, names = services[sure], names[sure]
    total = counts(lines, n=lines.count())["n"]
    if len(services) and services["n"].sum() >= max(SERVICE_LINES, SERVICE_SHARE * total):
        shown = names.agg(" ".join, axis=1).str.extract(any_word)[1].dropna().unique()
        ids = some(services["product_id"].dropna()) if "product_id" in texts else ""
        rows_hit, money_hit = int(services["n"].sum()), float(services["amount"].sum())
        yield Doubt("service_products", "order_lines", rows_hit, int(total), money_hit, ", ".join(shown[:5]), act_on=ids)


def _beside_others(lines: Any, ids: pd.Series) -> list[str]:
    """Return those of some products that stand beside another on nearly every order, one piece at a time, or below zero."""
    if not len(ids):
        return []
    goods = ~lines["product_id"].isin(list(ids))
    orders = lines.filter(lines["order_id"].notnull()).group_by("order_id").aggregate(goods=goods.sum())
    mine = lines.filter(~goods).inner_join(orders, "order_id")
    behaviour = {"beside": mine["goods"] > 0, "once": mine["quantity"].abs() == 1, "back": mine["line_amount"] < 0}
    kinds = frame(mine.group_by("product_id").aggregate(n=mine.count(), **{name: hit.sum() for name, hit in behaviour.items()}))
    share = {name: kinds[name] / kinds["n"] for name in behaviour}
    sure = (share["beside"] >= SERVICE_BESIDE) & ((share["once"] >= SERVICE_ONCE) | (share["back"] >= SERVICE_ONCE))
    return list(kinds.loc[sure, "product_id"])
