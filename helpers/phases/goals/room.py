"""Phase 1 as a whole: KPIs, checked goals, business case, culture, and what is not answered yet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from helpers.core.results import RunContext
from helpers.phases.goals.case import Case, business_case
from helpers.phases.goals.checks import GoalCheck, check
from helpers.phases.goals.kpis import KpiBook, kpis
from helpers.phases.goals.settings import STAGES, Culture, Option, Settings

READS = ("orders", "customer_table", "web_events", "outcomes")
CULTURE_QUESTIONS = tuple(name for name in Culture.model_fields if name != "outsourced")


_GOAL_COLUMNS = ("name", "stage", "customer_group", "kpi", "own_kpi", "target", "by", "owner", "priority")
_CHECK_COLUMNS = ("place", "baseline", "baseline_from", "change", "sound", "problems")


@dataclass(frozen=True)
class Goals:
    """What phase 1 found.

    Parameters
    ----------
    book : the KPIs with their history.
    checks : every goal with its baseline and problems, in the order of client.yml.
    case : the business case.
    culture : one row per question: question (key), level (0 to 4, missing when not answered), note.
    outsourced : work that others do for the client.
    options : other ways to spend the money.
    funnel : one row per stage: stage, reached (people counted in the data; missing when not
        measurable), counted (what was counted), goals.
    unanswered : keys of client.yml without an answer.
    """

    book: KpiBook
    checks: tuple[GoalCheck, ...]
    case: Case
    culture: pd.DataFrame
    outsourced: tuple[str, ...]
    options: tuple[Option, ...]
    funnel: pd.DataFrame
    unanswered: tuple[str, ...]

    @property
    def goal_checks(self) -> pd.DataFrame:
        """One row per goal, as later phases read it; ``problems`` are the kinds, divided by spaces."""
        rows = [
            {
                **{key: getattr(one.goal, key) for key in _GOAL_COLUMNS},
                "place": one.place,
                "baseline": one.baseline,
                "baseline_from": one.baseline_from,
                "change": one.change,
                "sound": one.sound,
                "problems": " ".join(problem.kind for problem in one.problems),
            }
            for one in self.checks
        ]
        return pd.DataFrame(rows, columns=[*_GOAL_COLUMNS, *_CHECK_COLUMNS])


def review(tables: Mapping[str, pd.DataFrame], settings: Settings, context: RunContext) -> Goals:
    """Return the whole of phase 1.

    Parameters
    ----------
    tables : mapping of canonical tables (see ``READS``); any may be absent.
    settings : section ``goals`` of client.yml; all keys optional.
    context : as-of date and seed.
    """
    book = kpis(tables, context, settings)
    checks = check(settings.goals, book, context)
    case = business_case(settings.business_case, book)
    answers = [(name, getattr(settings.culture, name)) for name in CULTURE_QUESTIONS]
    culture = pd.DataFrame([{"question": name, "level": answer.level, "note": answer.note} for name, answer in answers]).astype(
        {"level": "Float64"}
    )
    return Goals(
        book,
        checks,
        case,
        culture,
        tuple(settings.culture.outsourced),
        tuple(settings.business_case.other_options),
        _funnel(book, checks),
        _unanswered(settings, case),
    )


def _funnel(book: KpiBook, checks: tuple[GoalCheck, ...]) -> pd.DataFrame:
    facts = book.facts
    visitors = book.conversion.visitors if book.conversion else float("nan")
    active = book.kpi("active_customers").current
    reached = {
        "awareness": (visitors, "visitors"),
        "orientation": (facts["known_customers"] or float("nan"), "known_customers"),
        "purchase": (active, "active_customers"),
        "service": (facts["repeat_customers"] if active == active else float("nan"), "repeat_customers"),
        "retention": (
            # The year before counts only when the data covers all of it.
            facts["customers_in_both_years"] if book.months_of_history >= 24 else float("nan"),
            "customers_in_both_years",
        ),
    }
    rows = []
    for stage in STAGES:
        names = tuple(one.goal.name or one.place for one in checks if one.goal.stage == stage)
        rows.append({"stage": stage, "reached": reached[stage][0], "counted": reached[stage][1], "goals": names})
    return pd.DataFrame(rows)


def _unanswered(settings: Settings, case: Case) -> tuple[str, ...]:
    missing = [] if settings.goals else ["goals.goals"]
    missing += case.missing
    missing += [f"goals.culture.{name}" for name in CULTURE_QUESTIONS if getattr(settings.culture, name).level is None]
    return tuple(missing)
