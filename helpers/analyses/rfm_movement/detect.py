"""What could be seen on this client's own orders: how much movement chance alone would show."""

from dataclasses import dataclass

import numpy as np
from scipy.stats import norm

from helpers.analyses.rfm_movement.card import SegmentCard
from helpers.analyses.rfm_movement.measures import Purchases, measure
from helpers.analyses.rfm_movement.noise_floor import CLAIMS, UNUSUAL, redraw
from helpers.analyses.rfm_movement.periods import Periods
from helpers.analyses.rfm_movement.settings import Settings
from helpers.core.results import NEWS
from helpers.core.wording import _, number, percent

DRAWS = 20
MOST_ORDERS = 200_000  # beyond this many orders fewer draws will do; the gate must stay quick


@dataclass(frozen=True)
class Detectable:
    """Share of customers that change segment although nothing changed: mean, lowest and highest draw; and how many could move."""

    share: float
    low: float
    high: float
    draws: int
    customers: int

    def sentence(self) -> str:
        """Return it in words."""
        return _(
            "Chance alone would move {share} of the customers to another segment ({low} to {high} in {draws} "
            "re-draws of their orders); only movement beyond that is news. A loss is seen in four of five cases from {n} customers on "
            "who clearly buy less."
        ).format(
            share=percent(self.share), low=percent(self.low), high=percent(self.high), draws=number(self.draws), n=number(self.seen_from)
        )

    @property
    def seen_from(self) -> int:
        """Customers beyond chance that a claim needs: the spread of a count of one in ten, at 5 % for all claims and 80 % power."""
        spread = np.sqrt(UNUSUAL * (1 - UNUSUAL) * self.customers)
        return int(np.ceil((norm.ppf(1 - NEWS / len(CLAIMS)) + norm.ppf(0.8)) * spread))


def detectable(purchases: Purchases, periods: Periods, card: SegmentCard, settings: Settings, seed: int) -> Detectable | None:
    """Draw the days of all orders again, and count who changes segment.

    Parameters
    ----------
    purchases, periods : from ``gate.purchases_and_periods``.
    card : the segments of the comparison period.
    settings : the section of client.yml.
    seed : of the round.

    Returns
    -------
    None where no draw leaves anybody in both periods.
    """
    draws = number_of_draws(len(purchases.day))
    # As in the analysis, on the card of the comparison period: what moves here moves by chance alone.
    shares = []
    for redrawn in redraw(purchases, periods, settings.clock == "market", draws, seed):
        before = card.standing(measure(redrawn, periods.comparison, settings.shortest_months))
        now = card.standing(measure(redrawn, periods.current, settings.shortest_months))
        both = (before.measures["orders"] > 0) & (now.measures["orders"] > 0)
        if both.any():
            shares.append((before.place != now.place)[both].mean())
    if not shares:
        return None
    return Detectable(
        float(np.mean(shares)), float(min(shares)), float(max(shares)), draws, int((purchases.first_day < periods.current.first_day).sum())
    )


def number_of_draws(orders: int) -> int:
    """Return how often the orders are drawn again: a quarter as often for very many orders."""
    return DRAWS if orders <= MOST_ORDERS else DRAWS // 4
