"""Who may be written to: consent, objection and contact pressure, as pure functions.

Rules (privacy law is the client's own duty; this is no legal advice): a missing consent is a no; an objection beats every
consent and every other ground (GDPR article 21, 2 and 3); electronic marketing needs consent unless the client declares
another ground it can show. The contact caps, 2 in 7 days and 4 in 30 days over all channels, are our convention: no official
number exists.
"""

from datetime import date
from typing import Literal

import numpy as np
import pandas as pd

Basis = Literal["consent", "own_customers", "company_addresses"]

_YES = {"1", "true", "yes", "y", "ja", "j", "oui", "t"}
_NO = {"0", "false", "no", "n", "nee", "nein", "nej", "non", "f"}


def flag(values: pd.Series) -> pd.Series:
    """Return a yes/no column as True, False or missing; an answer that is not understood is missing."""
    return values.astype("object").map(_yes_or_no).astype("boolean")


def _yes_or_no(value: object) -> bool | None:
    if value is None or value is pd.NA or (isinstance(value, float) and np.isnan(value)):
        return None
    if isinstance(value, (bool, np.bool_)):
        return bool(value)
    if isinstance(value, (int, float, np.integer, np.floating)):
        return {0.0: False, 1.0: True}.get(float(value))
    word = str(value).strip().lower().removesuffix(".0")
    if word in _YES:
        return True
    return False if word in _NO else None


def answers(people: pd.DataFrame) -> pd.Series:
    """Return what people answered on consent: yes, no or missing, as for everyone where the column ``consent`` is absent."""
    return flag(people["consent"]) if "consent" in people else pd.Series(pd.NA, index=people.index, dtype="boolean")


def has_consent(people: pd.DataFrame, basis: Basis = "consent") -> pd.Series:
    """Return who may be written to on the declared ground.

    Parameters
    ----------
    people : one row per person with ``consent``, and for "own_customers" ``frequency``; an absent column counts as missing for
        everyone.
    basis : "consent": an explicit yes. "own_customers": also who bought before and never said no (soft opt-in).
        "company_addresses": also who never said no, because the addresses are impersonal, of legal persons.

    Returns
    -------
    True or False per person; an explicit no is a no on every ground.
    """
    answer = answers(people)
    said_yes, said_no = answer.fillna(False).astype(bool), (~answer).fillna(False).astype(bool)
    if basis == "consent":
        return said_yes
    if basis == "company_addresses":
        return ~said_no
    bought = people["frequency"].fillna(0) > 0 if "frequency" in people else False
    return said_yes | (~said_no & bought)


def has_opted_out(people: pd.DataFrame) -> pd.Series:
    """Return who objected; a filled-in answer that is not understood counts as an objection, to be on the safe side."""
    if "opted_out" not in people:
        return pd.Series(False, index=people.index)
    is_filled = people["opted_out"].notna() & (people["opted_out"].astype(str).str.strip() != "")
    return flag(people["opted_out"]).fillna(is_filled).astype(bool)


def over_the_cap(
    people: pd.Series,
    campaigns: pd.DataFrame | None,
    as_of: date,
    *,
    in_7_days: int = 2,
    in_30_days: int = 4,
    persons: pd.Series | None = None,
) -> pd.Series:
    """Return who would get too many messages if one more were sent now.

    Parameters
    ----------
    people : customer ids.
    campaigns : the canonical table ``campaigns`` (``customer_id``, ``sent_date``, perhaps ``person_id``), one row per message, or None.
    as_of : the last day looked at; messages dated later are not known yet.
    in_7_days, in_30_days : most messages a person may get in any 7 and 30 days, the new one included.
    persons : the person at the customer, missing for the customer itself; None where no persons are known. A message that names
        a person counts for that person, one that names none for everybody at the firm.
    """
    if campaigns is None or campaigns.empty:
        return pd.Series(min(in_7_days, in_30_days) < 1, index=people.index)
    week, month = (_received(people, persons, campaigns, as_of, days) for days in (7, 30))
    return pd.Series((week + 1 > in_7_days) | (month + 1 > in_30_days), index=people.index)


def _received(people: pd.Series, persons: pd.Series | None, campaigns: pd.DataFrame, as_of: date, days: int) -> np.ndarray:
    all_of_firm = messages_since(campaigns, as_of, days).reindex(people).fillna(0).to_numpy()
    if persons is None or "person_id" not in campaigns:
        return all_of_firm
    named = campaigns["person_id"].notna()
    to_firm = messages_since(campaigns[~named], as_of, days).reindex(people).fillna(0).to_numpy()
    to_person = messages_since(campaigns[named], as_of, days, "person_id").reindex(persons).fillna(0).to_numpy()
    return np.where(persons.notna(), to_firm + to_person, all_of_firm)


def messages_since(campaigns: pd.DataFrame, as_of: date, days: int, by: str = "customer_id") -> pd.Series:
    """Return how many messages each id in the column ``by`` got in the ``days`` days up to and including ``as_of``."""
    sent = pd.to_datetime(campaigns["sent_date"]).dt.normalize()
    age = (pd.Timestamp(as_of) - sent).dt.days
    return campaigns.loc[(age >= 0) & (age < days), by].value_counts()
