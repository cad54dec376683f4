"""May untapped potential be shown on this client's data?"""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from helpers.analyses.gates import GateBuilder
from helpers.analyses.potential.detect import detectable
from helpers.analyses.potential.features import features
from helpers.analyses.potential.peers import comparable
from helpers.analyses.potential.result import dead_records
from helpers.analyses.potential.settings import Settings
from helpers.core.results import Gate, RunContext
from helpers.core.wording import _, number

CENT = 0.01  # revenues that differ by less are the same
MOST = 0.5  # of the customers must be comparable: the rest would be one group of unknown size (our convention)


def requires(tables: Mapping[str, pd.DataFrame], settings: Settings, context: RunContext) -> Gate:
    """Return whether a potential can be computed, with numbers.

    Closed without orders, with fewer than ``least_customers`` customers who ordered, or when all of them
    brought the same revenue, or when nothing is known on which customers could be compared: the potential would
    then be the same for all, or known of too few: those of whom nothing is known would all be one group. Caution when there
    are no contacts or brands (our conventions).

    Parameters
    ----------
    tables : as for ``analysis.run``.
    settings : the section of client.yml.
    context : the round's date, and its seed for the trial on a sample.
    """
    if "customer_table" not in tables or not {"orders", "order_lines"} & set(tables):
        return _closed(settings, 0, _("There are no orders."))
    customers = features(tables, settings, context)
    buyers = customers[customers["revenue_per_year"] > 0]
    if len(buyers) < settings.least_customers:
        return _closed(settings, len(buyers), _("Too few customers ordered to say what comparable customers reach."))
    if np.ptp(buyers["revenue_per_year"]) < CENT:
        return _closed(settings, len(buyers), _("All customers brought the same revenue, so nobody stays behind."))
    live = customers[~dead_records(customers)].reset_index(drop=True)
    compared, names = comparable(live, settings)
    if not names:
        return _nothing_to_compare(settings, len(buyers))
    needed = max(settings.least_customers, int(np.ceil(MOST * len(live))))
    if compared.sum() < needed:
        return _too_few_compared(settings, int(compared.sum()), len(live), needed)
    return _open(settings, customers, len(buyers), detectable(live[compared], settings, context.seed))


def _builder(settings: Settings, buyers: int, instead: str, missing: Sequence[str] = ()) -> GateBuilder:
    needs = _("at least {n} customers with orders in {months} months, and their size, sector or usage to compare them on")
    has = _("{n} customers with orders").format(n=number(buyers))
    if missing:
        has += "; " + _("missing: {what}").format(what=", ".join(missing))
    return GateBuilder(needs.format(n=number(settings.least_customers), months=number(settings.months)), has, instead)


def _closed(settings: Settings, buyers: int, reason: str) -> Gate:
    gate = _builder(settings, buyers, _("Go through the customers one by one with the sales staff."))
    enough = _("at least {n} customers with orders of different size")
    return gate.not_yet(reason, enough.format(n=number(settings.least_customers)))


def _nothing_to_compare(settings: Settings, buyers: int) -> Gate:
    instead = _("Read the revenue per customer group, and talk about the customers who could buy more.")
    return _builder(settings, buyers, instead, [_("size, sector, usage and external figures")]).not_yet(
        _("There is nothing to compare customers on: the potential would be the same for all."),
        _("Record the sector or the number of employees, or bring the use of devices or a figure per postcode."),
    )


def _too_few_compared(settings: Settings, compared: int, live: int, needed: int) -> Gate:
    instead = _("Read the revenue per customer group, and talk about the customers who could buy more.")
    reason = _("Only {n} of {all} customers can be compared; the rest would be one group, whatever their size.")
    unlock = _("Record the size, sector or usage of {n} customers or more; {missing} are missing.")
    return _builder(settings, live, instead, [_("size, sector, usage and external figures")]).not_yet(
        reason.format(n=number(compared), all=number(live)), unlock.format(n=number(needed), missing=number(needed - compared))
    )


def _open(settings: Settings, customers: pd.DataFrame, buyers: int, detectable_sentence: str) -> Gate:
    missing = []
    if customers["own_brand_share"].isna().all():
        missing.append(_("whose brand the products are"))
    if customers["contacts_per_year"].isna().all():
        missing.append(_("contacts"))
    if missing:
        gate = _builder(settings, buyers, _("Read the revenue per segment, and the potential as a first impression."), missing)
        return gate.with_care(
            _("The potential can be computed, but not all of the questions can be answered."),
            _("the missing figures in the customer list, the products or the campaigns"),
            detectable_sentence,
        )
    return _builder(settings, buyers, "").go(_("Customers can be compared with their like."), detectable_sentence, _("ready"))
