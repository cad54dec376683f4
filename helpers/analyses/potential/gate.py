"""May untapped potential be shown on this client's data?"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from helpers.analyses.potential.detect import detectable
from helpers.analyses.potential.features import features
from helpers.analyses.potential.peers import design
from helpers.analyses.potential.settings import Settings
from helpers.core.results import Gate, RunContext, Verdict
from helpers.core.wording import _, number


def requires(tables: Mapping[str, pd.DataFrame], settings: Settings, context: RunContext) -> Gate:
    """Return whether a potential can be computed, with numbers.

    Closed without orders, with fewer than ``least_customers`` customers who ordered, or when all of them
    brought the same revenue, or when nothing is known on which customers could be compared: the potential would
    then be the same for all. Caution when there are no contacts or brands (our conventions).
    """
    if "customer_table" not in tables or not {"orders", "order_lines"} & set(tables):
        return _closed(settings, 0, _("There are no orders."))
    frame = features(tables, settings, context)
    bought = frame[frame["revenue_per_year"] > 0]
    if len(bought) < settings.least_customers:
        return _closed(settings, len(bought), _("Too few customers ordered to say what comparable customers reach."))
    if np.ptp(bought["revenue_per_year"]) < 0.01:
        return _closed(settings, len(bought), _("All customers brought the same revenue, so nobody stays behind."))
    if not design(frame, settings)[1]:
        return _nothing_to_compare(settings, len(bought))
    return _open(settings, frame, len(bought), detectable(bought, settings, context.seed).sentence())


def _needs(settings: Settings) -> str:
    return _("at least {n} customers with orders in {months} months, and their size, sector or usage to compare them on").format(
        n=number(settings.least_customers), months=number(settings.months)
    )


def _has(bought: int, missing: list[str]) -> str:
    told = _("{n} customers with orders").format(n=number(bought))
    return told if not missing else told + "; " + _("missing: {what}").format(what=", ".join(missing))


def _closed(settings: Settings, bought: int, reason: str) -> Gate:
    return Gate(
        Verdict("not_yet", _("not yet")),
        _needs(settings),
        _has(bought, []),
        reason,
        unlock=_("at least {n} customers with orders of different size").format(n=number(settings.least_customers)),
        instead=_("Go through the customers one by one with the sales staff."),
    )


def _nothing_to_compare(settings: Settings, bought: int) -> Gate:
    return Gate(
        Verdict("not_yet", _("not yet")),
        _needs(settings),
        _has(bought, [_("size, sector, usage and external figures")]),
        _("There is nothing to compare customers on: the potential would be the same for all."),
        unlock=_("Record the sector or the number of employees, or bring the use of devices or a figure per postcode."),
        instead=_("Read the revenue per customer group, and talk about the customers who could buy more."),
    )


def _open(settings: Settings, frame: pd.DataFrame, bought: int, seen: str) -> Gate:
    missing = []
    if frame["own_brand_share"].isna().all():
        missing.append(_("whose brand the products are"))
    if frame["contacts_per_year"].isna().all():
        missing.append(_("contacts"))
    if missing:
        reason = _("The potential can be computed, but not all of the questions can be answered.")
        return Gate(
            Verdict("caution", _("with care")),
            _needs(settings),
            _has(bought, missing),
            reason,
            unlock=_("the missing figures in the customer list, the products or the campaigns"),
            instead=_("Read the revenue per segment, and the potential as a first impression."),
            detectable=seen,
        )
    return Gate(
        Verdict("go", _("ready")),
        _needs(settings),
        _has(bought, []),
        _("Customers can be compared with their like."),
        detectable=seen,
    )
