"""Did the bundles hold on later orders?"""

from __future__ import annotations

import numpy as np
import pandas as pd

from helpers.analyses.next_offer.bundles.pairs import together
from helpers.statistics.intervals import share_and_interval


def check(first: pd.DataFrame, seller: pd.DataFrame, later: pd.DataFrame, largest_order: int) -> pd.DataFrame:
    """Compare first ranks with the best seller of the same group, on orders of the later period.

    Parameters
    ----------
    first, seller : pairs of base and product: the bundles, and the best sellers beside them.
    later : order_id and product_id of later orders, variants replaced.
    largest_order : orders with more products are left out.

    Returns
    -------
    Frame with what ("ranked" or "best_seller"), orders (with the main product), with_it, conversion, low,
    high.
    """
    both, ids, orders = together(later, largest_order)
    place = {one: at for at, one in enumerate(ids)}
    rows = [(name, *_held(part, both, orders, place)) for name, part in (("ranked", first), ("best_seller", seller))]
    return pd.DataFrame(rows, columns=["what", "orders", "with_it", "conversion", "low", "high"])


def _held(pairs: pd.DataFrame, both, orders: np.ndarray, place: dict) -> tuple:
    known = [(place[a], place.get(b)) for a, b in zip(pairs["base"], pairs["product"], strict=True) if a in place]
    of = int(sum(orders[a] for a, _ in known))
    hits = int(sum(both[a, b] for a, b in known if b is not None))
    return of, hits, *share_and_interval(hits, of)
