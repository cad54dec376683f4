"""One row per assigned person: what they were assigned, what reached them, and what came of it.

Everyone who was assigned counts, reached or not (intention to treat): who is reached is no longer random. No row is
dropped because it looks like another one: two equal orders are two orders.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import pandas as pd

from helpers.phases.evaluation.settings import Settings
from helpers.privacy import has_opted_out

HOLDOUT = "holdout_group"


def outcomes_of(tables: Mapping[str, pd.DataFrame], settings: Settings, plan: Mapping[str, Any]) -> pd.DataFrame | None:
    """Return the conversions as customer_id, when, amount; None where the client brought none back.

    Parameters
    ----------
    tables : ``outcomes``, or ``orders`` where the settings say so.
    plan : its ``pilot_id`` leaves out outcomes of other pilots, where the source names them.
    """
    days = int(plan.get("days_to_convert") or 0)
    if settings.outcomes_from == "orders":
        orders = tables.get("orders")
        return None if orders is None else events_of(since_assigned(orders, "order_date", tables, days), "order_date", "order_amount")
    outcomes = tables.get("outcomes")
    if outcomes is None:
        return None
    # A test made elsewhere may have no id: then every outcome is its own.
    if "pilot_id" in outcomes and plan["pilot_id"]:
        outcomes = outcomes[outcomes["pilot_id"].isna() | (outcomes["pilot_id"] == plan["pilot_id"])]
    if settings.outcome and "outcome" in outcomes:
        outcomes = outcomes[outcomes["outcome"] == settings.outcome]
    return events_of(since_assigned(outcomes, "outcome_date", tables, days), "outcome_date", "outcome_amount")


def since_assigned(events: pd.DataFrame, when: str, tables: Mapping[str, pd.DataFrame], days: int = 0) -> pd.DataFrame:
    """Return the events without those of people who were put in the test only afterwards, or longer ago than counts.

    Parameters
    ----------
    events : with customer_id; when : its column with the day or moment.
    tables : ``assignment``, with ``assigned_time`` where people came in one by one. Where one of the two is a day without an
        hour, the day itself counts.
    days : days after the assignment in which an event counts; 0 for all of them.
    """
    assignment = tables["assignment"]
    if "assigned_time" not in assignment:
        return events
    assigned = pd.to_datetime(events["customer_id"].map(assignment.groupby("customer_id")["assigned_time"].min().to_dict()))
    moment = pd.to_datetime(events[when])
    has_no_hour = (moment == moment.dt.normalize()) | (assigned == assigned.dt.normalize())
    early = moment.where(~has_no_hour, moment.dt.normalize()) < assigned.where(~has_no_hour, assigned.dt.normalize())
    late = days > 0 and moment.dt.normalize() > assigned.dt.normalize() + pd.Timedelta(days=days)
    return events[~(early | late)]


def events_of(frame: pd.DataFrame, when: str, amount: str) -> pd.DataFrame:
    """Return events as customer_id, when (day), amount; rows without a customer or a day cannot be joined."""
    amounts = frame[amount] if amount in frame else pd.Series(0.0, index=frame.index)
    return pd.DataFrame(
        {
            "customer_id": frame["customer_id"],
            "when": pd.to_datetime(frame[when]).dt.normalize(),
            "amount": pd.to_numeric(amounts).fillna(0.0).astype(float),
        }
    ).dropna(subset=["customer_id", "when"])


def between(events: pd.DataFrame, first: date, last: date) -> pd.DataFrame:
    """Return the events from the first to the last day, both included."""
    return events[(events["when"] >= pd.Timestamp(first)) & (events["when"] <= pd.Timestamp(last))]


def people_of(
    assignment: pd.DataFrame,
    events: pd.DataFrame,
    start: date,
    until: date,
    *,
    exposures: pd.DataFrame | None = None,
    orders: pd.DataFrame | None = None,
    pre_period_days: int = 365,
) -> pd.DataFrame:
    """Join what came of it to the assignment.

    Parameters
    ----------
    assignment : customer_id, treatment, stratum and what was known before.
    events : customer_id, when, amount.
    start, until : the pilot's first day and the last day that counts.
    exposures : what was really sent or shown; None where it was not brought back.
    orders : for the spend before the start; None leaves ``before_revenue`` to what the assignment knows.

    Returns
    -------
    One row per row of the assignment, sorted by customer_id, with treated, conversions, converted, revenue,
    before_revenue (missing where not known) and reached (missing without exposures).
    """
    table = assignment.sort_values("customer_id", kind="stable").reset_index(drop=True)
    events_per_customer = between(events, start, until).groupby("customer_id")["amount"].agg(["size", "sum"])
    table["treated"] = table["treatment"] != HOLDOUT
    table["conversions"] = table["customer_id"].map(events_per_customer["size"]).fillna(0).astype(int)
    table["converted"] = table["conversions"] > 0
    table["revenue"] = table["customer_id"].map(events_per_customer["sum"]).fillna(0.0).astype(float)
    table["before_revenue"] = _before(table, orders, start, pre_period_days)
    table["reached"] = _reached(table, exposures, start, until)
    return table


def with_opt_outs(people: pd.DataFrame, customers: pd.DataFrame | None) -> pd.DataFrame:
    """Add who objects now; everyone in the assignment did not object when it was made."""
    if customers is None or "opted_out" not in customers:
        return people
    objected = has_opted_out(customers)
    if "objecting_persons" in customers and "objecting_persons" in people:
        # Some persons of a firm had objected before; one more since then is what the pilot may have done.
        before = customers["customer_id"].map(people.set_index("customer_id")["objecting_persons"])
        objected |= (customers["objecting_persons"] > before).fillna(False)
    objectors = customers.loc[objected, "customer_id"]
    return people.assign(opted_out_now=people["customer_id"].isin(objectors))


def _before(table: pd.DataFrame, orders: pd.DataFrame | None, start: date, days: int) -> pd.Series:
    if orders is not None and days > 0:
        # The pilot's first day is not the past any more.
        past = between(events_of(orders, "order_date", "order_amount"), start - timedelta(days=days), start - timedelta(days=1))
        return table["customer_id"].map(past.groupby("customer_id")["amount"].sum()).fillna(0.0).astype(float)
    if "before_monetary" in table:
        return pd.to_numeric(table["before_monetary"]).fillna(0.0).astype(float)
    return pd.Series(float("nan"), index=table.index)


def _reached(table: pd.DataFrame, exposures: pd.DataFrame | None, start: date, until: date) -> pd.Series:
    if exposures is None:
        # Not known is another answer than not reached.
        return pd.Series(pd.NA, index=table.index, dtype="boolean")
    if "pilot_id" in exposures and "pilot_id" in table:
        exposures = exposures[exposures["pilot_id"].isna() | exposures["pilot_id"].isin(table["pilot_id"])]
    shown = pd.to_datetime(exposures["shown_time"]).dt.normalize()
    exposures = exposures[(shown >= pd.Timestamp(start)) & (shown <= pd.Timestamp(until))]
    # A log may also hold the people left out, with the holdout group as their treatment: nothing reached them.
    if "treatment" in exposures:
        exposures = exposures[exposures["treatment"].fillna("") != HOLDOUT]
    return table["customer_id"].isin(exposures["customer_id"]).astype("boolean")
