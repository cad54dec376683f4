"""The segment table of the published case: size in percent, description, revenue level, reached potential."""

from __future__ import annotations

import numpy as np
import pandas as pd

from helpers.analyses.potential.peers import Potential
from helpers.analyses.potential.segments import Segments, kind_of, marks, revenue_level


def make_profile(live: pd.DataFrame, found: Segments, reach: Potential) -> pd.DataFrame:
    """Return one row per segment.

    ``reached_potential`` is the segment's revenue up to its potential, over its potential. Unused euros:
    middle at the declared level of comparable customers; low and high at the low and high level, at the
    outer 5 % of the bootstrap of the sum, so that both the choice of level and the draw of customers are in
    it.
    """
    overall = live["revenue_per_year"].mean()
    rows = []
    for number, centre in found.centres.iterrows():
        inside = (live["segment"] == number).to_numpy()
        rows.append({"segment": int(number), **_figures(live[inside], overall), **_euros(live, inside, reach)})
        level = rows[-1]["revenue_level"]
        rows[-1] |= {"kind": kind_of(centre, level), "marks": ", ".join(marks(centre))}
    profile = pd.DataFrame(rows)
    profile.insert(2, "share", profile["customers"] / len(live))
    return profile


def _figures(rows: pd.DataFrame, overall: float) -> dict[str, object]:
    mean = rows["revenue_per_year"].mean()
    brand = rows.dropna(subset=["own_brand_share"])
    weights = brand["revenue_per_year"].clip(lower=0)
    total = rows["revenue_per_year"].clip(lower=0).sum()
    refill = rows["refill_revenue_per_year"].sum()
    potential = rows["potential"].sum()
    return {
        "customers": len(rows),
        "revenue": rows["revenue_per_year"].sum(),
        "revenue_per_customer": mean,
        "revenue_level": revenue_level(mean, overall),
        "orders_per_customer": rows["orders_per_year"].mean(),
        "contacts_per_customer": rows["contacts_per_year"].mean(),
        "contact_cost": rows["contact_cost_per_year"].sum(min_count=1),
        "own_brand_share": np.average(brand["own_brand_share"], weights=weights) if weights.sum() > 0 else np.nan,
        "third_party_share": np.average(brand["third_party_share"], weights=weights) if weights.sum() > 0 else np.nan,
        "refill_share": refill / total if total > 0 and rows["refill_share"].notna().any() else np.nan,
        "devices_per_customer": rows["devices"].mean(),
        "potential": potential,
        "reached_potential": 1 - rows["unused_potential"].sum() / potential if potential > 0 else np.nan,
        "unused_potential": rows["unused_potential"].sum(),
    }


def _euros(live: pd.DataFrame, inside: np.ndarray, reach: Potential) -> dict[str, float]:
    """Return the low and high estimate of the unused euros of some customers."""
    low, high = reach.unused_range(live["revenue_per_year"].to_numpy(float).clip(min=0), inside)
    return {"unused_potential_low": low, "unused_potential_high": high}
