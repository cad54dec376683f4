"""Why this customer has this probability: which features moved it, and which way.

For each feature: how far the probability (in log-odds) would move if that feature were the shop's median instead
of the customer's own (our convention; it works for every model and needs no library). It tells what the model
looked at, not what causes the behaviour.
"""

from collections.abc import Callable
from functools import lru_cache

import numpy as np
import pandas as pd
from scipy.special import logit

from helpers.analyses.predictions.models import Fitted
from helpers.core.wording import _, money, number

SMALL = 0.1  # in log-odds; below this a feature is not worth naming (our convention)


def moves(model: Fitted, features: pd.DataFrame) -> pd.DataFrame:
    """Return how far each feature moved each customer's probability, in log-odds; same index as ``features``."""
    medians = features[list(model.columns)].median()
    own = _odds(model, features)
    moved = {}
    for column in model.columns:
        without = features.assign(**{column: medians[column]})
        moved[column] = own - _odds(model, without)
    return pd.DataFrame(moved, index=features.index)


def _odds(model: Fitted, features: pd.DataFrame) -> np.ndarray:
    return logit(np.clip(model.probability(features), 1e-6, 1 - 1e-6))


def reasons(model: Fitted, features: pd.DataFrame, most: int = 2) -> pd.Series:
    """Return one line of words per customer: the features that moved the probability most.

    Parameters
    ----------
    model : the fitted model.
    features : all customers, one row each.
    most : at most this many features are named.
    """
    columns = model.columns
    values, medians = features[list(columns)].to_numpy(), features[list(columns)].median().to_numpy()
    strength = moves(model, features).to_numpy()
    strongest = np.argsort(-np.abs(strength), axis=1, kind="stable")[:, :most]
    phrase_once = lru_cache(maxsize=None)(phrase)  # many customers share a reason, and finding words takes time
    words = []
    for row in range(len(features)):
        phrases = [
            phrase_once(columns[at], shown_value(columns[at], values[row, at]), medians[at], bool(strength[row, at] > 0))
            for at in strongest[row]
            if abs(strength[row, at]) >= SMALL
        ]
        words.append("; ".join(phrases) or _("close to the middle of all customers in everything"))
    return pd.Series(words, index=features.index, dtype=object)


def phrase(column: str, own: float, middle: float, up: bool) -> str:
    """Return one reason in words: "higher because the last order is 12 days ago (half of customers: 90)"."""
    text = _("higher because {fact}") if up else _("lower because {fact}")
    return text.format(fact=fact(column, own, middle))


def rhythm_words(gap_days: float, silent_days: float) -> str:
    """Return the silence of a customer beside his own rhythm."""
    text = _("normally about {gap} days between orders; the last is {silent} days ago")
    return text.format(gap=number(round(gap_days)), silent=number(round(silent_days)))


def fact(column: str, own: float, middle: float) -> str:
    """Return what a feature says about the customer, beside the shop's middle."""
    in_words: Callable[[float], str]
    if column in ("monetary", "monetary_per_order", "monetary_year", "last_order_amount"):
        in_words = money
    elif column == "silence_gaps":
        in_words = tenths
    else:
        in_words = number
    return _FACTS[column]().format(own=in_words(own), middle=in_words(middle))


def shown_value(column: str, value: float) -> float:
    """Return the value as precisely as it is shown."""
    return round(float(value), 1 if column == "silence_gaps" else 0)


def tenths(value: float) -> str:
    """Return a number with one decimal."""
    return number(value, 1)


_FACTS = {
    "recency_days": lambda: _("the last order is {own} days ago (middle customer: {middle})"),
    "frequency": lambda: _("there are {own} orders so far (middle customer: {middle})"),
    "monetary": lambda: _("the orders so far add up to {own} (middle customer: {middle})"),
    "tenure_days": lambda: _("the first order is {own} days ago (middle customer: {middle})"),
    "monetary_per_order": lambda: _("an order is {own} on average (middle customer: {middle})"),
    "expected_gap_days": lambda: _("there are normally {own} days between orders (middle customer: {middle})"),
    "silence_gaps": lambda: _("the last order is {own} times the own gap between orders ago (middle customer: {middle})"),
    "orders_91_days": lambda: _("there were {own} orders in the last three months (middle customer: {middle})"),
    "orders_182_days": lambda: _("there were {own} orders in the last half year (middle customer: {middle})"),
    "monetary_year": lambda: _("the last year brought {own} (middle customer: {middle})"),
    "last_order_amount": lambda: _("the last order was {own} (middle customer: {middle})"),
}
