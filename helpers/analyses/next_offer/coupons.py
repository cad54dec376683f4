"""The coupon plan: one new and one familiar group per customer, within budget, with a holdout.

As in the published case: discounts on groups a customer often buys, and on groups that are new to
him. What is expected rests on the later period, in which nobody had these coupons: a coupon may
raise it, and how much is what the holdout measures. For familiar groups much of the discount goes
to purchases that would have been made anyway; the plan says so and the holdout shows it.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from helpers.analyses.next_offer.history import History, item_of
from helpers.analyses.next_offer.judging import Judgement
from helpers.analyses.next_offer.settings import Settings
from helpers.core.wording import _
from helpers.privacy import has_consent, has_opted_out, recipients


@dataclass(frozen=True)
class Plan:
    """Who gets which coupon, and what that is expected to bring and cost.

    Parameters
    ----------
    coupons : one row per coupon: customer_id, kind ("new" or "familiar"), item, expected_redemption, reason,
        spend (of one purchase), expected_cost, expected_margin (after cost; NaN where margins are unknown).
    people : one row per customer who may be written to: customer_id, holdout_group, coupons.
    totals : coupons, customers, holdout, expected_redemptions, expected_cost, cost_if_all_redeem,
        expected_margin, left_out_by_budget, not_allowed (customers without consent).
    recipients : who at each of them may be told of a coupon: customer_id, person_id, role; None where no persons are known.
    """

    coupons: pd.DataFrame
    people: pd.DataFrame
    totals: dict[str, float]
    recipients: pd.DataFrame | None = None


def plan(
    known: History,
    offers: pd.DataFrame,
    bought: pd.DataFrame,
    judgement: Judgement,
    tables: Mapping[str, pd.DataFrame],
    settings: Settings,
    seed: int,
) -> Plan:
    """Make the plan.

    Parameters
    ----------
    known : all purchases up to the round's day.
    offers : the suggestions, see ``reasons.suggestions``.
    bought : the lines behind them, for what one purchase is worth.
    judgement : the later period, for how often such things are bought.
    tables : with products (margin, stock), customer_table (consent) and persons, where there are any.
    """
    facts = item_facts(known, bought, tables, settings)
    allowed, refused = _allowed(known.customers, tables.get("customer_table"), settings)
    holdout = _holdout(allowed, settings.coupons.holdout, seed)
    candidates = _candidates(known, offers, facts, judgement, settings)
    candidates = candidates[candidates["customer_id"].isin(allowed)]
    takers = candidates[~candidates["customer_id"].isin(holdout)]
    chosen = _within_budget(takers, settings.coupons.budget)
    people = pd.DataFrame({"customer_id": allowed})
    people["holdout_group"] = people["customer_id"].isin(holdout)
    people["coupons"] = people["customer_id"].map(chosen["customer_id"].value_counts()).fillna(0).astype(int)
    totals = {
        "coupons": len(chosen),
        "customers": int(chosen["customer_id"].nunique()),
        "holdout": len(holdout),
        "expected_redemptions": float(chosen["expected_redemption"].sum()),
        "expected_cost": float(chosen["expected_cost"].sum()),
        "cost_if_all_redeem": float((chosen["spend"] * settings.coupons.discount).sum()),
        "expected_margin": float(chosen["expected_margin"].sum(min_count=1)) if len(chosen) else 0.0,
        "left_out_by_budget": len(takers) - len(chosen),
        "not_allowed": refused,
    }
    return Plan(chosen, people, totals, _recipients(tables, settings))


def item_facts(known: History, bought: pd.DataFrame, tables: Mapping[str, pd.DataFrame], settings: Settings) -> pd.DataFrame:
    """Return per item: item, spend (mean of one purchase), margin (share of price), stock, left_out (reason or "")."""
    spend = bought.groupby(["item", "customer_id", "order_id"])["amount"].sum(min_count=1).groupby("item").mean()
    facts = pd.DataFrame({"item": known.items, "spend": spend.reindex(known.items).to_numpy(dtype=float)})
    facts["margin"], facts["stock"] = _margin_and_stock(known.items, tables.get("products"), settings.level)
    rules = settings.coupons
    reasons = [facts["item"].isin(rules.exclude), facts["margin"] < rules.least_margin, facts["stock"] < rules.least_stock]
    return facts.assign(left_out=np.select(reasons, ["exclude", "margin", "stock"], ""))


def _margin_and_stock(items: np.ndarray, products: pd.DataFrame | None, level: str) -> tuple[np.ndarray, np.ndarray]:
    unknown = np.full(len(items), np.nan)
    if products is None:
        return unknown, unknown
    by_item = products.assign(item=item_of(products, products, level)).groupby("item")
    margin = unknown
    if {"margin", "price"} <= set(products):
        margin = (by_item["margin"].sum(min_count=1) / by_item["price"].sum(min_count=1)).reindex(items).to_numpy(dtype=float)
    stock = by_item["stock"].sum(min_count=1).reindex(items).to_numpy(dtype=float) if "stock" in products else unknown
    return margin, stock


def _allowed(customers: np.ndarray, table: pd.DataFrame | None, settings: Settings) -> tuple[np.ndarray, int]:
    """Return who may be written to; missing consent counts as no, and an objection beats it."""
    if table is None:
        return customers, 0
    known = table.drop_duplicates("customer_id").set_index("customer_id")
    allowed = np.ones(len(customers), dtype=bool)
    if settings.coupons.need_consent and "consent" in known:
        allowed &= known["consent"].reindex(customers).fillna(False).to_numpy(dtype=bool)
    if "opted_out" in known:
        allowed &= ~known["opted_out"].reindex(customers).fillna(False).to_numpy(dtype=bool)
    return customers[allowed], int((~allowed).sum())


def _recipients(tables: Mapping[str, pd.DataFrame], settings: Settings) -> pd.DataFrame | None:
    if "persons" not in tables or "customer_table" not in tables:
        return None
    everybody = recipients(tables["customer_table"], tables["persons"])
    may = ~has_opted_out(everybody) & (has_consent(everybody) | (not settings.coupons.need_consent))
    return everybody.loc[may, ["customer_id", "person_id", "role"]].reset_index(drop=True)


def _holdout(customers: np.ndarray, share: float, seed: int) -> set[str]:
    """Draw who gets nothing: whole customers, at random, before anybody knows what they would get."""
    count = int(round(share * len(customers)))
    return set(np.random.default_rng(seed).choice(customers, count, replace=False)) if count else set()


def _candidates(known: History, offers: pd.DataFrame, facts: pd.DataFrame, judgement: Judgement, settings: Settings) -> pd.DataFrame:
    """Return the best allowed new and familiar item per customer, new first."""
    allowed_items = set(facts.loc[facts["left_out"] == "", "item"])
    new = offers[offers["item"].isin(allowed_items)].sort_values(["customer_id", "rank"]).drop_duplicates("customer_id")
    orders = known.orders.tocoo()
    familiar = pd.DataFrame({"customer_id": known.customers[orders.row], "item": known.items[orders.col], "orders": orders.data})
    familiar = familiar[(familiar["orders"] >= settings.coupons.familiar_orders) & familiar["item"].isin(allowed_items)]
    familiar = familiar.sort_values(["customer_id", "orders", "item"], ascending=[True, False, True]).drop_duplicates("customer_id")
    parts = [
        new.assign(kind="new", expected_redemption=_rate(judgement.new_rate)),
        familiar.assign(kind="familiar", expected_redemption=_rate(judgement.familiar_rate), reason=_("bought often already")),
    ]
    columns = ["customer_id", "kind", "item", "expected_redemption", "reason"]
    coupons = pd.concat([part[columns] for part in parts], ignore_index=True)
    coupons = coupons.merge(facts[["item", "spend", "margin"]], on="item", how="left")
    expected_spend = coupons["expected_redemption"] * coupons["spend"]
    coupons["expected_cost"] = expected_spend * settings.coupons.discount
    coupons["expected_margin"] = expected_spend * coupons.pop("margin") - coupons["expected_cost"]
    coupons = coupons.sort_values(["customer_id", "kind"], ascending=[True, False])
    return coupons.groupby("customer_id").head(settings.coupons.per_customer).reset_index(drop=True)


def _rate(measured: float) -> float:
    """Return the measured rate; 1 where nothing was measured, so that the budget holds whatever happens."""
    return 1.0 if np.isnan(measured) else measured


def _within_budget(coupons: pd.DataFrame, budget: float | None) -> pd.DataFrame:
    """Return the coupons of the customers who bring most until the budget is spent.

    A customer gets the new and the familiar coupon together or none; by spend where margins are unknown.
    """
    worth = coupons["expected_margin"].fillna(coupons["expected_redemption"] * coupons["spend"])
    priced = coupons.assign(worth=worth, cost=coupons["expected_cost"].fillna(0))
    customers = priced.groupby("customer_id")[["worth", "cost"]].sum()
    customers = customers.round(9).reset_index().sort_values(["worth", "customer_id"], ascending=[False, True])
    if budget is not None:
        customers = customers[customers["cost"].cumsum() <= budget + 1e-9]
    chosen = coupons[coupons["customer_id"].isin(customers["customer_id"])]
    return chosen.sort_values(["customer_id", "kind"], ascending=[True, False], ignore_index=True)
