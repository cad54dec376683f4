"""The table of evidence: what speaks for each number of groups, and what is proposed from it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from sklearn.metrics import davies_bouldin_score

from helpers.analyses.clusters import structure
from helpers.analyses.clusters.fit import Fit, distances, in_order, kmeans, most_groups
from helpers.analyses.clusters.naming import surrogate
from helpers.analyses.clusters.resample import stability
from helpers.analyses.clusters.scale import learn
from helpers.analyses.clusters.settings import Settings

STABLE = 0.75
READABLE = 0.8


@dataclass(frozen=True)
class Choice:
    """How many groups the evidence proposes, and whether they are natural.

    Parameters
    ----------
    clusters : proposed number of groups.
    natural : number of natural groups, 0 when there are none.
    """

    clusters: int
    natural: int


def evidence(features: np.ndarray, monetary: np.ndarray, settings: Settings, seed: int) -> pd.DataFrame:
    """Return one row per number of groups.

    Columns: clusters; agreement with agreement_low and agreement_high (adjusted Rand index over
    resamples: mean and the middle 80 %); weakest (lowest cluster-wise Jaccard); silhouette (the
    simplified form, Hruschka, de Castro & Campello 2004); davies_bouldin (1979, low is good);
    smallest (customers in the smallest group); readability (share that a tree of depth 3 puts in
    the right group); emptiness (see ``structure``) and emptiness_reference (of the structureless
    copies the most empty; NaN where it was not needed); natural (stable, no tiny group, half empty
    and emptier than every copy; looked for from the most groups down, until found).
    """
    scale = learn(features, settings.scale)
    scaled = scale.apply(features)
    loose = structure.seen(structure.spread_ties(features, scale, seed), seed)
    rows = [_row(clusters, features, scaled, loose, monetary, settings, seed) for clusters in _numbers(scaled, settings)]
    return _against_references(pd.DataFrame(rows), loose, len(scaled), settings, seed)


def _against_references(table: pd.DataFrame, loose: np.ndarray, customers: int, settings: Settings, seed: int) -> pd.DataFrame:
    """Compare candidates with structureless copies, the most groups first, until one stands."""
    table = table.assign(emptiness_reference=np.nan, natural=False)
    found = False
    for at in reversed(table.index):
        row = table.loc[at]
        candidate = (
            row["emptiness"] >= structure.EMPTY_ENOUGH
            and row["weakest"] >= STABLE
            and row["smallest"] >= smallest_allowed(customers, settings)
        )
        if (candidate and not found) or row["clusters"] == settings.clusters:
            reference = structure.reference_emptiness(loose, int(row["clusters"]), settings.references, seed).max()
            table.loc[at, "emptiness_reference"] = reference
            found = found or bool(candidate and row["emptiness"] > reference)
            table.loc[at, "natural"] = bool(candidate and row["emptiness"] > reference)
    return table


def _numbers(scaled: np.ndarray, settings: Settings) -> list[int]:
    numbers = set(range(settings.fewest_clusters, settings.most_clusters + 1))
    if isinstance(settings.clusters, int):
        numbers.add(settings.clusters)
    return sorted(number for number in numbers if number <= most_groups(scaled))


def _row(
    clusters: int,
    features: np.ndarray,
    scaled: np.ndarray,
    loose: np.ndarray,
    monetary: np.ndarray,
    settings: Settings,
    seed: int,
) -> dict[str, float]:
    fit = in_order(kmeans(scaled, clusters, seed, settings.starts), monetary)
    found = stability(scaled, fit, settings.evidence_resamples, seed)
    apart = structure.emptiness(loose, kmeans(loose, clusters, seed, settings.starts))
    return {
        "clusters": clusters,
        "agreement": found.agreement.mean(),
        "agreement_low": np.quantile(found.agreement, 0.1),
        "agreement_high": np.quantile(found.agreement, 0.9),
        "weakest": found.weakest,
        "silhouette": simplified_silhouette(scaled, fit),
        "davies_bouldin": _davies_bouldin(scaled, fit),
        "smallest": int(fit.sizes.min()),
        "readability": surrogate(features, fit.labels).fidelity,
        "emptiness": apart,
    }


def smallest_allowed(customers: int, settings: Settings) -> int:
    """Return the smallest group that the evidence may propose (our convention: at least 10)."""
    return max(10, int(np.ceil(settings.smallest_group_share * customers)))


def simplified_silhouette(scaled: np.ndarray, fit: Fit) -> float:
    """Return the mean of (b - a) / max(a, b), with a and b the distances to own and next centre."""
    away = np.sqrt(np.sort(distances(scaled, fit.centres), axis=1))
    own, other = away[:, 0], away[:, 1]
    return float(np.mean((other - own) / np.where(other > 0, other, 1)))


def _davies_bouldin(scaled: np.ndarray, fit: Fit) -> float:
    groups = len(np.unique(fit.labels))
    return float(davies_bouldin_score(scaled, fit.labels)) if 2 <= groups < len(scaled) else np.nan


def choose(table: pd.DataFrame, customers: int, settings: Settings) -> Choice:
    """Propose a number of groups from the evidence (our convention, never the best silhouette).

    The most natural groups that stand the comparison; without any, the finest cut that is stable
    (weakest group at least 0.75), readable (at least 0.8), has no tiny group and stays within
    ``most_useful_clusters``; without that, the cut whose weakest group is the most stable.
    """
    natural = table.loc[table["natural"], "clusters"]
    if len(natural):
        return Choice(int(natural.max()), int(natural.max()))
    roomy = table[table["smallest"] >= smallest_allowed(customers, settings)]
    useful = roomy[roomy["clusters"] <= settings.most_useful_clusters]
    good = useful[(useful["weakest"] >= STABLE) & (useful["readability"] >= READABLE)]
    if len(good):
        return Choice(int(good["clusters"].max()), 0)
    few = table[table["clusters"] <= settings.most_useful_clusters]
    pool = next(one for one in (useful, few, table) if len(one))
    return Choice(int(pool.sort_values(["weakest", "clusters"], ascending=[False, True])["clusters"].iloc[0]), 0)
