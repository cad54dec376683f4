"""Candidates that obey the rules, ranked by expected conversion and adjustable weights, and checked on later orders.

As in the published case of a computer shop: the product manager says what goes together and in which
price range; then what sells together decides, weighed with number sold, price position, page views and stock.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import sparse

from helpers.analyses.next_offer.bundles.chance import strongest
from helpers.analyses.next_offer.bundles.pairs import assortment, merged, roots, together
from helpers.analyses.next_offer.settings import BundleRule, Settings, Weights
from helpers.statistics.intervals import share_and_interval

PRIOR_ORDERS = 20  # orders' worth of trust in the whole group of the main product (our choice)
FACTORS = ("conversion", "units", "price", "views", "stock")
_KEYS = ["rule", "base", "add_group"]


@dataclass(frozen=True)
class Bundles:
    """Bundles, and whether they held in the later period.

    Parameters
    ----------
    table : the bundles kept: rule, base, base_name, add_group, product, product_name, rank, weighed (0 to 1),
        expected_conversion, both (orders), price, stock, and one column 0 to 1 per ground
        (``ground_units`` …).
    candidates : every pair that obeys the rules and the support, the same columns without rank.
    check : one row for first ranks and one for the best seller of the same group: what, orders (with
        the main product), with_it, conversion, low, high.
    """

    table: pd.DataFrame
    candidates: pd.DataFrame
    check: pd.DataFrame


def bundles(earlier: pd.DataFrame, later: pd.DataFrame, tables: Mapping[str, pd.DataFrame], settings: Settings) -> Bundles | None:
    """Return the bundles; None without rules or where nothing names the groups of products.

    Parameters
    ----------
    earlier, later : canonical order lines before and after the split; the later ones only check.
    tables : with products, where there are any; else the lines say what the products are.
    """
    products = assortment(pd.concat([earlier, later]), tables.get("products"))
    if not settings.bundles or products is None or "product_id" not in earlier:
        return None
    root = roots(products.drop_duplicates("product_id"))
    candidates = _candidates(_sold(earlier, root), merged(products), settings)
    table = rank(candidates, settings.bundle_weights, settings.bundles_per_product)
    best_sellers = rank(candidates, Weights(conversion=0, units=1, price=0, views=0, stock=0), 1)
    check = check_on_later_orders(table[table["rank"] == 1], best_sellers, _sold(later, root), settings.largest_order)
    return Bundles(table, candidates, check)


def pairs_without_rule(lines: pd.DataFrame, products: pd.DataFrame | None, settings: Settings) -> pd.DataFrame | None:
    """Return the pairs that beat chance, where client.yml has no rule for bundles; None with a rule or without products.

    Parameters
    ----------
    lines : canonical order lines; products : the table of products, None without one; settings : those of the next offer.
    """
    if settings.bundles or "product_id" not in lines or lines["product_id"].isna().all():
        return None
    known = assortment(lines, products)
    if known is None:
        return strongest(_sold(lines, pd.Series(dtype=object)), None, settings)
    return strongest(_sold(lines, roots(known.drop_duplicates("product_id"))), merged(known), settings)


def _sold(lines: pd.DataFrame, root: pd.Series) -> pd.DataFrame:
    sold = lines if "quantity" not in lines else lines[lines["quantity"] > 0]
    sold = sold[sold["product_id"].notna()]
    quantity = sold["quantity"] if "quantity" in sold else 1.0
    return pd.DataFrame(
        {
            "order_id": sold["order_id"],
            "order_date": sold["order_date"],
            "product_id": sold["product_id"].map(root).fillna(sold["product_id"]),
            "quantity": quantity,
        }
    )


def _candidates(lines: pd.DataFrame, products: pd.DataFrame, settings: Settings) -> pd.DataFrame:
    both, ids, orders = together(lines, settings.largest_order)
    units = lines.groupby("product_id")["quantity"].sum()
    known = products.assign(units=units.reindex(products.index).fillna(0.0))
    position = {product: at for at, product in enumerate(ids)}
    sold = known[known.index.isin(position)]
    parts = [_for_rule(rule, group, sold, both, orders, position, settings) for rule in settings.bundles for group in rule.add]
    columns = [
        *_KEYS,
        "base_name",
        "product",
        "product_name",
        "expected_conversion",
        "both",
        "price",
        "stock",
        *(f"ground_{name}" for name in FACTORS),
    ]
    filled = [part for part in parts if len(part)]
    return pd.concat(filled, ignore_index=True)[columns] if filled else pd.DataFrame(columns=columns)


def obeys(rule: BundleRule, group: str, products: pd.DataFrame) -> pd.Series:
    """Return which products may be added under a rule: right group, price in range, not sold out."""
    fits = (products["product_group"] == group) & ~(products["price"] < rule.price_from) & ~(products["stock"] <= 0)
    return fits & ~(products["price"] > rule.price_to) if rule.price_to is not None else fits


def _for_rule(
    rule: BundleRule,
    group: str,
    sold: pd.DataFrame,
    both: sparse.csr_array,
    orders: np.ndarray,
    position: dict[str, int],
    settings: Settings,
) -> pd.DataFrame:
    adds = sold[obeys(rule, group, sold)]
    bases = sold[(sold["product_group"] == rule.base) & ~(sold["stock"] <= 0)]
    if adds.empty or bases.empty:
        return pd.DataFrame()
    grounds = pd.DataFrame(
        {
            "units": _position(adds["units"]),
            "price": _position(-adds["price"]),
            "views": _position(adds["page_views"]),
            "stock": _position(adds["stock"]),
        }
    )
    at_add, at_base = [position[product] for product in adds.index], [position[product] for product in bases.index]
    counts = both[at_base][:, at_add].toarray()
    # A rare pair is drawn towards what orders of the whole group of main products usually hold.
    usual = counts.sum(axis=0) / max(orders[at_base].sum(), 1)
    chance = (counts + PRIOR_ORDERS * usual) / (orders[at_base][:, None] + PRIOR_ORDERS)
    rows, columns = np.nonzero(counts >= settings.bundle_support)
    frame = pd.DataFrame(
        {
            "rule": rule.name,
            "base": bases.index[rows],
            "add_group": group,
            "base_name": bases["product_name"].iloc[rows].to_numpy(),
            "product": adds.index[columns],
            "product_name": adds["product_name"].iloc[columns].to_numpy(),
            "expected_conversion": chance[rows, columns],
            "both": counts[rows, columns].astype(int),
            "price": adds["price"].iloc[columns].to_numpy(),
            "stock": adds["stock"].iloc[columns].to_numpy(),
        }
    )
    for name in grounds:
        frame[f"ground_{name}"] = grounds[name].iloc[columns].to_numpy()
    frame = frame[frame["base"] != frame["product"]]
    highest = frame.groupby(_KEYS)["expected_conversion"].transform("max")
    return frame.assign(ground_conversion=frame["expected_conversion"] / highest)


def _position(values: pd.Series) -> pd.Series:
    """Return the place among the others, 0 to 1; 0.5 where it is not known or all are the same."""
    if values.nunique() < 2:
        return pd.Series(0.5, index=values.index)
    return ((values.rank(method="average") - 1) / (values.notna().sum() - 1)).fillna(0.5)


def rank(candidates: pd.DataFrame, weights: Weights, most: int) -> pd.DataFrame:
    """Return the best candidates per main product and added group, for given weights.

    Returns
    -------
    The candidates with ``weighed`` (weighted mean of the grounds, 0 to 1) and ``rank``, at most ``most`` each.
    """
    weight = dict(weights)
    weighed = sum(candidates[f"ground_{name}"] * weight[name] for name in FACTORS) / sum(weight.values())
    table = candidates.assign(weighed=weighed.astype(float).round(9))
    table = table.sort_values([*_KEYS, "weighed", "product"], ascending=[True, True, True, False, True])
    table["rank"] = table.groupby(_KEYS).cumcount() + 1
    return table[table["rank"] <= most].reset_index(drop=True)


def what_if(current: Bundles, weights: Weights) -> pd.DataFrame:
    """Return the first ranks under other weights beside those under the weights in use.

    Returns
    -------
    Frame with rule, base_name, add_group, now, then (names of the products) and changed.
    """
    now = current.table[current.table["rank"] == 1]
    then = rank(current.candidates, weights, 1)
    both = now.merge(then[[*_KEYS, "product", "product_name"]], on=_KEYS, suffixes=("", "_then"))
    changed = both["product"] != both["product_then"]
    return both.assign(now=both["product_name"], then=both["product_name_then"], changed=changed)[
        ["rule", "base_name", "add_group", "now", "then", "changed"]
    ]


def check_on_later_orders(ranked: pd.DataFrame, best_sellers: pd.DataFrame, later: pd.DataFrame, largest_order: int) -> pd.DataFrame:
    """Compare first ranks with the best seller of the same group, on orders of the later period.

    Parameters
    ----------
    ranked, best_sellers : pairs of base and product: the bundles, and the best sellers beside them.
    later : order_id and product_id of later orders, variants replaced.
    largest_order : orders with more products are left out.

    Returns
    -------
    Frame with what ("ranked" or "best_seller"), orders (with the main product), with_it, conversion, low, high.
    """
    both, ids, orders = together(later, largest_order)
    position = {product: at for at, product in enumerate(ids)}
    rows = []
    for what, pairs in (("ranked", ranked), ("best_seller", best_sellers)):
        with_base, with_both = 0, 0
        for base, product in zip(pairs["base"], pairs["product"], strict=True):
            if base in position:
                with_base += int(orders[position[base]])
                with_both += int(both[position[base], position[product]]) if product in position else 0
        rows.append((what, with_base, with_both, *share_and_interval(with_both, with_base)))
    return pd.DataFrame(rows, columns=["what", "orders", "with_it", "conversion", "low", "high"])
