"""The effect of the place: a click on the first place says little, one on the fourth more.

Where options are swapped between places by chance, the same option is seen in several places, and the ratio of
its click rates is the effect of the place alone (Joachims, Swaminathan and Schnabel 2017). The ratios of all
options are pooled by Mantel and Haenszel (1959), which stays sound when each option has few clicks; the interval
is that of Greenland and Robins (1985). Without swaps the place is mixed up with what was put there: then the
effect is declared by the client, or not corrected for, and the report says so.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.stats import chi2_contingency

from helpers.phases.learning.settings import Settings

FEWEST_CLICKS = 10  # in a place and in the first place; with fewer a ratio says nothing (our convention)
UNEVEN = 0.001


@dataclass(frozen=True)
class Places:
    """How much each place is looked at.

    Parameters
    ----------
    table : per place: position, shown, successes, rate, effect (against the first place), low, high.
    source : "randomised", "declared", "unknown", "contradicted" (said to be randomised, but the options are
        spread unevenly over the places) or "one" (there is only one place).
    p_even : how often chance alone would spread the options so unevenly over the places.
    """

    table: pd.DataFrame
    source: str
    p_even: float

    @property
    def effects(self) -> dict[int, float]:
        """The effect per place that the weights use; 1 where none is known."""
        return dict(zip(self.table["position"], self.table["used"], strict=True))


def places_of(log: pd.DataFrame, settings: Settings) -> Places:
    """Return the effect of each place, measured, declared or not known.

    Parameters
    ----------
    log : from ``read_log``.
    settings : how options came to their place, and the declared effect.
    """
    counts = log.groupby("position")["success"].agg(shown="size", successes="sum").reset_index()
    counts["rate"] = counts["successes"] / counts["shown"]
    first = int(counts["position"].min())
    ratios = [_ratio(log, first, int(place)) for place in counts["position"]]
    table = counts.assign(**{name: [one[at] for one in ratios] for at, name in enumerate(("effect", "low", "high"))})
    source, p_even = _source(log, settings)
    if source == "randomised":
        used = table["effect"].where(_enough(table) & _told_from_chance(table), 1.0)
    elif source == "declared":
        used = table["position"].map({first: 1.0, **settings.position_effect}).fillna(1.0)
    else:
        used = pd.Series(1.0, index=table.index)
    return Places(table.assign(used=used.clip(0.05, 2.0)), source, p_even)


def _source(log: pd.DataFrame, settings: Settings) -> tuple[str, float]:
    if log["position"].nunique() < 2:
        return "one", float("nan")
    p_even = float(chi2_contingency(pd.crosstab(log["option"], log["position"])).pvalue)
    if settings.positions == "randomised" and p_even < UNEVEN:
        return "contradicted", p_even
    return settings.positions, p_even


def _enough(table: pd.DataFrame) -> pd.Series:
    return (table["successes"] >= FEWEST_CLICKS) & (table["successes"].iloc[0] >= FEWEST_CLICKS)


def _told_from_chance(table: pd.DataFrame) -> pd.Series:
    """Correct only for what is no accident: a wrong correction harms every weight."""
    return (table["high"] < 1) | (table["low"] > 1)


def _ratio(log: pd.DataFrame, first: int, place: int) -> tuple[float, float, float]:
    """Return the pooled ratio of success rates, place against first place, with its 95 % interval."""
    if place == first:
        return 1.0, 1.0, 1.0
    both = log[log["position"].isin((first, place))]
    cells = both.groupby(["option", "position"])["success"].agg(["sum", "size"]).unstack("position", fill_value=0)
    hits, base = (cells["sum"][one].to_numpy(float) for one in (place, first))
    seen, seen_first = (cells["size"][one].to_numpy(float) for one in (place, first))
    total = seen + seen_first
    above, below = (hits * seen_first / total).sum(), (base * seen / total).sum()
    if above == 0 or below == 0:
        return (float("nan"),) * 3
    spread = ((seen * seen_first * (hits + base) - hits * base * total) / total**2).sum() / (above * below)
    reach = np.exp(1.959964 * np.sqrt(max(spread, 0.0)))
    ratio = above / below
    return float(ratio), float(ratio / reach), float(ratio * reach)
