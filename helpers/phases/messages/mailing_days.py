"""What mailing days add to chance: contacts of one day share its luck, so they are worth fewer than as many of several days.

Design effect from Pearson's chi-square of the days over its degrees of freedom, pooled over messages and groups, at least 1
(quasi-binomial: McCullagh and Nelder 1989, section 4.5).
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

LEAST_DAYS = 4  # with fewer mailing days nobody can tell how much they differ, and no range is given (our convention)


@dataclass(frozen=True)
class DayEffect:
    """How much mailing days differ.

    Parameters
    ----------
    own : times that the variance of a message's response is that of single contacts, at least 1.
    compared : the same for what is left when messages are compared within days; 1 where too few days are shared to know.
    degrees : degrees of freedom of ``own``: independent days, less one per message or, where messages share them, one in all.
    """

    own: float
    compared: float
    degrees: int

    @property
    def known(self) -> bool:
        """True when there are days enough to tell how much they differ."""
        return self.degrees >= LEAST_DAYS - 1


def day_effect(per_day: pd.DataFrame) -> DayEffect:
    """Return how much mailing days differ.

    Parameters
    ----------
    per_day : from ``which_message.responses_per_day``.
    """
    message, day, group = (per_day.groupby(by)[["sent", "responses"]].transform("sum") for by in _LEVELS)
    rate = message["responses"] / message["sent"]
    base = (group["responses"] / group["sent"]).clip(lower=1e-9)
    within = (rate * (day["responses"] / day["sent"]) / base).clip(1e-9, 1 - 1e-9)
    cells, days = per_day.groupby(_LEVELS[0]).ngroups, per_day.groupby(_LEVELS[1]).ngroups
    free = len(per_day) - cells
    crossed = len(per_day) - cells - days + per_day["group"].nunique()
    pairs = len(per_day[["message", "day"]].drop_duplicates()) - per_day["message"].nunique()
    own = max(1.0, _pearson(per_day, rate) / free) if free else 1.0
    compared = max(1.0, _pearson(per_day, within) / crossed) if crossed >= LEAST_DAYS - 1 else 1.0
    return DayEffect(own, min(compared, own), min(pairs, per_day["day"].nunique() - 1))


_LEVELS = (["group", "message"], ["group", "day"], ["group"])


def _pearson(per_day: pd.DataFrame, rate: pd.Series) -> float:
    expected = per_day["sent"] * rate
    variance = np.maximum(expected * (1 - rate), 1e-9)
    return float(((per_day["responses"] - expected) ** 2 / variance)[rate.between(1e-6, 1 - 1e-6)].sum())
