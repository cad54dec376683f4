"""Which message will probably do best in which group, before the campaign exists.

From past campaigns: response per group and message. The best guess is drawn towards the group's other messages
(``posterior.py``); the 95 % interval rests on the message's own contacts (Jeffreys; Brown, Cai and DasGupta 2001) and is
refused where there are too few contacts or mailing
days for it to hold (``mailing_days.py``). "Probably best" needs a chance of 90 % to be the best (our
convention) and a lead over the runner-up that beats chance: the two are compared within the days on which both went out,
since a good day is no good message. Testing the best against the runner-up, both sides, keeps the level for any number of
messages (Gutmann and Maymin 1987); the p-values of several groups are corrected (Holm 1979). Otherwise the two front runners
are to be tested, with the size of test that takes (Fleiss 1981, two shares).
"""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from scipy.stats import beta, t

from helpers.core.results import Chance
from helpers.core.wording import _
from helpers.phases.messages.mailing_days import DayEffect, day_effect
from helpers.phases.messages.posterior import DRAWS, draw_rates
from helpers.statistics.intervals import level_of
from helpers.statistics.nulls import against_chance
from helpers.statistics.power import people_per_group
from helpers.statistics.resampling import holm

SURE = 0.9  # chance to be the best from which a message is called so (our convention)
DEALS = 1999  # how often the responses are dealt again
USUAL_RATE = 0.05  # response where nothing is known, for the size of a test (our convention)
# With fewer contacts the coverage of any interval of a share jumps with the rate, from 88 to 99 % (docs/simulations.md). The border
# looks at contacts and not at responses: ranges given only where many responded would hold less often than they say.
LEAST_CONTACTS = 100
# A little more than the customary 80 %: counted responses and the correction for several groups cost some of it.
POWER = 0.85
_RATES = ["group", "message", "sent", "responses", "rate", "shrunk_rate", "low", "high", "chance_best"]


@dataclass(frozen=True)
class Choice:
    """The answer for one group.

    Parameters
    ----------
    group : the group.
    best, runner_up : the front runner and the runner-up ("" when there is none).
    chance_best : chance (0 to 1) that the front runner really is the best.
    verdict : "probably best", "test these two", "never on one day" (the two cannot be compared) or "nobody knows yet".
    per_message : people per message that a test of the two needs.
    chance : the lead over the runner-up (share of contacts) beside what chance alone would give; None where the two never
        went out on the same day.
    """

    group: str
    best: str
    runner_up: str
    chance_best: float
    verdict: str
    per_message: int
    chance: Chance | None = None


def responses_per_day(campaigns: pd.DataFrame, group: pd.Series | str, control: str = "") -> pd.DataFrame:
    """Return what was sent and what came back, per group, message and day.

    Parameters
    ----------
    campaigns : canonical table with customer_id, message, sent_date and responded.
    group : the group per customer, index customer_id (customers without one are left out), or one name for everybody.
    control : name of the arm that got nothing, left out.

    Returns
    -------
    group, message, day, sent, responses.
    """
    answered = campaigns.dropna(subset=["responded", "message"])
    answered = answered[answered["message"] != control]
    named = answered["customer_id"].map(group) if isinstance(group, pd.Series) else group
    day = pd.to_datetime(answered["sent_date"]).dt.normalize()
    contacts = answered.assign(group=named, day=day, responded=answered["responded"].astype(float)).dropna(subset=["group"])
    return contacts.groupby(["group", "message", "day"])["responded"].agg(sent="size", responses="sum").reset_index()


def response_rates(per_day: pd.DataFrame, seed: int) -> pd.DataFrame:
    """Return response per group and message, with shrinkage, interval and chance to be the best.

    Parameters
    ----------
    per_day : from ``responses_per_day``.
    seed : of the round.

    Returns
    -------
    group, message, sent, responses, rate, shrunk_rate, low and high (95 %; NaN where there are too few contacts for an
    interval that holds), and chance_best: that no other message does better in the group.
    """
    if per_day.empty:
        return pd.DataFrame(columns=_RATES)
    cells = per_day.groupby(["group", "message"])[["sent", "responses"]].sum()
    wide = cells.unstack("message", fill_value=0)
    sent, responses = (wide[name].to_numpy(dtype=float) for name in ("sent", "responses"))
    effect = day_effect(per_day)
    draws = np.where(sent > 0, draw_rates(responses / effect.compared, sent / effect.compared, np.random.default_rng(seed)), -1.0)
    best = (draws.argmax(axis=2)[:, :, None] == np.arange(sent.shape[1])).mean(axis=0)
    shares = [pd.DataFrame(part, wide.index, wide["sent"].columns).stack() for part in (draws.mean(axis=0), best)]
    rates = cells.assign(rate=cells["responses"] / cells["sent"], shrunk_rate=shares[0], chance_best=shares[1]).reset_index()
    return rates.assign(**_interval(rates, effect))[_RATES]


