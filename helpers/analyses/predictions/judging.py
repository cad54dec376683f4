"""One event, learnt on the earlier cut-offs, judged on the latest, and forecast from today."""

from dataclasses import dataclass

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

LEAST_CUSTOMERS = 100
LEAST_OF_EACH = 20  # with the event and without it, in learning and in judging (our convention)


@dataclass(frozen=True)
class Judged:
    """What is known of one event.

    Parameters
    ----------
    event : name of the event; horizon_days : its window.
    cut_offs : where it was learnt and judged.
    chosen, why : "logistic" or "boosting", and "too_few", "not_shown" or "wins".
    methods : one row per method: method, auc, low, high, brier (NaN where it gives no probability), chosen.
    reliability : forecast beside outcome, in ten groups.
    calibration_error : of the chosen model.
    best_baseline : the simple rule that ranks best; auc_lead, auc_lead_low : the lead over it.
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
    methods = _methods(test.outcome, rankings, choice.name)
    reliability = measures.reliability(test.outcome, rankings[choice.name])

    baselines = methods[~methods["method"].isin(models.MODELS)]
    best_baseline = str(baselines.loc[baselines["auc"].idxmax(), "method"])
    auc_lead, lead_low, _lead_high = measures.auc_difference(test.outcome, rankings[choice.name], rankings[best_baseline])

    # Judged without the latest window; the forecast from today may learn from it too.
    everything = samples(event, known, (*days.training, days.judge))
    return Judged(
        event=event.name,
        horizon_days=event.horizon_days,
        cut_offs=days,
        chosen=choice.name,
        why=choice.why,
        methods=methods,
        reliability=reliability,
        calibration_error=measures.calibration_error(reliability),
        best_baseline=best_baseline,
        auc_lead=auc_lead,
        auc_lead_low=lead_low,
        gains=_gains(known, test, rankings, choice.name, settings),
        model=_fit(choice.name, everything, seed, columns),
    )


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


def _fit(name: str, sample: models.Sample, seed: int, columns: tuple[str, ...]) -> models.Fitted:
    return models.fit_boosting(sample, seed) if name == "boosting" else models.fit_logistic(sample, columns)


def _rankings(
    event: Event, known: pd.DataFrame, days: CutOffs, learn: models.Sample, test: models.Sample, chosen: str, seed: int
) -> dict[str, np.ndarray]:
    """Return every method's ranking of the customers judged; the chosen one first."""
    fitted = {"logistic": models.fit_logistic(learn, columns_for(known))}
    if chosen == "boosting":
        fitted["boosting"] = models.fit_boosting(learn, seed)
    fitted["recency only"] = models.fit_logistic(learn, ("recency_days",))
    fitted["frequency only"] = models.fit_logistic(learn, ("frequency",))
    rankings = {name: model.probability(test.features, days.judge) for name, model in fitted.items()}
    if covers_last_year(known, days.judge):
        rankings["as last year"] = bought_last_year(known, test.features.index, days.judge, event.horizon_days).to_numpy()
    return {chosen: rankings.pop(chosen), **rankings}


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
    compared = {name: score for name, score in rankings.items() if name == chosen or name not in models.MODELS}
    return gains(
        test.outcome, compared, margin=margin, effect=settings.contact_effect, cost=settings.contact_cost, top=settings.contact_top
    )
