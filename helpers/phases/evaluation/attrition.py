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

import pandas as pd

from helpers.phases.evaluation.drift import homogeneity
from helpers.phases.evaluation.people import HOLDOUT

# A table in which nearly everybody of one arm stands is meant to hold everybody (our convention).
WHOLE = 0.99


@dataclass(frozen=True)
class Attrition:
    """Who came back, in the table in which the arms differ most.

    Parameters
    ----------
    p_value : chance of a loss this uneven when it does not depend on the arm, corrected for the tables looked at.
    holds : False stops the reading.
    source : "customer_table", "exposures", "outcomes" (a row of any kind), "orders_before" or "outcomes_before" (a row from before
        the start); ``shares`` : share of the people of each arm that stand there.
    """

    p_value: float
    holds: bool
    source: str
    shares: dict[str, float]


def attrition(
    people: pd.DataFrame, tables: Mapping[str, pd.DataFrame], plan: Mapping[str, Any], outcome: str, *, stop: float = 0.001, seed: int = 0
) -> Attrition | None:
    """Test whether as many people of each arm came back; None where no table could tell.

    Parameters
    ----------
    people : one row per assigned person: customer_id, treatment.
    tables : what came back: customer_table, outcomes, orders, exposures.
    plan : its start_date; ``undeclared`` stands in that of a test made elsewhere.
    outcome : kind of outcome that counts; empty where every row does, and a row is then a conversion.
    stop : p-value below which the reading stops; seed : see ``homogeneity``.
    """
    arms = people["treatment"].to_numpy()
    p_values, shares = {}, {}
    for source, customers in _traces(people, tables, plan, outcome):
        came_back = people["customer_id"].isin(customers)
        counts = pd.crosstab(arms, came_back)
        p_values[source] = homogeneity(counts.to_numpy(), seed) if min(counts.shape) > 1 else 1.0
        shares[source] = came_back.groupby(arms).mean().to_dict()
    if not p_values:
        return None
    source = min(p_values, key=lambda name: p_values[name])
    p_value = min(1.0, len(p_values) * p_values[source])
    return Attrition(p_value, p_value >= stop, source, shares[source])


def _traces(
    people: pd.DataFrame, tables: Mapping[str, pd.DataFrame], plan: Mapping[str, Any], outcome: str
) -> Iterator[tuple[str, pd.Series]]:
    """Yield the customers in which a loss would show, with the name of where they stand."""
    for name, when in (("orders", "order_date"), ("outcomes", "outcome_date")):
        if name in tables:
            before = tables[name][pd.to_datetime(tables[name][when]) < pd.Timestamp(plan["start_date"])]
            if before["customer_id"].isin(people["customer_id"]).any():
                yield f"{name}_before", before["customer_id"]
    whole = {}
    if "customer_table" in tables:
        whole["customer_table"] = tables["customer_table"]["customer_id"]
    if "outcomes" in tables and outcome and "outcome" in tables["outcomes"]:
        whole["outcomes"] = tables["outcomes"]["customer_id"]
    if "exposures" in tables and "treatment" in tables["exposures"] and (tables["exposures"]["treatment"] == HOLDOUT).any():
        whole["exposures"] = tables["exposures"]["customer_id"]
    for source, customers in whole.items():
        came_back = people["customer_id"].isin(customers).groupby(people["treatment"].to_numpy()).mean()
        # Our own pilots are drawn from the customer table; a visitor of a site may only come into it by buying.
        drawn_from = source == "customer_table" and "undeclared" not in plan
        if drawn_from or came_back.max() >= WHOLE:
            yield source, customers
