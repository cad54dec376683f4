"""One event, learnt on the earlier cut-offs, judged on the latest, and forecast from today.

The judged period has a veto: a model is used only if it beats the best simple rule there, on customers it has not learnt from, by more
than chance; else the rule is used, and where that ranks no better than chance everybody gets the base rate (our convention).
"""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from scipy.stats import mannwhitneyu

from helpers.analyses.predictions import guard, measures, models
from helpers.analyses.predictions.gains import Gains, gains
from helpers.analyses.predictions.labels import Event
from helpers.analyses.predictions.settings import Settings
from helpers.analyses.predictions.windows import CutOffs, bought_last_year, columns_for, covers_last_year, features_at
from helpers.core.results import Chance
from helpers.core.wording import _
from helpers.statistics.intervals import wilson

LEAST_CUSTOMERS = 100
LEAST_OF_EACH = 20  # with the event and without it, in learning and in judging (our convention)
SILENCES = (1.0, 2.0)  # own gaps of silence up to which a customer counts as on time, and as late (our convention)
OFF_BY = 0.05  # a group's probabilities are off from this distance, where chance does not explain it (our convention)


@dataclass(frozen=True)
class Judged:
    """What is known of one event.

    Parameters
    ----------
    event : name of the event; horizon_days : its window.
    cut_offs : where it was learnt and judged.
    chosen, why : the model with "too_few", "not_shown" or "wins" for what was said of boosting; a rule of ``models.RULES`` with "rule",
        or "base rate" with "nothing".
    methods : one row per method: method, auc, low, high, brier (NaN where it gives no probability), chosen.
    reliability : forecast beside outcome, in ten groups.
    calibration_error : of the chosen model.
    best_baseline : the simple rule that ranks best; auc_lead, auc_lead_low : the lead of the best model over it.
    chance : the AUC of what is used beside a ranking by lot.
    by_silence : forecast beside outcome for customers on time, late and silent; see ``calibration_by_silence``.
    gains : the gain in money of contacting the top N.
    model : fitted on all windows, for the forecast from today.
    """

    event: str
    horizon_days: int
    cut_offs: CutOffs
    chosen: str
    why: str
    methods: pd.DataFrame
    reliability: pd.DataFrame
    calibration_error: float
    best_baseline: str
    auc_lead: float
    auc_lead_low: float
    chance: Chance
    by_silence: pd.DataFrame
    gains: Gains
    model: models.Fitted

    @property
    def auc(self) -> float:
        """AUC of the chosen model on the judging cut-off."""
        return float(self.methods.loc[self.methods["chosen"], "auc"].iloc[0])

    def forecast(self, features: pd.DataFrame) -> np.ndarray:
        """Return the probability from today, per row of features."""
        return self.model.probability(features, self.cut_offs.score)


def samples(event: Event, known: pd.DataFrame, days: tuple[pd.Timestamp, ...]) -> models.Sample:
    """Return features and outcome of all customers at each of these cut-offs."""
    frames, outcomes, through = [], [], []
    for day in days:
        features = features_at(known, day)
        outcome = event.label(known, features, day)
        frames.append(features.loc[outcome.index])
        outcomes.append(outcome.to_numpy())
        through.append(np.full(len(outcome), day.to_datetime64()))
    return models.Sample(pd.concat(frames), np.concatenate(outcomes), np.concatenate(through))


@dataclass(frozen=True)
class EventCounts:
    """What decides whether an event can be learnt and judged.

    Parameters
    ----------
    customers : the fewer of those learnt from and those judged.
    least : customers of the rarer outcome, in learning or in judging, whichever has fewer.
    windows : cut-offs, the judging one included.
    """

    customers: int
    least: int
    windows: int

    @property
    def enough(self) -> bool:
        """True from 100 customers with 20 of either outcome."""
        return self.customers >= LEAST_CUSTOMERS and self.least >= LEAST_OF_EACH


NOTHING = EventCounts(0, 0, 0)


def counts_at(event: Event, known: pd.DataFrame, days: CutOffs) -> EventCounts:
    """Return how many customers there are to learn from and to judge on, with and without the event."""
    parts = [samples(event, known, part) for part in (days.training, (days.judge,))]
    return EventCounts(
        customers=min(len(np.unique(sample.customers)) for sample in parts),
        least=min(min(int(sample.outcome.sum()), int((1 - sample.outcome).sum())) for sample in parts),
        windows=len(days.training) + 1,
    )


