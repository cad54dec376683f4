"""How many of these people order without the pilot: counted one window back, among those whom the same rule chose then.

A group that was chosen by a status, a segment or a recency was chosen by its last orders. To count these same orders would give
0 or 100 %, whatever its people do next (selection on the outcome: Heckman 1979). So the group is chosen as of the day before the
window, and what its people did in the window is counted. How a group was chosen this room does not know; a tree (CART: Breiman et
al. 1984) reads the rule from who is in it today, out of what orders say of each customer, and is asked the same question about the
earlier day. A group that orders do not explain is no matter of orders: its people of today are followed (our convention).
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import StratifiedKFold, cross_val_predict
from sklearn.tree import DecisionTreeClassifier

from helpers.phases.pilot.eligibility import in_groups
from helpers.phases.pilot.settings import Settings

LEAST_PEOPLE = 20  # who must have been chosen one window back, or their share says nothing (our convention)
EXPLAINED = 0.65  # area under the curve, in unseen folds, from which on orders are said to choose a group (our convention)
MOST_ROWS = 20_000  # from which the rule is read
_FOLDS = 5
_LEAF = 5  # people that a branch of the tree keeps at least

Source = Literal["declared", "rule", "people", "short", "hidden", "unknown"]


@dataclass(frozen=True)
class Pace:
    """The share that converts without the pilot within so many days, and where it comes from.

    Parameters
    ----------
    base_rate : 0 to 1; NaN where it is not known.
    base_from : "declared" by the client; "rule" (the group as the same rule chose it one window back); "people" (today's people who
        were customers then); not known because the history is too "short", because only orders could tell and are not there
        ("hidden"), or because no order of these people is known ("unknown").
    base_people : people whose orders were counted.
    history_days, history_needed : days that the orders go back, and would have to.
    """

    base_rate: float
    base_from: Source
    base_people: int
    history_days: int
    history_needed: int


PaceOf = Callable[[int], Pace]


def pace_of(
    people: pd.DataFrame, everyone: pd.DataFrame, orders: pd.DataFrame | None, settings: Settings, as_of: date, seed: int
) -> PaceOf:
    """Return what gives the pace for a length in days.

    Parameters
    ----------
    people : the eligible people, with ``recency_days`` where orders are known, and ``tenure_days`` and ``created_date`` where they are.
    everyone : who would be eligible if no group were chosen, with the groups: among them the rule looks one window back.
    orders : canonical table ``orders``; None where it is not there.
    settings : the client's own base rate, where given, and the chosen groups.
    as_of, seed : of the round.
    """
    if settings.base_rate is not None:
        declared = settings.base_rate
        # The client's share belongs to the longest length, and is taken to build up evenly.
        return lambda days: Pace(declared * min(1, days / settings.most_days), "declared", 0, 0, 0)
    if "recency_days" not in everyone or not everyone["recency_days"].notna().any():
        return lambda days: Pace(float("nan"), "unknown", 0, 0, 0)
    member = in_groups(everyone, settings.groups).to_numpy()
    if member.all():
        return lambda days: _of_people(people, as_of, days)
    if orders is None or "customer_id" not in orders:
        return lambda days: Pace(float("nan"), "hidden", 0, 0, 0)
    history = OrderHistory.of(orders, everyone["customer_id"], as_of)
    rule = read_rule(history.measures(0), member, seed)
    if rule is None:
        return lambda days: _of_people(people, as_of, days)
    return lambda days: _by_rule(history, rule, member, days)


@dataclass(frozen=True)
class OrderHistory:
    """Orders of some customers, sorted by customer and age: place of the customer, age in days, amount."""

    customers: int
    place: NDArray[np.int64]
    age_days: NDArray[np.float64]
    amount: NDArray[np.float64]

    @classmethod
    def of(cls, orders: pd.DataFrame, customers: pd.Series, as_of: date) -> "OrderHistory":
        """Return the orders of these customers up to a day."""
        place = pd.Index(customers).get_indexer(pd.Index(orders["customer_id"]))
        age = (pd.Timestamp(as_of) - pd.to_datetime(orders["order_date"]).dt.normalize()).dt.days.to_numpy(float)
        amount = orders["order_amount"].fillna(0).to_numpy(float) if "order_amount" in orders else np.zeros(len(orders))
        inside = (place >= 0) & (age >= 0)
        order = np.lexsort((amount[inside], age[inside], place[inside]))
        return cls(len(customers), place[inside][order], age[inside][order], amount[inside][order])

    def measures(self, days_back: int) -> NDArray[np.float64]:
        """Return what the customer table would have said so many days ago: recency, tenure, orders, spend, spend per order."""
        past = self.age_days >= days_back
        place, age = self.place[past], self.age_days[past] - days_back
        frequency = np.bincount(place, minlength=self.customers).astype(float)
        monetary = np.bincount(place, weights=self.amount[past], minlength=self.customers)
        # Ages rise within each customer: the first row is the last order, the last row the first.
        recency, tenure = np.full((2, self.customers), np.nan)
        recency[place[::-1]], tenure[place] = age[::-1], age
        per_order = np.divide(monetary, frequency, out=np.full_like(monetary, np.nan), where=frequency > 0)
        return np.column_stack([recency, tenure, frequency, monetary, per_order])

    def ordered_within(self, days: int) -> NDArray[np.bool_]:
        """Return which customers ordered in the last days."""
        return np.bincount(self.place[self.age_days < days], minlength=self.customers) > 0


def read_rule(measures: NDArray[np.float64], member: NDArray[np.bool_], seed: int) -> DecisionTreeClassifier | None:
    """Return a tree that chooses as the group was chosen; None where orders do not explain who is in it.

    Parameters
    ----------
    measures : one row per customer, from ``OrderHistory.measures``; member : who is in the group.
    seed : of the folds, of the tree, and of the sample where there are very many.
    """
    rows = np.arange(len(member))
    if len(rows) > MOST_ROWS:
        rows = np.sort(np.random.default_rng(seed).choice(rows, MOST_ROWS, replace=False))
    inside, known = measures[rows], member[rows]
    if min(known.sum(), (~known).sum()) < _FOLDS:
        return None
    tree = DecisionTreeClassifier(min_samples_leaf=_LEAF, random_state=seed)
    folds = StratifiedKFold(_FOLDS, shuffle=True, random_state=seed)
    unseen = cross_val_predict(tree, inside, known, cv=folds, method="predict_proba")[:, 1]
    return tree.fit(inside, known) if roc_auc_score(known, unseen) >= EXPLAINED else None


def _by_rule(history: OrderHistory, rule: DecisionTreeClassifier, member: NDArray[np.bool_], days: int) -> Pace:
    then, recency = history.measures(days), history.measures(0)[member, 0]
    # Who had not ordered yet was no customer then, unless the group holds people without orders.
    belongs = rule.predict_proba(then)[:, 1] * ((then[:, 2] > 0) | np.isnan(recency).any())
    people, reach = float(belongs.sum()), int(history.age_days.max(initial=0))
    # At least half of the group must have been able to be in it: their last orders lie this far back.
    needed = days + (int(np.nanmedian(recency)) if np.isfinite(recency).any() else 0)
    if people < LEAST_PEOPLE or reach < needed:
        return Pace(float("nan"), "short", round(people), reach, max(needed, reach + 1))
    return Pace(float(belongs @ history.ordered_within(days)) / people, "rule", round(people), reach, needed)


def _of_people(people: pd.DataFrame, as_of: date, days: int) -> Pace:
    """Return what today's people did since, of those who were customers, or recorded, before the window."""
    never, created = people["recency_days"].isna(), people.get("created_date", pd.Series(pd.NaT, index=people.index))
    tenure = people.get("tenure_days", pd.Series(float(days), index=people.index))
    recorded = (pd.Timestamp(as_of) - pd.to_datetime(created)).dt.days >= days
    known = (tenure >= days) | recorded | (never & created.isna())
    count = int(known.sum())
    reach = int(tenure.max()) if tenure.notna().any() else days
    if count < min(LEAST_PEOPLE, len(people)) or reach < days:
        return Pace(float("nan"), "short", count, reach, max(days, reach + 1))
    return Pace(float((people.loc[known, "recency_days"] < days).mean()), "people", count, reach, days)
