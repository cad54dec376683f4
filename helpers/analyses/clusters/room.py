"""The customer groups: may we, and what are they."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from helpers.analyses.clusters.assemble import (
    customers_table,
    profile_table,
    quality_numbers,
    sample,
    second_sample,
)
from helpers.analyses.clusters.evidence import choose, evidence
from helpers.analyses.clusters.features import prepare
from helpers.analyses.clusters.fit import in_order, kmeans, nearest
from helpers.analyses.clusters.gate import gate_of
from helpers.analyses.clusters.naming import Rules, surrogate
from helpers.analyses.clusters.resample import stability, stay_share
from helpers.analyses.clusters.scale import learn
from helpers.analyses.clusters.scale_comparison import compare_scales
from helpers.analyses.clusters.settings import Settings
from helpers.core.results import Gate, Refusal, RunContext
from helpers.core.wording import _, number

READS = ("customer_table",)


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
    evidence : one row per number of groups, see ``evidence.evidence``.
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
    def groups(self) -> pd.DataFrame:
        """The profile without the very large accounts that are named one by one."""
        return self.profile[self.profile["group"] <= self.quality["clusters"]]


def requires(tables: Mapping[str, pd.DataFrame], settings: Settings, context: RunContext) -> Gate:
    """Say whether groups can be made of these customers.

    The number needed is our convention: ``customers_per_group`` buyers for each group. A resample
    leaves out about 37 % of them, and the 16 that remain of 25 know an average spend to within
    about a quarter (1 / √16, for spend that varies as much as its mean). With enough buyers the groups are
    tried on a sample: a caution where they change when the customers are drawn again.
    """
    return gate_of(prepare(tables, settings), settings, context.seed)


def run(tables: Mapping[str, pd.DataFrame], settings: Settings, context: RunContext) -> Result | Refusal:
    """Make the customer groups.

    Parameters
    ----------
    tables : with "customer_table"; not changed.
    settings : see ``Settings``.
    context : its seed decides every random draw.

    Returns
    -------
    A Result, or a Refusal when ``requires`` says not yet.
    """
    gate = requires(tables, settings, context)
    if gate.closed:
        return Refusal(_("There are no customer groups yet: {has}.").format(has=gate.has), gate)
    ready = prepare(tables, settings)
    seed = int(np.random.default_rng(context.seed).integers(2**31))
    rest = ~ready.large
    features, monetary = ready.features[rest], ready.buyers["monetary"].to_numpy()[rest]
    chosen = sample(len(features), settings.fit_sample, seed)
    proof = evidence(features[chosen], monetary[chosen], settings, seed)
    choice = choose(proof, len(chosen), settings)
    clusters = settings.clusters if isinstance(settings.clusters, int) else choice.clusters
    scale = learn(features[chosen], settings.scale)
    fit = in_order(kmeans(scale.apply(features[chosen]), clusters, seed, settings.starts), monetary[chosen])
    scaled = scale.apply(features)
    labels = nearest(scaled, fit.centres)
    found = stability(scaled[chosen], fit, settings.resamples, seed)
    sure = stay_share(scaled, labels, found)
    table = customers_table(ready, labels, sure, clusters)
    rules = surrogate(features[chosen], fit.labels)
    profile = profile_table(table, ready.names, found.jaccard, settings, clusters)
    names = dict(zip(profile["group"], profile["name"], strict=True))
    table.insert(2, "group_name", table["group"].map(names))
    quality = quality_numbers(choice, clusters, proof, found, rules, table, settings)
    quality |= second_sample(features, monetary, labels, clusters, chosen, settings, seed)
    scales = compare_scales(features[chosen], ready.names, monetary[chosen], clusters, settings, seed)
    notes = ready.notes + _name_note(settings, clusters)
    return Result(table, profile, quality, notes, proof, scales, rules, ready.names, settings)


def _name_note(settings: Settings, clusters: int) -> tuple[str, ...]:
    if settings.names and len(settings.names) != clusters:
        text = _("{names} names were declared for {groups} groups, so the groups were named from what marks them.")
        return (text.format(names=number(len(settings.names)), groups=number(clusters)),)
    return ()
