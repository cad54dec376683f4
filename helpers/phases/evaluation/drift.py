"""When were people put in the arms: the split must be the same in every period, or the arms are of different times.

With a half of the people treated in one month and nine in ten in the next, the treated are mostly people of the second month:
whatever differs between the months looks like an effect (Simpson's paradox; Crook, Frasca, Kohavi and Longbotham 2009, "Seven
pitfalls", pitfall 4). A plan has one share per arm, so a split that changes was not planned; periods weighed by a plan that nobody
wrote down would be another test than the one declared, so the reading stops, as for arms that are not of the planned size (Fabijan
et al. 2019 look at the sizes by day for the same reason). Where the split stays the same, people who came late had fewer days to
convert in all arms alike, which costs power but favours nobody; ``evaluation.test.days_to_convert`` gives everybody the same days.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.stats import MonteCarloMethod, chi2_contingency, fisher_exact

# Months, weeks and days: a slow change shows in the long ones, a short one in the short ones.
PERIODS = ("M", "W", "D")
# Below this in a cell the chi-squared distribution misleads (Cochran 1954), and tables with the same margins are drawn instead.
LEAST_EXPECTED = 5
DRAWS = 9999
# Drawing is for what may be a surprise; what is far from one needs no exact figure.
WORTH_DRAWING = 0.05


@dataclass(frozen=True)
class SplitOverTime:
    """The split between the arms by the time of assignment.

    Parameters
    ----------
    p_value : chance of a split this uneven over time when nothing is wrong, corrected for the lengths of period that were tried.
    holds : False stops the reading.
    arm : the arm whose share moved most; ``period`` : length of the periods, "M" (months), "W" (weeks) or "D" (days).
    lowest, highest : first day of the period in which this arm got least, and most, with its share of the people of that period.
    """

    p_value: float
    holds: bool
    arm: str
    period: str
    lowest: tuple[pd.Timestamp, float]
    highest: tuple[pd.Timestamp, float]


def split_over_time(people: pd.DataFrame, *, stop: float = 0.001, seed: int = 0) -> SplitOverTime | None:
    """Test whether the split between the arms stayed the same; None where people did not come in over time.

    Parameters
    ----------
    people : one row per assigned person: treatment, and assigned_time where it is known.
    stop : p-value below which the reading stops.
    seed : seed of the tables drawn where a period holds few people.
    """
    if "assigned_time" not in people:
        return None
    known = people[people["assigned_time"].notna()]
    by_period = {period: pd.crosstab(known["treatment"], known["assigned_time"].dt.to_period(period)) for period in PERIODS}
    by_period = {period: counts for period, counts in by_period.items() if min(counts.shape) > 1}
    if not by_period:
        return None
    p_values = {period: homogeneity(counts.to_numpy(), seed) for period, counts in by_period.items()}
    period = min(p_values, key=lambda name: p_values[name])
    # Bonferroni: one small p-value of several is less of a surprise.
    p_value = min(1.0, len(p_values) * p_values[period])
    return SplitOverTime(p_value, p_value >= stop, *_where(by_period[period], period))


def homogeneity(counts: np.ndarray, seed: int = 0) -> float:
    """Return the p-value of "the rows of this table have the same shares".

    Parameters
    ----------
    counts : of at least two rows and two columns, none of them empty.
    seed : seed of the tables drawn where some counts are small.

    Returns
    -------
    Pearson's chi-squared test. Where a count below five is expected: Fisher's exact test, or tables drawn with the same margins
    (Patefield 1981) where there are more than two rows and columns.
    """
    pearson = chi2_contingency(counts, correction=False)
    if pearson.expected_freq.min() >= LEAST_EXPECTED or pearson.pvalue > WORTH_DRAWING:
        return float(pearson.pvalue)
    if counts.shape == (2, 2):
        return float(fisher_exact(counts).pvalue)
    drawn = MonteCarloMethod(n_resamples=DRAWS, rng=np.random.default_rng(seed))
    return float(chi2_contingency(counts, correction=False, method=drawn).pvalue)


def _where(counts: pd.DataFrame, period: str) -> tuple[str, str, tuple[pd.Timestamp, float], tuple[pd.Timestamp, float]]:
    """Return the arm that moved most, and the periods in which it got least and most for their size."""
    expected = np.outer(counts.sum(axis=1), counts.sum()) / counts.to_numpy().sum()
    surprise = (counts - expected) / np.sqrt(expected)
    arm = surprise.abs().max(axis=1).idxmax()
    shares = counts.loc[arm] / counts.sum()
    ends = [(start.to_timestamp(), float(shares[start])) for start in (surprise.loc[arm].idxmin(), surprise.loc[arm].idxmax())]
    return str(arm), period, ends[0], ends[1]
