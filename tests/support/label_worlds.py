"""Columns beside a label: 24 that were filled or changed once it was known who left, and 18 strong ones that were honestly known before.

Each is a function of who left, the day each customer joined, and a random generator.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd

AS_OF = pd.Timestamp("2024-12-31")
Column = Callable[[np.ndarray, pd.DatetimeIndex, np.random.Generator], object]


def column_of(name: str, left: np.ndarray, joined: pd.DatetimeIndex, rng: np.random.Generator) -> pd.Series:
    """Return one of ``LEAKS`` or ``HONEST`` for these customers."""
    return pd.Series((LEAKS | HONEST)[name](left, joined, rng))


def _ago(size: int, rng: np.random.Generator, most: int = 400) -> pd.TimedeltaIndex:
    return pd.to_timedelta(rng.integers(1, most, size), unit="D")


def _dates(left: np.ndarray, of_leavers, of_stayers) -> pd.Series:
    return pd.Series(of_stayers).astype("datetime64[ns]").mask(left, pd.Series(of_leavers).astype("datetime64[ns]"))


def _months_used(left, joined, rng):
    days = np.asarray((AS_OF - joined).days)
    return np.floor(np.where(left, days * rng.uniform(0.2, 0.95, len(left)), days) / 30.44)


def _some(left: np.ndarray, rng: np.random.Generator, of_leavers: float, of_stayers: float) -> np.ndarray:
    """Return True for a share of either side."""
    return rng.random(len(left)) < np.where(left, of_leavers, of_stayers)


def _pick(left: np.ndarray, rng: np.random.Generator, values, of_leavers, of_stayers) -> np.ndarray:
    """Return values drawn with the shares of either side."""
    size = len(left)
    return np.where(left, rng.choice(values, size, p=of_leavers), rng.choice(values, size, p=of_stayers))


NAMES = ["Ann", "Bo", "Cy", "Di", "Ed", "Flo"]

LEAKS: dict[str, Column] = {
    "reason": lambda left, joined, rng: np.where(left & (rng.random(len(left)) < 0.5), rng.choice(["price", "moved"], len(left)), None),
    "end_date": lambda left, joined, rng: _dates(left, AS_OF - _ago(len(left), rng), pd.Series([pd.NaT] * len(left))),
    "last_invoice": lambda left, joined, rng: _dates(left, AS_OF - _ago(len(left), rng), AS_OF - _ago(len(left), rng, 31)),
    "fee": lambda left, joined, rng: np.where(left & (rng.random(len(left)) < 0.6), rng.integers(20, 90, len(left)) * 1.0, 0.0),
    "status_code": lambda left, joined, rng: np.where(left, "X9", rng.choice(["A1", "A2"], len(left))),
    "contract_renewal": lambda left, joined, rng: _dates(left, pd.Series([pd.NaT] * len(left)), AS_OF + _ago(len(left), rng)),
    "almost": lambda left, joined, rng: np.where(left, rng.normal(9, 1.3, len(left)), rng.normal(3, 1.3, len(left))),
    "iban": lambda left, joined, rng: np.where(_some(left, rng, 0.9, 0.01), None, rng.choice(["A", "B", "C"], len(left))),
    "erased_income": lambda left, joined, rng: np.where(_some(left, rng, 0.7, 0.1), np.nan, rng.normal(30, 8, len(left))),
    "status": lambda left, joined, rng: np.where(_some(left, rng, 0.5, 0.0), "closing", rng.choice(["active", "paused", "new"], len(left))),
    "winback_calls": lambda left, joined, rng: rng.poisson(np.where(left, 1.5, 0.03)),
    "some_winback_calls": lambda left, joined, rng: np.where(_some(left, rng, 0.4, 0.01), rng.integers(1, 5, len(left)), 0),
    "reason_of_most": lambda left, joined, rng: np.where(_some(left, rng, 0.8, 0.04), rng.choice(["price", "moved"], len(left)), None),
    "flipped_label": lambda left, joined, rng: np.where(rng.random(len(left)) < 0.1, ~left, left).astype(int),
    "months_used": _months_used,
    "agent": lambda left, joined, rng: np.where(_some(left, rng, 0.7, 0.01), "Retention", rng.choice(NAMES, len(left))),
    "agent_of_some": lambda left, joined, rng: np.where(_some(left, rng, 0.35, 0.005), "Zoe", rng.choice(NAMES, len(left))),
    "balance": lambda left, joined, rng: np.where(_some(left, rng, 0.9, 0.02), 0.0, rng.lognormal(5, 1, len(left)).round(2)),
    "logins_this_month": lambda left, joined, rng: np.where(left, 0, rng.poisson(4, len(left))),
    "days_since_visit": lambda left, joined, rng: np.where(left, rng.integers(30, 400, len(left)), rng.integers(0, 60, len(left))),
    "unsubscribed": lambda left, joined, rng: _some(left, rng, 0.8, 0.05),
    "final_score": lambda left, joined, rng: np.where(left, rng.normal(4, 1.5, len(left)), rng.normal(7.5, 1.5, len(left))).round(),
    "stage": lambda left, joined, rng: np.where(left, rng.choice([" Lost", "lost ", "LOST"], len(left)), rng.choice(NAMES, len(left))),
    "offer_percent": lambda left, joined, rng: np.where(_some(left, rng, 0.5, 0.01), rng.choice([10.0, 15, 20, 25], len(left)), 0.0),
}

HONEST: dict[str, Column] = {
    "age": lambda left, joined, rng: np.where(left, rng.normal(38, 10, len(left)), rng.normal(48, 12, len(left))).round(),
    "usage": lambda left, joined, rng: np.where(left, rng.normal(0, 1, len(left)), rng.normal(1.4, 1, len(left))),
    "tenure_months": lambda left, joined, rng: np.floor(np.asarray((AS_OF - joined).days) / 30.44),
    "contract": lambda left, joined, rng: _pick(left, rng, ["month", "one year", "two years"], [0.88, 0.09, 0.03], [0.43, 0.25, 0.32]),
    "payment": lambda left, joined, rng: _pick(left, rng, ["card", "check", "debit", "post"], [0.15, 0.57, 0.15, 0.13], [0.25] * 4),
    "complaint": lambda left, joined, rng: np.where(_some(left, rng, 0.4, 0.08), "letter", None),
    "complaints": lambda left, joined, rng: rng.poisson(np.where(left, 1.0, 0.35)),
    "products": lambda left, joined, rng: _pick(left, rng, [1, 2, 3], [0.69, 0.17, 0.14], [0.46, 0.53, 0.01]),
    "income_sometimes": lambda left, joined, rng: np.where(_some(left, rng, 0.3, 0.12), np.nan, rng.normal(30, 8, len(left))),
    "spend": lambda left, joined, rng: rng.lognormal(np.where(left, 3.5, 4.4), 1.0),
    "visits": lambda left, joined, rng: rng.negative_binomial(1.2, 1.2 / (1.2 + np.where(left, 2.0, 7.0))),
    "satisfaction": lambda left, joined, rng: _pick(left, rng, [1, 2, 3, 4, 5], [0.3, 0.25, 0.2, 0.15, 0.1], [0.05, 0.1, 0.2, 0.3, 0.35]),
    "mail_opens": lambda left, joined, rng: np.where(_some(left, rng, 0.45, 0.15), 0, rng.poisson(6, len(left))),
    "first_purchase": lambda left, joined, rng: (
        AS_OF - pd.to_timedelta((rng.exponential(np.where(left, 400, 1200)) + 1).astype(int), unit="D")
    ),
    "region": lambda left, joined, rng: _pick(left, rng, list("NOSW"), [0.5, 0.2, 0.2, 0.1], [0.2, 0.25, 0.25, 0.3]),
    "town": lambda left, joined, rng: pd.Series(rng.integers(0, 40, len(left))).map("t{}".format).to_numpy(),
    "trial": lambda left, joined, rng: _some(left, rng, 0.35, 0.06),
    "score": lambda left, joined, rng: np.where(left, rng.normal(0, 1, len(left)), rng.normal(2.0, 1, len(left))),
}


def _months(joined) -> np.ndarray:
    return np.floor(np.asarray((AS_OF - joined).days) / 30.44)


def _invoices(left, joined, rng, leak: bool):
    months = _months(joined)
    used = np.ceil(months * rng.uniform(0.2, 0.95, len(left))) if leak else months
    return {"tenure_months": months, "invoices": np.where(left, used, months) + rng.integers(0, 2, len(left))}


def _flags(left, rng, leak: bool):
    first = rng.random(len(left)) < 0.5
    same = left if leak else np.where(rng.random(len(left)) < 0.35, left, rng.random(len(left)) < 0.5)  # an honest interaction
    return {"flag_a": first, "flag_b": first == same}


def _total(left, joined, rng, leak: bool):
    months, monthly = _months(joined), rng.uniform(10, 90, len(left)).round(2)
    used = np.where(left, months * rng.uniform(0.1, 0.8, len(left)), months) if leak else months
    return {"monthly": monthly, "total": (monthly * np.ceil(used)).round(2)}


PAIRS: dict[str, Callable] = {"invoices": _invoices, "flags": lambda left, joined, rng, leak: _flags(left, rng, leak), "total": _total}
