"""A/B tests that another tool ran, with a known truth: an effect or none, an outlier, a lopsided split, people in two arms …"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from helpers.core.results import Refusal, RunContext
from helpers.phases import evaluation

START, END, AS_OF = date(2026, 3, 2), date(2026, 3, 29), date(2026, 4, 30)
PLANNED = {
    "control": "page A",
    "metric": "conversion",
    "starts": START,
    "ends": END,
    "shares": "equal",
    "contact_cost": 0,
    "everybody_counted": True,
}
Tables = dict[str, pd.DataFrame]


def external_test(
    seed: int,
    *,
    rates: dict[str, float] | None = None,
    people: int = 4000,
    shares: tuple[float, ...] | None = None,
    later_shares: tuple[float, ...] | None = None,
    later_rate: float = 1.0,
    dearer: float = 0.0,
    sigma: float = 0.7,
) -> Tables:
    """Return ``test_assignment`` and ``outcomes`` of a test whose people came in over its first two weeks.

    Parameters
    ----------
    rates : share that converts per arm, the control "page A" first; without it no arm has an effect.
    people : in all arms together.
    shares : with which people fall to the arms; equal without it.
    later_shares : with which people of the second week fall to the arms; as in the first without it.
    later_rate : how much more often people of the second week convert, in all arms, as 0.3 for three in ten of it.
    dearer : how much more the buyers of the other arms spend, as 0.5 for half as much again.
    sigma : standard deviation of the logarithm of an amount.
    """
    rng = np.random.default_rng(seed)
    rates = rates or {"page A": 0.1, "page B": 0.1}
    arms = np.array(list(rates))
    first = shares or tuple([1 / len(arms)] * len(arms))
    drawn = rng.choice(len(arms), people, p=first)
    ids = np.array([f"v{number:06d}" for number in rng.permutation(people)])
    assigned = pd.Timestamp(START) + pd.to_timedelta(rng.integers(0, 14 * 86_400, people), "s")
    is_later = np.asarray(assigned >= pd.Timestamp(START) + pd.Timedelta(days=7))
    drawn = np.where(is_later, rng.choice(len(arms), people, p=later_shares), drawn) if later_shares else drawn
    bought = rng.random(people) < np.array(list(rates.values()))[drawn] * np.where(is_later, later_rate, 1)
    amounts = rng.lognormal(4, sigma, people) * np.where(drawn > 0, 1 + dearer, 1)
    later = assigned[bought] + pd.to_timedelta(rng.integers(60, 13 * 86_400, bought.sum()), "s")
    assignment = pd.DataFrame({"test_id": "CHECKOUT", "customer_id": ids, "arm": arms[drawn], "assigned_time": assigned})
    outcomes = pd.DataFrame(
        {"customer_id": ids[bought], "outcome_date": later, "outcome": "order", "outcome_amount": amounts[bought].round(2)}
    )
    return {"test_assignment": assignment, "outcomes": outcomes}


def with_earlier_outcomes(tables: Tables, arm: str, count: int = 300) -> Tables:
    """Return a test in which people of one arm also bought an hour before they were put in it."""
    early = tables["test_assignment"].query("arm == @arm").head(count)
    rows = pd.DataFrame(
        {
            "customer_id": early["customer_id"],
            "outcome_date": early["assigned_time"] - pd.Timedelta(hours=1),
            "outcome": "order",
            "outcome_amount": 50.0,
        }
    )
    return tables | {"outcomes": pd.concat([tables["outcomes"], rows], ignore_index=True)}


def with_outlier(tables: Tables, arm: str, amount: float) -> Tables:
    """Return a test in which one buyer of an arm spent so much."""
    outcomes = tables["outcomes"].copy()
    buyers = outcomes["customer_id"].isin(tables["test_assignment"].query("arm == @arm")["customer_id"])
    outcomes.loc[outcomes.index[buyers][0], "outcome_amount"] = amount
    return tables | {"outcomes": outcomes}


def with_rows_again(tables: Tables, count: int, other_arm: str = "") -> Tables:
    """Return a test in which people stand a second time a day later, in the same arm or in another one."""
    again = tables["test_assignment"].query("arm != @other_arm").head(count)
    again = again.assign(assigned_time=again["assigned_time"] + pd.Timedelta(days=1), **({"arm": other_arm} if other_arm else {}))
    return tables | {"test_assignment": pd.concat([tables["test_assignment"], again], ignore_index=True)}


def judged(tables: Tables, as_of: date = AS_OF, plan: dict | None = None, settings: dict | None = None, **test: Any) -> Any:
    """Return what the evaluation says of a test; the keys are those of ``evaluation.test``, over ``PLANNED``."""
    keys = {"test": {**PLANNED, **test}, "permutations": 999, **(settings or {})}
    return evaluation.evaluate(tables, evaluation.Settings.model_validate(keys), RunContext(as_of, 7), plan)


def words(result: Any) -> str:
    """Return all that is said of a result or refusal, as one text."""
    story = evaluation.story
    if isinstance(result, Refusal):
        return "\n".join((result.heading, result.gate.has, result.gate.reason, result.gate.unlock, result.gate.needs))
    records = [story.answer(result), evaluation.tables.arms_table(result), evaluation.tables.criteria_table(result), story.actions(result)]
    records += [evaluation.certainty.how_sure(result), evaluation.charts.rates(result), story.segments_sentence(result)]
    records += [story.arms_sentence(result)]
    return "\n".join(record.to_text() for record in records if record)


def write_client(folder: Path, tables: Tables, test: str, more: str = "") -> Path:
    """Write a test and its outcomes as a client's exports, with client.yml; ``test`` holds the keys of evaluation.test."""
    folder.mkdir(parents=True, exist_ok=True)
    tables["test_assignment"].to_csv(folder / "assignment.csv", index=False, date_format="%Y-%m-%d %H:%M:%S")
    tables["outcomes"].to_csv(folder / "outcomes.csv", index=False, date_format="%Y-%m-%d %H:%M:%S")
    stamp = '"%Y-%m-%d %H:%M:%S"'
    (folder / "client.yml").write_text(
        f"as_of: {AS_OF}\nsources:\n"
        "  - {table: test_assignment, file: assignment.csv, delimiter: ',', date_format: "
        + stamp
        + ", columns: {test_id: test_id, customer_id: customer_id, "
        "arm: arm, assigned_time: assigned_time}}\n"
        "  - {table: outcomes, file: outcomes.csv, delimiter: ',', decimal: '.', date_format: "
        + stamp
        + ", columns: {customer_id: customer_id, outcome_date: outcome_date, "
        f"outcome: outcome, outcome_amount: outcome_amount}}}}\n{more}evaluation:\n  permutations: 999\n  test: {test}\n",
        encoding="utf-8",
    )
    return folder


