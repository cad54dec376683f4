"""One event, learnt on the earlier cut-offs, judged on the latest, and forecast from today."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from helpers.analyses.predictions import guard, measures, models
from helpers.analyses.predictions.gains import Gains, gains
from helpers.analyses.predictions.labels import Event
from helpers.analyses.predictions.settings import Settings
from helpers.analyses.predictions.windows import CutOffs, bought_last_year, columns_for, covers_last_year, cut_offs, features_at

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
    lead : lead of boosting in AUC with its interval, where it was tried.
    methods : one row per method: method, auc, low, high, brier (NaN where it gives no probability), chosen.
    customers, share : customers judged, and the share of them with the event.
    reliability : forecast beside outcome, in ten groups.
    calibration_error, auc_lead, auc_lead_low, auc_lead_high : of the chosen model; the lead is over the
    best baseline.
    gains : the gain in money of contacting the top N.
    model : fitted on all windows, for the forecast from today.
    """

    event: str
    horizon_days: int
    cut_offs: CutOffs
    chosen: str
    why: str
    lead: tuple[float, float, float] | None
    methods: pd.DataFrame
    customers: int
    share: float
    reliability: pd.DataFrame
    calibration_error: float
    best_baseline: str
    auc_lead: float
    auc_lead_low: float
    auc_lead_high: float
    gains: Gains
    model: models.Fitted
    seasonal: bool

    @property
    def auc(self) -> float:
        """AUC of the chosen model on the judging cut-off."""
        return float(self.methods.loc[self.methods["chosen"], "auc"].iloc[0])

    def forecast(self, features: pd.DataFrame) -> np.ndarray:
        """Return the probability from today, per row of features."""
        return self.model.probability(features, self.cut_offs.score if self.seasonal else None)


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


def possible(event: Event, known: pd.DataFrame, days: CutOffs | None) -> tuple[bool, dict[str, int]]:
    """Tell whether an event can be learnt and judged, with the counts that decide it."""
    if days is None:
        return False, {"customers": 0, "least": 0, "windows": 0}
    counts = []
    for part in (days.training, (days.judge,)):
        sample = samples(event, known, part)
        counts.append((int(sample.outcome.sum()), int((1 - sample.outcome).sum()), len(np.unique(sample.customers))))
    least = min(min(count[:2]) for count in counts)
    customers = min(count[2] for count in counts)
    enough = customers >= LEAST_CUSTOMERS and least >= LEAST_OF_EACH
    return enough, {"customers": customers, "least": least, "windows": len(days.training) + 1}


def judge(event: Event, known: pd.DataFrame, as_of, settings: Settings, seed: int) -> Judged:
    """Learn, judge and refit one event.

    Parameters
    ----------
    event : from ``labels.events``.
    known : from ``windows.known_orders``; nothing after ``as_of``.
    as_of, seed : of the round.
    settings : the client's settings.

    Raises
    ------
    guard.LeakFound : a feature knows the future.
    """
    days = cut_offs(known, as_of, event.horizon_days, settings.training_windows)
    learn, test = samples(event, known, days.training), samples(event, known, (days.judge,))
    _guard(known, days.judge, test)
    chosen, why, lead = models.choose(learn, seed, settings.boosting_from_customers, columns_for(known))
    rankings = _rankings(event, known, days, learn, test, chosen, seed)
    methods = _methods(test.outcome, rankings, chosen)
    table = measures.reliability(test.outcome, rankings[chosen])
    baselines = methods[~methods["method"].isin(("logistic", "boosting"))]
    best = str(baselines.loc[baselines["auc"].idxmax(), "method"])
    auc_lead, low, high = measures.auc_difference(test.outcome, rankings[chosen], rankings[best])
    everything = samples(event, known, (*days.training, days.judge))
    return Judged(
        event.name,
        event.horizon_days,
        days,
        chosen,
        why,
        lead,
        methods,
        len(test.outcome),
        float(test.outcome.mean()),
        table,
        measures.calibration_error(table),
        best,
        auc_lead,
        low,
        high,
        _gains(event, known, test, rankings, chosen, settings),
        _fit(chosen, everything, seed, columns_for(known)),
        event.seasonal,
    )


def _guard(known: pd.DataFrame, day: pd.Timestamp, test: models.Sample) -> None:
    tables, recipes = {"orders": known}, guard.own_recipes()
    leaks = guard.time_travel(recipes, tables, day)
    outcome = pd.Series(test.outcome, index=test.features.index)
    leaks += guard.check_columns(test.features, _only(recipes, test.features.index), tables, day, outcome)
    guard.refuse_leaks(leaks)


def _only(recipes: dict[str, guard.Recipe], index: pd.Index) -> dict[str, guard.Recipe]:
    """Limit recipes to the customers who can have the event."""

    def limited(recipe):
        return lambda tables, through: recipe(tables, through).reindex(index)

    return {column: limited(recipe) for column, recipe in recipes.items()}


def _fit(name: str, sample: models.Sample, seed: int, columns: tuple[str, ...]) -> models.Fitted:
    return models.fit_boosting(sample, seed) if name == "boosting" else models.fit_logistic(sample, columns)


def _rankings(event, known, days, learn, test, chosen: str, seed: int) -> dict[str, np.ndarray]:
    """Return every method's ranking of the customers judged; the chosen one first."""
    season = days.judge if event.seasonal else None
    fitted = {"logistic": models.fit_logistic(learn, columns_for(known))}
    if chosen == "boosting":
        fitted["boosting"] = models.fit_boosting(learn, seed)
    fitted["recency only"] = models.fit_logistic(learn, ("recency_days",))
    fitted["frequency only"] = models.fit_logistic(learn, ("frequency",))
    rankings = {name: model.probability(test.features, season) for name, model in fitted.items()}
    if covers_last_year(known, days.judge):
        sign = -1 if event.name == "leave" else 1
        rankings["as last year"] = sign * bought_last_year(known, test.features.index, days.judge, event.horizon_days).to_numpy()
    return {chosen: rankings.pop(chosen), **rankings}


def _methods(outcome: np.ndarray, rankings: dict[str, np.ndarray], chosen: str) -> pd.DataFrame:
    rows = []
    for name, score in rankings.items():
        auc, low, high = measures.auc_interval(outcome, score)
        brier = float("nan") if name == "as last year" else measures.brier(outcome, score)
        rows.append((name, auc, low, high, brier, name == chosen))
    return pd.DataFrame(rows, columns=["method", "auc", "low", "high", "brier", "chosen"])


def _gains(event, known, test, rankings, chosen: str, settings: Settings) -> Gains:
    """Money at stake per customer: the margin on a mean order, for leaving as for buying."""
    amounts = known.loc[known["order_amount"] > 0, "order_amount"]
    margin = float(amounts.mean()) * settings.margin_share
    named = {name: score for name, score in rankings.items() if name == chosen or name not in ("logistic", "boosting")}
    return gains(
        test.outcome,
        named,
        margin=margin,
        effect=settings.contact_effect,
        cost=settings.contact_cost,
        top=settings.contact_top,
    )
