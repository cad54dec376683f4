"""Who the customers of the sample client 'shoe-webshop' are: rhythm, leaving, spend, and the best possible forecast.

This is the planted truth; shoe_webshop.py turns it into exports.
"""

from datetime import date

import numpy as np
import pandas as pd

FIRST, AS_OF = date(2024, 5, 1), date(2026, 6, 30)
LAST_DAY = (AS_OF - FIRST).days
BUYERS, PROSPECTS = 3_600, 150
SHAPE = 1.3  # spread of the rhythm over customers: the r of the Gamma
MONTH = np.array([0.82, 0.85, 1.0, 1.12, 1.1, 0.95, 0.85, 1.25, 1.15, 1.0, 1.06, 0.95])
# share of the buyers; mean gap in days; a and b of the chance to leave after an order
GROUPS = {
    "Barnfamilj": {"share": 0.55, "gap": 62.0, "a": 0.9, "b": 3.4},
    "Ung vuxen": {"share": 0.25, "gap": 84.0, "a": 1.0, "b": 2.8},
    "Storstad": {"share": 0.20, "gap": 74.0, "a": 0.9, "b": 3.1},
}
SPEND_P, SPEND_Q, SPEND_GAMMA = 6.0, 4.0, 42_500.0  # in öre: 850 kronor on average


def clock() -> np.ndarray:
    """Time as the customers feel it: days since the start, running faster in season; one value per day, and one more."""
    months = pd.date_range(FIRST, AS_OF).month.to_numpy() - 1
    weights = MONTH[months] / MONTH[months].mean()
    return np.concatenate([[0.0], np.cumsum(weights)])


def draw_buyers(rng: np.random.Generator, hours: np.ndarray) -> pd.DataFrame:
    """One row per buyer: number, group, day of the first order, and what drives him."""
    names = list(GROUPS)
    group = rng.choice(names, BUYERS, p=[GROUPS[name]["share"] for name in names])
    growth = 1 + 0.4 * np.arange(LAST_DAY) / 365
    weights = np.diff(hours)[:LAST_DAY] * growth
    start = np.sort(rng.choice(LAST_DAY, BUYERS, p=weights / weights.sum()))
    gap, a, b = (np.array([GROUPS[one][key] for one in group]) for key in ("gap", "a", "b"))
    return pd.DataFrame({
        "number": 10_000 + rng.permutation(BUYERS) + 1, "group": group, "start": start,
        "rate": rng.gamma(SHAPE, 1 / (gap * SHAPE)), "leave": rng.beta(a, b),
        "mean_cents": SPEND_P * SPEND_GAMMA / rng.gamma(SPEND_Q, 1.0, BUYERS),
    })


def draw_orders(rng: np.random.Generator, buyers: pd.DataFrame, hours: np.ndarray) -> tuple[pd.DataFrame, pd.DataFrame]:
    """All orders until the last day, and the buyers with the day after which they have left (-1: still there).

    A second order on the same day is not made: it would be the same visit.
    """
    rows, left_days = [], []
    for one in buyers.itertuples():
        day, left = int(one.start), -1
        while True:
            cents = max(14_900, int(np.rint(one.mean_cents * rng.gamma(SPEND_P, 1 / SPEND_P) / 100)) * 100)
            rows.append((one.number, day, cents))
            if rng.random() < one.leave:
                left = day
                break
            context = hours[day] + rng.exponential(1 / one.rate)
            if context >= hours[LAST_DAY + 1]:
                break
            following = max(int(np.searchsorted(hours, context, side="right")) - 1, day + 1)
            if following > LAST_DAY:
                break
            day = following
        left_days.append(left)
    return pd.DataFrame(rows, columns=["number", "day", "cents"]), buyers.assign(left_day=left_days)


def best_chance_left(buyers: pd.DataFrame, orders: pd.DataFrame, hours: np.ndarray) -> np.ndarray:
    """The chance that each buyer has left, by Bayes' rule from the planted parameters and his orders.

    With x later orders, the last at t on the customers' clock, observed until T:
    odds of having left = a / (b + x) * ((alpha + T) / (alpha + t)) ** (r + x), with alpha = r * mean gap
    (Batislam, Denizel & Filiztekin 2007: as BG/NBD, but leaving after the first order is possible).
    """
    by = orders.groupby("number")["day"].agg(["size", "min", "max"]).loc[buyers["number"]]
    repeat = by["size"].to_numpy() - 1
    first, last = hours[by["min"].to_numpy()], hours[by["max"].to_numpy()]
    gap, a, b = (buyers["group"].map(lambda one, key=key: GROUPS[one][key]).to_numpy() for key in ("gap", "a", "b"))
    alpha = SHAPE * gap
    odds = a / (b + repeat) * ((alpha + hours[LAST_DAY + 1] - first) / (alpha + last - first)) ** (SHAPE + repeat)
    return odds / (1 + odds)
