"""Weights set by hand: popularity against a customer's own history, and what the log says about each setting.

At place s of the slider an option is shown with chance s x popularity + (1 - s) x own history: popularity is the
share of an option's success rate among all options, own history the share of this customer's own successes (the
popularity where there are none). Both are read from the earlier part of the log, and judged on the later part, so
that nothing is judged on the rows it was made from.
"""

import os
from collections.abc import Callable
from importlib.util import find_spec

import numpy as np
import pandas as pd

from helpers.core.wording import _
from helpers.phases.learning.off_policy import NOT_KNOWN, PolicyValue, forecasts, value_of_policy
from helpers.phases.learning.settings import Settings
from helpers.story import Sentence


def split_by_time(log: pd.DataFrame, settings: Settings) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the earlier part of the log to learn from, and the later part to judge on."""
    first_judged = int(len(log) * (1 - settings.judge_share))
    return log.iloc[:first_judged], log.iloc[first_judged:].reset_index(drop=True)


def popularity(past: pd.DataFrame) -> dict[str, float]:
    """Return each option's share of popularity: its success rate, drawn to the mean, over the sum of all."""
    rates = forecasts(past)
    total = sum(rates.values())
    return {name: rate / total if total else 1 / len(rates) for name, rate in rates.items()}


def mixed(past: pd.DataFrame, later: pd.DataFrame, place: float) -> tuple[np.ndarray, np.ndarray]:
    """Return, per row of the later part, the chance to show its option and the success rate forecast.

    Parameters
    ----------
    past, later : the earlier and the later part of the log.
    place : place of the slider, 0 (own history only) to 1 (popularity only).
    """
    popular, rates = popularity(past), forecasts(past)
    # Successes per customer and option, in what came before.
    own = past[past["success"] > 0].groupby(["customer_id", "option"]).size()
    own_total = own.groupby("customer_id").sum()
    total = later["customer_id"].map(own_total).to_numpy(float)
    has_history = total > 0
    pairs = pd.MultiIndex.from_frame(later[["customer_id", "option"]])
    own_count = own.reindex(pairs).fillna(0).to_numpy(float)
    popular_share = later["option"].map(popular).fillna(0).to_numpy(float)
    chance = np.where(has_history, place * popular_share + (1 - place) * own_count / np.where(has_history, total, 1), popular_share)
    # The rate forecast under either way of showing: of all options by popularity, or of the customer's own.
    popular_rate = sum(popular[option] * rates[option] for option in popular)
    own_rates = own * own.index.get_level_values("option").map(rates).to_numpy(float)
    own_rate = later["customer_id"].map(own_rates.groupby("customer_id").sum() / own_total).to_numpy(float)
    return chance, np.where(has_history, place * popular_rate + (1 - place) * np.nan_to_num(own_rate), popular_rate)


def slider_value(log: pd.DataFrame, settings: Settings, seed: int, place: float) -> PolicyValue:
    """Return what one place of the slider would have brought in the later part of the log."""
    past, later = split_by_time(log, settings)
    chance, forecast = mixed(past, later, place)
    return value_of_policy(later, chance, forecast, settings, seed)


def slider_table(log: pd.DataFrame, settings: Settings, seed: int) -> pd.DataFrame:
    """Return one row per place of the slider: place, estimate, low, high (self-normalised), effective, reason."""
    rows = []
    for place in settings.popularity_weights:
        value = slider_value(log, settings, seed, place)
        rows.append((place, *(value.snips if value.known else NOT_KNOWN), value.effective, value.reason))
    return pd.DataFrame(rows, columns=["place", "estimate", "low", "high", "effective", "reason"])


def has_front_end() -> bool:
    """Tell whether this kernel was started by a Jupyter server, which sets this variable, and not by a batch."""
    return bool(os.environ.get("JPY_SESSION_NAME"))


def slider_widget(judge: Callable[[float], object]) -> object | None:
    """Return a slider that shows what the log says of its place, or what it needs; None in a batch, where nobody can move it.

    Parameters
    ----------
    judge : place of the slider to a record that can be shown.
    """
    if not has_front_end():
        return None
    if find_spec("ipywidgets") is None:
        return Sentence(
            _("The slider needs JupyterLab: pip install '….whl[lab]', the wheel with its extra. The table above says the same.")
        )
    import ipywidgets

    handle = ipywidgets.FloatSlider(value=0.5, min=0, max=1, step=0.05, continuous_update=False)
    return ipywidgets.interactive(judge, place=handle)
