"""How far the customer value may be off: forecasts of the same length made earlier, beside what came.

One hold-out shows one error, and by luck it may be small. Several, each as long as the time ahead, show by how much the forecast is off
on average (a shop that grows or shrinks) and how that changes from one to the next. The range for today is the 95 % prediction range of
a local level (Harvey 1989, chapter 2): the error wanders a little with every half length, is seen with chance in it, and newer hold-outs
weigh more. Hold-outs overlap; what two of them share counts once. How much chance and wandering there is at least are our conventions.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from helpers.analyses.predictions.windows import DAY
from helpers.statistics.intervals import critical_value

LEARN_DAYS = 182  # of history before the earliest hold-out
LEAST, MOST = 2, 3  # hold-outs, each half a length before the next
CHANCE_FACTOR = 1.5  # chance is in what customers do, and half as much again in what the model learnt from
WANDERS = 0.25  # of the chance in a hold-out: the error's variance grows by so much in half a length at least
PRIOR = 4  # differences between hold-outs that this counts as: one or two are mostly luck
CUSTOMERS = 100  # known before a hold-out
WIDEST = 0.5  # a range that reaches further than this to either side says nothing
Z = critical_value(0.05)
Forecast = Callable[[pd.Timestamp], pd.Series]


@dataclass(frozen=True)
class Span:
    """What a forecast is multiplied by: ``factor`` for what it was off by on average, ``low`` and ``high`` for the range around that."""

    factor: float
    low: float
    high: float
    holdouts: int


def needed_days(horizon_days: int) -> int:
    """Return how many days of history a range over this many days ahead needs."""
    return LEARN_DAYS + round(horizon_days * (1 + (LEAST - 1) / 2))


def holdout_days(known: pd.DataFrame, through: pd.Timestamp, horizon_days: int) -> list[pd.Timestamp]:
    """Return the days from which earlier forecasts of this length can be made, newest first."""
    first_days = known.groupby("customer_id")["order_day"].min()
    earliest = first_days.min() + LEARN_DAYS * DAY
    days = [through - round(horizon_days * (1 + place / 2)) * DAY for place in range(MOST)]
    return [day for day in days if day >= earliest and (first_days <= day).sum() >= CUSTOMERS]


def rolling_span(known: pd.DataFrame, through: pd.Timestamp, horizon_days: int, forecast: Forecast, today: float) -> Span | None:
    """Return by what today's forecast is to be multiplied; None where hold-outs are too few or the range says nothing.

    Parameters
    ----------
    known : from ``windows.known_orders``; through : last day that counts.
    horizon_days : how far ahead the forecast looks.
    forecast : from a day to the spend expected of each customer known on that day.
    today : the total that is forecast today.
    """
    days = holdout_days(known, through, horizon_days)
    if len(days) < LEAST:
        return None
    expected = [forecast(day) for day in days]
    came = [_spend(known, day, horizon_days).reindex(part.index).fillna(0.0) for day, part in zip(days, expected, strict=True)]
    totals, forecasts = (np.array([part.sum() for part in parts]) for parts in (came, expected))
    # A model that foretells nothing, as one of random gaps does of regular buyers, is off by more than any factor.
    if min(*totals, *forecasts, today) <= 0:
        return None
    errors = np.log(totals / forecasts)
    # What each customer was off by, beside the common error, is chance between customers.
    squares = [((c - np.exp(error) * e) ** 2).sum() for c, e, error in zip(came, expected, errors, strict=True)]
    noise = np.array(squares) / totals**2
    # Chance weighs less the more is expected.
    ahead = np.mean(noise * totals) / (today * np.exp(errors[0]))
    centre, half = prediction(errors, CHANCE_FACTOR * noise, CHANCE_FACTOR * float(ahead))
    low, high = np.exp(-half), np.exp(half)
    return Span(float(np.exp(centre)), float(low), float(high), len(days)) if high - 1 <= WIDEST else None


def prediction(errors: np.ndarray, noise: np.ndarray, ahead: float) -> tuple[float, float]:
    """Return the middle and half the width of the 95 % prediction range of the next error.

    Parameters
    ----------
    errors : log of what came over what was forecast, newest first, each hold-out half a length after the next.
    noise, ahead : their variance by chance, and that of the next.
    """
    place = np.arange(len(errors))
    shared = np.clip(1 - np.abs(np.subtract.outer(place, place)) / 2, 0, 1)
    by_chance = shared * np.sqrt(np.outer(noise, noise))
    expected = noise[:-1] + noise[1:] - 2 * np.diag(by_chance, 1)
    least = WANDERS * float(noise.mean())
    seen = np.diff(errors) ** 2 - expected
    wanders = max(least, float((PRIOR * least + seen.sum()) / (PRIOR + len(seen))))
    # The next one comes a whole length, two steps, after the newest.
    covariance = by_chance + wanders * (np.minimum.outer(place, place) + 2)
    weights = np.linalg.inv(covariance).sum(axis=0)
    return float(weights @ errors / weights.sum()), Z * float(np.sqrt(ahead + 1 / weights.sum()))


def _spend(known: pd.DataFrame, day: pd.Timestamp, days: int) -> pd.Series:
    window = known[(known["order_day"] > day) & (known["order_day"] <= day + days * DAY)]
    return window.groupby("customer_id")["order_amount"].sum()
