"""The tables of the movement: per change group, per segment, and per pair of segments."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from helpers.analyses.rfm_movement.groups import GROUPS
from helpers.analyses.rfm_movement.noise import bounds
from helpers.analyses.rfm_movement.settings import FEATURES

EXPECTED = ["customers_by_chance", "customers_by_chance_low", "customers_by_chance_high"]


def group_profile(table: pd.DataFrame, drawn: np.ndarray, revenue: np.ndarray) -> pd.DataFrame:
    """Return one row per change group, in the order of the published case.

    Parameters
    ----------
    table : one row per customer with change_group, revenue_before and revenue_now (per year).
    drawn, revenue : customers, and their change of revenue, per re-draw (rows) and group (columns). Who falls
        is picked because he fell, so chance alone shows a loss too: the change is read against it.
    """
    found = table.groupby("change_group").agg(
        customers=("customer_id", "size"),
        revenue_before=("revenue_before", "sum"),
        revenue_now=("revenue_now", "sum"),
        customers_news=("news", "sum"),
    )
    profile = found.reindex(GROUPS).fillna(0).rename_axis("change_group").reset_index()
    profile["share"] = profile["customers"] / max(profile["customers"].sum(), 1)
    profile["revenue_change"] = profile["revenue_now"] - profile["revenue_before"]
    profile = _against_chance(profile, drawn)
    profile["revenue_change_by_chance"] = revenue.mean(axis=0)
    profile["news"] &= (profile["change_group"] != "new").to_numpy()
    return profile.astype({"customers": int, "customers_news": int})


def segment_profile(table: pd.DataFrame, letters: Sequence[str], absent: str) -> pd.DataFrame:
    """Return one row per segment now, A first, with counts before and now and the medians of the measures."""
    judged = table[table["change_group"] != "not_judged"]
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
    there = profile["customers_now"].where(profile["segment"] != absent)
    profile["share_now"] = there / max(there.sum(), 1)
    return profile


def transitions(table: pd.DataFrame, letters: Sequence[str], absent: str, drawn: np.ndarray) -> pd.DataFrame:
    """Return one row per pair of segments before and now, of customers who are not new.

    Parameters
    ----------
    table : one row per customer.
    letters, absent : names of the segments and of "no orders in the period".
    drawn : customers per re-draw (rows) and pair (columns, before times now).
    """
    old = table[~table["change_group"].isin(["new", "not_judged"])]
    order = [*letters, absent]
    pairs = pd.MultiIndex.from_product([order, order], names=["segment_before", "segment_now"])
    found = old.groupby(["segment_before", "segment_now"]).agg(
        customers=("customer_id", "size"),
        revenue_before=("revenue_before", "sum"),
        revenue_now=("revenue_now", "sum"),
    )
    matrix = found.reindex(pairs).fillna(0).reset_index()
    start = matrix.groupby("segment_before")["customers"].transform("sum")
    matrix["share_of_segment"] = matrix["customers"] / start.where(start > 0)
    matrix["revenue_change"] = matrix["revenue_now"] - matrix["revenue_before"]
    return _against_chance(matrix, drawn).astype({"customers": int})


def _against_chance(frame: pd.DataFrame, drawn: np.ndarray) -> pd.DataFrame:
    """Add what chance gives, and whether the observed count lies outside it ("news")."""
    frame = frame.assign(**dict(zip(EXPECTED, bounds(drawn), strict=True)))
    low, high = frame["customers_by_chance_low"], frame["customers_by_chance_high"]
    frame["news"] = (frame["customers"] < low) | (frame["customers"] > high)
    frame["direction"] = np.select([frame["customers"] > high, frame["customers"] < low], ["more", "fewer"], "same")
    return frame
