"""Frames for the web shop, the mailing tool and the shop floor: plain columns, one meaning each."""

from __future__ import annotations

import pandas as pd

from helpers.analyses.next_offer.room import Result


def offer_table(result: Result) -> pd.DataFrame:
    """Return customer × offer, prepared beforehand: customer_id, rank, item, reason (for parquet and
    SQLite)."""
    return result.offers[["customer_id", "rank", "item", "reason"]].astype({"rank": "int64"})


def coupon_list(result: Result) -> pd.DataFrame:
    """Return the coupons to send: customer_id, kind, item, discount (share), reason; nobody of the
    holdout."""
    coupons = result.plan.coupons[["customer_id", "kind", "item", "reason"]].copy()
    coupons.insert(3, "discount", result.settings.coupons.discount)
    return coupons


def coupon_groups(result: Result) -> pd.DataFrame:
    """Return who is in the plan and who is left out by lot: customer_id, holdout_group, coupons."""
    return result.plan.people


def bundle_list(result: Result) -> pd.DataFrame:
    """Return the bundles as a list for the shop; empty where there are none."""
    columns = [
        "rule",
        "base",
        "base_name",
        "rank",
        "add_group",
        "product",
        "product_name",
        "price",
        "expected_conversion",
    ]
    return result.bundles.table[columns] if result.bundles else pd.DataFrame(columns=columns)
