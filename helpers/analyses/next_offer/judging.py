"""Which method would have known: a split in time, new items only, popularity as the one to beat."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from helpers.analyses.next_offer import methods
from helpers.analyses.next_offer.history import UNKNOWN, History, lookup
from helpers.analyses.next_offer.settings import Settings
from helpers.statistics.intervals import share_and_interval

Z = 1.96
_COLUMNS = ["method", "customers", "hits", "hit_rate", "low", "high", "hit_at_1", "coverage", "better", "better_low", "better_high"]


@dataclass(frozen=True)
class Judgement:
    """What the later period says.

    Parameters
    ----------
    methods : one row per method: method, customers (who bought something new later), hits, hit_rate
        (share of them with at least one suggestion among what they bought), low, high, hit_at_1,
        coverage (share of items ever suggested), better (difference with popularity), better_low,
        better_high (95 %, paired), used.
    used : the method that is used.
    new_rate : share of first suggestions that were bought in the later period, over all customers;
        NaN where the later period holds no purchase, like the next.
    familiar_rate : share of familiar items that were bought again in the later period.
    familiar_pairs : how many familiar (customer, item) pairs that rests on.
    days : length of the later period.
    """

    methods: pd.DataFrame
    used: str
    new_rate: float
    familiar_rate: float
    familiar_pairs: int
    days: int


def judge(known: History, later: pd.DataFrame, settings: Settings, seed: int, days: int) -> Judgement:
    """Compare the methods on what customers bought later and had not bought before.

    Parameters
    ----------
    known : the earlier period; the methods see nothing else.
    later : lines of the later period, see ``history.split``.
    settings, seed : as everywhere.
    days : length of the later period.

    Notes
    -----
    The winner is the method with the most hits among those that beat popularity beyond chance (95 %
    interval of the paired difference above 0). Where none does, popularity is used. Choosing on the
    same period that is reported flatters the winner a little; with three rivals that is small.
    """
    bought = lookup(later, known)
    fresh = bought - bought.multiply(known.bought)
    trials = {name: _trial(name, known, fresh, settings, seed) for name in _names(known)}
    base = trials["popularity"].hits
    table = pd.DataFrame([_row(name, trial, base) for name, trial in trials.items()], columns=_COLUMNS)
    used = _winner(table)
    new = float(trials[used].first) if bought.nnz else float("nan")
    again, pairs = _familiar(known, bought, settings)
    return Judgement(table.assign(used=table["method"] == used), used, new, again, pairs, days)


@dataclass(frozen=True)
class _Trial:
    """How one method did in the later period.

    Parameters
    ----------
    hits : per customer who bought something new, whether any suggestion was among it.
    first, hit_at_1 : share of first suggestions that were bought, over all customers and over these.
    coverage : share of items ever suggested.
    """

    hits: np.ndarray
    first: float
    hit_at_1: float
    coverage: float


def _names(known: History) -> list[str]:
    """Return the methods that can be tried: popularity per sector needs a sector."""
    return [name for name in methods.METHODS if name != "sector_popularity" or set(known.sector) != {UNKNOWN}]


def _trial(name: str, known: History, fresh, settings: Settings, seed: int) -> _Trial:
    best = methods.top(methods.fit(name, known, settings, seed), known, settings.suggestions)
    right = _right(fresh, best)
    bought_new = np.asarray(fresh.sum(axis=1)).ravel() > 0
    return _Trial(
        hits=np.asarray(right[bought_new].any(axis=1)),
        first=right[:, 0].mean() if len(right) else np.nan,
        hit_at_1=right[bought_new][:, 0].mean() if bought_new.any() else np.nan,
        coverage=len(np.unique(best[best >= 0])) / max(len(known.items), 1),
    )


def _row(name: str, trial: _Trial, base: np.ndarray) -> tuple:
    customers, hits = len(trial.hits), int(trial.hits.sum())
    rates = share_and_interval(hits, customers)
    return (name, customers, hits, *rates, trial.hit_at_1, trial.coverage, *_paired(trial.hits, base))


def _familiar(known: History, bought, settings: Settings) -> tuple[float, int]:
    """Return the share of familiar items that were bought again, and how many familiar pairs there are."""
    familiar = known.orders.copy()
    familiar.data = (familiar.data >= settings.coupons.familiar_orders).astype(np.float32)
    pairs = int(familiar.sum())
    again = float(familiar.multiply(bought).sum()) / pairs if pairs and bought.nnz else float("nan")
    return again, pairs


def _right(fresh, best: np.ndarray) -> np.ndarray:
    """Return customers × suggestions: True where the suggestion was bought later."""
    rows = np.repeat(np.arange(len(best)), best.shape[1])
    flat = best.ravel()
    if not fresh.shape[1]:
        return np.zeros(best.shape, dtype=bool)
    values = np.asarray(fresh[rows, np.maximum(flat, 0)]).ravel() > 0
    return (values & (flat >= 0)).reshape(best.shape)


def _paired(hits: np.ndarray, base: np.ndarray) -> tuple[float, float, float]:
    difference = hits.astype(float) - base.astype(float)
    if len(difference) < 2:
        return float("nan"), float("nan"), float("nan")
    mean, spread = difference.mean(), Z * difference.std(ddof=1) / np.sqrt(len(difference))
    return mean, mean - spread, mean + spread


def _winner(table: pd.DataFrame) -> str:
    ahead = table[table["better_low"] > 0]
    if ahead.empty:
        return "popularity"
    return ahead.sort_values(["hits", "coverage", "method"], ascending=[False, False, True])["method"].iloc[0]
