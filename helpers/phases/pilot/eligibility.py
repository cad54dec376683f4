"""Who may be in the pilot, and how many are lost at each step.

The steps always come in the same order: chosen group, consent, objection, contact caps. The last three are the rules
of ``helpers.privacy``; nobody is put back by a later step.
"""

from datetime import date

import pandas as pd

from helpers.phases.pilot.settings import Settings
from helpers.privacy import has_consent, has_opted_out, over_the_cap

STEPS = ("known", "group", "consent", "opted_out", "caps")


def eligible(
    customers: pd.DataFrame, settings: Settings, as_of: date, *, groups: pd.DataFrame | None = None, campaigns: pd.DataFrame | None = None
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the people who may be in the pilot, and the funnel that led to them.

    Parameters
    ----------
    customers : the customer table with, where known, ``consent`` and ``opted_out``.
    settings : section ``pilot`` of client.yml.
    as_of : the round's date.
    groups : ``customer_id``, ``group``, ``group_name``; None when no groups were made.
    campaigns : canonical table ``campaigns``; None when no contact history is known.

    Returns
    -------
    The rows of the eligible people sorted by customer_id, with ``group`` and ``group_name`` where groups were made;
    and one row per step: step, people (left after it), lost (at it).
    """
    people = with_groups(customers, groups)
    # Whoever fails two rules is counted as lost at the first of them only, so the steps add up.
    # One rule per step, each True for who stays.
    rules = {
        "group": in_groups(people, settings.groups),
        "consent": has_consent(people, settings.consent_basis),
        "opted_out": ~has_opted_out(people),
        "caps": ~over_the_cap(
            people["customer_id"], campaigns, as_of, in_7_days=settings.most_in_7_days, in_30_days=settings.most_in_30_days
        ),
    }
    left = pd.Series(True, index=people.index)
    rows = [{"step": "known", "people": len(people), "lost": 0}]
    for step, stays in rules.items():
        before, left = int(left.sum()), left & stays.astype(bool)
        rows.append({"step": step, "people": int(left.sum()), "lost": before - int(left.sum())})
    return people[left].reset_index(drop=True), pd.DataFrame(rows)


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
