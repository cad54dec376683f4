"""Doubts about what was sold: tax in some prices, grams for pieces, services for products, amounts that are no product."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from helpers.sources.asking import counts, frame
from helpers.sources.doubts.orders import currency_doubts
from helpers.tables.doubts import Doubt

# All thresholds here are our convention.
LEAST_LINES = 100
TAX_RATES = (1.06, 1.07, 1.09, 1.12, 1.19, 1.20, 1.21, 1.25)  # of Europe's rates those of nl, be, de, se and their reduced ones
TAX_WIDTH, TAX_PRODUCTS, TAX_SHARE = 0.003, 10, 0.3
WRONG_SHARE, WRONG_LINES = 0.01, 5
WEIGHT_SHARE, WEIGHT_PRODUCTS, WEIGHT_TIMES = 0.3, 0.05, 50.0
SERVICE_SHARE, SERVICE_LINES = 0.01, 10
_SERVICE = (
    r"(^|[^a-z])(verzend\w*|verzending|porto|portokosten|versand\w*|frakt\w*|postage|shipping|delivery|levering|lieferung|fracht\w*|korting\w*|"
    r"rabatt\w*|discount\w*|remise|pand|pfand|statiegeld|deposit|gift ?cards?|cadeaubon\w*|gutschein\w*|presentkort|administratiekosten|"
    r"bank charges|service ?fee|handling|carriage|toeslag|zuschlag)([^a-z]|$)"
)


def line_doubts(lines: Any, products: Any) -> Iterator[Doubt]:
    """Yield what is doubtful about order lines.

    Parameters
    ----------
    lines, products : the canonical tables as ibis tables; ``products`` may be None.
    """
    if counts(lines, n=lines.count())["n"] < LEAST_LINES:
        return
    yield from currency_doubts(lines, "order_lines")
    if {"quantity", "unit_price", "line_amount"} <= set(lines.columns):
        yield from _not_the_product(lines)
    if {"product_id", "quantity", "line_amount"} <= set(lines.columns):
        yield from _tax(lines)
        yield from _weights(lines)
    yield from _services(lines, products)


def _not_the_product(lines: Any) -> Iterator[Doubt]:
    worked_out = lines["quantity"] * lines["unit_price"]
    gap = (worked_out - lines["line_amount"]).abs()
    # A cent of rounding on each piece is no contradiction.
    off = (gap > 0.011 * lines["quantity"].abs()) & (gap > 0.02) & (gap > 0.001 * lines["line_amount"].abs())
    seen = counts(lines, rows=off.sum(), of=worked_out.notnull().sum(), amount=lines["line_amount"].sum(where=off))
    if seen["rows"] >= max(WRONG_LINES, WRONG_SHARE * seen["of"]):
        yield Doubt("amount_not_product", "order_lines", int(seen["rows"]), int(seen["of"]), seen["amount"])


def _tax(lines: Any) -> Iterator[Doubt]:
    sold = lines.filter((lines["quantity"] > 0) & (lines["line_amount"] > 0))
    priced = sold.mutate(price=(sold["line_amount"] / sold["quantity"]).round(2))
    prices = priced.group_by("product_id", "price").aggregate(n=priced.count())
    per_product = frame(prices.filter(prices["n"] > 1).order_by("product_id", "price").limit(200_000))
    busiest = per_product.sort_values(["product_id", "n", "price"], ascending=[True, False, True]).groupby("product_id").head(2)
    pairs = busiest.groupby("product_id")["price"].agg(["min", "max", "size"])
    if pairs.empty:
        return
    two = pairs[pairs["size"] == 2]
    ratio = two["max"] / two["min"]
    for rate in TAX_RATES:
        width = np.maximum(TAX_WIDTH, 0.011 / two["min"])  # a price of 1.05 cannot say 1.21 to three digits
        hits = int(((ratio - rate).abs() <= width).sum())
        if hits >= TAX_PRODUCTS and hits >= TAX_SHARE * len(pairs):
            yield Doubt("tax_mixed", "order_lines", hits, len(pairs), 0.0, f"× {rate:.2f}")
            return


def _weights(lines: Any) -> Iterator[Doubt]:
    sold = lines.filter(lines["quantity"] > 0)
    held = sold.group_by("product_id").aggregate(pieces=sold["quantity"].sum(), median=sold["quantity"].median(), n=sold.count())
    products = frame(held.order_by(held["pieces"].desc(), "product_id").limit(50_000))
    if len(products) < 10:
        return
    heavy = products[products["median"] >= WEIGHT_TIMES * max(products["median"].median(), 1.0)]
    share = heavy["pieces"].sum() / products["pieces"].sum()
    if len(heavy) and len(heavy) <= max(1, WEIGHT_PRODUCTS * len(products)) and share >= WEIGHT_SHARE:
        yield Doubt("measured_quantities", "order_lines", len(heavy), len(products), 0.0, f"{share:.0%}")


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
    # Words are looked for in the few different products, not in every line.
    kinds = rows.group_by(*texts).aggregate(n=rows.count(), amount=rows["line_amount"].sum())
    hit = kinds[texts[0]].lower().re_search(_SERVICE).fill_null(False)
    for name in texts[1:]:
        hit = hit | kinds[name].lower().re_search(_SERVICE).fill_null(False)
    found = frame(kinds.filter(hit).order_by(kinds["n"].desc(), *texts).limit(1_000))
    total = counts(lines, n=lines.count())["n"]
    if len(found) and found["n"].sum() >= max(SERVICE_LINES, SERVICE_SHARE * total):
        texts_of = found[texts].fillna("").agg(" ".join, axis=1).str.lower()
        words = texts_of.str.extract(_SERVICE)[1].dropna().unique()
        rows_hit, money_hit = int(found["n"].sum()), float(found["amount"].sum())
        yield Doubt("service_products", "order_lines", rows_hit, int(total), money_hit, ", ".join(words[:5]))