def with_visits(tables: Tables, lost: dict[str, float] | None = None, seed: int = 1, share: float = 1.0) -> Tables:
    """Return a test in which everybody, or a share, also has a row "visit"; of some arms a share of the people lost all rows."""
    rng = np.random.default_rng([seed, 3])
    people = tables["test_assignment"]
    visits = pd.DataFrame({"customer_id": people["customer_id"], "outcome_date": people["assigned_time"], "outcome": "visit"})
    rows = pd.concat([tables["outcomes"], visits[rng.random(len(people)) < share].assign(outcome_amount=0.0)], ignore_index=True)
    return without_rows(tables | {"outcomes": rows}, lost or {}, seed)


def without_rows(tables: Tables, lost: dict[str, float], seed: int = 1) -> Tables:
    """Return a test of whose arms a share of the people lost all their outcomes."""
    people = tables["test_assignment"]
    gone = np.random.default_rng([seed, 2]).random(len(people)) < people["arm"].map(lost).fillna(0.0)
    return tables | {"outcomes": tables["outcomes"][~tables["outcomes"]["customer_id"].isin(people.loc[gone, "customer_id"])]}


def with_kind_of_one_arm(tables: Tables, arm: str, kind: str = "delivered", share: float = 0.97) -> Tables:
    """Return a test in which most people of one arm have a row of a kind that the other arms cannot have."""
    people = tables["test_assignment"].query("arm == @arm")
    rows = people.head(int(share * len(people)))
    rows = pd.DataFrame({"customer_id": rows["customer_id"], "outcome_date": rows["assigned_time"], "outcome": kind, "outcome_amount": 0.0})
    return tables | {"outcomes": pd.concat([tables["outcomes"], rows], ignore_index=True)}
