"""Tests and pilots in which the arms do equally well, however they were split or lost, and twins with an effect of known size.

The twins have the size at which an effect is found in nine of ten, so that a run of 50 shows whether the size keeps its promise.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from benchmarks.worlds import World, beaten_claims
from helpers.core.results import RunContext
from helpers.phases import evaluation
from helpers.phases.evaluation.verdict import people_to_know
from helpers.statistics.power import needed_z
from tests.support.attrition_worlds import lossy_world
from tests.support.external_tests import AS_OF, external_test, judged

RATE, BETTER, POWER = 0.1, 0.14, 0.9
PEOPLE = people_to_know(RATE, BETTER - RATE, 0.5, power=POWER)
THREE_ARMS = 3 * people_to_know(RATE, BETTER - RATE, 0.5, alpha=0.025, power=POWER) // 2
DEARER, SIGMA = 0.5, 1.0


def claims_anything(result: Any) -> bool:
    """Return whether the first page would hold any claim."""
    differs = result.judgement.kind in ("worked", "harmed", "arms_differ") or any(proposal.segment for proposal in result.proposals)
    return differs or bool(beaten_claims(evaluation.story.finding(result)))


def _equal(seed: int, **keys: Any) -> bool:
    return claims_anything(_judged(seed, keys))


def _worked(seed: int, **keys: Any) -> bool:
    return _judged(seed, {"rates": {"page A": RATE, "page B": BETTER}} | keys).judgement.kind == "worked"


def _judged(seed: int, keys: dict[str, Any]) -> Any:
    declared = {name: keys[name] for name in ("metric",) if name in keys}
    if "planned" in keys:
        declared["shares"] = keys["planned"]
    world = {name: value for name, value in keys.items() if name not in ("metric", "planned")}
    return judged(external_test(seed, **{"people": PEOPLE} | world), **declared)


def _one_arm_worked(seed: int) -> bool:
    rates = {"page A": RATE, "page B": RATE, "page C": BETTER}
    verdicts = judged(external_test(seed, rates=rates, people=THREE_ARMS)).arm_verdicts
    return verdicts["page C"].judgement.kind == "worked" and verdicts["page B"].judgement.kind != "worked"


def _dearer_people() -> int:
    """Return the people at which buyers who spend half as much more are seen, by the variances of both arms."""
    mean, square = RATE * np.exp(4 + SIGMA**2 / 2), RATE * np.exp(8 + 2 * SIGMA**2)
    variances = square - mean**2 + (1 + DEARER) ** 2 * (square - mean**2)
    return int(2 * needed_z(power=POWER) ** 2 * variances / (DEARER * mean) ** 2)


def _chosen(seed: int, better: tuple[float, ...]) -> list[str]:
    """Return the groups that a test of four groups chooses; ``better`` is how the rate of each rises."""
    parts = []
    for group, rise in enumerate(better):
        tables = external_test(seed * len(better) + group, people=PEOPLE, rates={"page A": RATE, "page B": RATE + rise})
        tables["test_assignment"]["group_name"] = f"group {group}"
        parts.append({name: frame.assign(customer_id=f"{group}-" + frame["customer_id"]) for name, frame in tables.items()})
    result = judged({name: pd.concat([part[name] for part in parts], ignore_index=True) for name in parts[0]})
    return [proposal.segment for proposal in result.proposals if proposal.segment]


def _lossy(seed: int, lost: dict[str, float], rise: float = 0.0) -> Any:
    tables = lossy_world(seed, "customer_table", lost, rise=rise)
    plan = {"pilot_id": "p-2026-06-30", "name": "Card", "holdout_share": 0.4, "start_date": "2026-07-01", "stop_date": "2026-08-30"}
    plan |= {"criteria": [{"measure": "conversion_uplift", "at_least": 0.0, "surely": True}], "main_metric": "conversion"}
    return evaluation.evaluate(tables, evaluation.Settings(permutations=999), RunContext(AS_OF.replace(month=12), seed), plan)


DRIFTING = {"shares": (0.5, 0.5), "later_shares": (0.1, 0.9), "later_rate": 2.0, "planned": {"page A": 3, "page B": 7}}
STEADY = DRIFTING | {"shares": (0.3, 0.7), "later_shares": (0.3, 0.7), "people": 2 * PEOPLE}
EVERYWHERE, ONE_GROUP = (BETTER - RATE,) * 4, (0.0, 0.0, 0.0, 2 * (BETTER - RATE))
WORLDS = (
    World("no uplift, conversions", _equal),
    World("an uplift of 4 points on 10 %", _worked, planted=True),
    World("no uplift, revenue with skew 1.5", lambda seed: _equal(seed, metric="revenue", sigma=1.5, people=6000)),
    World(
        "buyers spend half as much more",
        lambda seed: _worked(seed, metric="revenue", sigma=SIGMA, dearer=DEARER, rates=None, people=_dearer_people()),
        planted=True,
    ),
    World("three arms, all equal", lambda seed: _equal(seed, rates={"page A": RATE, "page B": RATE, "page C": RATE}, people=THREE_ARMS)),
    World("three arms, one is better", _one_arm_worked, planted=True),
    World("the split drifts and the later people buy more, no uplift", lambda seed: _equal(seed, **DRIFTING, people=4000)),
    World("the later people buy more, steady split, an uplift", lambda seed: _worked(seed, **STEADY), planted=True),
    World("a fifth of one arm is lost, no uplift", lambda seed: claims_anything(_lossy(seed, {"treated": 0.2}))),
    World(
        "as many are lost of both arms, an uplift",
        lambda seed: _lossy(seed, {"treated": 0.2, "holdout_group": 0.2}, 0.06).judgement.kind == "worked",
        planted=True,
    ),
    World("an uplift that is equal in four groups: a group is chosen", lambda seed: bool(_chosen(seed, EVERYWHERE))),
    World("an uplift in one of four groups: it is chosen", lambda seed: "group 3" in _chosen(seed, ONE_GROUP), planted=True),
)
