"""The doubt of prices with and without tax, and what else gives two prices: dealers, a sale, a rise."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd

from helpers.sources.asking import frame
from helpers.tables.doubts import Doubt

# All thresholds here are our convention.
TAX_RATES = (1.06, 1.07, 1.09, 1.12, 1.19, 1.20, 1.21, 1.25)  # of Europe's rates those of nl, be, de, se and their reduced ones
TAX_WIDTH, TAX_PRODUCTS, TAX_SHARE = 0.003, 10, 0.3
TAX_MEDIAN = 0.001  # the middle of the ratios says the rate more closely than each of them: 17.5 % off is 1.212, no tax of 1.21
DISCOUNTS = (1.19, 1.25)  # rates that 16 % and 20 % off give as well
BY_GROUP, GROUP_LINES, GROUP_COVER = 0.9, 5, 0.2  # how much of the mixture customers or days explain; lines of each; share of lines so seen
SALE_SHARE = 0.3  # most of the lines that are at a sale's prices
RISE_MOST, RISE_WRONG = 1.13, 0.05  # no firm raises all prices by more at once; share of lines on the wrong side of that day


def tax_doubts(priced: Any, usual: pd.DataFrame) -> Iterator[Doubt]:
    """Yield the doubt of products sold at two prices that differ by a rate of tax, where nothing else explains them.

    ``priced`` are the lines of what was sold (ibis) with the price of a piece; ``usual`` counts them (n) by product and price, in memory.
    """
    busiest = usual.sort_values(["product_id", "n", "price"], ascending=[True, False, True]).groupby("product_id").head(2)
    pairs = busiest.groupby("product_id")["price"].agg(["min", "max", "size"])
    two = pairs[pairs["size"] == 2]
    ratio = two["max"] / two["min"]
    for rate in TAX_RATES:
        width = np.maximum(TAX_WIDTH, 0.011 / two["min"])  # a price of 1.05 cannot say 1.21 to three digits
        hit = (ratio - rate).abs() <= width
        if hit.sum() < TAX_PRODUCTS or hit.sum() < TAX_SHARE * len(pairs) or abs(ratio[hit].median() - rate) > TAX_MEDIAN:
            continue
        if not _explained(_levels(priced, two[hit].head(100)), rate):
            yield Doubt("tax_mixed", "order_lines", int(hit.sum()), len(pairs), 0.0, f"× {rate:.2f}")
        return


def _levels(priced: Any, two: pd.DataFrame) -> pd.DataFrame:
    """Return how many lines stand at the lower and the higher price, by product, day and customer."""
    keys = ["product_id", "price", *(["customer_id"] if "customer_id" in priced.columns else [])]
    of_these = priced.filter(priced["product_id"].isin(list(two.index)))
    by = of_these.group_by(*keys, day=of_these["order_date"].truncate("D")).aggregate(n=of_these.count())
    lines = frame(by.order_by("day", *keys).limit(300_000)).merge(two[["min", "max"]], left_on="product_id", right_index=True)
    lines = lines[(lines["price"] == lines["min"]) | (lines["price"] == lines["max"])]
    high = lines["n"].where(lines["price"] == lines["max"], 0)
    return lines.assign(high=high, low=lines["n"] - high)


def _explained(lines: pd.DataFrame, rate: float) -> bool:
    if rate in DISCOUNTS:
        dealers = "customer_id" in lines.columns and _by_group(lines, "customer_id")
        sale = lines["low"].sum() <= SALE_SHARE * lines["n"].sum() and _by_group(lines, "day")
        return dealers or sale
    return rate <= RISE_MOST and _risen(lines)


def _by_group(lines: pd.DataFrame, by: str) -> bool:
    """Tell whether each customer, or day, has one level of prices: how much of what chance leaves open the groups explain."""
    groups = lines.groupby(by)[["low", "high"]].sum()
    groups = groups[groups.sum(axis=1) >= GROUP_LINES]
    total = groups.to_numpy().sum()
    if total < GROUP_COVER * lines["n"].sum():
        return False
    by_chance, explained = groups.sum().max() / total, groups.max(axis=1).sum() / total
    return by_chance < 1 and explained - by_chance >= BY_GROUP * (1 - by_chance)


def _risen(lines: pd.DataFrame) -> bool:
    """Tell whether every product has a day before which it stands at the lower and after which at the higher price."""
    days = lines.groupby(["product_id", "day"], as_index=False)[["low", "high"]].sum()
    of_product = days.groupby("product_id")
    still_low = of_product["low"].transform("sum") - of_product["low"].cumsum()
    wrong = (of_product["high"].cumsum() + still_low).groupby(days["product_id"]).min()
    return wrong.sum() <= RISE_WRONG * lines["n"].sum()