def judge(event: Event, known: pd.DataFrame, days: CutOffs, settings: Settings, seed: int) -> Judged:
    """Learn, judge and refit one event.

    Parameters
    ----------
    event : from ``labels.events``.
    known : from ``windows.known_orders``; nothing after ``days.score``.
    days : where to learn, to judge and to forecast from; see ``windows.cut_offs``.
    settings : the client's settings.
    seed : of the round.

    Raises
    ------
    guard.LeakFound : a feature knows the future.
    """
    learn, test = samples(event, known, days.training), samples(event, known, (days.judge,))
    _guard(known, days.judge, test)
    columns = columns_for(known)
    choice = models.choose(learn, seed, settings.boosting_from_customers, columns)
    rankings = _rankings(event, known, days, learn, test, choice.name, seed)
    used = verdict_of(test.outcome, rankings, choice)
    methods = _methods(test.outcome, rankings, used.chosen)
    reliability = measures.reliability(test.outcome, rankings[used.chosen])

    # Judged without the latest window; the forecast from today may learn from it too.
    everything = samples(event, known, (*days.training, days.judge))
    return Judged(
        event=event.name,
        horizon_days=event.horizon_days,
        cut_offs=days,
        chosen=used.chosen,
        why=used.why,
        methods=methods,
        reliability=reliability,
        calibration_error=measures.calibration_error(reliability),
        best_baseline=used.best_rule,
        auc_lead=used.lead,
        auc_lead_low=used.lead_low,
        chance=used.chance,
        by_silence=calibration_by_silence(test, rankings[used.chosen]),
        gains=_gains(known, test, rankings, used.chosen, settings),
        model=models.fit_method(everything, used.chosen, columns, seed),
    )


@dataclass(frozen=True)
class Used:
    """What the judged period says: the method to use and why, the best rule, the lead of the model over it, and chance beside it."""

    chosen: str
    why: str
    best_rule: str
    lead: float
    lead_low: float
    chance: Chance


def verdict_of(outcome: np.ndarray, rankings: dict[str, np.ndarray], choice: models.ModelChoice) -> Used:
    """Say which method may be used: a model that beats every rule, else the best rule, else the base rate.

    Parameters
    ----------
    outcome : 0 / 1 per judged customer.
    rankings : per method, what it foretold; "logistic", the rules and "base rate" at least.
    choice : what the training windows say.
    """
    auc = {name: ranking_chance(outcome, score).figure for name, score in rankings.items()}
    model, why = choice.name, choice.why
    if auc[model] < auc["logistic"]:
        model, why = "logistic", "not_shown"
    best_rule = max((name for name in rankings if name not in models.MODELS), key=lambda name: auc[name])
    lead, lead_low, _high = measures.auc_difference(outcome, rankings[model], rankings[best_rule])
    chance = ranking_chance(outcome, rankings[model])
    if lead_low > 0 and chance.beaten:
        return Used(model, why, best_rule, lead, lead_low, chance)
    rule = max(models.RULES, key=lambda name: auc[name])
    # The best of three is the best by luck three times as often (Bonferroni).
    by_lot = ranking_chance(outcome, rankings[rule])
    chance = replace(by_lot, p_value=min(1.0, len(models.RULES) * by_lot.p_value))
    if not chance.beaten:
        return Used("base rate", "nothing", best_rule, lead, min(lead_low, 0.0), chance)
    return Used(rule, "rule", best_rule, lead, min(lead_low, 0.0), chance)


