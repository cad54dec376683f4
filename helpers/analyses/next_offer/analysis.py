"""The next offer: may we, and what would this customer need."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from helpers.analyses.next_offer import coupons, methods, precompute, reasons
from helpers.analyses.next_offer.bundles import Bundles, bundles, pairs_without_rule
from helpers.analyses.next_offer.gate import gate_of, observe
from helpers.analyses.next_offer.history import history, later_days
from helpers.analyses.next_offer.judging import judge
from helpers.analyses.next_offer.result import Result, customers_table, item_profile, notes_on, quality_numbers
from helpers.analyses.next_offer.settings import Settings
from helpers.core.results import Gate, Refusal, RunContext
from helpers.core.wording import _

READS = ("order_lines", "customer_table", "products", "persons")


def requires(tables: Mapping[str, pd.DataFrame], settings: Settings, context: RunContext) -> Gate:
    """Say whether offers can be made, and judged, from these order lines.

    ``customers_needed`` customers in the earlier period is our convention: a hit rate of 20 % among 50 customers
    is known to within about 11 points (Wilson).
    """
    return gate_of(observe(tables, settings, context), settings, context.seed)


def run(tables: Mapping[str, pd.DataFrame], settings: Settings, context: RunContext) -> Result | Refusal:
    """Make the offers, the coupon plan and the bundles.

    Parameters
    ----------
    tables : with "order_lines" and, where there are any, "customer_table", "products" and "persons"; not changed.
    settings : see ``Settings``.
    context : ``as_of`` ends the history; the seed decides every random draw.

    Returns
    -------
    A Result, or a Refusal when ``requires`` says not yet.
    """
    observed = observe(tables, settings, context)
    gate = gate_of(observed, settings, context.seed)
    if gate.closed or observed is None:
        return Refusal(_("There are no next offers yet: {has}.").format(has=gate.has), gate)
    seed = int(np.random.default_rng(context.seed).integers(2**31))
    judgement = judge(observed.earlier, observed.later, settings, seed, observed.later_days)
    known = history(observed.bought, tables.get("customer_table"), settings)
    models = methods.fit(judgement.used, known, settings, seed)
    best = methods.top(models, known, settings.suggestions)
    suggested = reasons.suggestions(known, best, models, settings, seed)

    offers = reasons.supported(suggested, settings)
    plan = coupons.plan(known, offers, observed.bought, judgement, tables, settings, seed)
    quality = quality_numbers(known, judgement, plan, suggested, offers)
    return Result(
        table=customers_table(known, offers, settings.suggestions),
        profile=item_profile(known, offers),
        quality=quality,
        notes=notes_on(observed.counts, known, judgement, quality),
        offers=offers,
        judgement=judgement,
        plan=plan,
        bundles=bundles(*_product_lines(tables["order_lines"], context, observed.later_days), tables, settings),
        arithmetic=precompute.arithmetic(len(known.customers), settings.suggestions, bytes_per_row=precompute.bytes_of(offers)),
        settings=settings,
    )


@dataclass(frozen=True)
class Baskets:
    """What orders alone give, where there is nobody to make an offer to: bundles or pairs that beat chance, and why there are no offers."""

    bundles: Bundles | None
    pairs: pd.DataFrame | None
    refusal: Refusal
    settings: Settings


def baskets(
    offers: Result | Refusal, tables: Mapping[str, pd.DataFrame], settings: Settings, context: RunContext
) -> Result | Baskets | Refusal:
    """Return where the bundles stand: in the result; by themselves where offers were refused; the refusal where there are none either.

    Parameters
    ----------
    offers : what ``run`` returned; tables, settings, context : as for ``run``.
    """
    lines = tables.get("order_lines")
    if not isinstance(offers, Refusal) or lines is None or lines.empty:
        return offers
    made = bundles(*_product_lines(lines, context, later_days(lines["order_date"], context.as_of, settings)), tables, settings)
    pairs = strongest_pairs(tables, settings, context)
    if (made is None or made.table.empty) and (pairs is None or pairs.empty):
        return offers
    return Baskets(made, pairs, offers, settings)


def strongest_pairs(tables: Mapping[str, pd.DataFrame], settings: Settings, context: RunContext) -> pd.DataFrame | None:
    """Return what is bought together more often than by chance; None where a rule decides or nothing names products.

    Parameters
    ----------
    tables, settings, context : as for ``run``.
    """
    lines = tables.get("order_lines")
    if lines is None or lines.empty:
        return None
    return pairs_without_rule(_product_lines(lines, context, 0)[0], tables.get("products"), settings)


def _product_lines(lines: pd.DataFrame, context: RunContext, days: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return all order lines before and after the split, those without a customer too: bundles need none."""
    end = pd.Timestamp(context.as_of)
    day = lines["order_date"].dt.normalize()
    cut = end - pd.Timedelta(days=days)
    return lines[day <= cut], lines[(day > cut) & (day <= end)]
