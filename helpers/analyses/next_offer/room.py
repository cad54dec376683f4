"""The next offer: may we, and what would this customer need."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from threadpoolctl import threadpool_limits

from helpers.analyses.next_offer import coupons, methods, precompute, reasons
from helpers.analyses.next_offer.bundles import Bundles, bundles
from helpers.analyses.next_offer.gate import gate_of, parts_of
from helpers.analyses.next_offer.history import UNKNOWN, History, history
from helpers.analyses.next_offer.judging import Judgement, judge
from helpers.analyses.next_offer.settings import Settings
from helpers.core.results import Gate, Refusal, RunContext
from helpers.core.wording import _, number

READS = ("order_lines", "customer_table", "products")


@dataclass(frozen=True)
class Result:
    """The next offers of one round.

    Parameters
    ----------
    table : one row per customer: customer_id, sector, items (bought), offer_1 …, reason_1 ….
    profile : one row per item: item, customers, share, offered (customers), offered_first.
    quality : plain numbers: customers, items, used, hit_rate, low, high, popularity, better_low …
    notes : sentences about what was left out or assumed.
    offers : one row per customer and suggestion, with its reason, for the web site and the export.
    judgement : what the later period says of the methods.
    plan : the coupon plan.
    bundles : the bundles, or None without rules.
    arithmetic : what preparing customer × offer takes (without seconds, which no result may hold).
    settings : the settings that were used.
    """

    table: pd.DataFrame
    profile: pd.DataFrame
    quality: dict[str, Any]
    notes: tuple[str, ...]
    offers: pd.DataFrame
    judgement: Judgement
    plan: coupons.Plan
    bundles: Bundles | None
    arithmetic: precompute.Arithmetic
    settings: Settings


def requires(tables: Mapping[str, pd.DataFrame], settings: Settings, context: RunContext) -> Gate:
    """Say whether offers can be made, and judged, from these order lines.

    ``customers_needed`` customers in the earlier period is our convention: a hit rate of 20 % among
    50 customers is known to within about 11 points (Wilson).
    """
    return gate_of(*parts_of(tables, settings, context), settings, context.seed)


def run(tables: Mapping[str, pd.DataFrame], settings: Settings, context: RunContext) -> Result | Refusal:
    """Make the offers, the coupon plan and the bundles.

    Parameters
    ----------
    tables : with "order_lines" and, where there are any, "customer_table" and "products"; not changed.
    settings : see ``Settings``.
    context : ``as_of`` ends the history; the seed decides every random draw.

    Returns
    -------
    A Result, or a Refusal when ``requires`` says not yet.
    """
    earlier, lines, days, counts = parts_of(tables, settings, context)
    gate = gate_of(earlier, lines, days, counts, settings, context.seed)
    if gate.closed:
        return Refusal(_("There are no next offers yet: {has}.").format(has=gate.has), gate)
    seed = int(np.random.default_rng(context.seed).integers(2**31))
    bought, later = lines
    with threadpool_limits(1):
        judgement = judge(earlier, later, settings, seed, days)
        known = history(bought, tables.get("customer_table"), settings)
        models = methods.fit(judgement.used, known, settings, seed)
        best = methods.top(models, known, settings.suggestions)
        every = reasons.suggestions(known, best, settings, seed)
    offers = reasons.supported(every, settings)
    plan = coupons.plan(known, offers, bought, judgement, tables, settings, seed)
    found = bundles(*_product_lines(tables["order_lines"], context, days), tables, settings)
    table = _table(known, offers, settings.suggestions)
    size = precompute.arithmetic(len(known.customers), settings.suggestions, bytes_per_row=precompute.bytes_of(offers))
    quality = _quality(known, judgement, plan, offers) | {"unsupported": len(every) - len(offers)}
    return Result(
        table,
        _profile(known, offers),
        quality,
        _notes(counts, known, judgement, quality),
        offers,
        judgement,
        plan,
        found,
        size,
        settings,
    )


def _product_lines(lines: pd.DataFrame, context: RunContext, days: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return all order lines before and after the split, those without a customer too: bundles need none."""
    end = pd.Timestamp(context.as_of)
    day = lines["order_date"].dt.normalize()
    cut = end - pd.Timedelta(days=days)
    return lines[day <= cut], lines[(day > cut) & (day <= end)]


