"""Who may be in the pilot, and how many are lost at each step.

The steps always come in the same order: chosen group, consent, objection, contact caps. The last three are the rules
of ``helpers.privacy``; nobody is put back by a later step.
"""

from datetime import date

import pandas as pd

from helpers.phases.pilot.settings import Settings
from helpers.privacy import has_consent, has_opted_out, over_the_cap, recipients

STEPS = ("known", "group", "consent", "opted_out", "caps")


def eligible(
    customers: pd.DataFrame,
    settings: Settings,
    as_of: date,
    *,
    groups: pd.DataFrame | None = None,
    campaigns: pd.DataFrame | None = None,
    persons: pd.DataFrame | None = None,
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Return the customers who may be in the pilot, the funnel that led to them, and who at each of them may be written to.

    Parameters
    ----------
    customers : the customer table with, where known, ``consent`` and ``opted_out``.
    settings : section ``pilot`` of client.yml.
    as_of : the round's date.
    groups : ``customer_id``, ``group``, ``group_name``; None when no groups were made.
    campaigns : canonical table ``campaigns``; None when no contact history is known.
    persons : canonical table ``persons``: a firm stays while one of its persons may be written to; None where there is none.

    Returns
    -------
    The rows of the eligible people sorted by customer_id, with ``group`` and ``group_name`` where groups were made;
    one row per step: step, people (customers left after it), lost (at it) and, with persons, persons (left after it); and the
    recipients (``privacy.recipients``), who are the eligible people themselves where no persons are known.
    """
    everybody = with_groups(customers, groups)
    people = recipients(everybody, persons)
    # Whoever fails two rules is counted as lost at the first of them only, so the steps add up.
    # One rule per step, each True for who stays.
    rules = {
        "group": in_groups(people, settings.groups),
        "consent": has_consent(people, settings.consent_basis),
        "opted_out": ~has_opted_out(people),
        "caps": ~over_the_cap(
            people["customer_id"],
            campaigns,
            as_of,
            in_7_days=settings.most_in_7_days,
            in_30_days=settings.most_in_30_days,
            persons=people.get("person_id"),
        ),
    }
    left = pd.Series(True, index=people.index)
    rows = [{"step": "known", "people": len(everybody), "lost": 0} | _persons(people)]
    for step, stays in rules.items():
        left &= stays.astype(bool)
        customers_left = people.loc[left, "customer_id"].nunique()
        rows.append({"step": step, "people": customers_left, "lost": rows[-1]["people"] - customers_left} | _persons(people[left]))
    people = people[left].reset_index(drop=True)
    eligible_customers = everybody[everybody["customer_id"].isin(people["customer_id"])].reset_index(drop=True)
    return eligible_customers, pd.DataFrame(rows), people


def _persons(people: pd.DataFrame) -> dict[str, int]:
    return {"persons": int(people["person_id"].notna().sum())} if "person_id" in people else {}


def with_groups(customers: pd.DataFrame, groups: pd.DataFrame | None) -> pd.DataFrame:
    """Return one row per customer, sorted, with the group and its name where groups were made."""
    people = customers.dropna(subset=["customer_id"]).sort_values("customer_id", kind="stable")
    if people["customer_id"].duplicated().any():
        raise ValueError("the customer table must hold each customer once")
    people = people.reset_index(drop=True)
    if groups is None or groups.empty:
        return people
    known = groups.drop(columns=[name for name in groups if name not in ("customer_id", "group", "group_name")])
    # A group of the client's own under the same name gives way to the one that was made.
    people = people.drop(columns=[name for name in ("group", "group_name") if name in people])
    return people.merge(known, on="customer_id", how="left", validate="one_to_one")


def in_groups(people: pd.DataFrame, chosen: tuple[str, ...]) -> pd.Series:
    """Return who is in one of the chosen groups, by name or number; everyone where none is chosen."""
    if not chosen:
        return pd.Series(True, index=people.index)
    inside = pd.Series(False, index=people.index)
    for column in ("group", "group_name"):
        if column in people:
            inside |= people[column].map(_plain).isin({_plain(group) for group in chosen})
    return inside


def _plain(value: object) -> str:
    return str(value).strip().removesuffix(".0").lower()
