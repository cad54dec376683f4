"""From a fit to the tables of a result: who is in which group, what the groups are like, how sure."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from sklearn.metrics import adjusted_rand_score

from helpers.analyses.clusters.evidence import Choice
from helpers.analyses.clusters.features import Prepared
from helpers.analyses.clusters.fit import in_order, kmeans, nearest
from helpers.analyses.clusters.naming import Rules, names_for
from helpers.analyses.clusters.resample import Stability
from helpers.analyses.clusters.scale import learn
from helpers.analyses.clusters.settings import Settings
from helpers.core.wording import _


def customers_table(ready: Prepared, labels: np.ndarray, sure: np.ndarray, clusters: int) -> pd.DataFrame:
    """Return one row per buyer; very large accounts get the group after the last."""
    group = np.full(len(ready.buyers), clusters + 1)
    group[~ready.large] = labels + 1
    certain = np.ones(len(ready.buyers))
    certain[~ready.large] = sure
    table = ready.buyers[["customer_id"]].assign(group=group, sure=certain, large_account=ready.large)
    columns = dict.fromkeys((*ready.names, "monetary"))
    return pd.concat([table, ready.buyers[list(columns)]], axis=1)


def profile_table(table: pd.DataFrame, names: tuple[str, ...], jaccard: np.ndarray, settings: Settings, clusters: int) -> pd.DataFrame:
    """Return one row per group: size, revenue, stability, means and medians, and its name."""
    columns = tuple(dict.fromkeys((*names, "monetary")))
    by = table.groupby("group")
    profile = pd.DataFrame({"customers": by.size(), "revenue": by["monetary"].sum(), "sure": by["sure"].mean()})
    total = profile["revenue"].sum()
    profile["share"] = profile["customers"] / len(table)
    profile["revenue_share"] = profile["revenue"] / total if total else np.nan
    profile["stability"] = pd.Series(jaccard, index=range(1, clusters + 1)).reindex(profile.index)
    for name in columns:
        profile[f"mean_{name}"], profile[f"median_{name}"] = by[name].mean(), by[name].median()
    profile = profile.reset_index()
    groups = profile[profile["group"] <= clusters]
    called = names_for(groups, columns, settings.names)
    called += [_("Very large accounts")] * (len(profile) - len(groups))
    profile.insert(1, "name", called)
    return profile


def quality_numbers(
    choice: Choice,
    clusters: int,
    proof: pd.DataFrame,
    found: Stability,
    rules: Rules,
    table: pd.DataFrame,
    settings: Settings,
) -> dict[str, Any]:
    """Return the plain numbers that say how good the groups are."""
    row = proof.loc[proof["clusters"] == clusters].iloc[0]
    return {
        "customers": len(table),
        "clusters": int(clusters),
        "proposed": choice.clusters,
        "natural": choice.natural,
        "natural_here": bool(choice.natural == clusters),
        "declared": isinstance(settings.clusters, int),
        "agreement": float(found.agreement.mean()),
        "agreement_low": float(np.quantile(found.agreement, 0.1)),
        "agreement_high": float(np.quantile(found.agreement, 0.9)),
        "weakest": found.weakest,
        "silhouette": float(row["silhouette"]),
        "davies_bouldin": float(row["davies_bouldin"]),
        "emptiness": float(row["emptiness"]),
        "fidelity": rules.fidelity,
        "sure_share": float((table["sure"] >= settings.certain_share).mean()),
        "large_accounts": int(table["large_account"].sum()),
    }


def sample(customers: int, most: int, seed: int) -> np.ndarray:
    """Return the rows that are fitted: all, or a random sample of the size allowed."""
    if customers <= most:
        return np.arange(customers)
    return np.sort(np.random.default_rng(seed).choice(customers, most, replace=False))


def second_sample(
    features: np.ndarray,
    monetary: np.ndarray,
    labels: np.ndarray,
    clusters: int,
    chosen: np.ndarray,
    settings: Settings,
    seed: int,
) -> dict[str, Any]:
    """Fit on a second sample: how many customers get the same group (1 when all were fitted)."""
    if len(chosen) == len(features):
        return {"fitted_on": len(chosen), "sample_agreement": 1.0, "sample_same": 1.0}
    other = sample(len(features), settings.fit_sample, seed + 1)
    scale = learn(features[other], settings.scale)
    fit = in_order(kmeans(scale.apply(features[other]), clusters, seed + 1, settings.starts), monetary[other])
    again = nearest(scale.apply(features), fit.centres)
    return {
        "fitted_on": len(chosen),
        "sample_agreement": float(adjusted_rand_score(labels, again)),
        "sample_same": float((labels == again).mean()),
    }
