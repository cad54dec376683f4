"""Who the customers of the sample client 'office-interiors' are: groups, amounts, life spans, codes, numbers.

This is the planted truth; office_interiors.py turns it into the exports of a CRM and an ERP.
"""

from datetime import date

import numpy as np
import pandas as pd
from common import integers_with_sum, split_cents

FIRST, AS_OF = date(2017, 7, 1), date(2021, 6, 30)
LAST_DAY = (AS_OF - FIRST).days
PROSPECTS, BUYERS_WITHOUT_CONTACT = 240, 48

# sizes, published means, and how far customers of a group spread around them (sigma of the logarithm)
GROUPS = {
    1: dict(size=1662, mean=(10_283, 8, 4), sigma=(1.0, 0.62, 0.68), asleep=0.33, settled=0.50),
    2: dict(size=107, mean=(147_345, 33, 24), sigma=(0.34, 0.24, 0.30), asleep=0.08, settled=0.70),
    3: dict(size=19, mean=(605_008, 72, 83), sigma=(0.20, 0.18, 0.18), asleep=0.0, settled=0.85),
    4: dict(size=4, mean=(1_376_600, 125, 132), sigma=(0.10, 0.10, 0.10), asleep=0.0, settled=1.0),
}
CODES = {
    1: dict(A=100, B=300, C=700, D=533, none=29),
    2: dict(A=24, B=30, C=20, D=31, none=2),
    3: dict(A=13, B=5, C=1),
    4: dict(A=3, B=1),
}
CORRELATION = np.array([[1.0, 0.6, 0.7], [0.6, 1.0, 0.55], [0.7, 0.55, 1.0]])
SPREAD = np.array([95_000, 12.5, 11.5])  # about the standard deviation of each feature over all buyers
MARGIN = 0.2  # 0 = may touch the border between two groups, 1 = sits on its own centre


def workday(days: np.ndarray) -> np.ndarray:
    """Move a Saturday or Sunday back to its Friday."""
    return days - np.maximum(0, (days + FIRST.weekday()) % 7 - 4)


def margins(points: np.ndarray, group: int, scale: np.ndarray) -> np.ndarray:
    """How far each point stays on its own side of the nearest border, in units of the way to it."""
    own = np.array(GROUPS[group]["mean"]) / scale
    worst = np.full(len(points), np.inf)
    for other in GROUPS:
        if other != group:
            to = np.array(GROUPS[other]["mean"]) / scale - own
            worst = np.minimum(worst, 1 - 2 * (points / scale - own) @ to / (to @ to))
    return worst


def draw_points(rng: np.random.Generator, group: int) -> np.ndarray:
    """Amount, contacts and orders of one group's customers: skewed, correlated, not yet whole.

    Candidates too near another group are thrown away, both on the raw and on the standardised scale:
    that is why K-Means gives the groups back whichever of the two it is fed.
    """
    size, mean, sigma = (np.array(GROUPS[group][name]) for name in ["size", "mean", "sigma"])
    latent = rng.multivariate_normal(np.zeros(3), CORRELATION, size=size * 8)
    points = mean * np.exp(sigma * latent - sigma**2 / 2)
    points[:, 0] = np.maximum(points[:, 0], 90 * points[:, 2])  # no order below about 90 euro
    clear = (margins(points, group, np.ones(3)) > MARGIN) & (margins(points, group, SPREAD) > MARGIN)
    return points[clear][:size]


def draw_group(rng: np.random.Generator, group: int) -> pd.DataFrame:
    """The three features of one group's customers, brought to exactly the published totals."""
    points = draw_points(rng, group)
    amount, contacts, orders = (GROUPS[group]["size"] * mean for mean in GROUPS[group]["mean"])
    spoken = integers_with_sum(rng, points[:, 1], contacts, 1)
    return pd.DataFrame(
        {
            "group": group,
            "contacts": take_contacts_away(rng, spoken) if group == 1 else spoken,
            "cents": split_cents(amount * 100, points[:, 0]),
            "orders": integers_with_sum(rng, points[:, 2], orders, 1),
        }
    )


def take_contacts_away(rng: np.random.Generator, contacts: np.ndarray) -> np.ndarray:
    """Some small buyers have no contact on record (a table join must not lose them); others get theirs."""
    contacts = contacts.copy()
    silent = rng.choice(np.flatnonzero(contacts <= 4), size=BUYERS_WITHOUT_CONTACT, replace=False)
    usual = np.flatnonzero((contacts > 4) & (contacts < 12))
    lucky = rng.choice(usual, size=int(contacts[silent].sum()), replace=False)
    contacts[silent] = 0
    contacts[lucky] += 1
    return contacts


def draw_lives(rng: np.random.Generator, buyers: pd.DataFrame) -> None:
    """When each buyer became a customer and when he stopped: day numbers counted from FIRST."""
    spec = buyers["group"].map(GROUPS)
    size = len(buyers)
    settled = rng.random(size) < spec.map(lambda one: one["settled"])
    begin = rng.random(size) ** 1.2 * (LAST_DAY - 150)  # more of them early, and many orders take time
    begin *= np.where(buyers["orders"] > 3, 0.75, 1.0)
    buyers["start"] = np.where(settled, 0, begin.astype(int))
    asleep = (rng.random(size) < spec.map(lambda one: one["asleep"])) & (buyers["start"] < LAST_DAY - 500)
    stop = buyers["start"] + 40 + (rng.random(size) * (LAST_DAY - 410 - buyers["start"])).astype(int)
    buyers["stop"] = np.where(asleep, stop, LAST_DAY)
    known_for = np.where(settled, rng.integers(1, 3100, size), rng.integers(5, 120, size))
    buyers["created"] = workday(buyers["start"].to_numpy() - known_for)


def draw_codes(rng: np.random.Generator, buyers: pd.DataFrame) -> None:
    """Deal out exactly the planted numbers of A, B, C, D within each group."""
    for group, counts in CODES.items():
        deck = [("" if code == "none" else code) for code, count in counts.items() for _ in range(count)]
        buyers.loc[buyers["group"] == group, "code"] = rng.permutation(deck)


def draw_buyers(rng: np.random.Generator) -> pd.DataFrame:
    """One row per customer who bought."""
    buyers = pd.concat([draw_group(rng, group) for group in GROUPS], ignore_index=True)
    draw_lives(rng, buyers)
    draw_codes(rng, buyers)
    return buyers


def draw_prospects(rng: np.random.Generator) -> pd.DataFrame:
    """Customers who never bought. The CRM deletes them after six silent months, so all are recent."""
    last = rng.integers(LAST_DAY - 170, LAST_DAY + 1, PROSPECTS)
    return pd.DataFrame(
        {
            "group": 0,
            "cents": 0,
            "orders": 0,
            "contacts": 1 + rng.poisson(1.6, PROSPECTS),
            "start": last,
            "stop": last,
            "created": workday(last - rng.integers(1, 150, PROSPECTS)),
            "code": rng.choice(["A", "B", "C", "D", ""], PROSPECTS, p=[0.05, 0.2, 0.4, 0.25, 0.1]),
        }
    )


def number_customers(rng: np.random.Generator, customers: pd.DataFrame) -> pd.DataFrame:
    """Numbers rise with the date of creation and have gaps: the deleted prospects."""
    customers = customers.sort_values("created", kind="stable").reset_index(drop=True)
    customers["number"] = np.sort(rng.choice(np.arange(101, 5000), len(customers), replace=False))
    customers["seller"] = rng.integers(1, 10, len(customers))
    return customers
