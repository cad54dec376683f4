"""Messages that do equally well, and one that does better by as much as the room's own test size promises to find.

python -m benchmarks.worlds.messages prints how often the 95 % ranges hold the truth (the table of docs/simulations.md).
"""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd

from benchmarks.worlds import World, beaten_claims
from helpers.core.results import RunContext
from helpers.phases import messages
from helpers.phases.messages.which_message import people_per_message

AS_OF = date(2026, 6, 30)
DAYS = pd.to_datetime(["2026-02-03", "2026-04-21"])
GROUPS = ("families", "young adults", "companies")
RATE, GAIN = 0.06, 0.02


def history(rates: pd.DataFrame, contacts: int, rng: np.random.Generator) -> pd.DataFrame:
    """Return the campaign list of a client that sends every message on the same two days.

    Parameters
    ----------
    rates : true response, groups × messages.
    contacts : per group and message.
    rng : of the world.
    """
    cells = rates.stack().rename_axis(["group", "message"]).rename("rate").reset_index()
    sent = cells.loc[cells.index.repeat(contacts)].reset_index(drop=True)
    sent["customer_id"] = "c" + sent.index.astype(str)
    sent["sent_date"] = rng.choice(DAYS, size=len(sent))
    sent["responded"] = rng.random(len(sent)) < sent["rate"] * np.where(sent["sent_date"] == DAYS[0], 1.2, 0.8)
    return sent.assign(campaign_id="waves")


def advice(sent: pd.DataFrame, seed: int) -> messages.analysis.Advice:
    """Return what the whole room says of a campaign list."""
    people = sent[["customer_id", "group"]].assign(status="loyal", since=pd.Timestamp(AS_OF), consent=True)
    settings = messages.Settings(rules=[{"message": "a", "channel": "e-mail"}], group_column="kind", smallest_gain=GAIN)
    campaigns = sent.drop(columns=["group", "rate"])
    return messages.advise(people, {"campaigns": campaigns}, settings, RunContext(AS_OF, seed))


def equal(contacts: int, kinds: int = 3, groups: tuple[str, ...] = GROUPS) -> World:
    """Return the world in which every message of a group does as well as any other."""

    def claims(seed: int) -> bool:
        rng = np.random.default_rng([seed, contacts])
        rates = pd.DataFrame({name: rng.permuted(np.linspace(0.03, 0.1, len(groups))) for name in "a"}, index=groups)
        rates = pd.concat([rates["a"].rename(name) for name in "abcde"[:kinds]], axis=1)
        return bool(beaten_claims(messages.story.finding(advice(history(rates, contacts, rng), seed))))

    return World(f"{kinds} equal messages, {len(groups)} groups, {contacts} contacts each", claims)


def better(groups: tuple[str, ...] = GROUPS[:1]) -> World:
    """Return the twin: one message adds the smallest gain that the client wants to find, at the size that a test of two takes."""
    contacts = people_per_message(RATE, RATE + GAIN)

    def claims(seed: int) -> bool:
        rates = pd.DataFrame({"a": RATE, "b": RATE + GAIN}, index=groups)
        claimed = beaten_claims(messages.story.finding(advice(history(rates, contacts, np.random.default_rng(seed)), seed)))
        return any(claim.text.startswith("Send b ") for claim in claimed)

    return World(f"one of two messages better by 2 of 100, {len(groups)} group, {contacts} contacts each", claims, planted=True)


WORLDS = (*(equal(contacts) for contacts in (50, 200, 500, 2000)), equal(500, kinds=2, groups=(*GROUPS, "schools", "shops")), better())


def coverage(contacts: int, spread: float, sets: int = 100) -> tuple[float, float]:
    """Return how often the ranges hold the true response, and which share of cells got one.

    Parameters
    ----------
    contacts : per group and message.
    spread : of the messages' true response within a group, on the log scale; 0 for equal messages.
    sets : worlds.
    """
    holds, given = [], []
    for seed in range(sets):
        rng = np.random.default_rng([seed, contacts, int(100 * spread)])
        base = rng.uniform(0.02, 0.15, size=(len(GROUPS), 1))
        truth = pd.DataFrame(base * np.exp(rng.normal(0, spread, size=(1, 3))), index=GROUPS, columns=list("abc")).sort_index()
        hits = rng.binomial(contacts, truth)
        cells = (
            truth.stack()
            .rename_axis(["group", "message"])
            .rename("rate")
            .reset_index()
            .assign(sent=contacts, responses=hits.ravel(), day=DAYS[0])
        )
        rates = messages.which_message.response_rates(cells, seed)
        shown = rates["low"].notna()
        inside = (rates["low"] <= cells["rate"]) & (cells["rate"] <= rates["high"])
        holds += inside[shown].tolist()
        given += shown.tolist()
    return float(np.mean(holds)) if holds else float("nan"), float(np.mean(given))


if __name__ == "__main__":
    print("| contacts per message | messages | ranges that hold the truth | ranges given |\n|---|---|---|---|")
    for contacts in (50, 200, 500, 2000):
        for spread, words in ((0.0, "equal"), (0.3, "different")):
            held, given = coverage(contacts, spread)
            print(f"| {contacts} | {words} | {100 * held:.1f} % | {100 * given:.0f} % |")
