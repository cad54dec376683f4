"""May untapped potential be shown on this client's data?"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from helpers.analyses.gates import GateBuilder
from helpers.analyses.potential.detect import detectable
from helpers.analyses.potential.features import features
from helpers.analyses.potential.peers import design
from helpers.analyses.potential.settings import Settings
from helpers.core.results import Gate, RunContext
from helpers.core.wording import _, number

CENT = 0.01  # revenues that differ by less are the same


def gate_of(tables: Mapping[str, pd.DataFrame], settings: Settings, context: RunContext) -> Gate:
    """Return the gate for a client's tables.

    Parameters
    ----------
    tables : as for ``analysis.run``.
    settings : the section of client.yml.
    context : the round's date, and its seed for the trial on a sample.

    Notes
    -----
    The conditions are our conventions, see ``analysis.requires``.
    """
    if "customer_table" not in tables or not {"orders", "order_lines"} & set(tables):
        return _closed(settings, 0, _("There are no orders."))
    customers = features(tables, settings, context)
    buyers = customers[customers["revenue_per_year"] > 0]
    if len(buyers) < settings.least_customers:
        return _closed(settings, len(buyers), _("Too few customers ordered to say what comparable customers reach."))
    if np.ptp(buyers["revenue_per_year"]) < CENT:
        return _closed(settings, len(buyers), _("All customers brought the same revenue, so nobody stays behind."))
    _matrix, compared_on = design(customers, settings)
    if not compared_on:
        reason = _("There is nothing to compare customers on: the potential would be the same for all.")
        unlock = _("Record the sector or the number of employees, or bring the use of devices or a figure per postcode.")
        instead = _("Read the revenue per customer group, and talk about the customers who could buy more.")
        return _answers(settings, len(buyers), [_("size, sector, usage and external figures")], instead).not_yet(reason, unlock)
    seen = detectable(buyers, settings, context.seed).sentence()
    lacking = {"own_brand_share": _("whose brand the products are"), "contacts_per_year": _("contacts")}
    missing = [name for column, name in lacking.items() if customers[column].isna().all()]
    answers = _answers(settings, len(buyers), missing, _("Read the revenue per segment, and the potential as a first impression."))
    if not missing:
        return answers.go(_("Customers can be compared with their like."), seen)
    reason = _("The potential can be computed, but not all of the questions can be answered.")
    return answers.with_care(reason, _("the missing figures in the customer list, the products or the campaigns"), seen)


def _closed(settings: Settings, buyers: int, reason: str) -> Gate:
    unlock = _("at least {n} customers with orders of different size").format(n=number(settings.least_customers))
    return _answers(settings, buyers, [], _("Go through the customers one by one with the sales staff.")).not_yet(reason, unlock)


def _answers(settings: Settings, buyers: int, missing: list[str], instead: str) -> GateBuilder:
    needs = _("at least {n} customers with orders in {months} months, and their size, sector or usage to compare them on").format(
        n=number(settings.least_customers), months=number(settings.months)
    )
    has = _("{n} customers with orders").format(n=number(buyers))
    return GateBuilder(needs, f"{has}; {_('missing: {what}').format(what=', '.join(missing))}" if missing else has, instead)
