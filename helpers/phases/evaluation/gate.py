"""Whether a pilot can be judged, and what to bring back when it cannot."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from helpers.core.results import Gate, RunContext, Verdict
from helpers.core.wording import _, day, listing, number
from helpers.phases.evaluation.elsewhere import misfits
from helpers.phases.evaluation.people import HOLDOUT, between, outcomes_of
from helpers.phases.evaluation.plan import arm_name, as_date, called
from helpers.phases.evaluation.settings import Settings

# What the client has to bring back, as the canonical table ``outcomes`` names it.
OUTCOME_COLUMNS = ("customer_id", "outcome_date", "outcome", "outcome_amount", "pilot_id")
LEAST_PER_ARM = 2  # a spread can be computed from two people on


def may_we(tables: Mapping[str, pd.DataFrame], settings: Settings, context: RunContext, plan: Mapping[str, Any] | None) -> Gate:
    """Return whether there is a pilot to judge and something to judge it by.

    Parameters
    ----------
    tables : ``assignment`` as written; ``outcomes``, or ``orders`` where the settings say so.
    settings : section ``evaluation`` of client.yml.
    context : the round's date.
    plan : the plan as written with the assignment; None where no pilot was written.
    """
    assignment = tables.get("assignment")
    if tables.get("test_assignment") is not None and plan is None:
        return _closed(settings, *_not_the_test(tables["test_assignment"], settings))
    if plan is None or assignment is None or assignment.empty:
        return _closed(
            settings,
            _("no pilot of an earlier round"),
            _("Nothing was tried on part of the customers yet."),
            _("Write the pilot of this round, send it, and run the next round after its stop date."),
            _("The evolution of the figures in the chapter on goals, which cannot show a cause."),
        )
    # Checked before anything is read: counted twice, a customer would vote for both arms.
    twice = assignment[assignment["customer_id"].duplicated(keep=False)]
    if len(twice):
        arms = listing([arm_name(arm, plan) for arm in sorted(twice["treatment"].unique())])
        return _closed(
            settings,
            _("an assignment in which {n} people stand more than once, in {arms}").format(
                n=number(twice["customer_id"].nunique()), arms=arms
            ),
            _("A customer who stands twice may be both treated and left out."),
            _("One row per customer in the assignment."),
            _("Nothing: the assignment must be right first."),
        )
    if not _came_back(tables, settings, context, plan):
        return _closed(settings, *_without_outcomes(assignment, settings, plan))
    holdout = int((assignment["treatment"] == HOLDOUT).sum())
    if min(holdout, len(assignment) - holdout) < LEAST_PER_ARM:
        return _closed(
            settings,
            _("{n} people left out").format(n=number(holdout)),
            _("Without people on both sides there is nothing to compare with."),
            _("A pilot with a holdout group."),
            _("A count of what the treated people did, which shows no cause."),
        )
    has = _("{pilot} with {n} people").format(pilot=called(plan), n=number(len(assignment)))
    return Gate(Verdict("go", _("can be read")), _needs(settings), has, _("Assignment and outcomes are there."))


def _closed(settings: Settings, has: str, reason: str, unlock: str, instead: str) -> Gate:
    return Gate(Verdict("not_yet", _("not yet")), _needs(settings), has, reason, unlock, instead)


def _table_to_bring_back(settings: Settings) -> tuple[str, str, str]:
    """Return the table that outcomes are read from, its column with the day, and all its columns."""
    if settings.outcomes_from == "orders":
        return "orders", "order_date", "customer_id, order_date, order_amount"
    return "outcomes", "outcome_date", ", ".join(OUTCOME_COLUMNS)


def _needs(settings: Settings) -> str:
    table, _day_column, columns = _table_to_bring_back(settings)
    needs = _("a pilot written in an earlier round or a test made elsewhere, and a table {table} with the columns {columns}")
    return needs.format(table=table, columns=columns)


def _not_the_test(rows: pd.DataFrame, settings: Settings) -> tuple[str, str, str, str]:
    """Return what a test has whose plan does not say which arm is the control, or names what the file does not hold."""
    arms = listing(sorted(rows["arm"].dropna().unique()))
    wrong = " ".join(problem.safe for problem in misfits(settings.test, rows))
    return (
        _("a test made elsewhere, with the arms {arms}").format(arms=arms),
        _("Nothing says which arm got nothing new.") if not wrong else _("What client.yml says of the test is not in its file."),
        wrong or _("Name that arm in evaluation.test.control, and what was planned: metric, ends and shares."),
        _("Nothing: the arms must be known first."),
    )


def _came_back(tables: Mapping[str, pd.DataFrame], settings: Settings, context: RunContext, plan: Mapping[str, Any]) -> bool:
    """Return whether any assigned person has an outcome since the start."""
    events = outcomes_of(tables, settings, plan)
    if events is None:
        return False
    since_start = between(events, as_date(plan["start_date"]), context.as_of)
    return bool(since_start["customer_id"].isin(tables["assignment"]["customer_id"]).any())


def _without_outcomes(assignment: pd.DataFrame, settings: Settings, plan: Mapping[str, Any]) -> tuple[str, str, str, str]:
    """Return what there is, why that is not enough, what to bring back, and what is known all the same."""
    start, stop = as_date(plan["start_date"]), as_date(plan["stop_date"])
    table, day_column, columns = _table_to_bring_back(settings)
    has = _("{pilot}, assigned to {n} people, but no outcome of any of them since {start}")
    unlock = _(
        "Export every order, quote request or download from {start} to {stop} of all people in the assignment, "
        "the ones left out too: one row each, as {table} with {columns} ({when} as 2026-12-31)"
    )
    return (
        has.format(pilot=called(plan), n=number(len(assignment)), start=day(start)),
        _("Without outcomes nobody can say what the pilot did."),
        unlock.format(start=day(start), stop=day(stop), table=table, columns=columns, when=day_column),
        _("The sizes of the two groups and who was in them, in the chapter on the pilot."),
    )


def refusal_heading(gate: Gate, tables: Mapping[str, pd.DataFrame], plan: Mapping[str, Any] | None) -> str:
    """Return the heading of a refusal, as a full sentence that says what is missing.

    Parameters
    ----------
    gate : the closed gate, from ``may_we``; tables, plan : what it was asked about.
    """
    if plan is None and tables.get("test_assignment") is not None:
        return _("There is a test made elsewhere, and it cannot be judged yet: client.yml does not describe it")
    if plan is None or tables.get("assignment") is None or tables["assignment"].empty:
        return _("There is no pilot of an earlier round to judge yet")
    # The gate that names the pilot in what there is, is the one that lacks the outcomes only.
    if gate.has.startswith(called(plan)):
        return _("No outcomes yet for “{pilot}”: bring them back like this").format(pilot=called(plan))
    return _("“{pilot}” cannot be judged as it was written").format(pilot=called(plan))
