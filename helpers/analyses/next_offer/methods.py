"""Three ways to suggest what a customer does not buy yet, and the plain one to beat.

Popularity: what most customers buy. Item similarity: cosine between groups, damped where few
customers hold both (Sarwar et al. 2001; damping after Bell and Koren 2007). Factorisation: truncated
singular value decomposition (PureSVD, Cremonesi, Koren and Turrin 2010). Ranking by the lift of
association rules is left out on purpose: on Online Retail it does worse than popularity.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from scipy import sparse
from sklearn.decomposition import TruncatedSVD

from helpers.analyses.next_offer.history import UNKNOWN, History
from helpers.analyses.next_offer.settings import Settings
from helpers.core.wording import _

METHODS = ("popularity", "sector_popularity", "similarity", "factorisation")
CHUNK = 4_096  # customers scored at a time: memory stays small whatever their number


@dataclass(frozen=True)
class Model:
    """One fitted method for one set of comparable customers.

    Parameters
    ----------
    popular : share of these customers that buys each item.
    likeness : items × items, or None.
    factors : items × factors, or None.
    """

    popular: np.ndarray
    likeness: np.ndarray | None = None
    factors: np.ndarray | None = None

    def scores(self, bought: sparse.csr_array) -> np.ndarray:
        """Return customers × items: higher fits better."""
        if self.likeness is not None:
            return np.asarray(bought @ self.likeness)
        if self.factors is not None:
            return np.asarray(bought @ self.factors) @ self.factors.T
        return np.repeat(self.popular[None, :], bought.shape[0], axis=0)


def fit(method: str, known: History, settings: Settings, seed: int) -> dict[str, Model]:
    """Return one model per sector, and one over all customers under "".

    Parameters
    ----------
    method : one of ``METHODS``; "popularity" ignores sectors.
    known : purchases of the earlier period only, when the model is to be judged.
    """
    models = {UNKNOWN: _fit(method, known.bought, settings, seed)}
    if method == "popularity":
        return models
    for sector in sorted(set(known.sector) - {UNKNOWN}):
        models[sector] = _fit(method, known.bought[np.flatnonzero(known.sector == sector)], settings, seed)
    return models


def _fit(method: str, bought: sparse.csr_array, settings: Settings, seed: int) -> Model:
    popular = np.asarray(bought.mean(axis=0)).ravel().astype(np.float32)
    if method == "similarity":
        return Model(popular, likeness=_likeness(bought, settings.shrinkage))
    factors = min(settings.factors, min(bought.shape) - 1)
    if method == "factorisation" and factors >= 1:
        svd = TruncatedSVD(factors, random_state=seed).fit(bought)
        return Model(popular, factors=svd.components_.T.astype(np.float32))
    return Model(popular)


def _likeness(bought: sparse.csr_array, shrinkage: float) -> np.ndarray:
    both = np.asarray((bought.T @ bought).todense(), dtype=np.float32)
    buyers = np.sqrt(np.diag(both))
    likeness = both / (np.outer(buyers, buyers) + shrinkage + 1e-9)
    np.fill_diagonal(likeness, 0)
    return likeness


def top(models: dict[str, Model], known: History, count: int) -> np.ndarray:
    """Return, per customer, the best new items in order (columns of ``items``; -1 where there are no more).

    Items already bought are never returned. Equal scores: the item that more customers buy, then
    the first by name; so the order of rows in the data does not matter.
    """
    best = np.full((len(known.customers), count), -1, dtype=np.int32)
    for sector, rows in _chunks(known, set(models)):
        part = known.bought[rows]
        # Rounded, so that equal scores stay equal whatever the order of the sums; then popularity decides.
        scores = np.round(models[sector].scores(part).astype(np.float32), 5) + models[UNKNOWN].popular[None, :] * 1e-6
        scores[part.nonzero()] = -np.inf
        best[rows, : min(count, scores.shape[1])] = _first(scores, count)
    return best


def _chunks(known: History, fitted: set[str]) -> Iterator[tuple[str, np.ndarray]]:
    model_of = np.array([sector if sector in fitted else UNKNOWN for sector in known.sector], dtype=object)
    for sector in sorted(set(model_of)):
        rows = np.flatnonzero(model_of == sector)
        for start in range(0, len(rows), CHUNK):
            yield sector, rows[start : start + CHUNK]


def _first(scores: np.ndarray, count: int) -> np.ndarray:
    order = np.argsort(-scores, axis=1, kind="stable")[:, :count]
    return np.where(np.isfinite(np.take_along_axis(scores, order, axis=1)), order, -1)


def method_name(method: str) -> str:
    """Return one of ``METHODS`` as people call it."""
    return {
        "popularity": _("what most customers buy"),
        "sector_popularity": _("what most customers in the sector buy"),
        "similarity": _("groups that go together"),
        "factorisation": _("patterns of buying"),
    }[method]
