"""A test that another tool drew and ran, in the form of a pilot of our own: the same functions then judge both.

What was not written down before the start is no plan: such a test is described, and no claim is tested on it, since nobody
can rule out that it was looked at until it looked good, or that another figure would have been chosen.
"""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any

import pandas as pd

from helpers.core.errors import Problem, did_you_mean
from helpers.core.wording import _, listing, number
from helpers.phases.evaluation.people import HOLDOUT
from helpers.phases.evaluation.settings import Settings, Test

# Fewer or more people than planned are worth a sentence from this share on (our convention).
OFF_PLAN = 0.1


def misfits(test: Test, rows: pd.DataFrame | None) -> Iterator[Problem]:
    """Yield where the declared test is not the one in the file.

    Parameters
    ----------
    test : ``evaluation.test`` of client.yml.
    rows : the table test_assignment, or its distinct rows; None where no source fills it.
    """
    if not test.control:
        return
    if rows is None:
        yield _problem("control", test.control, "a source of the table test_assignment", "It says who was in which arm.")
        return
    tests = sorted(rows["test_id"].dropna().unique()) if "test_id" in rows else []
    if test.test_id not in tests and (test.test_id or len(tests) > 1):
        yield _problem("test_id", test.test_id, f"one of the {len(tests)} tests in test_assignment", did_you_mean(test.test_id, tests))
        return
    rows, shares = _of_test(rows, test), _declared_shares(test)
    arms = sorted(rows["arm"].dropna().unique())
    for key, arm in [("control", test.control), ("compare", test.compare), *((f"shares.{arm}", arm) for arm in shares)]:
        if arm and arm not in arms:
            yield _problem(key, arm, "an arm in test_assignment", did_you_mean(arm, arms))
    if test.compare == test.control:
        yield _problem("compare", test.compare, "another arm than the control")
    if HOLDOUT in arms and test.control != HOLDOUT:
        yield _problem("control", test.control, f"{HOLDOUT}, which is our name for it", "Name that arm otherwise in the file.")
    if shares and not set(arms) <= set(shares):
        yield _problem("shares", "", "the share of every arm", f"Add {', '.join(sorted(set(arms) - set(shares)))}.")
    if test.starts is None and ("assigned_time" not in rows or rows["assigned_time"].isna().all()):
        yield _problem("starts", "", "the first day that counts", "The file does not say when people were assigned.")


def _problem(key: str, got: str, expected: str, fix: str = "") -> Problem:
    return Problem("client.yml", f"key evaluation.test.{key}", got, expected, fix)


def as_pilot(
    tables: Mapping[str, pd.DataFrame], settings: Settings, as_of: date
) -> tuple[dict[str, pd.DataFrame], dict[str, Any], tuple[str, ...]] | None:
    """Return a test made elsewhere as a pilot of our own.

    Parameters
    ----------
    tables : ``test_assignment``, and what else an evaluation reads.
    settings : section ``evaluation`` of client.yml, with its ``test``.
    as_of : the round's date; nobody assigned later is in the test yet.

    Returns
    -------
    The tables with an ``assignment``, the plan, and sentences on what was done; None where no test is declared, or it is not the one
    in the file (see ``misfits``).
    """
    test = settings.test
    if not test.control or any(misfits(test, tables.get("test_assignment"))):
        return None
    rows = _of_test(tables["test_assignment"], test)
    rows = rows.assign(assigned_time=pd.to_datetime(rows["assigned_time"] if "assigned_time" in rows else pd.NaT))
    rows = rows[rows["assigned_time"].isna() | (rows["assigned_time"].dt.normalize() <= pd.Timestamp(as_of))]
    people = rows.sort_values("assigned_time", kind="stable").drop_duplicates(["customer_id", "arm"])
    people = people.assign(treatment=people["arm"].replace(test.control, HOLDOUT), stratum="")
    plan = _plan(test, people, as_of)
    if plan["pilot_id"]:
        people = people.assign(pilot_id=plan["pilot_id"])
    together = {**tables, "assignment": people.drop(columns=["arm", "test_id"], errors="ignore").reset_index(drop=True)}
    if "exposures" in tables and "treatment" in tables["exposures"]:
        shown = tables["exposures"]
        together["exposures"] = shown.assign(treatment=shown["treatment"].replace(test.control, HOLDOUT))
    return together, plan, tuple(_notes(test, rows, people))


def _of_test(rows: pd.DataFrame, test: Test) -> pd.DataFrame:
    return rows[rows["test_id"] == test.test_id] if test.test_id and "test_id" in rows else rows


def _declared_shares(test: Test) -> dict[str, float]:
    return test.shares if isinstance(test.shares, dict) else {}


def _plan(test: Test, people: pd.DataFrame, as_of: date) -> dict[str, Any]:
    """Return what was declared, under the names that the plan of a pilot has."""
    start = test.starts or people["assigned_time"].fillna(pd.Timestamp(as_of)).min().date()
    stop = test.ends or max(as_of, start)
    ids = people["test_id"].dropna() if "test_id" in people else pd.Series([], dtype="str")
    arms = [arm for arm in sorted(people["arm"].unique()) if arm != test.control]
    deciding = [test.compare] if test.compare else arms
    shares = _declared_shares(test) or dict.fromkeys([test.control, *arms], 1 / (1 + len(arms)))
    unknown_cost = test.contact_cost is None and test.fixed_cost is None
    free = not unknown_cost and not (test.contact_cost or test.fixed_cost)
    main = "revenue_per_person" if test.metric == "revenue" else "conversion_uplift"
    measures = {main: True} if free else {main: True, "net_money": False}
    return {
        "pilot_id": test.test_id or (str(ids.iloc[0]) if len(ids) else ""),
        "name": test.test_id or _("{arms} against {control}").format(arms=listing(deciding), control=test.control),
        "control": test.control,
        "compare": test.compare,
        "arms": listing(deciding),
        "main_metric": test.metric or "conversion",
        "days_to_convert": test.days_to_convert,
        "start_date": start,
        "stop_date": stop,
        "look_dates": [start + timedelta(days=round((stop - start).days * look / test.looks)) for look in range(1, test.looks + 1)],
        "shares": {HOLDOUT if arm == test.control else arm: share for arm, share in shares.items()},
        "shares_declared": test.shares is not None,
        "holdout_share": shares[test.control] / (shares[test.control] + sum(shares[arm] for arm in deciding)),
        "undeclared": [key for key in ("metric", "ends") if not getattr(test, key)],
        "contact_cost": float("nan") if unknown_cost else test.contact_cost or 0.0,
        "fixed_cost": test.fixed_cost,
        "margin_share": test.margin_share,
        "margin_assumed": "margin_share" not in test.model_fields_set,
        "hoped_rise": test.hoped_rise,
        "everybody_counted": test.everybody_counted,
        "criteria": [{"measure": name, "at_least": 0.0, "surely": surely} for name, surely in measures.items()],
    }


def _notes(test: Test, rows: pd.DataFrame, people: pd.DataFrame) -> Iterator[str]:
    """Yield what was done with the file, and how it compares with the size that was planned."""
    again = len(rows) - len(people)
    if again:
        yield _("{n} rows named a person again in the same arm; everybody counts once, from the first time on.").format(n=number(again))
    if test.people and abs(len(people) / test.people - 1) > OFF_PLAN:
        text = _(
            "{n} people are in the test, {planned} were planned; a test that ends sooner or later than planned may have been looked at."
        )
        yield text.format(n=number(len(people)), planned=number(test.people))
