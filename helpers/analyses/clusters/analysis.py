"""The customer groups: may we, and what are they."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from helpers.analyses.clusters.evidence import choose_clusters, gather_evidence
from helpers.analyses.clusters.features import prepare
from helpers.analyses.clusters.gate import gate_of
from helpers.analyses.clusters.kmeans import fit_kmeans, nearest_centre, order_by_spend
from helpers.analyses.clusters.naming import surrogate_tree
from helpers.analyses.clusters.result import Result, SampleCheck, customers_table, profile_table, quality_numbers
from helpers.analyses.clusters.scale import learn
from helpers.analyses.clusters.scale_comparison import compare_scales
from helpers.analyses.clusters.settings import Settings
from helpers.analyses.clusters.stability import bootstrap_stability, share_of_resamples_alike
from helpers.core.results import Gate, Refusal, RunContext
from helpers.core.wording import _, number

READS = ("customer_table",)


def requires(tables: Mapping[str, pd.DataFrame], settings: Settings, context: RunContext) -> Gate:
    """Say whether groups can be made of these customers.

    The number needed is our convention: ``customers_per_group`` buyers for each group. A resample
    leaves out about 37 % of them, and the 16 that remain of 25 know an average spend to within
    about a quarter (1 / √16, for spend that varies as much as its mean). With enough buyers the groups are
    tried on a sample: a caution where they change when the customers are drawn again.
    """
    return gate_of(prepare(tables, settings, context.as_of), settings, context.seed)


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
    prepared = prepare(tables, settings, context.as_of)
    seed = int(np.random.default_rng(context.seed).integers(2**31))

    # Very large accounts are named by themselves; the groups are made of the others, or of a sample of them.
    grouped = ~prepared.large
    features, monetary = prepared.features[grouped], prepared.buyers["monetary"].to_numpy()[grouped]
    rows = sample_rows(len(features), settings.fit_sample, seed)
    evidence = gather_evidence(features[rows], monetary[rows], settings, seed)
    choice = choose_clusters(evidence, len(rows), settings)
    clusters = settings.clusters if isinstance(settings.clusters, int) else choice.clusters

    scale = learn(features[rows], settings.scale)
    fit = order_by_spend(fit_kmeans(scale.apply(features[rows]), clusters, seed, settings.starts), monetary[rows])
    scaled = scale.apply(features)
    labels = nearest_centre(scaled, fit.centres)
    stability = bootstrap_stability(scaled[rows], fit, settings.resamples, seed)

    table = customers_table(prepared, labels, share_of_resamples_alike(scaled, labels, stability), clusters)
    profile = profile_table(table, prepared.names, stability.jaccard, settings.names, clusters)
    names = dict(zip(profile["group"], profile["name"], strict=True))
    table.insert(2, "group_name", table["group"].map(names))
    rules = surrogate_tree(features[rows], fit.labels)
    sample_check = _second_sample(features, monetary, labels, rows, clusters, settings, seed)
    return Result(
        table=table,
        profile=profile,
        quality=quality_numbers(choice, evidence, stability, rules, table, settings, sample_check),
        notes=prepared.notes + _name_note(settings, clusters),
        evidence=evidence,
        scales=compare_scales(features[rows], prepared.names, monetary[rows], clusters, settings, seed),
        rules=rules,
        features=prepared.names,
        settings=settings,
    )


def sample_rows(customers: int, most: int, seed: int) -> np.ndarray:
    """Return the rows that are fitted: all, or a random sample of the size allowed."""
    if customers <= most:
        return np.arange(customers)
    return np.sort(np.random.default_rng(seed).choice(customers, most, replace=False))


def _second_sample(
    features: np.ndarray, monetary: np.ndarray, labels: np.ndarray, rows: np.ndarray, clusters: int, settings: Settings, seed: int
) -> SampleCheck:
    """Fit on a second sample, where the first did not hold everybody, and compare the groups of all customers."""
    if len(rows) == len(features):
        return SampleCheck(len(rows))
    second_rows = sample_rows(len(features), settings.fit_sample, seed + 1)
    scale = learn(features[second_rows], settings.scale)
    refit = fit_kmeans(scale.apply(features[second_rows]), clusters, seed + 1, settings.starts)
    second_fit = order_by_spend(refit, monetary[second_rows])
    second_labels = nearest_centre(scale.apply(features), second_fit.centres)
    return SampleCheck(len(rows), float((labels == second_labels).mean()))


def _name_note(settings: Settings, clusters: int) -> tuple[str, ...]:
    if settings.names and len(settings.names) != clusters:
        text = _("{names} names were declared for {groups} groups, so the groups were named from what marks them.")
        return (text.format(names=number(len(settings.names)), groups=number(clusters)),)
    return ()
