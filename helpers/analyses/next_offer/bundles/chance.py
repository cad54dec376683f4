"""Pairs that are bought together more often than independent dealing would bring, where no rule says what goes together."""

import numpy as np
import pandas as pd
from scipy.stats import binom

from helpers.analyses.next_offer.bundles.pairs import together
from helpers.analyses.next_offer.settings import Settings
from helpers.core.results import NEWS
from helpers.statistics.resampling import holm

MOST_ITEMS = 300  # products or groups looked at, those in most orders: more pairs than that leave chance too much room
SHOWN = 10
COLUMNS = ["level", "first", "second", "both", "expected", "lift", "p_value", "looked_at"]


def strongest(lines: pd.DataFrame, products: pd.DataFrame | None, settings: Settings) -> pd.DataFrame:
    """Return the pairs of products and of product groups that orders hold together more often than chance alone would.

    Chance deals every product to the orders by itself, within orders of one month and of as many products: a large order
    holds more of everything, and a season sells its own. What is then expected is a sum of hypergeometric counts, thus of
    independent yes-or-no draws (Vatutin and Mikhailov 1982), and its tail lies below that of the binomial of the same mean
    (Hoeffding 1956). The p-values are corrected for all pairs looked at (Holm 1979).

    Parameters
    ----------
    lines : order_id, order_date and product_id, variants replaced, returns left out.
    products : index product_id with product_name and product_group; None where they are not known.

    Returns
    -------
    At most ten rows, the most certain first: level, first, second (names), both and expected (orders), lift, p_value
    (corrected), looked_at (pairs).
    """
    levels = [("product_id", lines)]
    if products is not None:
        groups = lines.assign(product_id=lines["product_id"].map(products["product_group"]))
        levels.append(("product_group", groups[groups["product_id"].notna()]))
    table = pd.concat([_pairs(level, part, settings) for level, part in levels], ignore_index=True)
    table = table.assign(looked_at=len(table), p_value=holm(table["p_value"].tolist()), lift=table["both"] / table["expected"])
    table = table[(table["p_value"] <= NEWS) & (table["both"] >= settings.bundle_support)]
    table = table.sort_values(["p_value", "lift", "first", "second"], ascending=[True, False, True, True]).head(SHOWN)
    if products is not None:
        names = products["product_name"].dropna()
        for side in ("first", "second"):
            table[side] = table[side].where(table["level"] != "product_id", table[side].map(names).fillna(table[side]))
    return table.reset_index(drop=True)[COLUMNS]


def _pairs(level: str, lines: pd.DataFrame, settings: Settings) -> pd.DataFrame:
    """Return every pair of items with enough orders: both, expected and its p-value by itself."""
    lines = lines[["order_id", "order_date", "product_id"]].drop_duplicates(["order_id", "product_id"])
    size = lines.groupby("order_id")["product_id"].transform("size")
    lines, size = lines[size <= settings.largest_order], size[size <= settings.largest_order]
    orders = lines["product_id"].value_counts()
    items = sorted(orders[orders >= settings.bundle_support].index[:MOST_ITEMS])
    lines = lines.assign(layer=size.astype(str) + lines["order_date"].dt.strftime(" %Y-%m"))
    dealt = lines.groupby("layer")["order_id"].nunique()
    counts = lines.groupby(["layer", "product_id"]).size().unstack(fill_value=0).reindex(index=dealt.index, columns=items, fill_value=0)
    expected = counts.to_numpy(float).T @ (counts.to_numpy(float) / dealt.to_numpy()[:, None])
    draws = np.zeros_like(expected)
    for layer in counts.to_numpy():
        draws += np.minimum.outer(layer, layer)
    held, ids, _orders = together(lines, settings.largest_order)
    position = {item: at for at, item in enumerate(ids)}
    at = [position[item] for item in items]
    both = held[at][:, at].toarray() if items else expected
    first, second = np.triu_indices(len(items), 1)
    both, expected, draws = (matrix[first, second] for matrix in (both, expected, draws))
    share = np.divide(expected, draws, out=np.zeros_like(expected), where=draws > 0)
    # The bound holds from one above what is expected; nearer to it nothing is claimed.
    p_value = np.where(both >= expected + 1, binom.sf(both - 1, draws, share), 1.0)
    named = np.asarray(items, dtype=object)
    return pd.DataFrame(
        {"level": level, "first": named[first], "second": named[second], "both": both, "expected": expected, "p_value": p_value}
    )
