"""The effect of the position on a page: a click on the first place says little, one on the fourth more.

Where options are swapped between places by chance, the same option is seen in several places, and the ratio of its
click rates is the effect of the place alone (Joachims, Swaminathan and Schnabel 2017). The ratios of all options are
pooled by Mantel and Haenszel (1959), which stays sound when each option has few clicks; the interval is that of
Greenland and Robins (1985). Without swaps the place is mixed up with what was put there: then the effect is declared
by the client, or not corrected for, and the report says so.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.stats import chi2_contingency

from helpers.phases.learning.settings import Settings

FEWEST_CLICKS = 10  # in a place and in the first place; with fewer a ratio says nothing (our convention)
# Options spread so unevenly over the places by chance less often than this: then they were not drawn (our convention).
UNEVEN = 0.001
# An effect further away from one look is not believed, and not used (our convention).
LEAST_USED, MOST_USED = 0.05, 2.0


@dataclass(frozen=True)
class PositionEffects:
    """How much each place is looked at.

    Parameters
    ----------
    table : per place: position, shown, successes, rate, effect (against the first place), low, high, and used: the
        effect that the weights use.
    source : "randomised", "declared", "unknown", "contradicted" (said to be randomised, but the options are
        spread unevenly over the places) or "one" (there is only one place).
    """

    table: pd.DataFrame
    source: str

    @property
    def effects(self) -> dict[int, float]:
        """The effect per place that the weights use; 1 where none is known."""
        return dict(zip(self.table["position"], self.table["used"], strict=True))


def position_effects(log: pd.DataFrame, settings: Settings) -> PositionEffects:
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
    table = pd.concat([counts, pd.DataFrame(ratios, columns=["effect", "low", "high"])], axis="columns")
    source = _source(log, settings)
    if source == "randomised":
        enough = (table["successes"] >= FEWEST_CLICKS) & (table["successes"].iloc[0] >= FEWEST_CLICKS)
        # Corrected only for what is no accident: a wrong correction harms every weight.
        no_accident = (table["high"] < 1) | (table["low"] > 1)
        used = table["effect"].where(enough & no_accident, 1.0)
    elif source == "declared":
        used = table["position"].map({first: 1.0, **settings.position_effect}).fillna(1.0)
    else:
        used = pd.Series(1.0, index=table.index)
    return PositionEffects(table.assign(used=used.clip(LEAST_USED, MOST_USED)), source)


def _source(log: pd.DataFrame, settings: Settings) -> str:
    if log["position"].nunique() < 2:
        return "one"
    # How often chance alone would spread the options so unevenly over the places.
    p_even = chi2_contingency(pd.crosstab(log["option"], log["position"])).pvalue
    return "contradicted" if settings.positions == "randomised" and p_even < UNEVEN else settings.positions


def _ratio(log: pd.DataFrame, first: int, place: int) -> tuple[float, float, float]:
    """Return the pooled ratio of success rates, place against first place, with its 95 % interval."""
    # Against itself the first place has an effect of exactly one, and no spread.
    if place == first:
        return 1.0, 1.0, 1.0
    in_both = log[log["position"].isin((first, place))]
    cells = in_both.groupby(["option", "position"])["success"].agg(["sum", "size"]).unstack("position", fill_value=0)
    successes, first_successes = (cells["sum"][position].to_numpy(float) for position in (place, first))
    shown, first_shown = (cells["size"][position].to_numpy(float) for position in (place, first))
    total = shown + first_shown
    above, below = (successes * first_shown / total).sum(), (first_successes * shown / total).sum()
    if above == 0 or below == 0:
        return float("nan"), float("nan"), float("nan")
    # Variance of the logarithm of the ratio (Greenland and Robins 1985); 1.96 of its roots on each side are 95 %.
    products = shown * first_shown * (successes + first_successes) - successes * first_successes * total
    variance = (products / total**2).sum() / (above * below)
    factor = np.exp(1.959964 * np.sqrt(max(variance, 0.0)))
    ratio = above / below
    return float(ratio), float(ratio / factor), float(ratio * factor)
