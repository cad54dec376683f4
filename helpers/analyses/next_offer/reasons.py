"""Why this suggestion: the reason by which its method chose it, and how many of the most similar customers buy it."""

import numpy as np
import pandas as pd

from helpers.analyses.next_offer.history import UNKNOWN, History
from helpers.analyses.next_offer.methods import CHUNK, Model
from helpers.analyses.next_offer.settings import Settings
from helpers.core.wording import _, number, percent

POOL = 5_000  # customers among whom the most similar are looked for, per sector


def suggestions(known: History, best: np.ndarray, models: dict[str, Model], settings: Settings, seed: int) -> pd.DataFrame:
    """Return the suggestions with their reasons.

    Parameters
    ----------
    known : all purchases up to the round's day.
    best : customers × suggestions, see ``methods.top``.
    models : that made them, see ``methods.fit``.

    Returns
    -------
    Frame with customer_id, rank, item, similar_buyers, similar_customers, sector, share (of the customers whom the method looked
    at: those who buy it), anchor (the group of the customer that spoke most for it, "" where none did) and reason, sorted by
    customer and rank.
    """
    buyers, compared = _similar_buyers(known, best, settings, seed)
    rows, ranks = np.nonzero(best >= 0)
    items = best[rows, ranks]
    # A method looks at the customers of the sector only where it was fitted on them.
    looked_at = np.array([sector if sector in models else UNKNOWN for sector in known.sector], dtype=object)[rows]
    share = {name: models[name].popular for name in set(looked_at)}
    anchors = _anchors(known, looked_at, rows, items, models)
    frame = pd.DataFrame(
        {
            "customer_id": known.customers[rows],
            "rank": ranks + 1,
            "item": known.items[items],
            "similar_buyers": buyers[rows, ranks],
            "similar_customers": compared[rows],
            "sector": known.sector[rows],
            "looked_at": looked_at,
            "share": [float(share[name][item]) for name, item in zip(looked_at, items, strict=True)],
            "anchor": np.where(anchors >= 0, known.items[anchors], ""),
        }
    )
    alike = models[UNKNOWN].factors is not None
    return frame.assign(reason=_texts(frame, alike)).drop(columns="looked_at")


def supported(offers: pd.DataFrame, settings: Settings) -> pd.DataFrame:
    """Return the suggestions that enough similar customers buy, ranked anew: nobody is offered a stopgap."""
    supported_offers = offers[offers["similar_buyers"] >= settings.least_similar].reset_index(drop=True)
    return supported_offers.assign(rank=supported_offers.groupby("customer_id").cumcount() + 1)


def _similar_buyers(known: History, best: np.ndarray, settings: Settings, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Return, per suggestion, how many of the nearest comparable customers buy it, and among how many that is."""
    buyers, compared = np.zeros(best.shape, dtype=np.int16), np.zeros(len(best), dtype=np.int16)
    random = np.random.default_rng(seed)
    lengths = np.sqrt(np.asarray(known.bought.sum(axis=1)).ravel())
    for sector in sorted(set(known.sector)):
        # Who has no sector is compared with everybody.
        rows = np.flatnonzero(known.sector == sector) if sector != UNKNOWN else np.arange(len(best))
        pool = np.sort(random.choice(rows, POOL, replace=False)) if len(rows) > POOL else rows
        bought = known.bought[pool].toarray().astype(np.float32)
        unit = bought / np.maximum(lengths[pool], 1e-9)[:, None]
        members = np.flatnonzero(known.sector == sector)
        nearest = min(settings.neighbours, len(pool) - 1)
        if nearest < 1:
            continue
        for start in range(0, len(members), CHUNK // 4):
            part = members[start : start + CHUNK // 4]
            likeness = np.round(np.asarray(known.bought[part] @ unit.T), 5)
            likeness[pool[None, :] == part[:, None]] = -1  # nobody is his own neighbour
            near = _nearest(likeness, nearest)
            wanted = np.maximum(best[part], 0)
            buyers[part] = bought[near[:, :, None], wanted[:, None, :]].sum(axis=1)
            compared[part] = nearest
    return buyers, compared


def _nearest(likeness: np.ndarray, count: int) -> np.ndarray:
    """Return the most alike; of equally alike customers the first by id."""
    keyed = likeness - np.arange(likeness.shape[1], dtype=np.float64)[None, :] * 1e-9
    return np.argpartition(-keyed, count - 1, axis=1)[:, :count]


def _anchors(known: History, looked_at: np.ndarray, rows: np.ndarray, items: np.ndarray, models: dict[str, Model]) -> np.ndarray:
    """Return, per suggestion, which bought group speaks most for it (column of ``items``); -1 where the method asks none."""
    anchors = np.full(len(rows), -1)
    for name, model in models.items():
        if model.likeness is None:
            continue
        of_model = np.flatnonzero(looked_at == name)
        for start in range(0, len(of_model), CHUNK):
            part = of_model[start : start + CHUNK]
            speaks = known.bought[rows[part]].toarray() * model.likeness[items[part]]
            # Rounded as in ``methods.top``: a score that is no score was decided by popularity.
            anchors[part] = np.where(np.round(speaks.sum(axis=1), 5) > 0, speaks.argmax(axis=1), -1)
    return anchors


def _texts(frame: pd.DataFrame, alike: bool) -> list[str]:
    """Return one sentence per suggestion; every different sentence is made once."""
    keys = frame[["item", "similar_buyers", "similar_customers", "looked_at", "share", "anchor"]].round({"share": 2})
    sentences: dict[tuple, str] = {}
    for key in keys.itertuples(index=False, name=None):
        if key not in sentences:
            sentences[key] = _text(*key, alike)
    return [sentences[key] for key in keys.itertuples(index=False, name=None)]


def _text(item: str, buyers: int, compared: int, sector: str, share: float, anchor: str, alike: bool) -> str:
    """Return the reason by which the method chose: a group that it goes with, customers who buy alike, or what most buy."""
    if anchor:
        return _("Customers who buy {anchor} often buy {item} too").format(anchor=anchor, item=item)
    if alike and buyers >= 2:
        return _("{n} of the {all} most similar customers buy {item}").format(n=number(buyers), all=number(compared), item=item)
    if alike:
        return _("{item} fits the pattern of what this customer buys").format(item=item)
    if sector:
        return _("{share} of the customers in {sector} buy {item}").format(share=percent(share), sector=sector, item=item)
    return _("{share} of all customers buy {item}").format(share=percent(share), item=item)
