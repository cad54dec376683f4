"""From the customer table to the numbers that groups are made of."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from helpers.analyses.clusters.settings import Settings
from helpers.analyses.kinds import as_numbers
from helpers.core.errors import did_you_mean
from helpers.core.wording import _, listing, money, number, percent, plural
from helpers.tables import CUSTOMER_TABLE, dtypes

NOT_FEATURES = ("customer_id", "in_customer_list")


@dataclass(frozen=True)
class Prepared:
    """Buyers in the order of their id, with the features that can be used.

    Parameters
    ----------
    buyers : one row per customer with at least one order, sorted by customer_id.
    names : features that are there and vary.
    large : per buyer, True for a very large account that is named by itself.
    notes : sentences about what was left out and why.
    without_orders : True where nobody ordered, and all customers are grouped on what is known of them.
    candidates : columns of the client's own that differ between customers.
    """

    buyers: pd.DataFrame
    names: tuple[str, ...]
    large: np.ndarray
    notes: tuple[str, ...]
    without_orders: bool = False
    candidates: tuple[str, ...] = ()

    @property
    def features(self) -> np.ndarray:
        """Features in their own units, rows = buyers."""
        return self.buyers.loc[:, list(self.names)].to_numpy(dtype=float)


def prepare(tables: Mapping[str, pd.DataFrame], settings: Settings, as_of: date | None = None) -> Prepared:
    """Choose the buyers and the features, and set very large accounts apart.

    Parameters
    ----------
    tables : with "customer_table"; not changed.
    settings : features, large_accounts and what belongs to them.
    as_of : the round's day, from which dates are counted back.

    Returns
    -------
    Prepared; ``names`` is empty when no feature can be used.
    """
    table = tables["customer_table"]
    # Who never ordered has no behaviour to be grouped by; where nobody did, customers are grouped on what is known of them.
    bought = pd.to_numeric(table["frequency"], errors="coerce").fillna(0) > 0
    without_orders = not bought.any()
    bought |= without_orders
    # Sorted before a double id is dropped, so that the order of the rows does not choose which stays.
    buyers = table.loc[bought].sort_values(["customer_id", "monetary", "frequency"], kind="stable")
    buyers = buyers.drop_duplicates("customer_id").reset_index(drop=True)
    usable: list[str] = []
    notes: list[str] = []
    for name in settings.features:
        reason = _why_not(table, buyers, name)
        if reason:
            # Nobody asked for the default features: that a client without orders has none of them is no news.
            notes += [reason] if not without_orders or "features" in settings.model_fields_set else []
            continue
        for column in as_numbers(buyers[name], as_of).columns.items():
            buyers[column[0]], note = _filled(column[1], str(column[0]))
            if note:
                notes.append(note)
            usable.append(str(column[0]))
    buyers["monetary"] = pd.to_numeric(buyers["monetary"]).astype(float).fillna(0.0)
    large, large_notes = large_accounts(buyers["monetary"].to_numpy(), settings)
    # Looked at without the very large accounts: what only they have differently cannot part the others.
    grouped = buyers.loc[~large]
    varying = tuple(name for name in usable if grouped[name].nunique() > 1)
    same = _("{feature} is the same for every customer, so it cannot tell groups apart and was left out.")
    constant = [same.format(feature=title(name)) for name in usable if name not in varying]
    if without_orders and "features" not in settings.model_fields_set:
        constant = []
    return Prepared(buyers, varying, large, (*notes, *large_notes, *constant), without_orders, _candidates(table))


def _candidates(table: pd.DataFrame) -> tuple[str, ...]:
    """Return what else is known of the customers and differs between them: what a client without orders may group on."""
    own = [name for name in table if name not in (*NOT_FEATURES, *dtypes(CUSTOMER_TABLE), "consent", "opted_out")]
    return tuple(str(name) for name in own if table[name].nunique() > 1)


def _why_not(table: pd.DataFrame, buyers: pd.DataFrame, name: str) -> str:
    if name not in table or name in NOT_FEATURES:
        without = _("{feature} is not in the data, so the groups are made without it.").format(feature=title(name))
        return f"{without} {did_you_mean(name, [str(column) for column in table if column not in NOT_FEATURES])}"
    if buyers[name].notna().sum() == 0:
        return _("{feature} is not filled in, so the groups are made without it.").format(feature=title(name))
    if not len(as_numbers(buyers[name], None).columns.columns):
        return _("{feature} says something else of nearly every customer, so it cannot make groups.").format(feature=title(name))
    return ""


def _filled(column: pd.Series, name: str) -> tuple[pd.Series, str]:
    """Numbers without gaps: no contacts recorded is 0, anything else gets the middle value."""
    values = pd.to_numeric(column, errors="coerce").astype(float).replace([np.inf, -np.inf], np.nan)
    missing = int(values.isna().sum())
    if not missing:
        return values, ""
    if name in ("contacts", "monetary", "frequency"):
        return values.fillna(0.0), ""
    note = _("{feature} is missing for {share} of the customers; they were given the middle value.")
    return values.fillna(values.median()), note.format(feature=title(name), share=percent(missing / len(values)))


def large_accounts(monetary: np.ndarray, settings: Settings) -> tuple[np.ndarray, tuple[str, ...]]:
    """Find the customers so large that they are named by themselves (our convention).

    A very large account brings at least ``large_account_share`` of all revenue alone. When more
    than ``large_accounts_at_most`` of the customers would, they are a group: none is taken out.

    Returns
    -------
    A flag per customer, and sentences that say what was done.
    """
    nobody = np.zeros(len(monetary), dtype=bool)
    total = monetary.sum()
    if settings.large_accounts == "off" or total <= 0:
        return nobody, ()
    large = monetary >= settings.large_account_share * total
    # Many of them are no exceptions but a group of their own.
    if not large.any() or large.sum() > settings.large_accounts_at_most * len(monetary):
        return nobody, ()
    note = _("{customers} each bring at least {share} of all revenue and are named one by one, so that they do not bend the groups.")
    return large, (
        note.format(customers=plural("{n} customer", "{n} customers", large.sum()), share=percent(settings.large_account_share, 0)),
    )


def word(name: str) -> str:
    """Return a feature's name as it stands inside a sentence: "spend", "contacts"."""
    known = {
        "monetary": _("spend"),
        "contacts": _("contacts"),
        "frequency": _("orders"),
        "frequency_per_month": _("orders a month"),
        "monetary_per_order": _("spend per order"),
        "recency_days": _("days since the last order"),
        "tenure_days": _("days since the first order"),
        "employees": _("employees"),
        "company_revenue": _("own revenue of the customer"),
    }
    return known.get(name, name.replace("_", " "))


def title(name: str) -> str:
    """Return a feature's name as it opens a sentence or stands alone: "Spend", "Contacts"."""
    return first_up(word(name))


def first_up(text: str) -> str:
    """Return the text with its first letter as a capital, the rest as it is."""
    return text[:1].upper() + text[1:]


def words(names: tuple[str, ...]) -> str:
    """Return features as a list in prose: "spend, contacts and orders"."""
    return listing([word(name) for name in names])


def amount(name: str, value: float) -> str:
    """Return a feature's value with its unit, as text."""
    if name in ("monetary", "monetary_per_order", "company_revenue"):
        return money(value)
    return number(value, 0 if abs(value) >= 10 or float(value).is_integer() else 1)