def _interval(rates: pd.DataFrame, effect: DayEffect) -> dict[str, pd.Series]:
    """Return low and high of each share from what its own contacts are worth, NaN where these or the mailing days are too few."""
    misses = rates["sent"] - rates["responses"]
    # The days' spread is estimated too, hence the quantile of t.
    level = level_of(float(t.ppf(0.975, max(effect.degrees, 1))))
    low, high = (beta.ppf(end, rates["responses"] / effect.own + 0.5, misses / effect.own + 0.5) for end in (level / 2, 1 - level / 2))
    # Where nobody or everybody responded, the interval reaches to the end (Brown, Cai and DasGupta 2001).
    low, high = np.where(rates["responses"] > 0, low, 0.0), np.where(misses > 0, high, 1.0)
    holds = (rates["sent"] >= LEAST_CONTACTS) & effect.known
    return {"low": pd.Series(low).where(holds), "high": pd.Series(high).where(holds)}


def choices(per_day: pd.DataFrame, rates: pd.DataFrame, groups: list[str], seed: int, smallest_gain: float = 0.02) -> tuple[Choice, ...]:
    """Return the answer per group.

    Parameters
    ----------
    per_day : from ``responses_per_day``.
    rates : from ``response_rates``.
    groups : the groups to answer for.
    seed : of the round.
    smallest_gain : smallest difference in response worth finding, for groups or messages without history.
    """
    spread = float(np.sqrt(day_effect(per_day).compared)) if len(per_day) else 1.0
    races = [
        _race(rates[rates["group"] == group], per_day[per_day["group"] == group], group, seed, smallest_gain, spread) for group in groups
    ]
    corrected = holm([race.chance.p_value if race.chance else float("nan") for race in races])
    return tuple(_judged(race, p_value) for race, p_value in zip(races, corrected, strict=True))


def _race(cells: pd.DataFrame, per_day: pd.DataFrame, group: str, seed: int, smallest_gain: float, spread: float) -> Choice:
    """Return a group's front runner and runner-up, not judged yet."""
    if len(cells) < 2:
        rate = float(cells["shrunk_rate"].iloc[0]) if len(cells) else USUAL_RATE
        only = str(cells["message"].iloc[0]) if len(cells) else ""
        return Choice(group, only, "", float("nan"), "nobody knows yet", people_per_message(rate, rate + smallest_gain))
    first, second = (row for _index, row in cells.sort_values(["shrunk_rate", "message"], ascending=[False, True]).head(2).iterrows())
    # A test must find what was seen, but nothing smaller than is worth finding.
    gap = max(float(first["shrunk_rate"] - second["shrunk_rate"]), smallest_gain)
    size = people_per_message(float(second["shrunk_rate"]), float(second["shrunk_rate"]) + gap)
    best, other = str(first["message"]), str(second["message"])
    chance = lead_against_chance(per_day, best, other, seed, spread)
    # No number of draws makes anything certain.
    chance_best = min(float(first["chance_best"]), 1 - 1 / DRAWS)
    return Choice(group, best, other, chance_best, "never on one day", size, chance)


def _judged(race: Choice, p_value: float) -> Choice:
    """Return the race with its verdict; ``p_value`` is corrected for all groups."""
    if race.chance is None:
        return race
    chance = replace(race.chance, p_value=p_value)
    return replace(race, chance=chance, verdict=verdict_of(race.chance_best, chance.beaten))


def lead_against_chance(per_day: pd.DataFrame, best: str, other: str, seed: int, spread: float = 1.0) -> Chance | None:
    """Return the lead of one message over another beside what chance alone would give, day by day.

    Parameters
    ----------
    per_day : of one group, from ``responses_per_day``.
    best, other : the two messages.
    seed : of the round.
    spread : times that leads vary more than single contacts would, from day to day.

    Returns
    -------
    The difference in response, weighted over the days on which both went out (Mantel and Haenszel 1959), against the same
    figure with each day's responses dealt to the two again; None where there is no such day.
    """
    days = per_day.pivot(index="day", columns="message", values=["sent", "responses"])
    both = days.loc[:, [(what, name) for what in ("sent", "responses") for name in (best, other)]].dropna()
    if both.empty:
        return None
    sent, other_sent, hits, other_hits = both.to_numpy(dtype=int).T
    together, back = sent + other_sent, hits + other_hits
    weight = sent * other_sent / together
    dealt = np.random.default_rng(seed).hypergeometric(back, together - back, sent, size=(DEALS, len(both)))
    leads = [((one / sent - (back - one) / other_sent) * weight).sum(axis=-1) / weight.sum() for one in (hits, dealt)]
    # Either message could have come out ahead, so chance counts whichever way its lead goes.
    how = _("The responses of each day were dealt to the two messages again.")
    return against_chance(float(leads[0]), np.abs(leads[1]) * spread, how=how)


def verdict_of(chance_best: float, beats_chance: bool) -> str:
    """Return what a chance to be the best, and a lead that does or does not beat chance, come to."""
    return "probably best" if chance_best >= SURE and beats_chance else "test these two"


def people_per_message(rate: float, better_rate: float) -> int:
    """Return people per message to tell two response rates apart (Fleiss 1981; level 5 %, power 85 %).

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
    return people_per_group(rate, better_rate, power=POWER)
