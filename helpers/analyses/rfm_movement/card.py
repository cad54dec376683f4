"""The segment card: what A to E mean, frozen in the first round and used in every later one.

Customer value is one number: the weighted mean of the four measures on a logarithmic, standardised scale,
a short recency counting upward (standardised logs: the usual preparation for K-Means on RFM). A to E are
stretches of that axis, cut by one-dimensional K-Means. Why one axis and not K-Means in four dimensions:
the published case asks for groups "in falling customer value", and only on one axis is it certain that
nobody who is better in every measure stands in a lower segment. Caps and clipping are our choices: recency
and tenure stop counting at the length of the shorter period, so that the two periods can be held against
each other and nobody rises by growing older; no measure moves anybody by more than three spreads.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from string import ascii_uppercase
from typing import Any

import numpy as np

from helpers.analyses.rfm_movement.cuts import natural_breaks
from helpers.analyses.rfm_movement.periods import Periods
from helpers.analyses.rfm_movement.settings import FEATURES, Settings

SIGNS = {"recency_days": -1.0, "frequency_per_month": 1.0, "monetary_per_year": 1.0, "tenure_days": 1.0}
FIFTHS = (0.2, 0.4, 0.6, 0.8)
LIMIT = 3.0
MISSING_DAYS = 31  # our convention: a history that falls less than a month short of the cap is long enough


@dataclass(frozen=True)
class Standing:
    """Where the customers stand at the end of a period, on one card.

    Parameters
    ----------
    measures : from ``measures.measure``.
    value : customer value; NaN for who did not order in the period.
    place : 0 for segment A, rising; ``segments`` for who did not order in the period.
    segments : number of segments of the card.
    """

    measures: Mapping[str, np.ndarray]
    value: np.ndarray
    place: np.ndarray
    segments: int


@dataclass(frozen=True)
class SegmentCard:
    """The frozen meaning of the segments.

    Parameters
    ----------
    version : form of this record.
    made_on : last day of the period it was made from, as text (ISO).
    customers : how many customers it was made from.
    comparison_months, current_months : the periods it was made for.
    cap_days : recency and tenure beyond this count as this.
    weights, centres, scales : per feature: weight, mean and standard deviation of the capped logarithm.
    value_cuts : rising cuts on the value axis; above the last is A.
    score_cuts : per feature the four rising cuts of the scores 1 to 5.
    """

    made_on: str
    customers: int
    comparison_months: int
    current_months: int
    cap_days: float
    weights: dict[str, float]
    centres: dict[str, float]
    scales: dict[str, float]
    value_cuts: tuple[float, ...]
    score_cuts: dict[str, tuple[float, ...]]
    version: int = 1

    @property
    def letters(self) -> tuple[str, ...]:
        """The segments in falling customer value: ("A", …, "E")."""
        return tuple(ascii_uppercase[: len(self.value_cuts) + 1])

    def to_json(self) -> dict[str, Any]:
        """Return the card as plain JSON values."""
        plain = asdict(self)
        plain["value_cuts"] = list(self.value_cuts)
        plain["score_cuts"] = {name: list(cuts) for name, cuts in self.score_cuts.items()}
        return plain

    @classmethod
    def from_json(cls, raw: Mapping[str, Any]) -> SegmentCard:
        """Rebuild the card that ``to_json`` wrote."""
        if raw.get("version") != 1:
            raise ValueError(f"segment card version {raw.get('version')!r} is not known; expected 1")
        # JSON knows no tuples; cards are compared as a whole, so lists would make equal cards differ.
        cuts = {"value_cuts": tuple(raw["value_cuts"]), "score_cuts": {name: tuple(values) for name, values in raw["score_cuts"].items()}}
        return cls(**{**raw, **cuts})

    def value(self, measures: Mapping[str, np.ndarray]) -> np.ndarray:
        """Return the customer value (0 is the average of the first round); NaN where absent."""
        total = np.zeros(len(measures["recency_days"]))
        for name in FEATURES:
            spreads = (_logged(name, measures[name], self.cap_days) - self.centres[name]) / self.scales[name]
            total += self.weights[name] * SIGNS[name] * np.clip(spreads, -LIMIT, LIMIT)
        # Rounded, so that customers who behave alike are never parted by the last digit of a sum.
        return np.round(total / sum(self.weights.values()), 9)

    def place(self, value: np.ndarray) -> np.ndarray:
        """Return the place of each value: 0 for A up to 4 for E; one lower (5) for an absent customer."""
        groups = len(self.value_cuts)
        place = groups - np.searchsorted(self.value_cuts, value, side="left")
        return np.where(np.isnan(value), groups + 1, place)

    def standing(self, measures: Mapping[str, np.ndarray]) -> Standing:
        """Return where the customers stand, by their measures at the end of a period."""
        value = self.value(measures)
        return Standing(measures, value, self.place(value), len(self.letters))

    def scores(self, measures: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
        """Return the scores 1 to 5 per feature (5 is best; 0 where absent): a cut belongs to the side below."""
        scores = {}
        for name in FEATURES:
            step = np.searchsorted(self.score_cuts[name], np.round(measures[name], 9), side="left")
            score = 5 - step if SIGNS[name] < 0 else 1 + step
            scores[name] = np.where(np.isnan(measures[name]), 0, score)
        return scores


def value_change(before: Standing, now: Standing) -> np.ndarray:
    """Return how far the customer value moved; who is absent stands below everybody who is there."""
    below = -LIMIT - 1
    return np.nan_to_num(now.value, nan=below) - np.nan_to_num(before.value, nan=below)


def make_card(measures: Mapping[str, np.ndarray], periods: Periods, settings: Settings) -> SegmentCard:
    """Return a new card, made from the customers who ordered in the comparison period.

    Tenure counts only when the data reach back far enough to know it: one cap before the comparison
    period's last day for every customer, that is, at least one shorter period before the comparison period.

    Raises
    ------
    ValueError : the customers have fewer different values than there are segments.
    """
    active = ~np.isnan(measures["recency_days"])
    active_measures = {name: measures[name][active] for name in FEATURES}
    cap = float(min(periods.comparison.days, periods.current.days))
    weights = _weights(periods, settings, cap)
    logs = {name: _logged(name, active_measures[name], cap) for name in FEATURES}
    scales = {name: float(np.std(logs[name])) for name in FEATURES}
    card = SegmentCard(
        made_on=periods.comparison.end.isoformat(),
        customers=int(active.sum()),
        comparison_months=settings.comparison_months,
        current_months=settings.current_months,
        cap_days=cap,
        weights=weights,
        centres={name: float(np.mean(logs[name])) for name in FEATURES},
        scales={name: scale if scale > 1e-9 else 1.0 for name, scale in scales.items()},
        value_cuts=(),
        score_cuts=_score_cuts(active_measures, settings),
    )
    cuts = natural_breaks(card.value(active_measures), settings.segments)
    return SegmentCard(**{**asdict(card), "value_cuts": tuple(float(cut) for cut in cuts)})


def _weights(periods: Periods, settings: Settings, cap: float) -> dict[str, float]:
    weights = {name: float(getattr(settings.weights, name)) for name in FEATURES}
    known = (periods.comparison.start - periods.history_start).days
    if known < cap - MISSING_DAYS:  # the first orders in the data are not the first orders of the customers
        weights["tenure_days"] = 0.0
    # Who declared that only tenure counts, on data that cannot know it, gets spend instead of nothing.
    return weights if sum(weights.values()) > 0 else {**weights, "monetary_per_year": 1.0}


def _logged(name: str, values: np.ndarray, cap: float) -> np.ndarray:
    """Return the logarithm that the axis uses; a net spend below zero counts as nothing spent."""
    if name.endswith("_days"):
        return np.log1p(np.minimum(values, cap))
    # Orders per month are often below 1: counted in hundredths, so that the 1 added for the logarithm does not flatten them.
    return np.log(np.maximum(values, 0) * (100 if name == "frequency_per_month" else 1) + 1)


def _score_cuts(measures: Mapping[str, np.ndarray], settings: Settings) -> dict[str, tuple[float, ...]]:
    """Return the declared cuts, else the fifths of the first round as values: equal values stay together."""
    cuts = {}
    for name in FEATURES:
        declared = getattr(settings.score_cuts, name)
        # A cut is a value that occurs ("lower"), so that it reads as one and equal values stay together.
        fifths = np.round(np.quantile(measures[name], FIFTHS, method="lower"), 9)
        cuts[name] = tuple(float(cut) for cut in (declared or fifths))
    return cuts