def _table(known: History, offers: pd.DataFrame, count: int) -> pd.DataFrame:
    table = pd.DataFrame(
        {
            "customer_id": known.customers,
            "sector": known.sector,
            "items": np.asarray(known.bought.sum(axis=1)).ravel().astype(int),
        }
    )
    for rank in range(1, count + 1):
        part = offers[offers["rank"] == rank].set_index("customer_id")
        table[f"offer_{rank}"] = table["customer_id"].map(part["item"])
        table[f"reason_{rank}"] = table["customer_id"].map(part["reason"])
    return table


def _profile(known: History, offers: pd.DataFrame) -> pd.DataFrame:
    users = np.asarray(known.bought.sum(axis=0)).ravel().astype(int)
    profile = pd.DataFrame({"item": known.items, "customers": users, "share": users / max(len(known.customers), 1)})
    profile["offered"] = profile["item"].map(offers["item"].value_counts()).fillna(0).astype(int)
    first = offers.loc[offers["rank"] == 1, "item"].value_counts()
    profile["offered_first"] = profile["item"].map(first).fillna(0).astype(int)
    return profile.sort_values(["offered", "item"], ascending=[False, True], ignore_index=True)


def _quality(known: History, judgement: Judgement, plan: coupons.Plan, offers: pd.DataFrame) -> dict[str, Any]:
    by = judgement.methods.set_index("method")
    used, base = by.loc[judgement.used], by.loc["popularity"]
    numbers = {
        "customers": len(known.customers),
        "items": len(known.items),
        "offers": len(offers),
        "sectors": len(set(known.sector) - {UNKNOWN}),
        "used": judgement.used,
        "judged_on": int(used["customers"]),
        "hit_rate": float(used["hit_rate"]),
        "low": float(used["low"]),
        "high": float(used["high"]),
        "coverage": float(used["coverage"]),
        "popularity": float(base["hit_rate"]),
        "better": float(used["better"]),
        "better_low": float(used["better_low"]),
        "better_high": float(used["better_high"]),
        "beats_popularity": judgement.used != "popularity",
        "later_days": judgement.days,
        **{f"plan_{k}": v for k, v in plan.totals.items()},
    }
    return {name: value for name, value in numbers.items() if value == value}  # what is unknown is not there


def _notes(counts: dict[str, int], known: History, judgement: Judgement, quality: dict[str, Any]) -> tuple[str, ...]:
    notes = [
        _("Of {lines} order lines, {returns} returns, {nobody} without a customer and {nothing} without a group were left out.").format(
            lines=number(counts["lines"]),
            returns=number(counts["returns"]),
            nobody=number(counts["without_customer"]),
            nothing=number(counts["without_item"]),
        )
    ]
    alone = int((known.sector == UNKNOWN).sum())
    if alone and alone < len(known.customers):
        notes.append(_("{n} customers have no sector, or one too small; they are compared with everybody.").format(n=number(alone)))
    if quality["unsupported"]:
        notes.append(
            _(
                "{n} suggestions were dropped because hardly any similar customer buys them; the rates "
                "of the later "
                "period still count them."
            ).format(n=number(quality["unsupported"]))
        )
    if quality["plan_not_allowed"]:
        notes.append(
            _("{n} customers did not agree to marketing or objected: they get no coupon.").format(n=number(quality["plan_not_allowed"]))
        )
    if not judgement.methods["customers"].iloc[0]:
        notes.append(_("Nobody bought a new group in the later period, so the methods could not be judged."))
    return tuple(notes)
