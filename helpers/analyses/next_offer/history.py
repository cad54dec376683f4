"""Order lines → who bought what, cut in time."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd
from scipy import sparse

from helpers.analyses.next_offer.settings import Settings

UNKNOWN = ""
SHORTEST_LATER, LONGEST_LATER = 7, 90  # days of the later period, where the client sets none (our convention)
LATER_PART = 4  # a quarter of the history, between those two


@dataclass(frozen=True)
class History:
    """What customers bought up to a day.

    Parameters
    ----------
    customers : ids, sorted.
    items : groups or products, sorted.
    bought : customers × items, 1 where bought at least once.
    orders : customers × items, number of orders.
    sector : sector of every customer ("" = unknown or too small to stand alone).
    """

    customers: np.ndarray
    items: np.ndarray
    bought: sparse.csr_array
    orders: sparse.csr_array
    sector: np.ndarray


def purchases(tables: Mapping[str, pd.DataFrame], settings: Settings, as_of: date) -> tuple[pd.DataFrame, dict[str, int]]:
    """Return the lines that count, and how many were left out for which reason.

    Returns
    -------
    Frame with customer_id, order_id, order_date, item and amount, sorted; returns, lines of zero pieces, lines after
    ``as_of``, lines without customer or item are left out and counted.
    """
    lines = tables["order_lines"]
    item = item_of(lines, tables.get("products"), settings.level)
    amount = lines["line_amount"] if "line_amount" in lines else pd.Series(np.nan, index=lines.index)
    quantity = lines["quantity"] if "quantity" in lines else pd.Series(1.0, index=lines.index)
    customer = lines["customer_id"] if "customer_id" in lines else pd.Series(None, index=lines.index, dtype="str")
    frame = pd.DataFrame(
        {"customer_id": customer, "order_id": lines["order_id"], "order_date": lines["order_date"], "item": item, "amount": amount}
    )
    late = frame["order_date"].isna() | (frame["order_date"].dt.normalize() > pd.Timestamp(as_of))
    returned = (quantity < 0) | (amount < 0)
    of_nothing = (quantity == 0) & ~returned  # neither sold nor sent back: a line of notes, or one taken off again
    nobody, nothing = frame["customer_id"].isna(), frame["item"].isna()
    excluded = frame["item"].isin(settings.exclude)
    counts = {
        "lines": len(frame),
        "late": int(late.sum()),
        "returns": int((returned & ~late).sum()),
        "of_nothing": int((of_nothing & ~late).sum()),
        "without_customer": int((nobody & ~late & ~returned & ~of_nothing).sum()),
        "without_item": int((nothing & ~nobody & ~late & ~returned & ~of_nothing).sum()),
    }
    counted = frame[~(late | returned | of_nothing | nobody | nothing | excluded)]
    return counted.sort_values(["customer_id", "order_date", "order_id", "item"], ignore_index=True), counts


def item_of(lines: pd.DataFrame, products: pd.DataFrame | None, level: str) -> pd.Series:
    """Return the group or product of every line; the group comes from the products where lines lack it."""
    own = lines[level] if level in lines else pd.Series(None, index=lines.index, dtype="str")
    if level == "product_group" and products is not None and "product_group" in products and "product_id" in lines:
        known = products.drop_duplicates("product_id").set_index("product_id")["product_group"]
        own = own.where(own.notna(), lines["product_id"].map(known))
    return own


def split(bought: pd.DataFrame, as_of: date, settings: Settings) -> tuple[pd.DataFrame, pd.DataFrame, int]:
    """Return the earlier lines, the later lines, and the length of the later period in days.

    The later period is what is kept apart to judge by: no method sees a line of it.
    """
    days, later = bought["order_date"].dt.normalize(), later_days(bought["order_date"], as_of, settings)
    train_end = pd.Timestamp(as_of) - pd.Timedelta(days=later)
    return bought[days <= train_end], bought[days > train_end], later


def later_days(moments: pd.Series, as_of: date, settings: Settings) -> int:
    """Return the length of the later period: as declared, else a quarter of the history between 7 and 90 days."""
    span = int((pd.Timestamp(as_of) - moments.dt.normalize().min()).days) + 1 if len(moments) else 0
    return settings.later_days or max(SHORTEST_LATER, min(LONGEST_LATER, span // LATER_PART))


def history(bought: pd.DataFrame, customer_table: pd.DataFrame | None, settings: Settings) -> History:
    """Return who bought what, from lines that ``purchases`` returned."""
    customers = np.unique(bought["customer_id"].to_numpy(dtype=object)) if len(bought) else np.array([], dtype=object)
    buyers = bought.drop_duplicates(["customer_id", "item"])["item"].value_counts()
    ranked = buyers[buyers >= settings.fewest_customers].reset_index().sort_values(["count", "item"], ascending=[False, True])
    items = np.sort(ranked["item"].to_numpy(dtype=object)[: settings.most_items])
    lines = bought[bought["item"].isin(items)].drop_duplicates(["customer_id", "order_id", "item"])
    orders = _matrix(lines, customers, items)
    at_least_once = orders.copy()
    at_least_once.data[:] = 1
    return History(customers, items, at_least_once, orders, sectors(customers, customer_table, settings))


def sectors(customers: np.ndarray, customer_table: pd.DataFrame | None, settings: Settings) -> np.ndarray:
    """Return the sector of every customer, "" where it is unknown or smaller than declared."""
    if customer_table is None or settings.sector not in customer_table:
        return np.full(len(customers), UNKNOWN, dtype=object)
    known = customer_table.drop_duplicates("customer_id").set_index("customer_id")[settings.sector]
    declared = known.reindex(customers).astype(object)
    sizes = declared.value_counts()
    large = set(sizes.index[sizes >= settings.customers_per_sector])
    return np.array([str(sector) if sector in large else UNKNOWN for sector in declared], dtype=object)


def lookup(frame: pd.DataFrame, known: History) -> sparse.csr_array:
    """Return customers × items, 1 where ``frame`` holds a purchase, for the customers and items of ``known``."""
    lines = frame[frame["customer_id"].isin(known.customers) & frame["item"].isin(known.items)]
    return _matrix(lines.drop_duplicates(["customer_id", "item"]), known.customers, known.items)


def _matrix(lines: pd.DataFrame, customers: np.ndarray, items: np.ndarray) -> sparse.csr_array:
    """Return customers × items, the number of lines; customers and items are sorted."""
    rows = np.searchsorted(customers, lines["customer_id"].to_numpy(dtype=object))
    columns = np.searchsorted(items, lines["item"].to_numpy(dtype=object))
    ones = np.ones(len(lines), dtype=np.float32)
    return sparse.csr_array((ones, (rows, columns)), shape=(len(customers), len(items)))
