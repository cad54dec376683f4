"""One row per customer with what the case asks for: purchases, brands, refills, contacts, size, usage, surroundings.

Source of the list of features: the published case (datasolut, customer segmentation in B2B trade): company
size and sector, use of the devices, external data such as purchasing power, purchase history of twelve
months, and contacts in campaigns. Returns lower revenue and are no orders (our convention).
"""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from helpers.analyses.potential.settings import Settings
from helpers.core.results import RunContext

Tables = Mapping[str, pd.DataFrame]
# Earlier stretches of as many months, where the orders reach so far back; what lasts shows between them.
BEGINS_WITHIN = pd.Timedelta(days=31)  # orders that begin so late in a window still cover it (our convention)
YEARS_BEFORE = ("revenue_one_year_before", "revenue_two_years_before", "revenue_three_years_before")


def features(tables: Tables, settings: Settings, context: RunContext) -> pd.DataFrame:
    """Return one row per customer, sorted by customer_id.

    Columns: customer_id, orders_per_year, revenue_per_year, order_variation (variance of one order's amount over its squared
    mean), YEARS_BEFORE (missing before a customer's first order), last_order_days, own_brand_share,
    third_party_share, refill_revenue_per_year, refill_share, contacts_per_year, contact_cost_per_year,
    sector, employees, devices, usage_per_month, external_measure. A figure that the client does not have is
    missing (NaN) in every row.
    """
    customers = tables["customer_table"].drop_duplicates("customer_id").set_index("customer_id").sort_index()
    frame = pd.DataFrame(index=customers.index)
    frame = frame.join(_purchases(tables, settings, context)).join(_brands(tables, settings, context))
    frame = frame.join(_contacts(tables, settings, context)).join(_usage(tables, settings, context))
    for name in ("orders_per_year", "revenue_per_year", "refill_revenue_per_year"):
        frame[name] = frame[name].fillna(0.0)
    frame = frame.join(_company(customers))
    frame["external_measure"] = _external(customers, tables, settings)
    return frame.rename_axis("customer_id").reset_index()


def in_months(frame: pd.DataFrame, when: str, settings: Settings, context: RunContext, windows_back: int = 0) -> pd.DataFrame:
    """Return the rows of the last ``settings.months`` months up to the round's date, or of as many months before them."""
    after = pd.Timestamp(context.as_of) + pd.Timedelta(days=1) - pd.DateOffset(months=settings.months * windows_back)
    dates = pd.to_datetime(frame[when])
    return frame[(dates >= after - pd.DateOffset(months=settings.months)) & (dates < after)]


def _purchases(tables: Tables, settings: Settings, context: RunContext) -> pd.DataFrame:
    """Return orders and revenue per year, from the orders or else from the order lines."""
    if "orders" in tables:
        orders = tables["orders"].rename(columns={"order_amount": "amount"})
    else:
        orders = tables["order_lines"].rename(columns={"line_amount": "amount"})
    per_order = _per_order(orders, settings, context)
    purchases = per_order[per_order["amount"] > 0].groupby("customer_id")
    to_year = 12 / settings.months
    return pd.DataFrame(
        {
            "orders_per_year": purchases.size() * to_year,
            "revenue_per_year": per_order.groupby("customer_id")["amount"].sum().round(2) * to_year,
            "order_variation": purchases["amount"].var() / purchases["amount"].mean() ** 2,
            "last_order_days": (pd.Timestamp(context.as_of) - purchases["date"].max()).dt.days,
            **_years_before(orders, settings, context),
        }
    )


def _per_order(orders: pd.DataFrame, settings: Settings, context: RunContext, windows_back: int = 0) -> pd.DataFrame:
    rows = in_months(orders, "order_date", settings, context, windows_back).dropna(subset=["customer_id", "amount"])
    per_order = rows.groupby(["customer_id", "order_id"], sort=True).agg(amount=("amount", "sum"), date=("order_date", "max"))
    return per_order.reset_index()


