"""Pilots without an effect of which people of one arm, or of both alike, are lost on the way back, in one of the tables."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd

START = date(2026, 7, 1)
PLACES = ("customer_table", "orders_before", "outcomes_before", "exposures")


def lossy_world(seed: int, place: str, lost: dict[str, float], people: int = 3000, holdout: float = 0.4) -> dict[str, pd.DataFrame]:
    """Return assignment, customer_table, orders, outcomes and exposures of a pilot without effect.

    Parameters
    ----------
    place : where people are lost: one of ``PLACES``; with them goes all that they did.
    lost : share of the people of an arm who are lost, such as {"treated": 0.3}.
    """
    rng = np.random.default_rng(seed)
    ids = np.array([f"c{number:05d}" for number in range(people)])
    arm = np.where(np.arange(people) < round(people * holdout), "holdout_group", "treated")
    assignment = pd.DataFrame({"pilot_id": "p-2026-06-30", "customer_id": ids, "stratum": "all", "treatment": arm})
    stays = rng.random(people) >= np.array([lost.get(name, 0.0) for name in arm])
    before, bought = rng.random(people) < 0.8, (rng.random(people) < 0.1) & stays
    customers, orders, exposures = assignment[["customer_id"]], _days(rng, ids[before], -200, -1), assignment
    outcomes = _days(rng, ids[bought], 0, 60).assign(outcome="order")
    if place == "customer_table":
        customers = customers[stays]
    elif place == "orders_before":
        orders = _days(rng, ids[before & stays], -200, -1)
    elif place == "outcomes_before":
        outcomes = pd.concat([outcomes, _days(rng, ids[before & stays], -200, -1).assign(outcome="quote")])
    else:
        exposures = exposures[stays]
    return {
        "assignment": assignment,
        "customer_table": customers,
        "orders": orders.rename(columns={"outcome_date": "order_date", "outcome_amount": "order_amount"}),
        "outcomes": outcomes,
        "exposures": exposures[["customer_id", "treatment"]].assign(shown_time=pd.Timestamp(START)),
    }


def _days(rng: np.random.Generator, ids: np.ndarray, first: int, last: int) -> pd.DataFrame:
    day = pd.Timestamp(START) + pd.to_timedelta(rng.integers(first, last, len(ids)), "D")
    return pd.DataFrame({"customer_id": ids, "outcome_date": day, "outcome_amount": rng.lognormal(4, 0.7, len(ids))})
