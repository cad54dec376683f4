"""What is predicted: two events, each with its label from the window after a cut-off."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from helpers.analyses.predictions.settings import Settings
from helpers.analyses.predictions.windows import DAY, HISTORY_DAYS, features_at, orders_between
from helpers.core.wording import _

Label = Callable[[pd.DataFrame, pd.DataFrame, pd.Timestamp], pd.Series]


@dataclass(frozen=True)
class Event:
    """One event to predict.

    Parameters
    ----------
    name : "buy_again" or "next_segment"; the column is ``propensity_<name>``.
    horizon_days : length of the label window.
    label : function of (known orders, features at the cut-off, cut-off) to 0 / 1 per customer; customers
        for whom the event cannot happen are left out.
    """

    name: str
    horizon_days: int
    label: Label


def events(settings: Settings, history_days: int = 10_000) -> tuple[Event, ...]:
    """Return the events of this analysis.

    Parameters
    ----------
    settings : the client's settings.
    history_days : length of the history; with less than two full windows the windows become shorter.
    """
    longest = max(0, (history_days - HISTORY_DAYS) // 2)
    horizon = min(settings.horizon_days, longest)

    def buy_again(known, features, through):
        return (orders_between(known, features.index, through, through + horizon * DAY) > 0).astype(int)

    def next_segment(known, features, through):
        return rose(known, features, through, horizon, settings.value_bands)

    return Event("buy_again", horizon, buy_again), Event("next_segment", horizon, next_segment)


def band_edges(features: pd.DataFrame, value_bands: tuple[float, ...]) -> np.ndarray:
    """Return the borders between value bands: the client's own, or fifths of the spend in the last year."""
    if value_bands:
        return np.array(value_bands, dtype=float)
    return np.unique(np.quantile(features["monetary_year"], [0.2, 0.4, 0.6, 0.8]))


def value_band(features: pd.DataFrame, edges: np.ndarray) -> pd.Series:
    """Return the value band per customer as a number, 0 for the lowest, by spend in the last 365 days."""
    return pd.Series(np.searchsorted(edges, features["monetary_year"], side="right"), index=features.index)


def band_letters(bands: pd.Series, edges: np.ndarray) -> pd.Series:
    """Return value bands as letters, A for the highest."""
    return bands.map({band: chr(ord("A") + len(edges) - band) for band in range(len(edges) + 1)})


def rose(
    known: pd.DataFrame, features: pd.DataFrame, through: pd.Timestamp, horizon_days: int, value_bands: tuple[float, ...]
) -> pd.Series:
    """Return 1 for each customer in a higher band a horizon later, by the borders known at the cut-off."""
    edges = band_edges(features, value_bands)
    before = value_band(features, edges)
    later = features_at(known, through + horizon_days * DAY).loc[features.index]
    after = value_band(later, edges)
    can_rise = before < len(edges)
    return (after > before)[can_rise].astype(int)


def event_name(event: str, start: bool = False) -> str:
    """Return an event in words; ``start`` for the first words of a sentence."""
    within, first = {
        "buy_again": (_("buying again"), _("Buying again")),
        "label": (_("the given label"), _("The given label")),
        "next_segment": (_("rising to a higher value band"), _("Rising to a higher value band")),
    }[event]
    return first if start else within