def _years_before(orders: pd.DataFrame, settings: Settings, context: RunContext) -> dict[str, pd.Series]:
    """Return the revenue of earlier windows that the orders cover in full, 0 from the first order on, missing before it."""
    begins = pd.to_datetime(orders["order_date"]).min()
    revenue: dict[str, pd.Series] = {}
    for back, name in enumerate(YEARS_BEFORE, start=1):
        start = pd.Timestamp(context.as_of) - pd.DateOffset(months=settings.months * (back + 1))
        if not begins <= start + BEGINS_WITHIN:
            break
        rows = in_months(orders, "order_date", settings, context, back)
        revenue[name] = rows.groupby("customer_id")["amount"].sum().round(2) * 12 / settings.months
    frame = pd.DataFrame(revenue)
    # Bought in an earlier window and not in this one: nothing, which is known. Never before: not yet a customer.
    frame = frame.where(frame.notna() | frame.iloc[:, ::-1].notna().cumsum(axis=1).iloc[:, ::-1].eq(0), 0.0)
    return {name: frame[name] if name in frame else pd.Series(np.nan, index=frame.index, dtype=float) for name in YEARS_BEFORE}


def _brands(tables: Tables, settings: Settings, context: RunContext) -> pd.DataFrame:
    """Return the shares of own brand, third-party brand and refills, and the revenue in refills."""
    names = ["own_brand_share", "third_party_share", "refill_revenue_per_year", "refill_share"]
    if "order_lines" not in tables:
        return pd.DataFrame(columns=names, dtype=float)
    lines = _lines_with_products(tables, settings, context)
    total = lines.groupby("customer_id")["line_amount"].sum()
    sums = {kind: lines[lines[kind]].groupby("customer_id")["line_amount"].sum() for kind in ("own", "third", "refill")}
    sums = {kind: amount.reindex(total.index).fillna(0.0).clip(lower=0) for kind, amount in sums.items()}
    known = (sums["own"] + sums["third"]).where(lambda amount: amount > 0)
    refill_known = bool(lines["refill"].any())  # no group that counts as refill says nothing about refills
    return pd.DataFrame(
        {
            "own_brand_share": (sums["own"] / known).round(9),
            "third_party_share": (sums["third"] / known).round(9),
            "refill_revenue_per_year": sums["refill"].round(2) * 12 / settings.months,
            "refill_share": (sums["refill"] / total.where((total > 0) & refill_known)).clip(0, 1).round(9),
        }
    )


def _lines_with_products(tables: Tables, settings: Settings, context: RunContext) -> pd.DataFrame:
    lines = in_months(tables["order_lines"], "order_date", settings, context).dropna(subset=["customer_id"])
    lines = lines.sort_values(["customer_id", "order_id", "line_amount"], kind="stable")
    products = tables.get("products", pd.DataFrame(columns=["product_id"]))
    products = products.drop_duplicates("product_id").set_index("product_id")
    codes = lines["product_id"] if "product_id" in lines else pd.Series(pd.NA, index=lines.index)
    looked_up = {
        name: codes.map(products[name]) if name in products else pd.Series(pd.NA, index=lines.index)
        for name in ("own_brand", "product_group")
    }
    group = looked_up["product_group"]
    if "product_group" in lines:
        group = lines["product_group"].fillna(group)
    own = looked_up["own_brand"].astype("boolean")
    return pd.DataFrame(
        {
            "customer_id": lines["customer_id"],
            "line_amount": lines["line_amount"],
            "own": own.fillna(False).astype(bool),
            "third": (~own).fillna(False).astype(bool),
            "refill": is_refill(group, settings),
        }
    )


def is_refill(group: pd.Series, settings: Settings) -> pd.Series:
    """Return True where the name of a product group contains one of the declared words."""
    words = [word.lower() for word in settings.refill_groups]
    lowered = group.fillna("").astype(str).str.lower()
    return lowered.map(lambda name: any(word in name for word in words)).astype(bool)


