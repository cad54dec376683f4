"""Did people get lost on the way back, more of them in one arm than in another?

The draw itself is written down, so its sizes always fit. What can go wrong is what came back: people of one arm who are gone from the
customer table, whose orders were not exported, who are missing in the log. When such a loss depends on the arm no comparison can be
believed, and the reading stops (Fabijan et al. 2019, "Diagnosing sample ratio mismatch", stages of execution and log processing; Gerber
and Green 2012, Field Experiments, chapter 7, on attrition). What a person bought after the start may be the effect itself, so it is no
sign of a loss: people are looked for among those who bought before the start, and in tables that are meant to hold everybody.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from helpers.phases.evaluation.drift import homogeneity
from helpers.phases.evaluation.people import HOLDOUT
from helpers.statistics.power import needed_z

# A table in which most people of one arm stand is meant to hold everybody (our convention).
WHOLE = 0.7
# A kind of row that one arm has less than this part as often as another is of that arm only, such as "delivered" (our convention).
OF_ONE_ARM = 0.1
# A check that would not see a loss of this share of one arm checks nothing (our convention).
LOSS_TO_SEE = 0.2


@dataclass(frozen=True)
class Attrition:
    """Who came back, in the table in which the arms differ most.

    Parameters
    ----------
    p_value : chance of a loss this uneven when it does not depend on the arm, corrected for the tables looked at.
    holds : False stops the reading.
    source : "customer_table", "exposures", "outcomes" (a row of any kind), "orders_before" or "outcomes_before" (a row from before
        the start); ``shares`` : share of the people of each arm that stand there.
    detectable : smallest loss of one arm, as a share of it, that would nearly surely (80 %) be seen in the table that shows most.
    """

    p_value: float
    holds: bool
    source: str
    shares: dict[str, float]
    detectable: float = 0.0

    @property
    def sees(self) -> bool:
        """Whether a loss that could turn a verdict would nearly surely have been seen."""
        return self.detectable <= LOSS_TO_SEE


def attrition(
    people: pd.DataFrame, tables: Mapping[str, pd.DataFrame], plan: Mapping[str, Any], outcome: str, *, stop: float = 0.001, seed: int = 0
) -> Attrition | None:
    """Test whether as many people of each arm came back; None where no table could tell.

    Parameters
    ----------
    people : one row per assigned person: customer_id, treatment; assigned_time where people came in one by one; converted.
    tables : what came back: customer_table, outcomes, orders, exposures.
    plan : its start_date; ``undeclared`` stands in that of a test made elsewhere.
    outcome : kind of outcome that counts; empty where every row does, and a row is then a conversion.
    stop : p-value below which the reading stops; seed : see ``homogeneity``.
    """
    arms = people["treatment"].to_numpy()
    p_values, shares, detectable = {}, {}, {}
    for source, customers in _traces(people, tables, plan, outcome):
        came_back = people["customer_id"].isin(customers)
        p_values[source] = _uneven(arms, came_back, seed)
        if source in ("customer_table", "outcomes") and "undeclared" in plan and "converted" in people:
            # Who converts may come into the table by that, which is the effect itself: without them it must look uneven too.
            others = ~people["converted"].to_numpy(bool)
            p_values[source] = max(p_values[source], _uneven(arms[others], came_back[others], seed))
        shares[source] = came_back.groupby(arms).mean().to_dict()
        detectable[source] = _detectable(came_back.mean(), np.unique(arms, return_counts=True)[1], stop)
    if not p_values:
        return None
    source = min(p_values, key=lambda name: p_values[name])
    p_value = min(1.0, len(p_values) * p_values[source])
    return Attrition(p_value, p_value >= stop, source, shares[source], min(detectable.values()))


def _uneven(arms: np.ndarray, came_back: pd.Series, seed: int) -> float:
    counts = pd.crosstab(arms, came_back.to_numpy())
    return homogeneity(counts.to_numpy(), seed) if min(counts.shape) > 1 else 1.0


def _detectable(share: float, sizes: np.ndarray, stop: float) -> float:
    """Return the smallest loss of the smallest arm, as a share of it, that the test of two shares sees in 80 % of cases."""
    if len(sizes) < 2 or share == 0:
        return 1.0
    smallest = sizes.min()
    # Where everybody came back the loss itself makes the spread, so it counts with at least one person.
    spread = max(share * (1 - share), 1 / sizes.sum()) * (1 / smallest + 1 / (sizes.sum() - smallest))
    return float(needed_z(stop, 0.8) * np.sqrt(spread) / share)


def _traces(
    people: pd.DataFrame, tables: Mapping[str, pd.DataFrame], plan: Mapping[str, Any], outcome: str
) -> Iterator[tuple[str, pd.Series]]:
    """Yield the customers in which a loss would show, with the name of where they stand."""
    for name, when in (("orders", "order_date"), ("outcomes", "outcome_date")):
        if name in tables:
            rows = _of_all_arms(tables[name], people)
            before = rows[pd.to_datetime(rows[when]) < _known_until(rows["customer_id"], people, pd.Timestamp(plan["start_date"]))]
            if before["customer_id"].isin(people["customer_id"]).any():
                yield f"{name}_before", before["customer_id"]
    whole = {}
    if "customer_table" in tables:
        whole["customer_table"] = tables["customer_table"]["customer_id"]
    if "outcomes" in tables and outcome and "outcome" in tables["outcomes"]:
        whole["outcomes"] = _of_all_arms(tables["outcomes"], people)["customer_id"]
    if "exposures" in tables and "treatment" in tables["exposures"] and (tables["exposures"]["treatment"] == HOLDOUT).any():
        whole["exposures"] = tables["exposures"]["customer_id"]
    for source, customers in whole.items():
        came_back = people["customer_id"].isin(customers).groupby(people["treatment"].to_numpy()).mean()
        # Our own pilots are drawn from the customer table; a visitor of a site may only come into it by buying.
        drawn_from = source == "customer_table" and "undeclared" not in plan
        if drawn_from or came_back.max() >= WHOLE:
            yield source, customers


def _known_until(customers: pd.Series, people: pd.DataFrame, start: pd.Timestamp) -> pd.Series | pd.Timestamp:
    """Return until when what these customers did cannot come of the test: the start, or the day of their own assignment."""
    if "assigned_time" not in people:
        return start
    assigned = people.groupby("customer_id")["assigned_time"].min().dt.normalize()
    return pd.to_datetime(customers.map(assigned.to_dict())).fillna(start).clip(upper=start)


def _of_all_arms(rows: pd.DataFrame, people: pd.DataFrame) -> pd.DataFrame:
    """Return the rows without the kinds that stand in some of the arms only: they come of the treatment, and show no loss."""
    if "outcome" not in rows:
        return rows
    arms = rows["customer_id"].map(people.drop_duplicates("customer_id").set_index("customer_id")["treatment"].to_dict())
    sizes = people["treatment"].value_counts()
    shares = pd.crosstab(rows["outcome"], arms).reindex(columns=sizes.index, fill_value=0) / sizes
    one_arm = shares.index[shares.min(axis=1) <= OF_ONE_ARM * shares.max(axis=1)]
    return rows[~rows["outcome"].isin(one_arm)]
