"""What could be seen on this client's own orders: how much movement chance alone would show."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from helpers.analyses.rfm_movement.card import SegmentCard
from helpers.analyses.rfm_movement.measures import Purchases, measure
from helpers.analyses.rfm_movement.noise import market_clock, redraw
from helpers.analyses.rfm_movement.periods import Periods
from helpers.analyses.rfm_movement.settings import Settings
from helpers.core.wording import _, number, percent

DRAWS = 20
MOST_ORDERS = 200_000  # beyond this many orders fewer draws will do; the gate must stay quick


@dataclass(frozen=True)
class Detectable:
    """Share of customers that change segment although nothing changed: mean, lowest and highest draw."""

    share: float
    low: float
    high: float
    draws: int

    def sentence(self) -> str:
        """Return it in words."""
        return _(
            "Chance alone would move {share} of the customers to another segment ({low} to {high} in {draws} "
            "re-draws of their orders); only movement beyond that is news."
        ).format(share=percent(self.share), low=percent(self.low), high=percent(self.high), draws=number(self.draws))


def detectable(bought: Purchases, periods: Periods, card: SegmentCard, settings: Settings, seed: int) -> Detectable | None:
    """Draw the days of all orders again, and count who changes segment.

    Parameters
    ----------
    bought, periods : from ``gate.look``.
    card : the segments of the comparison period.
    settings : the section of client.yml.
    seed : of the round.

    Returns
    -------
    None where no draw leaves anybody in both periods.
    """
    draws = DRAWS if len(bought.day) <= MOST_ORDERS else DRAWS // 4
    market = market_clock(periods, settings.clock)
    found = []
    for drawn in redraw(bought, periods, market, draws, seed):
        before = measure(drawn, periods.comparison, settings.shortest_months)
        now = measure(drawn, periods.current, settings.shortest_months)
        both = (before["orders"] > 0) & (now["orders"] > 0)
        if both.any():
            moved = card.place(card.value(before)) != card.place(card.value(now))
            found.append(moved[both].mean())
    if not found:
        return None
    return Detectable(float(np.mean(found)), float(min(found)), float(max(found)), draws)
