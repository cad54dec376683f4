"""Weights set by hand: popularity against a customer's own history, and what the log says about each setting.

At place s of the slider an option is shown with chance s x popularity + (1 - s) x own history: popularity is the
share of an option's success rate among all options, own history the share of this customer's own successes (the
popularity where there are none). Both are read from the earlier part of the log, and judged on the later part, so
that nothing is judged on the rows it was made from.
"""

from __future__ import annotations

import os
from collections.abc import Callable

import numpy as np
import pandas as pd

from helpers.phases.learning.settings import Settings
from helpers.phases.learning.worth import Worth, forecasts, worth_of


def split(log: pd.DataFrame, settings: Settings) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the earlier part of the log to learn from, and the later part to judge on."""
    at = int(len(log) * (1 - settings.judge_share))
    return log.iloc[:at], log.iloc[at:].reset_index(drop=True)


def popularity(past: pd.DataFrame) -> dict[str, float]:
    """Return each option's share of popularity: its success rate, drawn to the mean, over the sum of all."""
    rates = forecasts(past)
    total = sum(rates.values())
    return {name: rate / total if total else 1 / len(rates) for name, rate in rates.items()}


def mixed(past: pd.DataFrame, now: pd.DataFrame, place: float) -> tuple[np.ndarray, np.ndarray]:
    """Return, per row of the later part, the chance to show its option and the success rate forecast.

    Parameters
    ----------
    past, now : the earlier and the later part of the log.
    place : place of the slider, 0 (own history only) to 1 (popularity only).
    """
    popular, rates = popularity(past), forecasts(past)
    won = past[past["success"] > 0]
    own = won.groupby(["customer_id", "option"]).size()
    mine = own.groupby("customer_id").sum()
    total = now["customer_id"].map(mine).to_numpy(float)
    pairs = pd.MultiIndex.from_frame(now[["customer_id", "option"]])
    hits = own.reindex(pairs).fillna(0).to_numpy(float)
    common = now["option"].map(popular).fillna(0).to_numpy(float)
    known = total > 0
    chance = np.where(known, place * common + (1 - place) * hits / np.where(known, total, 1), common)
    general = sum(popular[name] * rates[name] for name in popular)
    weighed = own * own.index.get_level_values("option").map(rates).to_numpy(float)
    personal = now["customer_id"].map(weighed.groupby("customer_id").sum() / mine).to_numpy(float)
    return chance, np.where(known, place * general + (1 - place) * np.nan_to_num(personal), general)


def slider_worth(log: pd.DataFrame, settings: Settings, seed: int, place: float) -> Worth:
    """Return what one place of the slider would have brought in the later part of the log."""
    past, now = split(log, settings)
    return worth_of(now, *mixed(past, now, place), settings, seed)


def slider_table(log: pd.DataFrame, settings: Settings, seed: int) -> pd.DataFrame:
    """Return one row per place of the slider: place, estimate, low, high (self-normalised), effective, reason."""
    rows = []
    for place in settings.popularity_weights:
        worth = slider_worth(log, settings, seed, place)
        told = worth.snips if worth.known else (float("nan"),) * 3
        rows.append((place, *told, worth.effective, worth.reason))
    return pd.DataFrame(rows, columns=["place", "estimate", "low", "high", "effective", "reason"])


def has_front_end() -> bool:
    """Tell whether this kernel was started by a Jupyter server, which sets this variable, and not by a batch."""
    return bool(os.environ.get("JPY_SESSION_NAME"))


def slider(judge: Callable[[float], object]) -> object | None:
    """Return a slider that shows what the log says of its place; None where there is nobody to move it.

    Parameters
    ----------
    judge : place of the slider to a record that can be shown.
    """
    if not has_front_end():
        return None
    import ipywidgets

    handle = ipywidgets.FloatSlider(value=0.5, min=0, max=1, step=0.05, continuous_update=False)
    return ipywidgets.interactive(judge, place=handle)
