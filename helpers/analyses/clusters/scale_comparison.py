"""The four scales side by side: what decides, how big and how steady the groups are."""

from __future__ import annotations

import numpy as np
import pandas as pd

from helpers.analyses.clusters.evidence import STABLE, smallest_allowed
from helpers.analyses.clusters.fit import in_order, kmeans, most_groups
from helpers.analyses.clusters.resample import stability
from helpers.analyses.clusters.scale import decided_by, learn
from helpers.analyses.clusters.settings import SCALES, Settings


def compare_scales(
    features: np.ndarray,
    names: tuple[str, ...],
    monetary: np.ndarray,
    clusters: int,
    settings: Settings,
    seed: int,
) -> pd.DataFrame:
    """Return one row per scale: what decides the groups, how big and how stable they are.

    Columns: scale; decides_<feature> (share of all squared distance); sizes (text, from the lowest
    to the highest spend); smallest; agreement; weakest; dominated (one feature decides more than
    90 %); recommended (one scale; our convention, see ``_recommended``).
    """
    rows = []
    for name in SCALES:
        scaled = learn(features, name).apply(features)
        if most_groups(scaled) < clusters:
            continue
        fit = in_order(kmeans(scaled, clusters, seed, settings.starts), monetary)
        found = stability(scaled, fit, settings.evidence_resamples, seed)
        decides = decided_by(scaled)
        rows.append(
            {
                "scale": name,
                **{f"decides_{name_}": share for name_, share in zip(names, decides, strict=True)},
                "sizes": " / ".join(str(size) for size in fit.sizes),
                "smallest": int(fit.sizes.min()),
                "agreement": found.agreement.mean(),
                "weakest": found.weakest,
                "dominated": bool(decides.max() > 0.9 and len(names) > 1),
            }
        )
    table = pd.DataFrame(rows)
    return table.assign(recommended=table["scale"] == _recommended(table, len(monetary), settings))


def _recommended(table: pd.DataFrame, customers: int, settings: Settings) -> str:
    """Not decided by one feature, then no tiny group, then log where it is stable, else the steadiest.

    Log goes first because a rank forgets how much larger one customer is than the next.
    """
    fair = table[~table["dominated"]]
    roomy = fair[fair["smallest"] >= smallest_allowed(customers, settings)]
    pool = next(one for one in (roomy, fair, table) if len(one))
    best = pool.sort_values("weakest", ascending=False, kind="stable").iloc[0]
    log = pool[pool["scale"] == "log"]
    if len(log) and log["weakest"].iloc[0] >= STABLE:
        return "log"
    return str(best["scale"])
