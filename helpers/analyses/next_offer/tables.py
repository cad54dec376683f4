"""The next offer as tables that a person reads, and as plain frames for shop, mailing tool and shop floor."""

import pandas as pd

from helpers.analyses.next_offer.analysis import Baskets
from helpers.analyses.next_offer.bundles import what_if
from helpers.analyses.next_offer.methods import method_name
from helpers.analyses.next_offer.result import Result
from helpers.analyses.next_offer.settings import Weights
from helpers.core.wording import _, currency_sign
from helpers.story import Table


def methods_table(result: Result) -> Table:
    """Return the methods side by side."""
    frame = result.judgement.methods.assign(name=[method_name(method) for method in result.judgement.methods["method"]])
    columns = {
        "name": (_("Method"), "text"),
        "hit_rate": (_("Customers with a hit"), "percent1"),
        "low": (_("from"), "percent1"),
        "high": (_("to"), "percent1"),
        "hit_at_1": (_("First suggestion right"), "percent1"),
        "coverage": (_("Groups ever suggested"), "percent"),
        "used": (_("Used"), "yesno"),
    }
    return Table(frame, _("Methods on the later period, new groups only"), columns, highlight=int(frame["used"].argmax()))


def offers_table(result: Result, most: int = 20) -> Table:
    """Return the first suggestion of the first customers with its reason; the export holds everybody."""
    frame = result.table[result.table["offer_1"].notna()].head(most)
    columns = {
        "customer_id": (_("Customer"), "id"),
        "sector": (_("Sector"), "text"),
        "items": (_("Groups bought"), "number"),
        "offer_1": (_("First suggestion"), "text"),
        "reason_1": (_("Why"), "text"),
    }
    return Table(frame, _("Next offer for the first customers of the list"), columns)


def coupons_table(result: Result) -> Table:
    """Return the coupon plan by kind."""
    coupons = result.plan.coupons.assign(spend_all=result.plan.coupons["spend"] * result.settings.coupons.discount)
    kinds = coupons.groupby("kind", as_index=False).agg(
        coupons=("item", "size"), redeemed=("expected_redemption", "sum"), cost=("expected_cost", "sum"), most=("spend_all", "sum")
    )
    names = {"new": _("a group that is new to the customer"), "familiar": _("a group the customer often buys")}
    columns = {
        "kind": (_("Coupon for"), "text"),
        "coupons": (_("Coupons"), "number"),
        "redeemed": (_("Expected to be used"), "number"),
        "cost": (_("Expected cost, {sign}").format(sign=currency_sign()), "money"),
        "most": (_("Cost if all are used, {sign}").format(sign=currency_sign()), "money"),
    }
    return Table(kinds.assign(kind=kinds["kind"].map(names)), _("The coupon plan"), columns)


def bundles_table(result: Result | Baskets) -> Table | None:
    """Return the bundles; None without rules."""
    if result.bundles is None:
        return None
    columns = {
        "rule": (_("Rule"), "text"),
        "base_name": (_("Main product"), "text"),
        "product_name": (_("Add"), "text"),
        "rank": (_("Rank"), "number"),
        "expected_conversion": (_("Expected conversion"), "percent1"),
        "price": (_("Price, {sign}").format(sign=currency_sign()), "money2"),
        "stock": (_("Stock, pieces"), "number"),
    }
    return Table(result.bundles.table, _("Bundles that obey the rules"), columns)


def pairs_table(pairs: pd.DataFrame | None) -> Table | None:
    """Return the pairs that beat chance, each beside what chance alone would give; None where there are none."""
    if pairs is None or pairs.empty:
        return None
    level = {"product_id": _("product"), "product_group": _("product group")}
    columns = {
        "level": (_("Pair of"), "text"),
        "first": (_("Bought"), "text"),
        "second": (_("Together with"), "text"),
        "both": (_("Orders with both"), "number"),
        "expected": (_("By chance alone"), "number1"),
        "lift": (_("Times chance"), "number1"),
    }
    return Table(pairs.assign(level=pairs["level"].map(level)), _("Bought together more often than by chance"), columns)


def weights_table(result: Result | Baskets, weights: Weights) -> Table | None:
    """Return what other weights would change; None without bundles."""
    if result.bundles is None:
        return None
    columns = {
        "base_name": (_("Main product"), "text"),
        "add_group": (_("Group added"), "text"),
        "now": (_("Now"), "text"),
        "then": (_("With these weights"), "text"),
        "changed": (_("Changes"), "yesno"),
    }
    frame = what_if(result.bundles, weights).sort_values("changed", ascending=False, kind="stable")
    return Table(frame, _("What if other grounds counted more?"), columns)


def offer_list(result: Result) -> pd.DataFrame:
    """Return customer × offer, prepared beforehand: customer_id, rank, item, reason (for parquet and SQLite)."""
    return result.offers[["customer_id", "rank", "item", "reason"]].astype({"rank": "int64"})


def coupon_list(result: Result) -> pd.DataFrame:
    """Return the coupons to send, to nobody of the holdout: customer_id, kind, item, discount (share), reason; and per person who may be
    told of the firm's coupon person_id and role, where persons are known."""
    coupons = result.plan.coupons[["customer_id", "kind", "item", "reason"]].copy()
    coupons.insert(3, "discount", result.settings.coupons.discount)
    told = result.plan.recipients
    return coupons if told is None else told.merge(coupons, on="customer_id", how="inner")


def bundle_list(result: Result | Baskets) -> pd.DataFrame:
    """Return the bundles as a list for the shop; empty where there are none."""
    columns = ["rule", "base", "base_name", "rank", "add_group", "product", "product_name", "price", "expected_conversion"]
    return result.bundles.table[columns] if result.bundles else pd.DataFrame(columns=columns)
