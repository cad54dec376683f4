"""Which method would have known: a split in time, new items only; popularity is the one to beat, and for that chance."""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from scipy.stats import hypergeom

from helpers.analyses.next_offer import methods
from helpers.analyses.next_offer.history import UNKNOWN, History, lookup
from helpers.analyses.next_offer.settings import Settings
from helpers.core.results import Chance
from helpers.core.wording import _
from helpers.statistics.intervals import share_and_interval
from helpers.statistics.nulls import DEALS, against_chance, lead_by_lot
from helpers.statistics.resampling import holm

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
    lead : the lead of the best rival over popularity (share of customers) beside what chance alone would give; None where nobody
        bought something new.
    hits : the hit rate of the used method beside that of groups drawn by lot from what each customer did not buy yet; None as above.
    """

    methods: pd.DataFrame
    used: str
    new_rate: float
    familiar_rate: float
    familiar_pairs: int
    days: int
    lead: Chance | None = None
    hits: Chance | None = None


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
    The winner is the rival of popularity with the most hits, if it leads by more than chance: by more than the best of all rivals
    would, were it decided by lot for each customer whose suggestions are whose (Westfall and Young 1993); and the 95 % interval of
    the paired difference must lie above 0. Else popularity is used.
    """
    bought = lookup(later, known)
    fresh = bought - bought.multiply(known.bought)
    trials = {name: _trial(name, known, fresh, settings, seed) for name in _names(known)}
    base = trials["popularity"].hits
    table = pd.DataFrame([_row(name, trial, base) for name, trial in trials.items()], columns=_COLUMNS)
    rival, lead = _best_rival(table, trials, seed)
    hits = _against_the_lot(known, fresh, trials["popularity"].hits, settings.suggestions, seed)
    if lead is not None and hits is not None:
        # Two claims, of which each alone would be news now and then (Holm 1979).
        lead_p, hits_p = holm([lead.p_value, hits.p_value])
        lead, hits = replace(lead, p_value=lead_p), replace(hits, p_value=hits_p)
    used = rival if lead is not None and lead.beaten and table.set_index("method").at[rival, "better_low"] > 0 else "popularity"
    new = float(trials[used].first) if bought.nnz else float("nan")
    again, pairs = _familiar(known, bought, settings)
    if used != "popularity":
        hits = _against_the_lot(known, fresh, trials[used].hits, settings.suggestions, seed)
    return Judgement(table.assign(used=table["method"] == used), used, new, again, pairs, days, lead, hits)


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


def _best_rival(table: pd.DataFrame, trials: dict[str, _Trial], seed: int) -> tuple[str, Chance | None]:
    """Return the rival of popularity with the most hits, and its lead beside that of the best rival where nothing is there."""
    rivals = table[table["method"] != "popularity"].sort_values(["hits", "coverage", "method"], ascending=[False, False, True])
    base = trials["popularity"].hits.astype(float)
    if rivals.empty or len(base) < 2:
        return "popularity", None
    ahead = np.array([trials[name].hits - base for name in rivals["method"]])
    how = _("For every customer it was decided by lot which suggestions came from which method.")
    return rivals["method"].iloc[0], lead_by_lot(ahead, seed, how)


def _against_the_lot(known: History, fresh, hits: np.ndarray, suggestions: int, seed: int) -> Chance | None:
    """Return a hit rate beside that of groups drawn by lot: without preferences every group not bought yet is as likely as another."""
    new = np.asarray(fresh.sum(axis=1)).ravel()
    lacking = len(known.items) - np.asarray(known.bought.sum(axis=1)).ravel()
    judged = new > 0
    if not judged.any():
        return None
    by_lot = 1 - hypergeom.pmf(0, lacking[judged], new[judged], np.minimum(suggestions, lacking[judged]))
    likely, customers = np.unique(by_lot, return_counts=True)
    draws = np.random.default_rng(seed).binomial(customers, likely.clip(0, 1), size=(DEALS, len(likely))).sum(axis=1) / judged.sum()
    how = _("The suggestions were drawn by lot from the groups that each customer did not buy yet.")
    return against_chance(hits.mean(), draws, how=how)
