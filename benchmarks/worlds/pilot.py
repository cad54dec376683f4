"""Pilots: an effect that is the same in every segment, twins with one that is not, and groups that were chosen by their orders.

python -m benchmarks.worlds.pilot prints the real power of the sizes that a pilot asks for (the table of docs/simulations.md).
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial

import numpy as np
import pandas as pd

from benchmarks.worlds import World
from helpers.core.results import RunContext
from helpers.phases import evaluation, pilot
from helpers.phases.pilot.power import people_needed
from helpers.sources.customers import customer_table
from helpers.statistics.intervals import newcombe
from helpers.statistics.power import arcsine_effect, needed_z

START = date(2026, 3, 1)
DAYS = 60
SIZES = (2_400, 1_600, 1_200, 800)
PLAN = {
    "pilot_id": "p-2026-02-15",
    "start_date": START.isoformat(),
    "stop_date": (START + timedelta(days=DAYS)).isoformat(),
    "look_dates": [(START + timedelta(days=DAYS)).isoformat()],
    "alpha": 0.05,
    "main_metric": "conversion",
    "criteria": [{"measure": "conversion_uplift", "at_least": 0.0, "at_most": None, "surely": True}],
    "guard_metrics": [],
    "variants": ["treated"],
}


def names_a_segment(base: np.ndarray, rise: np.ndarray, holdout_share: float, seed: int, segment: str = "") -> bool:
    """Return whether the verdict names a segment for the next round; with ``segment``, whether it names this one.

    Parameters
    ----------
    base, rise : share that converts anyway, and what the treatment adds, per segment (of ``SIZES`` people).
    """
    rng = np.random.default_rng(seed)
    place = np.repeat(np.arange(len(SIZES)), SIZES)
    treated = rng.random(len(place)) >= holdout_share
    converted = np.flatnonzero(rng.random(len(place)) < base[place] + rise[place] * treated)
    ids = np.array([f"c{number:05d}" for number in range(len(place))])
    assignment = pd.DataFrame(
        {
            "pilot_id": PLAN["pilot_id"],
            "customer_id": ids,
            "stratum": "all",
            "group_name": np.array(["a", "b", "c", "d"])[place],
            "treatment": np.where(treated, "treated", "holdout_group"),
        }
    )
    when = pd.Timestamp(START) + pd.to_timedelta(rng.integers(0, DAYS, len(converted)), "D")
    outcomes = pd.DataFrame({"customer_id": ids[converted], "outcome_date": when, "outcome": "order"})
    plan = PLAN | {"holdout_share": holdout_share}
    tables = {"assignment": assignment, "outcomes": outcomes}
    context = RunContext(START + timedelta(days=DAYS + 30), seed)
    result = evaluation.evaluate(tables, evaluation.Settings(permutations=999), context, plan)
    named = {proposal.segment for proposal in result.proposals} - {""}
    return segment in named if segment else bool(named)


def states_a_wrong_pace(chosen: str, seed: int) -> bool:
    """Return whether the plan's base rate is out by more than chance gives, for a group chosen by its last order.

    Everybody orders by chance at a rate of their own, so what they do next is known: the share that orders in the window after.
    """
    rng = np.random.default_rng(seed)
    count, days, window = 3_000, 800, 60
    as_of = START + timedelta(days=days - 1)
    own = 0.01 * rng.gamma(1.5, 1 / 1.5, (count, 1))
    who, day = np.nonzero(rng.random((count, days + window)) < own)
    past, ids = day < days, np.array([f"c{number:04d}" for number in range(count)])
    orders = pd.DataFrame({"customer_id": ids[who], "order_date": pd.Timestamp(START) + pd.to_timedelta(day, "D"), "order_amount": 10.0})
    orders = orders[past].reset_index(drop=True).rename_axis("order_id").reset_index().astype({"order_id": str})
    table = customer_table({"orders": orders}, as_of).assign(consent=True)
    groups = table[["customer_id"]].assign(group=0, group_name=np.where(table["recency_days"] > 120, "asleep", "lately"))
    settings = pilot.Settings(groups=(chosen,), days=window)
    plan = pilot.make({"customer_table": table, "groups": groups, "orders": orders}, settings, RunContext(as_of, seed)).plan
    ordering = set(ids[who[~past]])
    members = groups.loc[groups["group_name"] == chosen, "customer_id"]
    truth = float(members.isin(ordering).mean())
    error = np.sqrt(truth * (1 - truth) * (1 / len(members) + 1 / plan.base_people)) if plan.base_people else np.inf
    return bool(abs(plan.base_rate - truth) > 2.58 * error)


FLAT, MIXED = np.full(4, 0.1), np.array([0.05, 0.1, 0.15, 0.25])
NULL = {
    "no effect": (FLAT, np.zeros(4)),
    "an effect equal in points": (FLAT, np.full(4, 0.04)),
    "an effect equal in points, rates differ": (MIXED, np.full(4, 0.04)),
    "an effect equal in per cent, rates differ": (MIXED, 0.3 * MIXED),
}
TWINS = {
    "one segment gains 12 points, the others none": (FLAT, np.array([0.0, 0.12, 0.0, 0.0]), "b"),
    "one segment gains 14 points, the others 3": (FLAT, np.array([0.03, 0.14, 0.03, 0.03]), "b"),
    "one segment loses 10 points, the others gain 4": (np.full(4, 0.2), np.array([0.04, -0.1, 0.04, 0.04]), "b"),
}
WORLDS = [
    World(f"{name}, {share:.0%} left out", partial(names_a_segment, base, rise, share))
    for name, (base, rise) in NULL.items()
    for share in (0.1, 0.5)
]
WORLDS += [World(f"the pace of a group chosen by its orders: {name}", partial(states_a_wrong_pace, name)) for name in ("asleep", "lately")]
WORLDS += [
    World(f"{name}, 50% left out", partial(names_a_segment, base, rise, 0.5, segment=segment), planted=True)
    for name, (base, rise, segment) in TWINS.items()
]


def main() -> None:
    """Print how often a pilot of the size asked for sees the rise hoped for, and what the textbook's size would have given."""
    rng, pilots = np.random.default_rng(17), 40_000
    print("| left out | base rate | rise | people, textbook | real power | people asked for | growth | real power |")
    print("|--:|--:|--:|--:|--:|--:|--:|--:|")
    for share in (0.1, 0.3, 0.5):
        for base, rise in ((0.02, 0.2), (0.02, 1.0), (0.05, 0.2), (0.1, 0.2), (0.1, 0.5), (0.3, 0.2)):
            textbook = int(np.ceil((needed_z() / arcsine_effect(base * (1 + rise), base)) ** 2 * (1 / share + 1 / (1 - share))))
            sizes = (textbook, people_needed(base, rise, holdout_share=share))
            powers = [_power(people, share, base, rise, pilots, rng) for people in sizes]
            print(
                f"| {share:.0%} | {base:.0%} | {rise:.0%} | {sizes[0]:,} | {powers[0]:.1%} | {sizes[1]:,} "
                f"| {sizes[1] / sizes[0] - 1:+.1%} | {powers[1]:.1%} |"
            )


def _power(people: int, share: float, base: float, rise: float, pilots: int, rng: np.random.Generator) -> float:
    holdout = round(people * share)
    treated = people - holdout
    hits, other_hits = rng.binomial(treated, base * (1 + rise), pilots), rng.binomial(holdout, base, pilots)
    low, _high = newcombe(hits, np.full(pilots, treated), other_hits, np.full(pilots, holdout))
    return float((low > 0).mean())


if __name__ == "__main__":
    main()
