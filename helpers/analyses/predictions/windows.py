"""Looking back from a cut-off: features up to the end of that day, labels from the next day on.

Two cut-offs at least: models learn on the earlier ones and are judged on the latest, so that the judgement
is about a future the model has not seen. A random split would mix the two.
"""

import weakref
from dataclasses import dataclass

import numpy as np
import pandas as pd

DAY = pd.Timedelta(days=1)
YEAR_DAYS = 364  # fifty-two weeks: the same weekdays a year ago
HISTORY_DAYS = 90  # a cut-off with less history before it teaches little (our convention)
GAP_WEIGHT = 1.0  # the shop's typical gap counts as this many gaps of the customer (our convention)

FEATURES = ("recency_days", "frequency", "monetary", "tenure_days", "expected_gap_days", "silence_gaps")
SHORT_FEATURES = tuple(name for name in FEATURES if name != "expected_gap_days")
LONG_HISTORY_DAYS = 730  # from here the expected gap is a feature too, see ``columns_for``
SLOW_FEATURES = ("orders_91_days", "orders_182_days", "monetary_year", "last_order_amount")
MORE_FEATURES = (*FEATURES, "monetary_per_order", *SLOW_FEATURES)


@dataclass(frozen=True)
class CutOffs:
    """The days at whose end the analysis looks forward.

    Parameters
    ----------
    training : last days of the training histories, newest first.
    judge : last day of the history on which the models are judged.
    score : last day of all known data; from here the real forecast is made.
    """

    training: tuple[pd.Timestamp, ...]
    judge: pd.Timestamp
    score: pd.Timestamp


def known_orders(orders: pd.DataFrame, as_of) -> pd.DataFrame:
    """Return the orders that may be used: with a customer, a day and an amount, not after ``as_of``.

    Parameters
    ----------
    orders : the canonical orders.
    as_of : last day that counts.

    Returns
    -------
    customer_id (text), order_day and order_amount, sorted; row order of the input does not matter.
    """
    day = pd.to_datetime(orders["order_date"]).dt.tz_localize(None).dt.normalize().astype("datetime64[ns]")
    amount = pd.to_numeric(orders["order_amount"], errors="coerce").astype(float)
    frame = pd.DataFrame({"customer_id": orders["customer_id"], "order_day": day, "order_amount": amount})
    frame = frame.dropna()
    frame = frame[(frame["order_day"] <= pd.Timestamp(as_of)) & (frame["customer_id"].astype(str) != "")]
    frame["customer_id"] = frame["customer_id"].astype(str)
    return frame.sort_values(["customer_id", "order_day", "order_amount"], ignore_index=True)


def cut_offs(known: pd.DataFrame, as_of, horizon_days: int, training_windows: int) -> CutOffs | None:
    """Return the cut-offs that fit in the history, or None when there are not two.

    Parameters
    ----------
    known : from ``known_orders``.
    as_of : the day the round looks back from.
    horizon_days : length of the label window; windows of two cut-offs never overlap.
    training_windows : at most this many training cut-offs.
    """
    score = pd.Timestamp(as_of)
    if known.empty:
        return None
    earliest = known["order_day"].min() + HISTORY_DAYS * DAY
    back = [score - step * horizon_days * DAY for step in range(1, training_windows + 2)]
    back = [day for day in back if day >= earliest]
    return CutOffs(tuple(back[1:]), back[0], score) if len(back) >= 2 else None


def features_at(known: pd.DataFrame, through: pd.Timestamp, columns: tuple[str, ...] = MORE_FEATURES) -> pd.DataFrame:
    """Return one row of features per customer, from orders up to and including the day ``through``.

    Parameters
    ----------
    known : from ``known_orders``; later rows are ignored.
    through : the cut-off.
    columns : the features wanted; without ``SLOW_FEATURES`` it goes faster.

    Returns
    -------
    Index customer_id (sorted); the columns wanted, a frame of the caller's own. Frequency counts orders with a
    positive amount; monetary is net. The expected gap is the customer's mean gap, drawn towards the shop's;
    silence_gaps is the time since the last order counted in those gaps, which tells a silent regular from a rare
    buyer.
    """
    computed = _computed_of(known)
    if (through, columns) not in computed:
        computed[through, columns] = _features(known, through, columns)
    return computed[through, columns].copy()


