"""Phase 1 as a whole: KPIs, checked goals, business case and culture."""

from collections.abc import Mapping

import pandas as pd

from helpers.core.results import RunContext
from helpers.phases.goals.business_case import business_case
from helpers.phases.goals.checks import GoalCheck, check_goals
from helpers.phases.goals.kpis import KpiBook, kpis
from helpers.phases.goals.result import Goals
from helpers.phases.goals.settings import STAGES, Culture, Settings

READS = ("orders", "order_lines", "customer_table", "web_events", "outcomes")
CULTURE_QUESTIONS = tuple(name for name in Culture.model_fields if name != "outsourced")


def review(tables: Mapping[str, pd.DataFrame], settings: Settings, context: RunContext) -> Goals:
    """Return the whole of phase 1.

    Parameters
    ----------
    tables : mapping of canonical tables (see ``READS``); any may be absent.
    settings : section ``goals`` of client.yml; all keys optional.
    context : as-of date and seed.
    """
    book = kpis(tables, context, settings)
    checks = check_goals(settings.goals, book, context)
    case = business_case(settings.business_case, book)
    answers = [(name, getattr(settings.culture, name)) for name in CULTURE_QUESTIONS]
    culture = pd.DataFrame([{"question": name, "level": answer.level, "note": answer.note} for name, answer in answers]).astype(
        {"level": "Float64"}
    )
    return Goals(
        book=book,
        checks=checks,
        case=case,
        culture=culture,
        options=tuple(settings.business_case.other_options),
        funnel=_funnel(book, checks),
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
            facts["customers_in_both_years"] if book.months_of_history >= 24 and active == active else float("nan"),
            "customers_in_both_years",
        ),
    }
    rows = []
    for stage in STAGES:
        names = tuple(check.goal.name or check.place for check in checks if check.goal.stage == stage)
        rows.append({"stage": stage, "reached": reached[stage][0], "counted": reached[stage][1], "goals": names})
    return pd.DataFrame(rows)
