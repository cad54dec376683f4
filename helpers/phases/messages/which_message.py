"""Which message will probably do best in which group, before the campaign exists.

From past campaigns: response per group and message, drawn towards the message's own overall rate (beta-binomial,
empirical Bayes with the moments of the groups; Casella 1985), with a 95 % interval. "Probably best" needs a chance of
90 % to be the best (our convention); otherwise the two front runners are to be tested, with the size of test that
takes (Fleiss 1981, two shares).
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from helpers.statistics.intervals import beta_interval
from helpers.statistics.power import people_per_group

SURE = 0.9  # chance to be the best from which a message is called so (our convention)
DRAWS = 20_000
USUAL_RATE = 0.05  # response where nothing is known, for the size of a test (our convention)
WEIGHT_LEAST, WEIGHT_MOST = 5.0, 200.0  # contacts that the overall rate counts for (our convention)
WEIGHT_UNKNOWN = 50.0  # with two groups or fewer their spread cannot be told from chance


@dataclass(frozen=True)
class Choice:
    """The answer for one group.

    Parameters
    ----------
    group : the group.
    best, runner_up : the front runner and the runner-up ("" when there is none).
    chance_best : chance (0 to 1) that the front runner really is the best.
    verdict : "probably best", "test these two" or "nobody knows yet".
    per_message : people per message that a test of the two needs.
    """

    group: str
    best: str
    runner_up: str
    chance_best: float
    verdict: str
    per_message: int


def response_rates(campaigns: pd.DataFrame, group: pd.Series, control: str = "") -> pd.DataFrame:
    """Return response per group and message, with shrinkage and interval.

    Parameters
    ----------
    campaigns : canonical table with customer_id, message and responded.
    group : the group per customer, index customer_id; customers without a group are left out.
    control : name of the arm that got nothing, left out.

    Returns
    -------
    group, message, sent, responses, rate, shrunk_rate, low, high (95 %), and weight: how many contacts the overall
    rate counts for.
    """
    answered = campaigns.dropna(subset=["responded", "message"])
    answered = answered[answered["message"] != control]
    contacts = pd.DataFrame(
        {"group": answered["customer_id"].map(group), "message": answered["message"], "responded": answered["responded"].astype(float)}
    ).dropna()
    if contacts.empty:
        return pd.DataFrame(columns=["group", "message", "sent", "responses", "rate", "shrunk_rate", "low", "high", "weight"])
    cells = contacts.groupby(["group", "message"])["responded"].agg(sent="size", responses="sum").reset_index()
    cells["rate"] = cells["responses"] / cells["sent"]
    rates = pd.concat([_shrunk(of_message) for _name, of_message in cells.groupby("message")])
    return rates.sort_values(["group", "message"], ignore_index=True)


def _shrunk(cells: pd.DataFrame) -> pd.DataFrame:
    """Draw the groups' rates of one message towards its overall rate."""
    mean = cells["responses"].sum() / cells["sent"].sum()
    weight = _weight(cells["responses"].to_numpy(), cells["sent"].to_numpy(), mean)
    hits = cells["responses"] + weight * mean
    misses = cells["sent"] - cells["responses"] + weight * (1 - mean)
    # A Beta needs both of its parameters above zero, also where everybody or nobody responded.
    hits, misses = hits.clip(lower=1e-6), misses.clip(lower=1e-6)
    low, high = beta_interval(hits, misses)
    return cells.assign(shrunk_rate=hits / (hits + misses), low=low, high=high, weight=weight)


def _weight(hits: np.ndarray, sent: np.ndarray, mean: float) -> float:
    """How many contacts the overall rate counts for: few when groups really differ, many when they do not."""
    within = mean * (1 - mean)
    if len(hits) < 3 or within == 0:
        return WEIGHT_UNKNOWN
    spread = np.average((hits / sent - mean) ** 2, weights=sent)
    # Part of the spread is chance: what it gives by itself is taken off (method of moments).
    between = spread - within * len(hits) / sent.sum()
    return float(np.clip(within / between - 1, WEIGHT_LEAST, WEIGHT_MOST)) if between > 0 else WEIGHT_MOST


def choices(rates: pd.DataFrame, groups: list[str], seed: int, smallest_gain: float = 0.02) -> tuple[Choice, ...]:
    """Return the answer per group.

    Parameters
    ----------
    rates : from ``response_rates``.
    groups : the groups to answer for.
    seed : of the round.
    smallest_gain : smallest difference in response worth finding, for groups or messages without history.

    """
    return tuple(_choice(rates[rates["group"] == group], str(group), seed, smallest_gain) for group in groups)


def _choice(cells: pd.DataFrame, group: str, seed: int, smallest_gain: float) -> Choice:
    if len(cells) < 2:
        rate = float(cells["shrunk_rate"].iloc[0]) if len(cells) else USUAL_RATE
        only = str(cells["message"].iloc[0]) if len(cells) else ""
        return Choice(group, only, "", float("nan"), "nobody knows yet", people_per_message(rate, rate + smallest_gain))
    cells = cells.sort_values(["shrunk_rate", "message"], ascending=[False, True])
    # The same seed per group: which groups there are does not change the answer for one of them.
    rng = np.random.default_rng(seed)
    hits = cells["shrunk_rate"] * (cells["sent"] + cells["weight"])
    misses = (1 - cells["shrunk_rate"]) * (cells["sent"] + cells["weight"])
    draws = rng.beta(hits.to_numpy(), misses.to_numpy(), size=(DRAWS, len(cells)))
    chance = float((draws.argmax(axis=1) == 0).mean())
    first, second = cells.iloc[0], cells.iloc[1]
    # A test must find what was seen, but nothing smaller than is worth finding.
    gap = max(float(first["shrunk_rate"] - second["shrunk_rate"]), smallest_gain)
    size = people_per_message(float(second["shrunk_rate"]), float(second["shrunk_rate"]) + gap)
    return Choice(group, str(first["message"]), str(second["message"]), chance, verdict_of(chance), size)


def verdict_of(chance_best: float) -> str:
    """Return what a chance to be the best comes to: "probably best" or "test these two"."""
    return "probably best" if chance_best >= SURE else "test these two"


def people_per_message(rate: float, better_rate: float) -> int:
    """Return people per message to tell two response rates apart (Fleiss 1981; level 5 %, power 80 %).

    Parameters
    ----------
    rate, better_rate : the two shares that respond, 0 to 1.

    Raises
    ------
    ValueError : when the rates are equal.
    """
    rate, better_rate = min(max(rate, 1e-4), 0.999), min(max(better_rate, 1e-4), 0.9999)
    if rate == better_rate:
        raise ValueError("two equal rates cannot be told apart by any test")
    return people_per_group(rate, better_rate)
