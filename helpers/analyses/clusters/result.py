"""The result: who is in which group, what the groups are like, how good they are."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from helpers.analyses.clusters.evidence import Choice
from helpers.analyses.clusters.features import Prepared
from helpers.analyses.clusters.naming import Rules, names_for, names_without_spend
from helpers.analyses.clusters.settings import Settings
from helpers.analyses.clusters.stability import Stability
from helpers.core.wording import _


@dataclass(frozen=True)
class Result:
    """The customer groups of one round.

    Parameters
    ----------
    table : one row per buyer: customer_id, group (1 = lowest spend), group_name, sure (share of
        resamples that give the same group), large_account, and the features.
    profile : one row per group: group, name, customers, share, revenue, revenue_share, stability
        (Jaccard, NaN for the very large accounts), sure, mean_ and median_ of every feature.
    quality : plain numbers: clusters, proposed, natural, declared, agreement, weakest, fidelity …
    notes : sentences about what was left out or assumed.
    evidence : one row per number of groups, see ``evidence.gather_evidence``.
    scales : one row per scale, see ``scale_comparison.compare_scales``.
    rules : the tree that imitates the groups.
    features : features that the groups are made of, in order.
    settings : the settings that were used.
    """

    table: pd.DataFrame
    profile: pd.DataFrame
    quality: dict[str, Any]
    notes: tuple[str, ...]
    evidence: pd.DataFrame
    scales: pd.DataFrame
    rules: Rules
    features: tuple[str, ...]
    settings: Settings

    @property
    def without_spend(self) -> bool:
        """True where nobody spent anything: customers without orders, grouped on what is known of them."""
        return not self.profile["revenue"].any()

    @property
    def groups(self) -> pd.DataFrame:
        """The profile without the very large accounts that are named one by one."""
        return self.profile[self.profile["group"] <= self.quality["clusters"]]


@dataclass(frozen=True)
class SampleCheck:
    """How far groups fitted on a sample hold for a second sample.

    Parameters
    ----------
    fitted_on : customers that the groups were fitted on.
    same_group : share of all customers (0 to 1) that get the same group (1 when all were fitted).
    """

    fitted_on: int
    same_group: float = 1.0


def customers_table(prepared: Prepared, labels: np.ndarray, certainty: np.ndarray, clusters: int) -> pd.DataFrame:
    """Return one row per buyer; very large accounts get the group after the last, and are sure of it.

    Parameters
    ----------
    prepared : the buyers.
    labels : groups (0, 1, …) of the buyers that are no very large account.
    certainty : of the same buyers, the share of resamples (0 to 1) that give the same group.
    clusters : number of groups.
    """
    # Their names are certain: no resample can put them elsewhere.
    group = np.full(len(prepared.buyers), clusters + 1)
    group[~prepared.large] = labels + 1
    sure = np.ones(len(prepared.buyers))
    sure[~prepared.large] = certainty
    table = prepared.buyers[["customer_id"]].assign(group=group, sure=sure, large_account=prepared.large)
    return pd.concat([table, prepared.buyers[_with_spend(prepared.names)]], axis=1)


def profile_table(
    table: pd.DataFrame, features: tuple[str, ...], jaccard: np.ndarray, names: tuple[str, ...], clusters: int
) -> pd.DataFrame:
    """Return one row per group: size, revenue, stability, means and medians, and its name.

    Parameters
    ----------
    table : from ``customers_table``.
    features : features that the groups are made of.
    jaccard : overlap of each group with the resamples, in order.
    names : the client's own names for the groups, or none.
    clusters : number of groups, without the very large accounts.
    """
    columns = _with_spend(features)
    by_group = table.groupby("group")
    profile = pd.DataFrame({"customers": by_group.size(), "revenue": by_group["monetary"].sum(), "sure": by_group["sure"].mean()})
    total = profile["revenue"].sum()
    profile["share"] = profile["customers"] / len(table)
    profile["revenue_share"] = profile["revenue"] / total if total else np.nan
    profile["stability"] = pd.Series(jaccard, index=range(1, clusters + 1)).reindex(profile.index)
    for name in columns:
        profile[f"mean_{name}"], profile[f"median_{name}"] = by_group[name].mean(), by_group[name].median()
    profile = profile.reset_index()
    groups = profile[profile["group"] <= clusters]
    group_names = names_for(groups, tuple(columns), names) if total else names_without_spend(groups, table[list(features)], names)
    group_names += [_("Very large accounts")] * (len(profile) - len(groups))
    profile.insert(1, "name", group_names)
    return profile


def _with_spend(features: tuple[str, ...]) -> list[str]:
    """The features, and spend once, also where the groups are made without it: the profile shows it where there are orders."""
    return list(dict.fromkeys((*features, "monetary")))


def quality_numbers(
    choice: Choice,
    evidence: pd.DataFrame,
    stability: Stability,
    rules: Rules,
    table: pd.DataFrame,
    settings: Settings,
    sample_check: SampleCheck,
) -> dict[str, Any]:
    """Return the plain numbers that say how good the groups are.

    Parameters
    ----------
    choice : what the evidence proposes; evidence : one row per number of groups.
    stability, rules : of the groups that are used.
    table : from ``customers_table``.
    settings : the settings that were used.
    sample_check : how far the groups hold for a second sample.
    """
    clusters = len(stability.jaccard)
    row = evidence.loc[evidence["clusters"] == clusters].iloc[0]
    return {
        "customers": len(table),
        "clusters": clusters,
        "proposed": choice.clusters,
        "natural": choice.natural,
        "natural_here": bool(choice.natural == clusters),
        "declared": isinstance(settings.clusters, int),
        "agreement": float(stability.agreement.mean()),
        "agreement_low": float(np.quantile(stability.agreement, 0.1)),
        "agreement_high": float(np.quantile(stability.agreement, 0.9)),
        "weakest": stability.weakest,
        "emptiness": float(row["emptiness"]),
        "fidelity": rules.fidelity,
        "sure_share": float((table["sure"] >= settings.certain_share).mean()),
        "large_accounts": int(table["large_account"].sum()),
        "fitted_on": sample_check.fitted_on,
        "sample_same": sample_check.same_group,
    }
