"""A label that customers carry: learnt from what is known of them, judged on customers held out, with the leak guard before it.

Only what the customer list holds is learnt from. Orders are not: nobody says on which day the label became true, and what
somebody ordered up to today may come after it (our convention).
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.stats import norm
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from helpers.analyses.gates import GateBuilder
from helpers.analyses.kinds import as_numbers
from helpers.analyses.predictions import measures, models
from helpers.analyses.predictions.judging import LEAST_OF_EACH
from helpers.analyses.predictions.label_guard import LateColumn, late_columns
from helpers.analyses.predictions.settings import GivenLabel, Settings
from helpers.core.errors import did_you_mean
from helpers.core.results import Gate, Refusal, RunContext
from helpers.core.wording import _, number
from helpers.tables import CUSTOMER_TABLE, dtypes

HELD_OUT = 1 / 3  # of the customers with a known label; nobody of them is learnt from
NEEDED = math.ceil(LEAST_OF_EACH / HELD_OUT)  # of each side, so that twenty are held out
SURE = norm.ppf(0.995)  # a model that is no better than guessing passes once in 200 times
_NO, _YES = {"no", "0", "false", "nee", "nein", "nej", "non"}, {"yes", "1", "true"}


@dataclass(frozen=True)
class LabelResult:
    """What could be learnt of a given label.

    Parameters
    ----------
    column : the label; event : the name that pictures and sentences use.
    base_rate : share (0 to 1) of the customers with a known label who have it; customers : how many these are; judged_on : held out.
    features : columns learnt from; late : columns refused, and why; single : the best column by itself.
    chosen, methods, reliability, calibration_error, best_baseline, auc_lead, auc_lead_low : as in ``judging.Judged``.
    better : whether the held-out customers are ranked and foretold better than by the base rate, beyond chance.
    scores : customer_id, probability and place of everybody whose label is not known; empty where nobody is, or not better.
    unknown : how many customers these are.
    """

    column: str
    base_rate: float
    customers: int
    judged_on: int
    features: tuple[str, ...]
    late: tuple[LateColumn, ...]
    single: str
    chosen: str
    methods: pd.DataFrame
    reliability: pd.DataFrame
    calibration_error: float
    best_baseline: str
    auc_lead: float
    auc_lead_low: float
    better: bool
    scores: pd.DataFrame
    unknown: int
    event: str = "label"


def label_gate(tables: Mapping[str, pd.DataFrame], settings: Settings) -> Gate:
    """Say whether a declared label can be learnt: it is there, and enough customers are on either side of it."""
    label, table = settings.label, tables["customer_table"]
    needs = _("a label that is known of at least {n} customers who have it and {n} who do not").format(n=number(NEEDED))
    instead = _("Read the shares per group of customers, and collect more cases.")
    if label is None or label.column not in table:
        column = label.column if label else ""
        reason = _("There is no column {name} in the customer table.").format(name=column)
        near = did_you_mean(column, _own(table, ()))
        return GateBuilder(needs, _("no label"), instead).not_yet(reason, f"predictions.label.column. {near}".strip())
    outcome = outcome_of(table[label.column], label).dropna()
    yes, no = int(outcome.sum()), int((1 - outcome).sum())
    has = _("{yes} customers with “{value}” in {name}, {no} with another value").format(
        yes=number(yes), value=label.positive, name=label.column, no=number(no)
    )
    builder = GateBuilder(needs, has, instead)
    if min(yes, no) < NEEDED:
        reason = _("There is not enough data: with so few cases a model learns chance.")
        return builder.not_yet(reason, _("{n} more customers on the rarer side of the label").format(n=number(NEEDED - min(yes, no))))
    return builder.go(_("There are enough customers on both sides of the label."), "")


def outcome_of(column: pd.Series, label: GivenLabel) -> pd.Series:
    """Return 1 where the label is so, 0 where it is not, missing where it is not known.

    Parameters
    ----------
    column : a flag, a number or a text; capitals and blanks around it do not count.
    label : its declaration.
    """
    text = column.astype("string").str.strip().str.casefold()
    text = text.mask(text == "").str.removesuffix(".0")
    positive = {label.positive.strip().casefold()}
    # A flag, or a text of 0 and 1, says yes in its own words.
    if positive <= _YES and set(text.dropna()) <= _YES | _NO:
        positive = _YES
    return text.isin(positive).astype("float64").where(text.notna())


def given_label(tables: Mapping[str, pd.DataFrame], settings: Settings, context: RunContext) -> LabelResult | Refusal | None:
    """Learn and judge a declared label; None where none is declared, a Refusal where there is too little.

    Parameters
    ----------
    tables : with "customer_table", whose own columns are learnt from; not changed.
    settings : the section ``predictions`` of client.yml.
    context : as-of date, and the seed of the draw of who is held out.
    """
    label = settings.label
    if label is None:
        return None
    gate = label_gate(tables, settings)
    if gate.closed:
        return Refusal(_("The label cannot be foretold yet"), gate)
    table = tables["customer_table"].sort_values("customer_id", kind="stable").drop_duplicates("customer_id").set_index("customer_id")
    outcome = outcome_of(table[label.column], label)
    known = outcome.notna().to_numpy()
    target = outcome[known].to_numpy().astype(int)
    numbers = _numbers(table, known, label, context)
    late = late_columns(table[known], {name: part[known] for name, part in numbers.items()}, target, context.seed)
    refused = {column.column for column in late}
    learnt = {name: part for name, part in numbers.items() if name not in refused}
    if not learnt:
        nothing = GateBuilder(gate.needs, gate.has, gate.instead).not_yet(_nothing_left(late), _("Columns that were filled before"))
        return Refusal(_("Nothing is left to foretell the label by"), nothing)
    features = pd.concat(learnt.values(), axis=1)
    return _judged(label, features, {name: tuple(part) for name, part in learnt.items()}, target, known, tuple(late), settings, context)


def _nothing_left(late: list[LateColumn]) -> str:
    if not late:
        return _("Nothing else is known of the customers that differs between them.")
    names = ", ".join(column.column for column in late)
    return _("All that is known of the customers was filled afterwards: {names}.").format(names=names)


def _own(table: pd.DataFrame, left_out: tuple[str, ...]) -> list[str]:
    """Return the columns that the customer list brought: what was computed from orders and contacts is no feature of a label."""
    computed = (*dtypes(CUSTOMER_TABLE), "customer_id", "in_customer_list", *left_out)
    return [str(name) for name in table if name not in computed]


def _numbers(table: pd.DataFrame, known: np.ndarray, label: GivenLabel, context: RunContext) -> dict[str, pd.DataFrame]:
    """Return the usable columns as numbers without gaps: the middle value, and a 0/1 column that says so where more than 1 % had none."""
    numbers = {}
    for name in _own(table, (label.column, *label.leave_out)):
        if (label.features and name not in label.features) or table[name][known].notna().sum() == 0:
            continue
        part, missing = as_numbers(table[name], context.as_of)
        filled = part.fillna(part[known].median()).fillna(0.0)
        if missing > 0.01:
            filled = filled.assign(**{f"{name} = ": table[name].isna().astype(float)})
        filled = filled.loc[:, filled[known].nunique() > 1]
        # A column with another text for nearly everybody has no value to learn from, yet may be filled for one side only.
        if len(filled.columns):
            numbers[name] = filled
    return numbers


def _linear():
    return make_pipeline(StandardScaler(), LogisticRegression(C=1.0, max_iter=1000))


def _judged(
    label: GivenLabel,
    features: pd.DataFrame,
    columns_of: dict[str, tuple[str, ...]],
    target: np.ndarray,
    known: np.ndarray,
    late: tuple[LateColumn, ...],
    settings: Settings,
    context: RunContext,
) -> LabelResult:
    day = np.full(len(target), np.datetime64(context.as_of, "ns"))
    rng = np.random.default_rng(context.seed)
    held = np.zeros(len(target), dtype=bool)
    for side in (0, 1):  # the same share of either side
        rows = np.flatnonzero(target == side)
        held[rng.choice(rows, round(len(rows) * HELD_OUT), replace=False)] = True
    labelled, names = features[known], list(features)
    learn = models.Sample(labelled[~held], target[~held], day[~held])
    # The best column is looked for among those learnt from; the same customers then judge it and the model.
    single = max(columns_of, key=lambda name: _auc_inside(learn, columns_of[name], context.seed))
    chosen = _chosen(learn, names, settings, context.seed)
    fitted = {
        chosen: models.fit(learn, names, _estimator(chosen, context.seed), chosen),
        "single column": models.fit(learn, columns_of[single], _linear(), "single column"),
    }
    scores = {name: model.probability(labelled[held]) for name, model in fitted.items()}
    scores["base rate"] = np.full(held.sum(), target[~held].mean())
    methods = pd.DataFrame(
        [
            (name, *measures.auc_interval(target[held], score), measures.brier(target[held], score), name == chosen)
            for name, score in scores.items()
        ],
        columns=["method", "auc", "low", "high", "brier", "chosen"],
    )
    lead, lead_low, _high = measures.auc_difference(target[held], scores[chosen], scores["single column"])
    reliability = measures.reliability(target[held], scores[chosen])
    better = _better(methods, target[held], scores[chosen])
    unknown = features[~known]
    return LabelResult(
        column=label.column,
        base_rate=float(target.mean()),
        customers=len(target),
        judged_on=int(held.sum()),
        features=tuple(columns_of),
        late=late,
        single=single,
        chosen=chosen,
        methods=methods,
        reliability=reliability,
        calibration_error=measures.calibration_error(reliability),
        best_baseline="single column",
        auc_lead=lead,
        auc_lead_low=lead_low,
        better=better,
        scores=_scores(models.Sample(labelled, target, day), unknown if better else unknown[:0], names, chosen, context.seed),
        unknown=len(unknown),
    )


def _better(methods: pd.DataFrame, target: np.ndarray, score: np.ndarray) -> bool:
    """Return whether the order is better than chance, and the probabilities better than the base rate for everybody."""
    by_name = methods.set_index("method")
    auc, covariance = measures.auc_with_covariance(target, score)
    above_chance = auc[0] - SURE * math.sqrt(covariance[0, 0]) > 0.5
    return bool(above_chance and by_name.loc[methods["method"].iloc[0], "brier"] < by_name.loc["base rate", "brier"])


def _estimator(name: str, seed: int):
    return models.boosting(seed) if name == "boosting" else _linear()


def _auc_inside(learn: models.Sample, columns: tuple[str, ...], seed: int) -> float:
    """Return how well a few columns rank customers of other folds, on the part that is learnt from."""
    return measures.auc_interval(learn.outcome, _out_of_fold(learn, list(columns), _linear, seed))[0]


def _out_of_fold(learn: models.Sample, columns: list[str], estimator, seed: int) -> np.ndarray:
    fold = np.random.default_rng(seed).permutation(len(learn.outcome)) % models.FOLDS
    score = np.zeros(len(learn.outcome))
    for place in range(models.FOLDS):
        rows = np.flatnonzero(fold != place)
        part = models.Sample(learn.features.iloc[rows], learn.outcome[rows], learn.through[rows])
        score[fold == place] = models.fit(part, columns, estimator(), "").probability(learn.features[fold == place])
    return score


def _chosen(learn: models.Sample, names: list[str], settings: Settings, seed: int) -> str:
    """Return "boosting" where it leads by more than chance on customers of other folds, else "logistic"."""
    if len(learn.outcome) < max(settings.boosting_from_customers, models.LEAST_TO_COMPARE):
        return "logistic"
    scores = [_out_of_fold(learn, names, estimator, seed) for estimator in (lambda: models.trees(seed), _linear)]
    return "boosting" if measures.auc_difference(learn.outcome, *scores)[1] > 0 else "logistic"


def _scores(everybody: models.Sample, unknown: pd.DataFrame, names: list[str], chosen: str, seed: int) -> pd.DataFrame:
    """Return the probability of everybody whose label is not known, from a model fitted on all whose label is."""
    probability = np.zeros(0)
    if len(unknown):
        probability = models.fit(everybody, names, _estimator(chosen, seed), chosen).probability(unknown)
    frame = pd.DataFrame({"customer_id": unknown.index.astype(str), "probability": probability})
    frame = frame.sort_values(["probability", "customer_id"], ascending=[False, True], ignore_index=True)
    return frame.assign(place=np.arange(1, len(frame) + 1))
