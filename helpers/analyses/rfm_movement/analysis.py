"""RFM(T) segments in two periods, the six change groups, and movement held against chance."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from helpers.analyses.rfm_movement.card import LIMIT, SegmentCard, make_card
from helpers.analyses.rfm_movement.gate import look, requires
from helpers.analyses.rfm_movement.groups import GROUPS, NOT_JUDGED, change_group
from helpers.analyses.rfm_movement.measures import NEVER, Purchases, measure
from helpers.analyses.rfm_movement.noise import CENTRAL, RARE, market_clock, redraw
from helpers.analyses.rfm_movement.notes import make_notes
from helpers.analyses.rfm_movement.periods import EPOCH, Period, Periods
from helpers.analyses.rfm_movement.settings import FEATURES, Settings
from helpers.analyses.rfm_movement.tables import group_profile, segment_profile, transitions
from helpers.core.results import Refusal, RunContext
from helpers.core.wording import _

ABSENT = "–"


@dataclass(frozen=True)
class Movement:
    """Who stands where, who moved, and which movements are news.

    Parameters
    ----------
    table : one row per customer: segment and measures before and now, scores, change group, ``chance_share``
        (of who moved: the share of re-draws in which the customer moves at least as far the same way) and
        ``news`` (that share is ``noise.RARE`` or less).
    profile : one row per change group: customers, share, revenue per year before and now, what chance gives.
    segments : one row per segment now: customers, share, medians of the measures, revenue.
    matrix : one row per pair of segments before and now, with revenue and what chance gives.
    card : the frozen meaning of the segments; the next round passes it in again.
    periods : the two periods.
    quality : plain numbers.
    notes : sentences on what was done to the data.
    """

    table: pd.DataFrame
    profile: pd.DataFrame
    segments: pd.DataFrame
    matrix: pd.DataFrame
    card: SegmentCard
    periods: Periods
    quality: dict[str, float]
    notes: tuple[str, ...]

    def named_list(self, group: str) -> pd.DataFrame:
        """Return the customers of one change group, most revenue first, for export."""
        rows = self.table[self.table["change_group"] == group]
        return rows.sort_values(
            ["revenue_before", "revenue_now", "customer_id"],
            ascending=[False, False, True],
            ignore_index=True,
        )


def run(tables: Mapping[str, pd.DataFrame], settings: Settings, context: RunContext, card: SegmentCard | None = None) -> Movement | Refusal:
    """Return segments, change groups and movement against chance, or why not.

    Parameters
    ----------
    tables : ``customer_table`` and ``orders``.
    settings : the section of client.yml.
    context : the round's date and seed.
    card : the segment card of an earlier round; None makes a new one from the comparison period.
    """
    gate = requires(tables, settings, context)
    if gate.closed:
        return Refusal(_("Movement between segments cannot be shown yet"), gate)
    bought, periods = look(tables, settings, context)
    before = measure(bought, periods.comparison, settings.shortest_months)
    now = measure(bought, periods.current, settings.shortest_months)
    card = card or make_card(before, periods, settings)
    places = card.place(card.value(before)), card.place(card.value(now))
    groups = _groups(bought, periods, settings, card, *places)
    drawn = _chance(bought, periods, settings, context, card, groups, _shift(card, before, now))
    table = _table(bought, card, before, now, places, groups, drawn["as_far"], periods)
    matrix = transitions(table, card.letters, ABSENT, drawn["pairs"])
    return Movement(
        table=_every_customer(tables["customer_table"], table),
        profile=group_profile(table, drawn["groups"], drawn["revenue"]),
        segments=segment_profile(table, card.letters, ABSENT),
        matrix=matrix,
        card=card,
        periods=periods,
        quality=_quality(table, matrix, drawn, periods, settings),
        notes=make_notes(periods, settings, card, table, market_clock(periods, settings.clock)),
    )


def _groups(bought: Purchases, periods: Periods, settings: Settings, card: SegmentCard, before: np.ndarray, now: np.ndarray) -> np.ndarray:
    first, current = bought.first_day, periods.current
    new = (first >= current.first_day) & (first <= current.last_day)
    judged = first <= current.last_day
    return change_group(before, now, new, len(card.letters), settings.lowest_stays, judged)


def _chance(
    bought: Purchases, periods: Periods, settings: Settings, context: RunContext, card: SegmentCard, observed: np.ndarray, shift: np.ndarray
) -> dict[str, np.ndarray]:
    """Return counts per pair and per group, and how often each customer moves as far, over all re-draws."""
    market = market_clock(periods, settings.clock)
    size = len(card.letters) + 1
    pairs, counts, revenue = [], [], []
    as_far = np.zeros(len(observed))
    old = (observed != "new") & (observed != NOT_JUDGED)
    for drawn in redraw(bought, periods, market, settings.redraws, context.seed):
        first = measure(drawn, periods.comparison, settings.shortest_months)
        then = measure(drawn, periods.current, settings.shortest_months)
        values = card.value(first), card.value(then)
        before, now = card.place(values[0]), card.place(values[1])
        groups = _groups(drawn, periods, settings, card, before, now)
        as_far += _difference(*values) * np.sign(shift) >= np.abs(shift)
        pairs.append(np.bincount((before * size + now)[old], minlength=size * size))
        counts.append([np.sum(groups == name) for name in GROUPS])
        change = _yearly(then, periods.current) - _yearly(first, periods.comparison)
        revenue.append([change[groups == name].sum() for name in GROUPS])
    return {
        "pairs": np.array(pairs),
        "groups": np.array(counts),
        "revenue": np.array(revenue),
        "as_far": as_far / settings.redraws,
    }


def _yearly(measures: dict[str, np.ndarray], period: Period) -> np.ndarray:
    return measures["monetary"] * 12 / period.months


def _shift(card: SegmentCard, before: dict[str, np.ndarray], now: dict[str, np.ndarray]) -> np.ndarray:
    return _difference(card.value(before), card.value(now))


def _difference(before: np.ndarray, now: np.ndarray) -> np.ndarray:
    """Return how far the customer value moved; who is absent stands below everybody who is there."""
    below = -LIMIT - 1
    return np.nan_to_num(now, nan=below) - np.nan_to_num(before, nan=below)


def _table(bought, card, before, now, places, groups, as_far, periods) -> pd.DataFrame:
    """Return one row per customer; the letters of the segments, ABSENT without orders in a period."""
    letters = np.array([*card.letters, ABSENT], dtype=object)
    columns: dict[str, np.ndarray] = {"customer_id": bought.customers, "change_group": groups}
    for period, measures, place, yearly in (
        ("before", before, places[0], _yearly(before, periods.comparison)),
        ("now", now, places[1], _yearly(now, periods.current)),
    ):
        columns[f"segment_{period}"] = letters[place]
        columns[f"customer_value_{period}"] = card.value(measures)
        columns[f"orders_{period}"] = measures["orders"]
        columns[f"monetary_{period}"] = np.round(measures["monetary"], 2)
        columns[f"revenue_{period}"] = np.round(yearly, 2)
        columns |= {f"{name}_{period}": np.round(measures[name], 9) for name in FEATURES}
        scores = card.scores(measures)
        columns |= {f"score_{name[0]}_{period}": scores[name] for name in FEATURES}
    columns["first_order_date"] = _dates(bought.first_day)
    moved = np.isin(groups, ("needs_attention", "growing", "sleeping")) & (places[0] != places[1])
    columns["chance_share"] = np.where(moved, np.round(as_far, 4), np.nan)
    columns["news"] = moved & (as_far <= RARE)
    return pd.DataFrame(columns)


def _dates(days: np.ndarray) -> pd.Series:
    known = np.where(days == NEVER, np.nan, days.astype(float))
    return pd.Timestamp(EPOCH) + pd.to_timedelta(pd.Series(known), unit="D")


def _every_customer(customers: pd.DataFrame, table: pd.DataFrame) -> pd.DataFrame:
    """Return the table in the order of the customer ids, each once."""
    ids = customers[["customer_id"]].drop_duplicates().sort_values("customer_id", ignore_index=True)
    return ids.merge(table, on="customer_id", how="left")


def _quality(table: pd.DataFrame, matrix: pd.DataFrame, drawn, periods: Periods, settings: Settings) -> dict[str, float]:
    """Return the numbers that judge the movement; shares are of customers who ordered in both periods."""
    both = matrix[(matrix["segment_before"] != ABSENT) & (matrix["segment_now"] != ABSENT)]
    stayed = both["segment_before"] == both["segment_now"]
    total = both["customers"].sum()
    size = int(round(drawn["pairs"].shape[1] ** 0.5))
    square = drawn["pairs"].reshape(-1, size, size)[:, :-1, :-1]
    kept = np.trace(square, axis1=1, axis2=2) / np.maximum(square.sum(axis=(1, 2)), 1)
    low, high = np.quantile(kept, [(1 - CENTRAL) / 2, (1 + CENTRAL) / 2])
    old = table[~table["change_group"].isin(["new", NOT_JUDGED])]
    return {
        "customers": float(len(table)),
        "customers_judged": float((table["change_group"] != NOT_JUDGED).sum()),
        "customers_in_both_periods": float(total),
        "share_same_segment": float(both.loc[stayed, "customers"].sum() / total) if total else float("nan"),
        "share_same_segment_by_chance": float(kept.mean()),
        "share_same_segment_by_chance_low": float(low),
        "share_same_segment_by_chance_high": float(high),
        "share_of_customers_news": float(old["news"].mean()) if len(old) else 0.0,
        "pairs_news": float(matrix["news"].sum()),
        "dropped_days": float(periods.dropped_days),
        "redraws": float(settings.redraws),
    }


__all__ = ["ABSENT", "Movement", "requires", "run"]