def calibration_by_silence(test: models.Sample, probability: np.ndarray) -> pd.DataFrame:
    """Return forecast beside outcome for customers who are on time, late and silent by their own gaps.

    A forecast that is right on average can be wrong for those who matter: who leaves is looked for among the silent.

    Returns
    -------
    One row per group that has customers: silence ("on time", "late" or "silent"), customers, forecast_share, observed_share, low, high
    (95 % interval of the observed share), off (the forecast lies outside it and more than five points away).
    """
    level = np.searchsorted(SILENCES, test.features["silence_gaps"].to_numpy())
    groups = pd.DataFrame({"forecast": probability, "outcome": test.outcome, "silence": np.array(["on time", "late", "silent"])[level]})
    table = groups.groupby("silence").agg(
        customers=("outcome", "size"), forecast_share=("forecast", "mean"), observed_share=("outcome", "mean")
    )
    table["low"], table["high"] = wilson(table["observed_share"] * table["customers"], table["customers"])
    outside = (table["forecast_share"] < table["low"]) | (table["forecast_share"] > table["high"])
    table["off"] = outside & ((table["forecast_share"] - table["observed_share"]).abs() > OFF_BY)
    return table.reindex([name for name in ("on time", "late", "silent") if name in table.index]).reset_index()


def ranking_chance(outcome: np.ndarray, score: np.ndarray) -> Chance:
    """Return an AUC beside what it is where outcomes are dealt out by lot (Mann and Whitney 1947, normal approximation).

    Parameters
    ----------
    outcome : 0 / 1 per customer, both of which occur; score : high first.
    """
    hits, misses = score[outcome == 1], score[outcome == 0]
    test = mannwhitneyu(hits, misses, alternative="greater", method="asymptotic")
    half = measures.Z * np.sqrt((len(score) + 1) / (12 * len(hits) * len(misses)))
    how = _("0.5 is a ranking by lot.")
    return Chance(float(test.statistic / (len(hits) * len(misses))), 0.5, 0.5 - half, 0.5 + half, float(test.pvalue), how)


def _guard(known: pd.DataFrame, day: pd.Timestamp, test: models.Sample) -> None:
    tables, recipes = {"orders": known}, guard.own_recipes()
    leaks = guard.time_travel(recipes, tables, day)
    outcome = pd.Series(test.outcome, index=test.features.index)
    leaks += guard.check_columns(test.features, _only(recipes, test.features.index), tables, day, outcome)
    guard.refuse_leaks(leaks)


def _only(recipes: dict[str, guard.Recipe], index: pd.Index) -> dict[str, guard.Recipe]:
    """Limit recipes to the customers who can have the event."""

    def limited(recipe: guard.Recipe) -> guard.Recipe:
        return lambda tables, through: recipe(tables, through).reindex(index)

    return {column: limited(recipe) for column, recipe in recipes.items()}


def _rankings(
    event: Event, known: pd.DataFrame, days: CutOffs, learn: models.Sample, test: models.Sample, chosen: str, seed: int
) -> dict[str, np.ndarray]:
    """Return what every method foretells of the customers judged; the model that the training windows chose first."""
    season, columns = days.judge, columns_for(known)
    names = dict.fromkeys((chosen, "logistic", *models.RULES, "base rate"))
    rankings = {name: models.unseen_probability(learn, test, name, columns, seed, season) for name in names if name != "base rate"}
    if covers_last_year(known, days.judge):
        rankings["as last year"] = bought_last_year(known, test.features.index, days.judge, event.horizon_days).to_numpy()
    rankings["base rate"] = models.fit_rule(learn, "base rate", columns).probability(test.features, season)
    return rankings


def _methods(outcome: np.ndarray, rankings: dict[str, np.ndarray], chosen: str) -> pd.DataFrame:
    rows = []
    for name, score in rankings.items():
        auc, low, high = measures.auc_interval(outcome, score)
        brier = float("nan") if name == "as last year" else measures.brier(outcome, score)
        rows.append((name, auc, low, high, brier, name == chosen))
    return pd.DataFrame(rows, columns=["method", "auc", "low", "high", "brier", "chosen"])


def _gains(known: pd.DataFrame, test: models.Sample, rankings: dict[str, np.ndarray], chosen: str, settings: Settings) -> Gains:
    """Return what the ranking is worth, with as money at stake the margin on a mean order."""
    amounts = known.loc[known["order_amount"] > 0, "order_amount"]
    margin = float(amounts.mean()) * settings.margin_share
    compared = {chosen: rankings[chosen]} | {name: score for name, score in rankings.items() if name not in (chosen, *models.MODELS)}
    return gains(
        test.outcome, compared, margin=margin, effect=settings.contact_effect, cost=settings.contact_cost, top=settings.contact_top
    )
