"""The comparisons of one pilot: all together, by variant, by segment, and the arms side by side."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from helpers.phases.evaluation.conversions import Difference, compare_conversions, enough_expected
from helpers.phases.evaluation.people import HOLDOUT
from helpers.phases.evaluation.revenue import Shift, adjusted_by_before, buyers_needed, compare_revenue
from helpers.phases.evaluation.settings import Settings
from helpers.statistics.intervals import wilson
from helpers.statistics.resampling import holm

# The spend before is taken out of the revenue only where that takes off a good part of its variance (our convention).
MOST_VARIANCE_LEFT = 0.95
_SEGMENT_COLUMNS = ["segment", "people", "treated_rate", "holdout_rate", "difference", "low", "high", "p_value", "readable"]
_ARM_COLUMNS = ["arm", "people", "converted", "rate", "low", "high", "revenue_per_person", "reached"]


@dataclass(frozen=True)
class Readings:
    """All comparisons of one pilot at one look.

    Parameters
    ----------
    conversions, revenue : the comparisons of all people; None when there is too little data.
    variance_left : share of the variance in revenue left after the spend before; NaN where it was not read.
    variants, segments : the conversions by variant and by segment, see ``by_segment``.
    """

    conversions: Difference | None
    revenue: Shift | None
    variance_left: float
    variants: pd.DataFrame
    segments: pd.DataFrame


def read_all(people: pd.DataFrame, alpha: float, settings: Settings, seed: int) -> Readings:
    """Return all comparisons, at the level ``alpha`` of this look; the seed decides the permutations."""
    shift, variance_left = read_revenue(people, alpha, settings, seed)
    several = people.loc[people["treated"], "treatment"].nunique() > 1
    return Readings(
        conversions=read_conversions(people, alpha, settings),
        revenue=shift,
        variance_left=variance_left,
        variants=by_variant(people, alpha, settings) if several else no_segments(),
        segments=by_segment(people, segment_of(people, settings.segments), alpha, settings),
    )


def not_read() -> Readings:
    """Return the readings of a pilot that must not be read: before the first look, or with arms not as drawn."""
    return Readings(None, None, float("nan"), no_segments(), no_segments())


def read_conversions(people: pd.DataFrame, alpha: float, settings: Settings) -> Difference | None:
    """Compare the shares that converted; None when too few did."""
    treated = people["treated"]
    n_treated, n_holdout = int(treated.sum()), int((~treated).sum())
    treated_count, holdout_count = int(people.loc[treated, "converted"].sum()), int(people.loc[~treated, "converted"].sum())
    if min(n_treated, n_holdout) < 1:
        return None
    if not enough_expected(treated_count + holdout_count, n_treated, n_holdout, settings.least_conversions):
        return None
    return compare_conversions(treated_count, n_treated, holdout_count, n_holdout, alpha=alpha)


def read_revenue(people: pd.DataFrame, alpha: float, settings: Settings, seed: int) -> tuple[Shift | None, float]:
    """Compare revenue per person, and return the share of variance left after the spend before; None when too few bought."""
    amounts, treated = people["revenue"].to_numpy(float), people["treated"].to_numpy(bool)
    n_treated, n_holdout, buyers = int(treated.sum()), int((~treated).sum()), int((amounts != 0).sum())
    least_buyers = int(buyers_needed(amounts, settings.least_buyers))
    if min(n_treated, n_holdout) < 2 or not enough_expected(buyers, n_treated, n_holdout, least_buyers):
        return None, float("nan")
    variance_left = 1.0
    before = people["before_revenue"].to_numpy(float)
    if settings.use_pre_period and not np.isnan(before).any():
        adjusted, variance_left = adjusted_by_before(amounts, before)
        # The rule looks at both arms together, so that it does not spoil the level of the test.
        amounts = adjusted if variance_left <= MOST_VARIANCE_LEFT else amounts
    return compare_revenue(amounts, treated, alpha=alpha, permutations=settings.permutations, seed=seed), variance_left


def segment_of(people: pd.DataFrame, names: tuple[str, ...]) -> pd.Series:
    """Return the segment of each person as text; empty where the assignment knows none."""
    columns = [name for name in names if name in people]
    if not columns:
        return pd.Series("", index=people.index)
    return people[columns].astype("object").fillna("–").astype(str).agg(" · ".join, axis=1)


def no_segments() -> pd.DataFrame:
    """Return the table of readings by segment without rows."""
    return pd.DataFrame(columns=[*_SEGMENT_COLUMNS, "p_holm"])


def by_segment(people: pd.DataFrame, segment: pd.Series, alpha: float, settings: Settings) -> pd.DataFrame:
    """Read the conversions per segment; what cannot be read says so and is no part of the correction."""
    return _corrected([_row(str(name), part, alpha, settings) for name, part in people.groupby(segment) if name])


def by_variant(people: pd.DataFrame, alpha: float, settings: Settings) -> pd.DataFrame:
    """Read each variant against the whole holdout group."""
    variants = sorted(set(people["treatment"]) - {HOLDOUT})
    holdout = people["treatment"] == HOLDOUT
    return _corrected([_row(variant, people[holdout | (people["treatment"] == variant)], alpha, settings) for variant in variants])


def _row(name: str, part: pd.DataFrame, alpha: float, settings: Settings) -> tuple:
    comparison = read_conversions(part, alpha, settings)
    rates = part.groupby("treated")["converted"].mean()
    treated_rate, holdout_rate = float(rates.get(True, np.nan)), float(rates.get(False, np.nan))
    ends = (comparison.low, comparison.high, comparison.p_value) if comparison else (np.nan,) * 3
    return (name, len(part), treated_rate, holdout_rate, treated_rate - holdout_rate, *ends, comparison is not None)


def _corrected(rows: list[tuple]) -> pd.DataFrame:
    table = pd.DataFrame(rows, columns=_SEGMENT_COLUMNS)
    # Segments that cannot be read have no p-value, and do not count among those looked at.
    table["p_holm"] = holm(table["p_value"].astype(float).tolist())
    return table


def profile(people: pd.DataFrame) -> pd.DataFrame:
    """Return one row per arm, the holdout group last."""
    rows = []
    for arm, part in people.groupby("treatment"):
        count, size = int(part["converted"].sum()), len(part)
        low, high = wilson(count, size)
        reached = float(part["reached"].astype(float).mean()) if part["reached"].notna().any() else float("nan")
        rows.append((arm, size, count, count / size, float(low), float(high), part["revenue"].mean(), reached))
    table = pd.DataFrame(rows, columns=_ARM_COLUMNS)
    return table.sort_values("arm", key=lambda arms: arms == HOLDOUT, kind="stable").reset_index(drop=True)
