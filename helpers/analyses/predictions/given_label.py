"""A label that customers carry: learnt from what is known of them, judged on customers held out, with the leak guard before it.

Only what the customer list holds is learnt from. Orders are not: nobody says on which day the label became true, and what
somebody ordered up to today may come after it (our convention).
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from scipy.stats import norm
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from helpers.analyses.gates import GateBuilder
from helpers.analyses.kinds import as_numbers
from helpers.analyses.predictions import measures, models
from helpers.analyses.predictions.judging import LEAST_OF_EACH, ranking_chance
from helpers.analyses.predictions.label_guard import LateColumn, late_columns
from helpers.analyses.predictions.label_pairs import late_pairs, together, too_good_together
from helpers.analyses.predictions.label_result import LabelResult, asked_of
from helpers.analyses.predictions.settings import GivenLabel, Settings
from helpers.core.errors import did_you_mean
from helpers.core.results import Gate, Refusal, RunContext
from helpers.core.wording import _, number
from helpers.tables import CUSTOMER_TABLE, dtypes

HELD_OUT = 1 / 3  # of the customers with a known label; nobody of them is learnt from
NEEDED = math.ceil(LEAST_OF_EACH / HELD_OUT)  # of each side, so that twenty are held out
SURE = norm.ppf(0.995)  # a model that is no better than guessing passes once in 200 times
_NO, _YES = {"no", "0", "false", "nee", "nein", "nej", "non"}, {"yes", "1", "true"}
# Words for "nobody knows yet": such a cell is no "no" (our list).
_NOT_KNOWN = set("unknown|not known|pending|open|tbd|n/a|na|n.a.|nan|none|null|-|--|?|??".split("|")) | set(
    "onbekend|nvt|n.v.t.|nog niet bekend|unbekannt|offen|k.a.|okänd|okänt|vet ej|inconnu|inconnue|en attente|ukendt|ukjent".split("|")
)


@dataclass(frozen=True)
class _Known:
    """What is learnt from: numbers of all customers, the columns that each stands for, and the label of those who carry one."""

    features: pd.DataFrame
    columns_of: dict[str, list[str]]
    target: np.ndarray
    known: np.ndarray

    def sample(self, rows: np.ndarray) -> models.Sample:
        """Return the customers with a label for whom ``rows`` is True."""
        no_day = np.zeros(int(rows.sum()), dtype="datetime64[ns]")
        return models.Sample(self.features[self.known][rows], self.target[rows], no_day)

    def columns(self, without: tuple[str, ...] = ()) -> list[str]:
        """Return the columns of numbers, some of the customers' columns left out."""
        return [part for name, parts in self.columns_of.items() if name not in without for part in parts]


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
    words, _no = _label_words(table[label.column], label)
    if words:
        unclear = _("{n} say {words}, read as not known").format(n=number(sum(words.values())), words=", ".join(f"“{w}”" for w in words))
        has = f"{has}; {unclear}"
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
    text, positive = _read(column, label)
    return text.isin(positive).astype("float64").where(text.notna())


def _read(column: pd.Series, label: GivenLabel) -> tuple[pd.Series, set[str]]:
    """Return the cells as they are compared, missing where they say that nobody knows, and the values that mean yes."""
    text = column.astype("string").str.strip().str.casefold()
    positive = {label.positive.strip().casefold()}
    text = text.mask(text.isin({"", *_NOT_KNOWN} - positive)).str.removesuffix(".0")
    # A flag, or a text of 0 and 1, says yes in its own words.
    if positive <= _YES and set(text.dropna()) <= _YES | _NO:
        positive = _YES
    return text, positive


def _label_words(column: pd.Series, label: GivenLabel) -> tuple[dict[str, int], tuple[str, ...]]:
    """Return the words read as not known with their customers, and the values taken as no, most frequent first."""
    text, positive = _read(column, label)
    written = column.astype("string").str.strip()
    not_known = written[text.isna() & written.notna() & (written != "")].str.casefold().value_counts()
    return {str(word): int(n) for word, n in not_known.items()}, tuple(
        map(str, text[text.notna() & ~text.isin(positive)].value_counts().index)
    )


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
    doubtful = {name: part[known] for name, part in numbers.items() if name not in label.known_before}
    dates = table[known].select_dtypes("datetime")
    late = late_columns(table[known], doubtful, target, context.seed, dates.drop(columns=label.column, errors="ignore"))
    refused = {column.column for column in late if column.refused}
    learnt = {name: part for name, part in numbers.items() if name not in refused}
    if not learnt:
        unlock = _("predictions.label.known_before, with columns that were filled before")
        closed = GateBuilder(gate.needs, gate.has, gate.instead).not_yet(_nothing_left(late), unlock)
        return Refusal(_("Nothing is left to foretell the label by"), closed)
    at_known = {name: part[known] for name, part in learnt.items()}
    late += late_pairs(at_known, target, label.known_before, tuple(column.column for column in late if not column.refused))
    data = _Known(pd.concat(learnt.values(), axis=1), {name: list(part) for name, part in learnt.items()}, target, known)
    not_known, no_values = _label_words(table[label.column], label)
    return replace(_judged(data, tuple(late), settings, context), not_known=not_known, no_values=no_values)


def _nothing_left(late: list[LateColumn]) -> str:
    if not late:
        return _("Nothing else is known of the customers that differs between them.")
    names = ", ".join(column.column for column in late)
    return _("All that is known of the customers looks as if it was known only afterwards: {names}.").format(names=names)


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


