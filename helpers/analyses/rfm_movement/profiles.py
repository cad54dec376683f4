"""The movement counted: per change group, per segment, and per pair of segments, each against chance."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from helpers.analyses.rfm_movement.change_groups import GROUPS, NOT_JUDGED
from helpers.analyses.rfm_movement.noise_floor import central_bounds
from helpers.analyses.rfm_movement.settings import FEATURES


def group_profile(table: pd.DataFrame, drawn: np.ndarray, revenue: np.ndarray) -> pd.DataFrame:
    """Return one row per change group, in the order of the published case.

    Parameters
    ----------
    table : one row per customer with change_group, revenue_before and revenue_now (per year).
    drawn, revenue : customers, and their change of revenue, per re-draw (rows) and group (columns). Who falls
        is picked because he fell, so chance alone shows a loss too: the change is read against it.
    """
    counted = table.groupby("change_group").agg(
        customers=("customer_id", "size"),
        revenue_before=("revenue_before", "sum"),
        revenue_now=("revenue_now", "sum"),
        customers_news=("news", "sum"),
    )
    # A group without anybody has its row too: nobody there can be news.
    profile = counted.reindex(GROUPS).fillna(0).rename_axis("change_group").reset_index()
    profile["share"] = profile["customers"] / max(profile["customers"].sum(), 1)
    profile["revenue_change"] = profile["revenue_now"] - profile["revenue_before"]
    profile = _against_chance(profile, drawn)
    profile["revenue_change_by_chance"] = revenue.mean(axis=0)
    # First orders are never re-drawn, so chance says nothing about who is new.
    profile["news"] &= (profile["change_group"] != "new").to_numpy()
    return profile.astype({"customers": int, "customers_news": int})


def segment_profile(table: pd.DataFrame, letters: Sequence[str], absent: str) -> pd.DataFrame:
    """Return one row per segment now, A first, with counts before and now and the medians of the measures."""
    judged = table[table["change_group"] != NOT_JUDGED]
    order = [*letters, absent]
    grouped = judged.groupby("segment_now")
    profile = pd.DataFrame(
        {
            "segment": order,
            "customers_before": judged["segment_before"].value_counts().reindex(order, fill_value=0).to_numpy(),
            "customers_now": grouped.size().reindex(order, fill_value=0).to_numpy(),
            "revenue_before": judged.groupby("segment_before")["revenue_before"].sum().reindex(order).fillna(0).to_numpy(),
            "revenue_now": grouped["revenue_now"].sum().reindex(order).fillna(0).to_numpy(),
        }
    )
    medians = grouped[[f"{name}_now" for name in FEATURES]].median().reindex(order)
    for name in FEATURES:
        profile[f"median_{name}"] = medians[f"{name}_now"].to_numpy()
    ordering = profile["customers_now"].where(profile["segment"] != absent)
    profile["share_now"] = ordering / max(ordering.sum(), 1)
    return profile


def transitions(table: pd.DataFrame, letters: Sequence[str], absent: str, drawn: np.ndarray) -> pd.DataFrame:
    """Return one row per pair of segments before and now, of customers who are not new.

    Parameters
    ----------
    table : one row per customer.
    letters, absent : names of the segments and of "no orders in the period".
    drawn : customers per re-draw (rows) and pair (columns, before times now).
    """
    old = table[~table["change_group"].isin(["new", NOT_JUDGED])]
    order = [*letters, absent]
    pairs = pd.MultiIndex.from_product([order, order], names=["segment_before", "segment_now"])
    counted = old.groupby(["segment_before", "segment_now"]).agg(
        customers=("customer_id", "size"), revenue_before=("revenue_before", "sum"), revenue_now=("revenue_now", "sum")
    )
    matrix = counted.reindex(pairs).fillna(0).reset_index()
    # Shares are of who stood in the segment before; of an empty segment there is none.
    start = matrix.groupby("segment_before")["customers"].transform("sum")
    matrix["share_of_segment"] = matrix["customers"] / start.where(start > 0)
    matrix["revenue_change"] = matrix["revenue_now"] - matrix["revenue_before"]
    return _against_chance(matrix, drawn).astype({"customers": int})


def _against_chance(frame: pd.DataFrame, drawn: np.ndarray) -> pd.DataFrame:
    """Add what chance gives, and whether the observed count lies outside it ("news")."""
    low, high = central_bounds(drawn)
    # Rounded outwards to whole customers: at the border a count is not news.
    low, high = np.floor(low), np.ceil(high)
    frame = frame.assign(customers_by_chance=drawn.mean(axis=0), customers_by_chance_low=low, customers_by_chance_high=high)
    frame["news"] = (frame["customers"] < low) | (frame["customers"] > high)
    frame["direction"] = np.select([frame["customers"] > high, frame["customers"] < low], ["more", "fewer"], "same")
    return frame
