"""The tables of phase 1 as people read them."""

import math

import pandas as pd

from helpers.core.wording import _, between, currency_sign, day, money, number, plural
from helpers.phases.goals import words
from helpers.phases.goals.analysis import Goals
from helpers.story import Table
from helpers.story.tables import MISSING


def kpi_table(result: Goals) -> Table:
    """Return the figures with interval, past and how far each can be read."""
    book = result.book
    rows = [
        {
            "kpi": words.kpi(kpi.name),
            "now": words.kpi_value(kpi.name, kpi.current),
            "range": words.kpi_interval(kpi),
            "past": ""
            if math.isnan(kpi.history_low)
            else between(words.kpi_value(kpi.name, kpi.history_low), words.kpi_value(kpi.name, kpi.history_high)),
            "verdict": words.kpi_verdict(kpi),
            "why": words.kpi_reason(kpi, book.facts),
        }
        for kpi in book.kpis
    ]
    caption = _("Figures of the 12 months up to {day}").format(day=day(book.window_end))
    columns = {
        "kpi": (_("Figure"), "text"),
        "now": (_("Now"), "text"),
        "range": (_("95 % interval"), "text"),
        "past": (_("Lowest to highest rolling year"), "text"),
        "verdict": (_("Can be read"), "verdict"),
        "why": (_("Why"), "text"),
    }
    return Table(pd.DataFrame(rows), caption, columns)


def goal_table(result: Goals) -> Table:
    """Return the goals with baseline, target and what to mend."""
    rows = []
    for check in result.checks:
        kpi = check.goal.kpi
        rows.append(
            {
                "goal": words.goal_name(check),
                "stage": words.stage(check.goal.stage) if check.goal.stage else "–",
                "kpi": words.goal_figure(check.goal),
                "baseline": words.kpi_value(kpi, check.baseline),
                "target": words.kpi_value(kpi, check.goal.target),
                "by": day(check.goal.by) if check.goal.by else "–",
                "owner": check.goal.owner or "–",
                "priority": check.goal.priority,
                "mend": " ".join(words.problem_sentence(problem, check) for problem in check.problems),
            }
        )
    columns = {
        "goal": (_("Goal"), "text"),
        "stage": (_("Stage"), "text"),
        "kpi": (_("Figure"), "text"),
        "baseline": (_("Baseline"), "text"),
        "target": (_("Target"), "text"),
        "by": (_("By"), "text"),
        "owner": (_("Owner"), "text"),
        "priority": (_("Priority, 5 is most"), "number"),
        "mend": (_("To look at"), "note"),
    }
    return Table(pd.DataFrame(rows, columns=list(columns)), _("Goals, held against the data"), columns)


def case_table(result: Goals) -> Table:
    """Return the assumptions of the business case with where each comes from."""
    origin = {"data": _("measured in your orders"), "missing": _("not answered yet")}
    rows = []
    for line in result.case.lines:
        source = line.source or _("no source given")
        texts = {name: words.assumption_value(line.name, getattr(line, name)) for name in ("low", "middle", "high")}
        rows.append({"name": words.assumption(line.name), **texts, "source": origin.get(line.origin, source)})
    if result.case.answered:
        net = {name: money(result.case.net[name]) for name in ("low", "middle", "high")}
        rows.append({"name": _("Brings after cost"), **net, "source": _("computed")})
    for option in result.options:
        brings = MISSING if option.net_per_year is None else money(option.net_per_year * result.case.years)
        name = _("Instead, after cost: {option}").format(option=option.name or _("not named yet"))
        rows.append({"name": name, "low": MISSING, "middle": brings, "high": MISSING, "source": option.source or _("no source given")})
    columns = {
        "name": (_("Assumption"), "text"),
        "low": (_("Low"), "text"),
        "middle": (_("Middle"), "text"),
        "high": (_("High"), "text"),
        "source": (_("Where it comes from"), "text"),
    }
    caption = _("Business case over {years}, in {currency}").format(
        years=plural("{n} year", "{n} years", result.case.years), currency=currency_sign()
    )
    return Table(pd.DataFrame(rows), caption, columns)


def culture_table(result: Goals) -> Table:
    """Return the questions on culture and expertise with their answers."""
    rows = [
        {
            "question": words.question(row.question),
            "level": _("not answered yet") if pd.isna(row.level) else _("{n} of 4").format(n=number(row.level)),
            "note": row.note,
        }
        for row in result.culture.itertuples()
    ]
    columns = {"question": (_("Question"), "text"), "level": (_("Answer"), "text"), "note": (_("Why"), "text")}
    return Table(pd.DataFrame(rows), _("Culture and expertise; 0 is not at all, 4 is fully"), columns)
