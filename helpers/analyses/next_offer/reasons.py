"""Why this suggestion: how many of the most similar customers buy it."""

import numpy as np
import pandas as pd

from helpers.analyses.next_offer.history import UNKNOWN, History
from helpers.analyses.next_offer.methods import CHUNK
from helpers.analyses.next_offer.settings import Settings
from helpers.core.wording import _, number, percent

POOL = 5_000  # customers among whom the most similar are looked for, per sector


def suggestions(known: History, best: np.ndarray, settings: Settings, seed: int) -> pd.DataFrame:
    """Return the suggestions with their reasons.

    Parameters
    ----------
    known : all purchases up to the round's day.
    best : customers × suggestions, see ``methods.top``.

    Returns
    -------
    Frame with customer_id, rank, item, similar_buyers, similar_customers, sector, sector_share (share of the
    comparable customers who buy it) and reason, sorted by customer and rank.
    """
    buyers, compared = _similar_buyers(known, best, settings, seed)
    share = _sector_share(known)
    rows, ranks = np.nonzero(best >= 0)
    items = best[rows, ranks]
    row_of_sector = {sector: row for row, sector in enumerate(sorted(set(known.sector)))}
    sectors = known.sector[rows]
    frame = pd.DataFrame(
        {
            "customer_id": known.customers[rows],
            "rank": ranks + 1,
            "item": known.items[items],
            "similar_buyers": buyers[rows, ranks],
            "similar_customers": compared[rows],
            "sector": sectors,
            "sector_share": share[[row_of_sector[sector] for sector in sectors], items] if len(rows) else [],
        }
    )
    return frame.assign(reason=_texts(frame))


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


def _sector_share(known: History) -> np.ndarray:
    rows = []
    for sector in sorted(set(known.sector)):
        chosen = known.bought if sector == UNKNOWN else known.bought[np.flatnonzero(known.sector == sector)]
        rows.append(np.asarray(chosen.mean(axis=0)).ravel())
    return np.array(rows) if rows else np.zeros((0, len(known.items)))


def _texts(frame: pd.DataFrame) -> list[str]:
    """Return one sentence per suggestion; every different sentence is made once."""
    sentences: dict[tuple, str] = {}
    keys = list(
        zip(
            frame["item"], frame["similar_buyers"], frame["similar_customers"], frame["sector"], frame["sector_share"].round(2), strict=True
        )
    )
    for key in keys:
        if key not in sentences:
            sentences[key] = _text(*key)
    return [sentences[key] for key in keys]


def _text(item: str, buyers: int, compared: int, sector: str, share: float) -> str:
    if buyers >= 2:
        return _("{n} of the {all} most similar customers buy {item}").format(n=number(buyers), all=number(compared), item=item)
    if sector:
        return _("{share} of the customers in {sector} buy {item}").format(share=percent(share), sector=sector, item=item)
    return _("{share} of all customers buy {item}").format(share=percent(share), item=item)
