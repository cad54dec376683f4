"""The result: where every customer stands and stood, how much of the movement is news, and what was done to the data."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from helpers.analyses.rfm_movement.card import SegmentCard, Standing
from helpers.analyses.rfm_movement.change_groups import AWAY, NOT_JUDGED
from helpers.analyses.rfm_movement.measures import NEVER, Purchases, revenue_per_year
from helpers.analyses.rfm_movement.noise_floor import CLAIMS, ChanceMovement, central_bounds
from helpers.analyses.rfm_movement.periods import EPOCH, Periods
from helpers.analyses.rfm_movement.settings import FEATURES, Settings
from helpers.core.results import Chance
from helpers.core.wording import _, day, number, plural

ABSENT = "–"


@dataclass(frozen=True)
class Movement:
    """Who stands where, who moved, and which movements are news.

    Parameters
    ----------
    table : one row per customer: segment and measures before and now, scores, change group, and ``news`` (who moved further
        than the own rhythm brings them once in ten: those whom the claim on the group counts).
    profile : one row per change group: customers, share, revenue per year before and now, what chance gives.
    segments : one row per segment now: customers, share, medians of the measures, revenue.
    matrix : one row per pair of segments before and now, with revenue and what chance gives.
    card : the frozen meaning of the segments; the next round passes it in again.
    periods : the two periods.
    quality : plain numbers.
    chance : per claim ("falling", "needs_attention", "sleeping", "growing") how many moved further than chance, beside chance.
    notes : sentences on what was done to the data.
    """

    table: pd.DataFrame
    profile: pd.DataFrame
    segments: pd.DataFrame
    matrix: pd.DataFrame
    card: SegmentCard
    periods: Periods
    quality: dict[str, float]
    chance: dict[str, Chance]
    notes: tuple[str, ...]

    def named_list(self, group: str) -> pd.DataFrame:
        """Return the customers of one change group, most revenue first, for export."""
        rows = self.table[self.table["change_group"] == group]
        return rows.sort_values(["revenue_before", "revenue_now", "customer_id"], ascending=[False, False, True], ignore_index=True)


def customers_table(
    purchases: Purchases, periods: Periods, card: SegmentCard, before: Standing, now: Standing, groups: np.ndarray, unusual: np.ndarray
) -> pd.DataFrame:
    """Return one row per customer; the letters of the segments, ABSENT without orders in a period.

    Parameters
    ----------
    purchases, periods : what was looked at.
    card : the meaning of the segments.
    before, now : where the customers stand at the end of each period.
    groups : change group of every customer.
    unusual : as in ``ChanceMovement``.
    """
    letters = np.array([*card.letters, ABSENT], dtype=object)
    columns: dict[str, np.ndarray | pd.Series] = {"customer_id": purchases.customers, "change_group": groups}
    for name, standing, period in (("before", before, periods.comparison), ("now", now, periods.current)):
        measures = standing.measures
        columns[f"segment_{name}"] = letters[standing.place]
        columns[f"customer_value_{name}"] = standing.value
        columns[f"orders_{name}"] = measures["orders"]
        columns[f"monetary_{name}"] = np.round(measures["monetary"], 2)
        columns[f"revenue_{name}"] = np.round(revenue_per_year(measures, period), 2)
        columns |= {f"{feature}_{name}": np.round(measures[feature], 9) for feature in FEATURES}
        scores = card.scores(measures)
        columns |= {f"score_{feature[0]}_{name}": scores[feature] for feature in FEATURES}
    columns["first_order_date"] = _dates(purchases.first_day)
    # A claim on one group counts the customers who are marked in its list.
    ways = {names[0]: way for way, names in CLAIMS.values() if len(names) == 1}
    columns["news"] = unusual == pd.Series(groups).map(ways).fillna(9).to_numpy()
    return pd.DataFrame(columns)


def _dates(days: np.ndarray) -> pd.Series:
    known = np.where(days == NEVER, np.nan, days.astype(float))
    return pd.Timestamp(EPOCH) + pd.to_timedelta(pd.Series(known), unit="D")


def every_customer(customers: pd.DataFrame, table: pd.DataFrame) -> pd.DataFrame:
    """Return the table in the order of the customer ids, each once."""
    ids = customers[["customer_id"]].drop_duplicates().sort_values("customer_id", ignore_index=True)
    return ids.merge(table, on="customer_id", how="left")


def quality_numbers(
    table: pd.DataFrame, matrix: pd.DataFrame, chance: ChanceMovement, periods: Periods, settings: Settings
) -> dict[str, float]:
    """Return the numbers that judge the movement; shares are of customers who ordered in both periods.

    Parameters
    ----------
    table : one row per customer; matrix : one row per pair of segments before and now.
    chance : what the re-draws gave.
    periods, settings : what was looked at.
    """
    both_periods = matrix[(matrix["segment_before"] != ABSENT) & (matrix["segment_now"] != ABSENT)]
    stayed = both_periods["segment_before"] == both_periods["segment_now"]
    total = both_periods["customers"].sum()
    stayed_by_chance = _share_staying(chance.pairs)
    low, high = central_bounds(stayed_by_chance)
    return {
        "customers_in_both_periods": float(total),
        "share_same_segment": float(both_periods.loc[stayed, "customers"].sum() / total) if total else float("nan"),
        "share_same_segment_by_chance_low": float(low),
        "share_same_segment_by_chance_high": float(high),
        "pairs_news": float(matrix["news"].sum()),
        "dropped_days": float(periods.dropped_days),
        "redraws": float(len(chance.pairs)),
    }


def _share_staying(pairs: np.ndarray) -> np.ndarray:
    """Per re-draw the share of customers there in both periods whose segment is the same."""
    size = int(round(pairs.shape[1] ** 0.5))
    # The last row and column of each square are those without orders in a period.
    squares = pairs.reshape(-1, size, size)[:, :-1, :-1]
    return np.trace(squares, axis1=1, axis2=2) / np.maximum(squares.sum(axis=(1, 2)), 1)


def notes_on(periods: Periods, settings: Settings, card: SegmentCard, table: pd.DataFrame) -> tuple[str, ...]:
    """Return the sentences on what was done to the data that apply to this round: they travel with the result."""
    notes = [
        _("The comparison period runs from {a} to {b}, the current period from {c} to {d}.").format(
            a=day(periods.comparison.start), b=day(periods.comparison.end), c=day(periods.current.start), d=day(periods.current.end)
        )
    ]
    if periods.dropped_days:
        text = _("{days} at the end were left out, because that month is not complete.")
        notes.append(text.format(days=plural("{n} day", "{n} days", periods.dropped_days)))
    if periods.shortened:
        text = _("The orders start on {day}: the comparison period is shorter than the {n} months asked for.")
        notes.append(text.format(day=day(periods.history_start), n=number(settings.comparison_months)))
    if card.weights["tenure_days"] == 0:
        notes.append(_("How long somebody has been a customer is shown but does not count in the segments of this card."))
    if (card.comparison_months, card.current_months) != (settings.comparison_months, settings.current_months):
        notes.append(_("The segment card was made for periods of another length; read the movement with care."))
    if settings.clock == "market":
        notes.append(_("Time is counted by what all customers ordered, so that a season is not taken for movement."))
    away = int((table["change_group"] == AWAY).sum())
    if away:
        text = _("{customers} without an order in either period were away before: they did not fall asleep now, and are in no group.")
        notes.append(text.format(customers=plural("{n} customer", "{n} customers", away)))
    waiting = int((table["change_group"] == NOT_JUDGED).sum())
    if waiting:
        text = _("{customers} without an order up to the end of the current period: not judged.")
        notes.append(text.format(customers=plural("{n} customer", "{n} customers", waiting)))
    return tuple(notes)