def _contacts(tables: Tables, settings: Settings, context: RunContext) -> pd.DataFrame:
    """Return contacts and their cost per year: campaigns and contact moments together; NaN where neither is recorded."""
    recorded = [(name, when) for name, when in (("campaigns", "sent_date"), ("contacts", "contact_date")) if name in tables]
    if not recorded:
        return pd.DataFrame(columns=["contacts_per_year", "contact_cost_per_year"], dtype=float)
    everybody = pd.Index(sorted(set(tables["customer_table"]["customer_id"])), name="customer_id")
    counts = pd.Series(0.0, index=everybody)
    costs = pd.Series(0.0, index=everybody)
    known_cost = False
    for name, when in recorded:
        rows = in_months(tables[name], when, settings, context)
        cost = rows["contact_cost"] if "contact_cost" in rows else pd.Series(np.nan, index=rows.index)
        if settings.cost_per_contact is not None:
            cost = cost.astype(float).fillna(settings.cost_per_contact)
        known_cost |= bool(cost.notna().any())
        counts = counts.add(rows.groupby("customer_id").size().reindex(everybody), fill_value=0)
        costs = costs.add(cost.groupby(rows["customer_id"]).sum().reindex(everybody), fill_value=0)
    to_year = 12 / settings.months
    return pd.DataFrame(
        {"contacts_per_year": counts * to_year, "contact_cost_per_year": costs.round(2) * to_year if known_cost else np.nan}
    )


def _usage(tables: Tables, settings: Settings, context: RunContext) -> pd.DataFrame:
    """Return devices in the customer's latest period, and usage per month over the months that are used."""
    if "usage" not in tables:
        return pd.DataFrame(columns=["devices", "usage_per_month"], dtype=float)
    rows = tables["usage"]
    if "usage_date" in rows:
        rows = in_months(rows, "usage_date", settings, context).sort_values(["customer_id", "usage_date"])
    usage = {}
    if "devices" in rows:
        usage["devices"] = rows.groupby("customer_id")["devices"].last().astype(float)
    if "usage_amount" in rows:
        usage["usage_per_month"] = rows.groupby("customer_id")["usage_amount"].sum().astype(float) / settings.months
    everybody = sorted(set(tables["customer_table"]["customer_id"]))
    # Who is not in the table of usage uses nothing.
    return pd.DataFrame(usage).reindex(everybody).fillna(0.0).reindex(columns=["devices", "usage_per_month"])


def _company(customers: pd.DataFrame) -> pd.DataFrame:
    """Return sector (or size class) as text and the number of employees."""
    sector = customers["sector"] if "sector" in customers else pd.Series(pd.NA, index=customers.index, dtype="str")
    company = pd.DataFrame({"sector": sector})
    company["size_class"] = customers["size_class"] if "size_class" in customers else pd.NA
    company["employees"] = customers["employees"].astype("Float64").astype(float) if "employees" in customers else np.nan
    return company


def _external(customers: pd.DataFrame, tables: Tables, settings: Settings) -> pd.Series:
    """Return the external figure of each customer's key; the longest key that the customer's key begins with wins."""
    if "external" not in tables or settings.external_key not in customers:
        return pd.Series(np.nan, index=customers.index)
    rows = tables["external"].sort_values(["external_measure", "external_key"])
    name = settings.external_measure or next(iter(rows["external_measure"]), "")
    figures = rows[rows["external_measure"] == name].drop_duplicates("external_key")
    figures = figures.set_index("external_key")["external_value"].astype(float)
    keys = customers[settings.external_key].astype("str")
    values = keys.map(figures)
    for length in sorted({len(str(key)) for key in figures.index}, reverse=True):
        values = values.fillna(keys.str[:length].map(figures))
    return values.astype(float)
