"""Measured over time: how old the newest data is, how far back it goes, and what was deleted early."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from helpers.core.results import RunContext
from helpers.phases.data_maturity.joins import ids
from helpers.phases.data_maturity.measures import Measure, moments, share
from helpers.tables import DAYS_PER_MONTH, TABLES

DATED = ("orders", "order_lines", "contacts", "web_events", "campaigns", "usage")
# What shows a deletion rule: our convention, explained in ``deletion_cliff``.
CLIFF_MONTHS = (3, 6, 12, 18, 24, 36)
FEWEST_PROSPECTS = 20
SLACK_MONTHS = 0.5
MOST_OLDER = 0.01
LEAST_LAST_THIRD = 1 / 6
LEAST_REACH = 2


@dataclass(frozen=True)
class Cliff:
    """A deletion rule seen in the data: nobody without activity is older than this.

    Parameters
    ----------
    months : the age at which records end.
    prospects : customers without an order that the rule was seen on.
    older : of these, those that are older all the same.
    history_months : how far the customer list itself goes back.
    """

    months: int
    prospects: int
    older: int
    history_months: float


def time_measures(tables: Mapping[str, pd.DataFrame], context: RunContext) -> Iterator[Measure | None]:
    """Yield age, reach and unbroken months of every dated table, and a deletion rule where one shows."""
    as_of = pd.Timestamp(context.as_of)
    for name in DATED:
        days = _days(tables, name, as_of)
        if days.empty:
            continue
        age = int((as_of - days.max()).days)
        yield Measure("days_old", name, TABLES[name].when, float(age), len(days), len(days), days.max().date().isoformat())
        if name in ("orders", "order_lines", "contacts"):
            months = (as_of - days.min()).days / DAYS_PER_MONTH
            first = days.min().date().isoformat()
            yield Measure("months_of_history", name, TABLES[name].when, months, len(days), len(days), first)
            held = days.dt.to_period("M")  # of the months, first to last, those with at least one row
            yield share("months_unbroken", name, TABLES[name].when, held.nunique(), (held.max() - held.min()).n + 1)
    cliff = deletion_cliff(tables, context)
    if cliff is not None:
        yield Measure(
            "kept_months",
            "customers",
            "created_date",
            float(cliff.months),
            cliff.prospects - cliff.older,
            cliff.prospects,
            f"{cliff.history_months:.0f}",
        )


def _days(tables: Mapping[str, pd.DataFrame], name: str, as_of: pd.Timestamp) -> pd.Series:
    frame = tables.get(name)
    when = TABLES[name].when
    if frame is None or when not in frame:
        return pd.Series(dtype="datetime64[us]")
    days = moments(frame[when]).dropna().dt.normalize()
    return days[days <= as_of]


def deletion_cliff(tables: Mapping[str, pd.DataFrame], context: RunContext) -> Cliff | None:
    """Return the age at which customers without orders disappear; None when none shows.

    Our convention. Age is the time since the last activity (recorded, or last contact). A cliff of
    c months (3, 6, 12, 18, 24 or 36) shows when at most 1 % of at least 20 prospects is more than
    half a month older, the last third before c still holds a sixth of them (so that they do not
    simply fade out), and the customers who did order go back at least twice as far.
    """
    customers = tables.get("customers")
    if customers is None or "created_date" not in customers or "customer_id" not in customers:
        return None
    as_of = pd.Timestamp(context.as_of)
    people = pd.DataFrame({"id": customers["customer_id"].astype("string").str.strip()})
    people["active"] = moments(customers["created_date"])
    people = people.dropna()
    people = people[people["active"] <= as_of]
    bought = people["id"].isin(ids(tables, "orders"))
    # Buyers are kept for the accounts; a deletion rule shows on those who never ordered.
    prospects = people[~bought].assign(active=lambda frame: _latest(frame, tables, as_of))
    ages = ((as_of - prospects["active"]).dt.days / DAYS_PER_MONTH).to_numpy(dtype=float)
    if len(ages) < FEWEST_PROSPECTS or not bought.any():
        return None
    reach = (as_of - people.loc[bought, "active"].min()).days / DAYS_PER_MONTH
    for months in CLIFF_MONTHS:
        older = int(np.sum(ages > months + SLACK_MONTHS))
        last_third = np.mean((ages > months * 2 / 3) & (ages <= months + SLACK_MONTHS))
        # Without enough people just before the cliff they fade out; without older buyers the list is merely young.
        if older <= MOST_OLDER * len(ages) and last_third >= LEAST_LAST_THIRD and reach >= LEAST_REACH * months:
            return Cliff(months, len(ages), older, reach)
    return None


def _latest(prospects: pd.DataFrame, tables: Mapping[str, pd.DataFrame], as_of: pd.Timestamp) -> pd.Series:
    contacts = tables.get("contacts")
    if contacts is None or not {"customer_id", "contact_date"} <= set(contacts):
        return prospects["active"]
    when = moments(contacts["contact_date"])
    inside = when <= as_of + pd.Timedelta(days=1)
    last = when[inside].groupby(contacts.loc[inside, "customer_id"].astype("string").str.strip()).max()
    touched = pd.Series(last.reindex(prospects["id"]).to_numpy(), index=prospects.index)
    return prospects["active"].where(~(touched > prospects["active"]), touched)
