"""Customers without any preference between groups, with the same preferences for all, and with preferences of two kinds of customers."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd

from benchmarks.worlds import World, beaten_claims
from helpers.analyses import next_offer
from helpers.core.results import Finding, Refusal, RunContext

AS_OF = date(2026, 6, 30)
GROUPS = 20


def lines(weights: np.ndarray, rng: np.random.Generator, purchases: int = 10) -> pd.DataFrame:
    """Return a year of order lines, one group each.

    Parameters
    ----------
    weights : how likely every customer chooses each group, customers × groups; rows add up to 1.
    rng : of the world.
    purchases : of the average customer.
    """
    customer = np.repeat(np.arange(len(weights)), rng.poisson(purchases, len(weights)))
    group = (rng.random(len(customer))[:, None] > weights.cumsum(axis=1)[customer]).sum(axis=1)
    day = pd.Timestamp(AS_OF) - pd.to_timedelta(rng.integers(0, 365, len(customer)), unit="D")
    frame = pd.DataFrame({"customer_id": [f"c{name:04d}" for name in customer], "product_group": [f"g{name:02d}" for name in group]})
    return frame.assign(order_date=day, order_id=frame.index.astype(str), line_amount=10.0)


def finding(weights: np.ndarray, seed: int) -> Finding | None:
    """Return what the whole room finds in a world of such customers."""
    tables = {"order_lines": lines(weights, np.random.default_rng([seed, len(weights)]))}
    result = next_offer.run(tables, next_offer.Settings(), RunContext(AS_OF, seed))
    return None if isinstance(result, Refusal) else next_offer.story.finding(result)


def indifferent(customers: int) -> World:
    """Return the world in which every group is as likely as any other: nothing of the room may reach the first page."""

    def claims(seed: int) -> bool:
        found = finding(np.full((customers, GROUPS), 1 / GROUPS), seed)
        return found is not None and bool(beaten_claims(found))

    return World(f"no preference between groups, {customers} customers", claims)


def alike(customers: int) -> World:
    """Return the world in which some groups are popular, with everybody alike: no method beats popularity."""
    popular = np.arange(1, GROUPS + 1) / np.arange(1, GROUPS + 1).sum()

    def claims(seed: int) -> bool:
        found = finding(np.tile(popular, (customers, 1)), seed)
        return found is not None and found.verdict is not None and found.verdict.kind == "go"

    return World(f"the same preferences for all, {customers} customers", claims)


def two_kinds(customers: int, faithful: float = 0.9) -> World:
    """Return the twin: two kinds of customers that nobody declared, who choose nine times of ten among their own half of the groups."""

    def claims(seed: int) -> bool:
        own = (np.arange(GROUPS) < GROUPS // 2)[None, :] == (np.arange(customers) % 2 == 0)[:, None]
        found = finding(np.where(own, faithful, 1 - faithful) * 2 / GROUPS, seed)
        return found is not None and found.verdict is not None and found.verdict.kind == "go" and found in beaten_claims(found)

    return World(f"two kinds of customers, {customers} customers", claims, planted=True)


WORLDS = (indifferent(100), indifferent(1000), alike(300), two_kinds(300))
