"""The comparisons of one pilot: all together, by variant, by segment, and the arms side by side."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from helpers.phases.evaluation.conversions import Difference, compare_conversions, enough_expected
from helpers.phases.evaluation.people import HOLDOUT
from helpers.phases.evaluation.revenue import Shift, adjusted_by_before, buyers_needed, compare_revenue
from helpers.phases.evaluation.settings import Settings
from helpers.statistics.interaction import apart
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
    carried : the revenue without the one person who carries it (see ``without_carrier``); None where nobody does.
    variants, segments : the main metric by variant and the conversions by segment, see ``by_segment``.
    by_arm : the readings of each of several variants against the whole holdout group.
    """

    conversions: Difference | None
    revenue: Shift | None
    variance_left: float
    carried: Shift | None
    variants: pd.DataFrame
    segments: pd.DataFrame
    by_arm: Mapping[str, Readings] = field(default_factory=dict)


def read_all(
    people: pd.DataFrame, deciding: pd.DataFrame, alpha: float, settings: Settings, plan: Mapping[str, Any], seed: int
) -> Readings:
    """Return all comparisons.

    Parameters
    ----------
    people : everybody assigned; deciding : those of the arms that decide.
    alpha : level of this look; plan : its ``main_metric`` is read by variant; seed : decides the permutations.
    """
    shift, variance_left = read_revenue(deciding, alpha, settings, seed)
    arms = sorted(set(people.loc[people["treated"], "treatment"]))
    by_arm = {arm: _read_arm(people[people["treatment"].isin([HOLDOUT, arm])], alpha, settings, seed) for arm in arms if len(arms) > 1}
    return Readings(
        conversions=read_conversions(deciding, alpha, settings),
        revenue=shift,
        variance_left=variance_left,
        carried=without_carrier(deciding, shift, alpha, settings, seed) if shift else None,
        variants=_by_variant(people, by_arm, plan.get("main_metric") == "revenue"),
        segments=by_segment(deciding, segment_of(deciding, settings.segments), alpha, settings),
        by_arm=by_arm,
    )


def _read_arm(people: pd.DataFrame, alpha: float, settings: Settings, seed: int) -> Readings:
    """Return the readings of one arm against the holdout group."""
    shift, variance_left = read_revenue(people, alpha, settings, seed)
    return Readings(read_conversions(people, alpha, settings), shift, variance_left, None, no_segments(), no_segments())


def _by_variant(people: pd.DataFrame, by_arm: Mapping[str, Readings], in_money: bool) -> pd.DataFrame:
    """Return each variant against the whole holdout group, on the metric that decides."""
    rows = []
    for arm, readings in by_arm.items():
        part = people[people["treatment"].isin([HOLDOUT, arm])]
        rows.append(_row(arm, part, readings.revenue if in_money else readings.conversions))
    return _corrected(rows)


def not_read() -> Readings:
    """Return the readings of a pilot that must not be read: before the first look, or with arms not as drawn."""
    return Readings(None, None, float("nan"), None, no_segments(), no_segments())


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


def without_carrier(people: pd.DataFrame, shift: Shift, alpha: float, settings: Settings, seed: int) -> Shift | None:
    """Return the revenue without the one person who moves it most, where that person carries the result; else None.

    A person does when the difference moves by more than a quarter of the interval that is left without them, which is about a standard
    error; half of that where the answer (more, less, not known) is then another one (our convention). The interval with the person in
    it is no measure: the person makes it wide.

    Parameters
    ----------
    people : those of the arms that decide; shift : their reading, and the others as in ``read_revenue``.
    """
    # What a person moves is the distance to the mean of the arm, by its size (Cook 1977, influence on a mean).
    of_arm = people.groupby("treated")["revenue"]
    influence = (people["revenue"] - of_arm.transform("mean")).abs() / (of_arm.transform("size") - 1)
    without, _left = read_revenue(people.drop(index=influence.idxmax()), alpha, settings, seed)
    if without is None:
        return None
    same_answer = len({(reading.low > 0, reading.high < 0) for reading in (shift, without)}) == 1
    moved = abs(without.difference - shift.difference) > (without.high - without.low) / (4 if same_answer else 8)
    return without if moved else None


def segment_of(people: pd.DataFrame, names: tuple[str, ...]) -> pd.Series:
    """Return the segment of each person as text; empty where the assignment knows none."""
    columns = [name for name in names if name in people]
    if not columns:
        return pd.Series("", index=people.index)
    text = people[columns].astype("object").fillna("–").astype(str)
    return text[columns[0]].str.cat([text[name] for name in columns[1:]], sep=" · ") if len(columns) > 1 else text[columns[0]]


def no_segments() -> pd.DataFrame:
    """Return the table of readings by segment without rows."""
    return pd.DataFrame(columns=[*_SEGMENT_COLUMNS, "p_holm", "elsewhere", "p_apart", "shrunken"])


def by_segment(people: pd.DataFrame, segment: pd.Series, alpha: float, settings: Settings) -> pd.DataFrame:
    """Read the conversions per segment, and each beside the others; what cannot be read says so and is no part of the correction.

    ``elsewhere``, ``p_apart`` and ``shrunken`` are those of ``statistics.interaction.apart``; NaN, 1 and NaN where it is not read.
    """
    parts = [(str(name), part) for name, part in people.groupby(segment) if name]
    table = _corrected([_row(name, part, read_conversions(part, alpha, settings)) for name, part in parts])
    read = table["readable"].to_numpy(dtype=bool)
    table[["elsewhere", "p_apart", "shrunken"]] = np.nan, 1.0, np.nan
    if read.sum() > 1:
        arms = [_counts(part) for (_name, part), is_read in zip(parts, read, strict=True) if is_read]
        compared = apart(*np.transpose(arms))
        table.loc[read, ["elsewhere", "p_apart", "shrunken"]] = np.column_stack([compared.elsewhere, compared.p_values, compared.shrunken])
    return table


def _counts(part: pd.DataFrame) -> list[int]:
    """Return converted and people of the treated, then of the people left out."""
    arms = (part.loc[part["treated"], "converted"], part.loc[~part["treated"], "converted"])
    return [int(count) for arm in arms for count in (arm.sum(), arm.size)]


def _row(name: str, part: pd.DataFrame, comparison: Difference | Shift | None) -> tuple:
    rates = part.groupby("treated")["converted"].mean()
    treated_rate, holdout_rate = float(rates.get(True, np.nan)), float(rates.get(False, np.nan))
    difference = comparison.difference if comparison else treated_rate - holdout_rate
    ends = (comparison.low, comparison.high, comparison.p_value) if comparison else (np.nan,) * 3
    return (name, len(part), treated_rate, holdout_rate, difference, *ends, comparison is not None)


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
