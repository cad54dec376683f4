"""What became of the customers who would have been listed a year ago."""

from dataclasses import dataclass

import pandas as pd

from helpers.analyses.potential.estimate import estimate_potential
from helpers.analyses.potential.features import YEARS_BEFORE
from helpers.analyses.potential.peers import comparable
from helpers.analyses.potential.settings import Settings


@dataclass(frozen=True)
class Backtest:
    """The list that this method would have made a year ago, held against the year since.

    Parameters
    ----------
    listed : customers on that list.
    predicted : unused euros per year that were expected of them, at today's prices.
    came_true : what the year since really fell short of their potential.
    still_behind : share of them who bought less than their potential.
    """

    listed: int
    predicted: float
    came_true: float
    still_behind: float


def backtest(live: pd.DataFrame, settings: Settings, seed: int) -> Backtest | None:
    """Return what became of the list of a year ago; None where the history is too short or nothing would have been listed.

    Parameters
    ----------
    live : customers who may buy, with revenue, its years before, and the features compared on.
    settings, seed : of the round.
    """
    back = dict(zip(("revenue_per_year", *YEARS_BEFORE), (*YEARS_BEFORE, None), strict=True))
    earlier = live.assign(**{name: live[source] if source else float("nan") for name, source in back.items()})
    earlier = earlier[earlier["revenue_per_year"].notna()].reset_index(drop=True)
    if comparable(earlier, settings)[0].sum() < settings.least_customers:
        return None
    potential = estimate_potential(earlier, settings, seed)
    if not potential.listed.any():
        return None
    now = live.set_index("customer_id")["revenue_per_year"].reindex(earlier["customer_id"]).fillna(0).to_numpy(float)
    # The whole market may have grown since: what was expected grows with it.
    growth = now[potential.compared].sum() / max(earlier.loc[potential.compared, "revenue_per_year"].sum(), 1)
    short = (potential.potential * growth - now)[potential.listed]
    return Backtest(
        int(potential.listed.sum()), float(potential.unused[potential.listed].sum() * growth), float(short.sum()), float((short > 0).mean())
    )