def _judged(data: _Known, late: tuple[LateColumn, ...], settings: Settings, context: RunContext) -> LabelResult:
    """Learn on two thirds, judge every method on the others, and score those whose label is not known."""
    seed, held = context.seed, _held_out(data.target, context.seed)
    learn, test = data.sample(~held), data.sample(held)
    # The best column is looked for among those learnt from; the same customers then judge it and the model.
    alone = {name: _auc_inside(learn, parts, seed) for name, parts in data.columns_of.items()}
    single, model = max(alone, key=alone.__getitem__), _chosen(learn, data.columns(), settings, seed)
    late = (*late, *_late_model(data, (learn, test), (model, single), alone, late, settings, seed))
    asked = asked_of(late)
    columns = {model: data.columns(), "single column": data.columns_of[single], "without asked": data.columns(asked) if asked else []}
    rankings = {
        name: models.fit(learn, parts, _estimator(name, seed), name).probability(test.features) for name, parts in columns.items() if parts
    }
    rankings["base rate"] = np.full(len(test.outcome), learn.outcome.mean())
    lead, lead_low, _high = measures.auc_difference(test.outcome, rankings[model], rankings["single column"])
    # The judged customers have a veto: without a lead beyond chance the simple rule is used.
    chosen = model if lead_low > 0 else "single column"
    methods = _methods(test.outcome, rankings, chosen)
    better = _better(methods, test.outcome, rankings[chosen])
    reliability = measures.reliability(test.outcome, rankings[chosen])
    return LabelResult(
        column=settings.label.column if settings.label else "",
        base_rate=float(data.target.mean()),
        customers=len(data.target),
        judged_on=int(held.sum()),
        features=tuple(data.columns_of),
        late=late,
        single=single,
        auc_without=float(methods.set_index("method")["auc"].get("without asked", math.nan)),
        chosen=chosen,
        methods=methods,
        reliability=reliability,
        calibration_error=measures.calibration_error(reliability),
        best_baseline="single column",
        auc_lead=lead,
        auc_lead_low=lead_low,
        chance=ranking_chance(test.outcome, rankings[chosen]),
        better=better,
        scores=_scores(data, columns[chosen] if better else [], chosen, seed),
        unknown=int((~data.known).sum()),
    )


def _late_model(data: _Known, parts, names: tuple[str, str], alone: dict[str, float], late, settings: Settings, seed: int):
    """Return the question about the columns that carry a model too good to be true; nothing where it is asked or declared already."""
    (learn, test), (model, single) = parts, names
    fitted = models.fit(learn, data.columns(), _estimator(model, seed), model)
    score = fitted.probability(test.features)
    rule = models.fit(learn, data.columns_of[single], _linear(), "single").probability(test.features)
    auc, low = measures.auc_interval(test.outcome, score)[0], measures.auc_difference(test.outcome, score, rule)[1]
    if not too_good_together(auc, low, list(alone.values())):
        return []
    order, drop = np.random.default_rng(seed).permutation(len(test.outcome)), {}
    for name, columns in data.columns_of.items():
        mixed = test.features.assign(**{column: test.features[column].to_numpy()[order] for column in columns})
        drop[name] = auc - measures.auc_interval(test.outcome, fitted.probability(mixed))[0]
    carry = tuple(name for name in sorted(drop, key=lambda name: -drop[name]) if drop[name] >= max(drop.values()) / 2)[:2]
    known = settings.label.known_before if settings.label else ()
    asked = [name for name in carry if name not in known]
    return [together(carry, asked, auc)] if asked and not set(asked) & set(asked_of(late)) else []


def _held_out(target: np.ndarray, seed: int) -> np.ndarray:
    """Return the customers who judge: the same share of either side, drawn by lot."""
    rng = np.random.default_rng(seed)
    held = np.zeros(len(target), dtype=bool)
    for side in (0, 1):
        rows = np.flatnonzero(target == side)
        held[rng.choice(rows, round(len(rows) * HELD_OUT), replace=False)] = True
    return held


def _methods(outcome: np.ndarray, rankings: dict[str, np.ndarray], chosen: str) -> pd.DataFrame:
    rows = [
        (name, *measures.auc_interval(outcome, score), measures.brier(outcome, score), name == chosen) for name, score in rankings.items()
    ]
    return pd.DataFrame(rows, columns=["method", "auc", "low", "high", "brier", "chosen"])


def _better(methods: pd.DataFrame, target: np.ndarray, score: np.ndarray) -> bool:
    """Return whether the order is better than chance, and the probabilities better than the base rate for everybody."""
    by_name = methods.set_index("method")
    auc, covariance = measures.auc_with_covariance(target, score)
    above_chance = auc[0] - SURE * math.sqrt(covariance[0, 0]) > 0.5
    return bool(above_chance and by_name.loc[by_name["chosen"], "brier"].iloc[0] < by_name.loc["base rate", "brier"])


def _estimator(name: str, seed: int):
    return models.boosting(seed) if name == "boosting" else _linear()


def _auc_inside(learn: models.Sample, columns: list[str], seed: int) -> float:
    """Return how well a few columns rank customers of other folds, on the part that is learnt from."""
    return measures.auc_interval(learn.outcome, _out_of_fold(learn, columns, _linear, seed))[0]


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


def _scores(data: _Known, columns: list[str], chosen: str, seed: int) -> pd.DataFrame:
    """Return the probability of everybody whose label is not known, learnt from all whose label is; nobody without columns."""
    unknown = data.features[~data.known] if columns else data.features[:0]
    probability = np.zeros(0)
    if len(unknown):
        everybody = data.sample(np.ones(len(data.target), dtype=bool))
        probability = models.fit(everybody, columns, _estimator(chosen, seed), chosen).probability(unknown)
    frame = pd.DataFrame({"customer_id": unknown.index.astype(str), "probability": probability})
    frame = frame.sort_values(["probability", "customer_id"], ascending=[False, True], ignore_index=True)
    return frame.assign(place=np.arange(1, len(frame) + 1))
