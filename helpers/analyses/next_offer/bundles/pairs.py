"""Products without their variants, and how often two are in one order."""

import numpy as np
import pandas as pd
from scipy import sparse

CHAIN = 10  # a variant of a variant of …: no range goes deeper


def roots(products: pd.DataFrame) -> pd.Series:
    """Return, per product, the product of which it is a variant in the end (itself where it is none)."""
    ids = products["product_id"]
    if "product_variant_of" not in products:
        return pd.Series(ids.to_numpy(), index=ids)
    parent = products.set_index("product_id")["product_variant_of"]
    parent = parent[parent.notna() & (parent != "")]
    parent = parent[parent.isin(set(ids))]
    root = pd.Series(ids.to_numpy(dtype=object), index=ids)
    for _step in range(CHAIN):
        root = root.map(parent).fillna(root)
    return root


def assortment(lines: pd.DataFrame, products: pd.DataFrame | None) -> pd.DataFrame | None:
    """Return the products with their groups: the table of products or, where it names no groups, what the lines say of them.

    Parameters
    ----------
    lines : canonical order lines; products : the table of products, None without one.

    Returns
    -------
    A frame as the table of products; None where nothing names a group. The last line of a product decides, and its unit
    price stands for the price.
    """
    if products is not None and "product_group" in products:
        return products
    if not {"product_id", "product_group"} <= set(lines.columns):
        return None
    names = [name for name in ("product_id", "product_name", "product_group", "unit_price") if name in lines]
    known = lines.loc[lines["product_id"].notna() & lines["product_group"].notna(), names]
    own = known.drop_duplicates("product_id", keep="last").rename(columns={"unit_price": "price"})
    if products is None:
        return own
    return products.merge(own[["product_id", "product_group"]], on="product_id", how="left")


def merged(products: pd.DataFrame) -> pd.DataFrame:
    """Return one row per product with its variants in it: stock and views added, price of the main product.

    Returns
    -------
    Frame, index product_id, with product_name, product_group, price, stock and page_views (NaN where unknown).
    """
    products = products.drop_duplicates("product_id")
    root = products["product_id"].map(roots(products))
    by_root = products.assign(root=root).groupby("root")
    main = products.set_index("product_id").reindex(by_root.size().index)
    table = pd.DataFrame(index=main.index.rename("product_id"))
    for name in ("product_name", "product_group", "price"):
        table[name] = main[name] if name in main else (np.nan if name == "price" else None)
    for name in ("stock", "page_views"):
        table[name] = by_root[name].sum(min_count=1).astype("float64") if name in products else np.nan
    return table


def together(lines: pd.DataFrame, largest_order: int) -> tuple[sparse.csr_array, np.ndarray, np.ndarray]:
    """Return products × products (orders that hold both; on the diagonal: that product), products, orders per product.

    Parameters
    ----------
    lines : with order_id and product_id (variants already replaced), returns left out.
    largest_order : orders with more different products are left out: they say nothing about pairs.
    """
    pairs = lines[["order_id", "product_id"]].drop_duplicates()
    sizes = pairs.groupby("order_id")["product_id"].transform("size")
    pairs = pairs[sizes <= largest_order]
    order, _ = pd.factorize(pairs["order_id"])
    product, ids = pd.factorize(pairs["product_id"], sort=True)
    held = sparse.csr_array((np.ones(len(pairs)), (order, product)), shape=(order.max(initial=-1) + 1, len(ids)))
    both = sparse.csr_array(held.T @ held)
    return both, np.asarray(ids, dtype=object), both.diagonal()
