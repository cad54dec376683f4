"""The table of evidence: what speaks for each number of groups, and what is proposed from it."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from sklearn.metrics import davies_bouldin_score

from helpers.analyses.clusters import structure
from helpers.analyses.clusters.kmeans import Fit, fit_kmeans, most_groups, order_by_spend, squared_distances
from helpers.analyses.clusters.naming import surrogate_tree
from helpers.analyses.clusters.scale import learn
from helpers.analyses.clusters.settings import Settings
from helpers.analyses.clusters.stability import bootstrap_stability
from helpers.analyses.steadiness import STABLE

READABLE = 0.8  # our convention: a rule that people apply may miss one customer in five
FEWEST_IN_GROUP = 10  # our convention: below this a group is a handful of names


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


def gather_evidence(features: np.ndarray, monetary: np.ndarray, settings: Settings, seed: int) -> pd.DataFrame:
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
    # Structure is looked for where ties are spread: whole numbers would leave gaps that mean nothing.
    untied = structure.subsample(structure.spread_ties(features, scale, seed), seed)
    rows = [_row(clusters, features, scaled, untied, monetary, settings, seed) for clusters in _numbers_of_groups(scaled, settings)]
    return compare_with_references(pd.DataFrame(rows), untied, len(scaled), settings, seed)


def compare_with_references(table: pd.DataFrame, untied: np.ndarray, customers: int, settings: Settings, seed: int) -> pd.DataFrame:
    """Compare candidates with structureless copies, the most groups first, until one stands."""
    table = table.assign(emptiness_reference=np.nan, natural=False)
    natural_found = False
    for index in reversed(table.index):
        row = table.loc[index]
        candidate = may_be_natural(row, customers, settings)
        # The copies cost most of the time, so only those are compared whose outcome can still change something.
        if (candidate and not natural_found) or row["clusters"] == settings.clusters:
            reference = structure.reference_emptiness(untied, int(row["clusters"]), settings.references, seed).max()
            natural = bool(candidate and row["emptiness"] > reference)
            table.loc[index, "emptiness_reference"] = reference
            table.loc[index, "natural"] = natural
            natural_found = natural_found or natural
    return table


def may_be_natural(row: pd.Series, customers: int, settings: Settings) -> bool:
    """Tell whether groups are empty in between, stable and none of them tiny: worth a comparison with copies."""
    return bool(
        row["emptiness"] >= structure.EMPTY_ENOUGH and row["weakest"] >= STABLE and row["smallest"] >= smallest_allowed(customers, settings)
    )


def _numbers_of_groups(scaled: np.ndarray, settings: Settings) -> list[int]:
    numbers = set(range(settings.fewest_clusters, settings.most_clusters + 1))
    if isinstance(settings.clusters, int):
        numbers.add(settings.clusters)
    return sorted(number for number in numbers if number <= most_groups(scaled))


def _row(
    clusters: int, features: np.ndarray, scaled: np.ndarray, untied: np.ndarray, monetary: np.ndarray, settings: Settings, seed: int
) -> dict[str, float]:
    fit = order_by_spend(fit_kmeans(scaled, clusters, seed, settings.starts), monetary)
    stability = bootstrap_stability(scaled, fit, settings.evidence_resamples, seed)
    return {
        "clusters": clusters,
        "agreement": stability.agreement.mean(),
        "agreement_low": np.quantile(stability.agreement, 0.1),
        "agreement_high": np.quantile(stability.agreement, 0.9),
        "weakest": stability.weakest,
        "silhouette": simplified_silhouette(scaled, fit),
        "davies_bouldin": _davies_bouldin(scaled, fit),
        "smallest": int(fit.sizes.min()),
        "readability": surrogate_tree(features, fit.labels).fidelity,
        "emptiness": structure.emptiness(untied, fit_kmeans(untied, clusters, seed, settings.starts)),
    }


def smallest_allowed(customers: int, settings: Settings) -> int:
    """Return the smallest group that the evidence may propose (our convention: at least 10)."""
    return max(FEWEST_IN_GROUP, int(np.ceil(settings.smallest_group_share * customers)))


def simplified_silhouette(scaled: np.ndarray, fit: Fit) -> float:
    """Return the mean of (b - a) / max(a, b), with a and b the distances to own and next centre."""
    away = np.sqrt(np.sort(squared_distances(scaled, fit.centres), axis=1))
    own, next_best = away[:, 0], away[:, 1]
    return float(np.mean((next_best - own) / np.where(next_best > 0, next_best, 1)))


def _davies_bouldin(scaled: np.ndarray, fit: Fit) -> float:
    groups = len(np.unique(fit.labels))
    return float(davies_bouldin_score(scaled, fit.labels)) if 2 <= groups < len(scaled) else np.nan


def choose_clusters(evidence: pd.DataFrame, customers: int, settings: Settings) -> Choice:
    """Propose a number of groups from the evidence (our convention, never the best silhouette).

    The most natural groups that stand the comparison; without any, the finest cut that is stable
    (weakest group at least 0.75), readable (at least 0.8), has no tiny group and stays within
    ``most_useful_clusters``; without that, the cut whose weakest group is the most stable.

    Parameters
    ----------
    evidence : from ``gather_evidence``.
    customers : how many were fitted.
    settings : smallest_group_share and most_useful_clusters.
    """
    natural = evidence.loc[evidence["natural"], "clusters"]
    if len(natural):
        return Choice(int(natural.max()), int(natural.max()))
    # Without natural groups any number is a cut; more than a team can treat differently is of no use.
    few = evidence[evidence["clusters"] <= settings.most_useful_clusters]
    useful = few[few["smallest"] >= smallest_allowed(customers, settings)]
    good = useful[(useful["weakest"] >= STABLE) & (useful["readability"] >= READABLE)]
    if len(good):
        return Choice(int(good["clusters"].max()), 0)
    steadiest = first_with_rows(useful, few, evidence).sort_values(["weakest", "clusters"], ascending=[False, True])
    return Choice(int(steadiest["clusters"].iloc[0]), 0)


def first_with_rows(*tables: pd.DataFrame) -> pd.DataFrame:
    """Return the first table that holds a row: each is a wider choice than the one before; the last when none does."""
    for table in tables:
        if len(table):
            return table
    return tables[-1]
