"""The comparisons of one pilot: all together, by variant, by segment, and the arms side by side."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from helpers.phases.evaluation.conversions import Difference, compare_conversions, enough, holm
from helpers.phases.evaluation.people import HOLDOUT
from helpers.phases.evaluation.revenue import Shift, adjusted_by_before, buyers_needed, compare_revenue
from helpers.phases.evaluation.settings import Settings
from helpers.statistics.intervals import wilson

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


def read(people: pd.DataFrame, alpha: float, settings: Settings, seed: int) -> Readings:
    """Return all comparisons, at the level ``alpha`` of this look; the seed decides the permutations."""
    shift, left = revenue(people, alpha, settings, seed)
    several = people.loc[people["treated"], "treatment"].nunique() > 1
    return Readings(
        conversions=conversions(people, alpha, settings),
        revenue=shift,
        variance_left=left,
        variants=by_variant(people, alpha, settings) if several else by_none(),
        segments=by_segment(people, segment_of(people, settings.segments), alpha, settings),
    )


def unread() -> Readings:
    """Return the readings of a pilot that must not be read: before the first look, or with arms not as drawn."""
    return Readings(None, None, float("nan"), by_none(), by_none())


def conversions(people: pd.DataFrame, alpha: float, settings: Settings) -> Difference | None:
    """Compare the shares that converted; None when too few did."""
    treated = people["treated"]
    counts = int(people.loc[treated, "converted"].sum()), int(people.loc[~treated, "converted"].sum())
    sizes = int(treated.sum()), int((~treated).sum())
    if min(sizes) < 1 or not enough(sum(counts), *sizes, settings.least_conversions):
        return None
    return compare_conversions(counts[0], sizes[0], counts[1], sizes[1], alpha=alpha)


def revenue(people: pd.DataFrame, alpha: float, settings: Settings, seed: int) -> tuple[Shift | None, float]:
    """Compare revenue per person, and return the share of variance left after the spend before; None when
    too few bought."""
    amounts, treated = people["revenue"].to_numpy(float), people["treated"].to_numpy(bool)
    sizes = int(treated.sum()), int((~treated).sum())
    if min(sizes) < 2 or not enough(int((amounts != 0).sum()), *sizes, int(buyers_needed(amounts, settings.least_buyers))):
        return None, float("nan")
    left = 1.0
    before = people["before_revenue"].to_numpy(float)
    if settings.use_pre_period and not np.isnan(before).any():
        adjusted, left = adjusted_by_before(amounts, before)
        # Worth it only when the past takes off a good part; the rule looks at both arms together.
        amounts = adjusted if left <= 0.95 else amounts
    return compare_revenue(amounts, treated, alpha=alpha, permutations=settings.permutations, seed=seed), left


def segment_of(people: pd.DataFrame, names: tuple[str, ...]) -> pd.Series:
    """Return the segment of each person as text; empty where the assignment knows none."""
    there = [name for name in names if name in people]
    if not there:
        return pd.Series("", index=people.index)
    return people[there].astype("object").fillna("–").astype(str).agg(" · ".join, axis=1)


def by_none() -> pd.DataFrame:
    """Return the table of readings by segment without rows."""
    columns = ["segment", "people", "treated_rate", "holdout_rate", "difference", "low", "high", "p_value", "readable"]
    return pd.DataFrame(columns=[*columns, "p_holm"])


def by_segment(people: pd.DataFrame, segment: pd.Series, alpha: float, settings: Settings) -> pd.DataFrame:
    """Read the conversions per segment; what cannot be read says so and is no part of the correction."""
    rows = [_row(name, part, alpha, settings) for name, part in people.groupby(segment) if name]
    return _corrected(rows)


def by_variant(people: pd.DataFrame, alpha: float, settings: Settings) -> pd.DataFrame:
    """Read each variant against the whole holdout group."""
    names = sorted(set(people["treatment"]) - {HOLDOUT})
    held = people["treatment"] == HOLDOUT
    return _corrected([_row(name, people[held | (people["treatment"] == name)], alpha, settings) for name in names])


def _row(name: str, part: pd.DataFrame, alpha: float, settings: Settings) -> tuple:
    read = conversions(part, alpha, settings)
    rates = part.groupby("treated")["converted"].mean()
    one, other = float(rates.get(True, np.nan)), float(rates.get(False, np.nan))
    known = (read.low, read.high, read.p_value) if read else (np.nan,) * 3
    return (str(name), len(part), one, other, one - other, *known, read is not None)


def _corrected(rows: list[tuple]) -> pd.DataFrame:
    table = pd.DataFrame(rows, columns=list(by_none().columns)[:-1])
    table["p_holm"] = holm(table["p_value"].astype(float).tolist())
    return table


def profile(people: pd.DataFrame) -> pd.DataFrame:
    """Return one row per arm, the holdout group last."""
    rows = []
    for arm, part in people.groupby("treatment"):
        count, size = int(part["converted"].sum()), len(part)
        low, high = wilson(count, size)
        share = float(part["reached"].astype(float).mean()) if part["reached"].notna().any() else float("nan")
        rows.append((arm, size, count, count / size, float(low), float(high), part["revenue"].mean(), share))
    table = pd.DataFrame(rows, columns=_ARM_COLUMNS)
    return table.sort_values("arm", key=lambda arms: arms == HOLDOUT, kind="stable").reset_index(drop=True)
