"""The four scales side by side: what decides, how big and how steady the groups are."""

import numpy as np
import pandas as pd

from helpers.analyses.clusters.evidence import first_with_rows, smallest_allowed
from helpers.analyses.clusters.kmeans import fit_kmeans, most_groups, order_by_spend
from helpers.analyses.clusters.scale import decided_by, learn
from helpers.analyses.clusters.settings import SCALES, Settings
from helpers.analyses.clusters.stability import bootstrap_stability
from helpers.analyses.steadiness import STABLE

# Our convention: beyond this share of all squared distance one feature decides the groups by itself.
DOMINATES = 0.9


def compare_scales(
    features: np.ndarray, names: tuple[str, ...], monetary: np.ndarray, clusters: int, settings: Settings, seed: int
) -> pd.DataFrame:
    """Return one row per scale: what decides the groups, how big and how stable they are.

    Columns: scale; decides_<feature> (share of all squared distance); sizes (text, from the lowest
    to the highest spend); smallest; weakest; dominated (one feature decides more than
    90 %); recommended (one scale; our convention, see ``recommended_scale``).
    """
    rows = []
    for scale in SCALES:
        scaled = learn(features, scale).apply(features)
        if most_groups(scaled) < clusters:
            continue
        fit = order_by_spend(fit_kmeans(scaled, clusters, seed, settings.starts), monetary)
        stability = bootstrap_stability(scaled, fit, settings.evidence_resamples, seed)
        shares = decided_by(scaled)
        rows.append(
            {
                "scale": scale,
                **{f"decides_{name}": share for name, share in zip(names, shares, strict=True)},
                "sizes": " / ".join(str(size) for size in fit.sizes),
                "smallest": int(fit.sizes.min()),
                "weakest": stability.weakest,
                "dominated": dominated(shares),
            }
        )
    scales = pd.DataFrame(rows)
    return scales.assign(recommended=scales["scale"] == recommended_scale(scales, len(monetary), settings))


def dominated(shares: np.ndarray) -> bool:
    """Tell whether one of several features decides more than 90 % of all squared distance."""
    return bool(shares.max() > DOMINATES and len(shares) > 1)


def recommended_scale(scales: pd.DataFrame, customers: int, settings: Settings) -> str:
    """Return the scale to use (our convention).

    Not decided by one feature, then no tiny group, then log where it is stable, else the steadiest.
    Log goes first because a rank forgets how much larger one customer is than the next.

    Parameters
    ----------
    scales : one row per scale with dominated, smallest and weakest.
    customers : how many were fitted.
    settings : smallest_group_share.
    """
    fair = scales[~scales["dominated"]]
    roomy = fair[fair["smallest"] >= smallest_allowed(customers, settings)]
    candidates = first_with_rows(roomy, fair, scales)
    log = candidates[candidates["scale"] == "log"]
    if len(log) and log["weakest"].iloc[0] >= STABLE:
        return "log"
    return str(candidates.sort_values("weakest", ascending=False, kind="stable")["scale"].iloc[0])
