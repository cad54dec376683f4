"""What could be seen on this client's own customers: how well the level of comparable customers is known."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from helpers.analyses.potential.peers import design, fit_draw, quantile_fit
from helpers.analyses.potential.settings import Settings
from helpers.core.wording import _, number, percent
from helpers.statistics.resampling import percentile_interval

SAMPLE = 2_000  # customers tried; the gate must stay quick
DRAWS = 20
MIDDLE = (0.05, 0.95)  # nine draws in ten lie between


@dataclass(frozen=True)
class Detectable:
    """How far the potential of a typical customer moves when the customers are drawn again.

    Parameters
    ----------
    below, above : the range in which nine draws in ten lie, as shares of the potential (0.1 is 10 %).
    """

    below: float
    above: float

    def sentence(self) -> str:
        """Return it in words."""
        return _(
            "When the customers are drawn again {draws} times, the potential of a typical customer lies between "
            "{below} less and {above} more than what is shown."
        ).format(draws=number(DRAWS), below=percent(self.below), above=percent(self.above))


def detectable(buyers: pd.DataFrame, settings: Settings, seed: int) -> Detectable:
    """Draw customers again and fit what comparable customers reach.

    Parameters
    ----------
    buyers : from ``features.features``: one row per customer who ordered, sorted by customer_id.
    settings : the level, and on what customers are compared.
    seed : of the round.
    """
    rng = np.random.default_rng(seed)
    size = min(SAMPLE, len(buyers))
    rows = np.sort(rng.choice(len(buyers), size, replace=False))
    sample = buyers.iloc[rows].reset_index(drop=True)
    matrix, _names = design(sample, settings)
    logs = np.log1p(np.maximum(sample["revenue_per_year"].to_numpy(float), 0))
    typical = matrix @ quantile_fit(matrix, logs, settings.peer_level)
    moves = [np.median(matrix @ fit_draw(matrix, logs, (settings.peer_level,), rng)[0] - typical) for _draw in range(DRAWS)]
    # A sample moves more than all customers do, by the root of how much smaller it is.
    low, high = np.multiply(percentile_interval(moves, MIDDLE), np.sqrt(size / len(buyers)))
    return Detectable(float(max(0.0, -np.expm1(low))), float(max(0.0, np.expm1(high))))