# By the id of the frame of orders: a frame cannot be hashed, and comparing two would cost more than computing.
_cache: dict[int, dict] = {}


def _computed_of(known: pd.DataFrame) -> dict:
    """Return what was computed of a frame so far: every event and the gate look at the same days."""
    if id(known) not in _cache:
        _cache[id(known)] = {}
        # The id may be given to another frame once this one is gone.
        weakref.finalize(known, _cache.pop, id(known), None)
    return _cache[id(known)]


def _features(known: pd.DataFrame, through: pd.Timestamp, columns: tuple[str, ...]) -> pd.DataFrame:
    past = known[known["order_day"] <= through]
    bought = past[past["order_amount"] > 0]
    by_customer = bought.groupby("customer_id", sort=True)
    frame = by_customer["order_day"].agg(first="min", last="max", days="nunique", frequency="size")
    frame["recency_days"] = (through - frame["last"]).dt.days.astype(float)
    frame["tenure_days"] = (through - frame["first"]).dt.days.astype(float)
    frame["frequency"] = frame["frequency"].astype(float)
    frame["monetary"] = _sum_since(past, frame.index, pd.Timestamp.min)
    frame["monetary_per_order"] = frame["monetary"] / frame["frequency"]
    frame["expected_gap_days"] = expected_gap_days(frame)
    frame["silence_gaps"] = frame["recency_days"] / frame["expected_gap_days"].clip(lower=1.0)
    if not set(columns) & set(SLOW_FEATURES):
        return frame[list(columns)]
    frame["orders_91_days"] = _count_since(bought, frame.index, through - 91 * DAY)
    frame["orders_182_days"] = _count_since(bought, frame.index, through - 182 * DAY)
    frame["monetary_year"] = _sum_since(past, frame.index, through - 365 * DAY)
    frame["last_order_amount"] = by_customer["order_amount"].last()
    return frame[list(columns)]


def columns_for(known: pd.DataFrame) -> tuple[str, ...]:
    """Return the features of the default model.

    The gap itself is left out under two years of history: there it grows with the length of the history, and a
    model that learnt on a short one gives probabilities that are off (measured on Online Retail).
    """
    history = (known["order_day"].max() - known["order_day"].min()).days if len(known) else 0
    return FEATURES if history >= LONG_HISTORY_DAYS else SHORT_FEATURES


def expected_gap_days(frame: pd.DataFrame) -> pd.Series:
    """Return each customer's expected gap between orders in days (our convention: a shrunk mean).

    Parameters
    ----------
    frame : columns first, last (days of order) and days (number of distinct days of order).
    """
    gaps = (frame["days"] - 1).astype(float)
    span = (frame["last"] - frame["first"]).dt.days.astype(float)
    typical = span.sum() / gaps.sum() if gaps.sum() else 365.0
    return (span + GAP_WEIGHT * typical) / (gaps + GAP_WEIGHT)


def _sum_since(past: pd.DataFrame, index: pd.Index, after: pd.Timestamp) -> pd.Series:
    part = past[past["order_day"] > after]
    return part.groupby("customer_id")["order_amount"].sum().reindex(index).fillna(0.0)


def _count_since(bought: pd.DataFrame, index: pd.Index, after: pd.Timestamp) -> pd.Series:
    part = bought[bought["order_day"] > after]
    return part.groupby("customer_id").size().reindex(index).fillna(0).astype(float)


def orders_between(known: pd.DataFrame, index: pd.Index, after: pd.Timestamp, through: pd.Timestamp) -> pd.Series:
    """Count each customer's orders after one day up to and including another."""
    window = known[(known["order_day"] > after) & (known["order_day"] <= through) & (known["order_amount"] > 0)]
    return window.groupby("customer_id").size().reindex(index).fillna(0).astype(float)


def bought_last_year(known: pd.DataFrame, index: pd.Index, through: pd.Timestamp, horizon_days: int) -> pd.Series:
    """Count the orders in the same window fifty-two weeks earlier: the forecast "as last year"."""
    after = through - YEAR_DAYS * DAY
    return orders_between(known, index, after, min(after + horizon_days * DAY, through))


def covers_last_year(known: pd.DataFrame, through: pd.Timestamp) -> bool:
    """Tell whether the window a year before this cut-off lies within the history."""
    return bool(known["order_day"].min() <= through - np.timedelta64(YEAR_DAYS, "D"))
