"""The tables of phase 1 as people read them."""

from __future__ import annotations

import math

import pandas as pd

from helpers.core.wording import _, between, currency_sign, day, money, number, plural
from helpers.phases.goals import words
from helpers.phases.goals.room import Goals
from helpers.story import Table


def kpi_table(result: Goals) -> Table:
    """Return the figures with interval, past and how far each can be read."""
    book = result.book
    rows = [
        {
            "kpi": words.kpi(one.name),
            "now": words.shown(one.name, one.current),
            "range": words.interval(one),
            "past": ""
            if math.isnan(one.history_low)
            else between(words.shown(one.name, one.history_low), words.shown(one.name, one.history_high)),
            "verdict": words.verdict(one),
            "why": words.reason(one, book.facts),
        }
        for one in book.kpis
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
    for one in result.checks:
        kpi = one.goal.kpi
        rows.append(
            {
                "goal": words.goal_name(one),
                "stage": words.stage(one.goal.stage) if one.goal.stage else "–",
                "kpi": words.goal_figure(one.goal),
                "baseline": words.shown(kpi, one.baseline),
                "target": words.shown(kpi, one.goal.target),
                "by": day(one.goal.by) if one.goal.by else "–",
                "owner": one.goal.owner or "–",
                "priority": one.goal.priority,
                "mend": " ".join(words.problem(found, one) for found in one.problems),
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
        texts = {name: words.amount(line.name, getattr(line, name)) for name in ("low", "middle", "high")}
        rows.append({"name": words.assumption(line.name), **texts, "source": origin.get(line.origin, source)})
    if result.case.answered:
        net = {name: money(result.case.net[name]) for name in ("low", "middle", "high")}
        rows.append({"name": _("Brings after cost"), **net, "source": _("computed")})
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
    columns = {
        "question": (_("Question"), "text"),
        "level": (_("Answer"), "text"),
        "note": (_("Why"), "text"),
    }
    return Table(pd.DataFrame(rows), _("Culture and expertise; 0 is not at all, 4 is fully"), columns)
