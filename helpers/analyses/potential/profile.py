"""The segment table of the published case: size in percent, description, revenue level, reached potential."""

import numpy as np
import pandas as pd

from helpers.analyses.potential.estimate import Potential
from helpers.analyses.potential.segments import Segments, kind_of, marks, revenue_level


def profile_table(live: pd.DataFrame, segments: Segments, potential: Potential) -> pd.DataFrame:
    """Return one row per segment.

    ``reached_potential`` is the part of the segment's potential that is not expected to be unused, over its potential, of the
    customers who can be compared. Unused euros are posterior means, low and high the ends of the 95 % interval of the sum.

    Parameters
    ----------
    live : customers who are no dead record, with potential and segment.
    segments, potential : as fitted.
    """
    overall = live["revenue_per_year"].mean()
    rows = []
    for segment, centre in segments.centres.iterrows():
        inside = (live["segment"] == segment).to_numpy()
        customers = live[inside]
        level = revenue_level(customers["revenue_per_year"].mean(), overall)
        low, high = potential.unused_range(inside)
        rows.append(
            {
                "segment": int(segment),
                **_figures(customers, level),
                "unused_potential_low": low,
                "unused_potential_high": high,
                "kind": kind_of(centre, level),
                "marks": ", ".join(marks(centre)),
            }
        )
    profile = pd.DataFrame(rows)
    profile.insert(2, "share", profile["customers"] / len(live))
    return profile


def _figures(customers: pd.DataFrame, level: str) -> dict[str, object]:
    brand_known = customers.dropna(subset=["own_brand_share"])
    weights = brand_known["revenue_per_year"].clip(lower=0)
    revenue = customers["revenue_per_year"].clip(lower=0).sum()
    refill = customers["refill_revenue_per_year"].sum()
    potential = customers["potential"].sum()
    return {
        "customers": len(customers),
        "revenue": customers["revenue_per_year"].sum(),
        "revenue_per_customer": customers["revenue_per_year"].mean(),
        "revenue_level": level,
        "orders_per_customer": customers["orders_per_year"].mean(),
        "contacts_per_customer": customers["contacts_per_year"].mean(),
        "contact_cost": customers["contact_cost_per_year"].sum(min_count=1),
        "own_brand_share": np.average(brand_known["own_brand_share"], weights=weights) if weights.sum() > 0 else np.nan,
        "third_party_share": np.average(brand_known["third_party_share"], weights=weights) if weights.sum() > 0 else np.nan,
        "refill_share": refill / revenue if revenue > 0 and customers["refill_share"].notna().any() else np.nan,
        "devices_per_customer": customers["devices"].mean(),
        "potential": potential,
        "reached_potential": 1 - customers["unused_potential"].sum() / potential if potential > 0 else np.nan,
        "unused_potential": customers["unused_potential"].sum(),
    }
