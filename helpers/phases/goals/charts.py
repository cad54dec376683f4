"""Pictures of phase 1: the funnel with the goals on it, the past of a figure, the business case."""

import textwrap

import pandas as pd

from helpers import charts
from helpers.core.wording import _, listing, money, number, percent
from helpers.phases.goals import words
from helpers.phases.goals.analysis import Goals
from helpers.phases.goals.business_case import SCENARIOS
from helpers.phases.goals.kpis import KpiBook
from helpers.story import Picture

WRAP = 46


def funnel(result: Goals) -> Picture:
    """Return the stages of the funnel, narrowing, with the people counted and the goals on each."""
    stages = result.funnel
    figure, axes = charts.blank(height_inches=0.78 * len(stages) + 0.2)
    axes.set_xlim(0, 10)
    axes.set_ylim(len(stages), 0)
    axes.axis("off")
    for at, row in enumerate(stages.itertuples(index=False)):
        _stage(axes, at, row)
    caption = _("The funnel with your goals on it, and the people counted at each stage")
    alt = " ".join(_stage_sentence(row) for row in stages.itertuples(index=False))
    rows = [
        (words.stage(row.stage), words.stage_count(row.counted), _reached(row), listing(list(row.goals)) if row.goals else "–")
        for row in stages.itertuples(index=False)
    ]
    table = pd.DataFrame(rows, columns=[_("Stage"), _("Counted"), _("People"), _("Goals")])
    return charts.picture(figure, caption, alt, table)


def _stage(axes, at: int, row) -> None:
    # Each band narrows evenly towards the next stage, whatever its count: the numbers say how many.
    half = 2.0 - 0.22 * at
    below = 2.0 - 0.22 * (at + 0.9)
    colour = charts.accent() if row.goals else charts.GREY
    corners = [(2 - half, at), (2 + half, at), (2 + below, at + 0.9), (2 - below, at + 0.9)]
    axes.fill(*zip(*corners, strict=True), color=colour, linewidth=0)
    ink = "white" if row.goals else charts.INK
    axes.text(2, at + 0.28, words.stage(row.stage), ha="center", va="center", color=ink, fontweight="bold")
    axes.text(2, at + 0.62, _reached(row), ha="center", va="center", color=ink)
    label = _shortened(row.goals) if row.goals else _("no goal here")
    level = at + (0.3 if len(row.goals) < 2 else 0.36)
    axes.text(4.25, level, label, ha="left", va="center", color=charts.INK if row.goals else charts.SOFT)
    if row.reached == row.reached and len(row.goals) < 2:
        axes.text(4.25, at + 0.68, words.stage_count(row.counted), ha="left", va="center", color=charts.SOFT, fontsize=9)


def _reached(row) -> str:
    return number(row.reached) if row.reached == row.reached else _("not measured")


def _shortened(goals: tuple[str, ...]) -> str:
    names = [textwrap.shorten(goal, WRAP, placeholder=" …") for goal in goals[:2]]
    if len(goals) > 2:
        names[1] += " " + _("(+ {n})").format(n=number(len(goals) - 2))
    return "\n".join(names)


def _stage_sentence(row) -> str:
    goals = listing(list(row.goals)) if row.goals else _("no goal")
    return _("{stage}: {reached} ({counted}); {goals}.").format(
        stage=words.stage(row.stage), reached=_reached(row), counted=words.stage_count(row.counted), goals=goals
    )


def history(book: KpiBook, name: str = "") -> Picture | None:
    """Return the rolling years of a figure, by default of revenue per customer, or per order where none names one; None below two."""
    name = name or ("order_value" if book.kpi("revenue_per_customer").reason == "no_customers" else "revenue_per_customer")
    past = book.rolling[name].dropna()
    if len(past) < 2:
        return None
    unit = book.kpi(name).unit
    formatter = {"share": percent, "money": money}.get(unit, number)
    caption = _("{kpi}, each time over 12 whole months, by the last month of the twelve").format(kpi=words.kpi(name))
    return charts.lines(past.to_frame(words.kpi(name)), caption=caption, formatter=formatter)


def months(book: KpiBook) -> Picture | None:
    """Return the revenue per month as a line, whole months only; None below two of them."""
    whole = book.monthly[book.monthly["complete"].astype(bool)]
    if len(whole) < 2:
        return None
    label = _("Revenue")
    caption = _("{what} per month, whole months only").format(what=label)
    return charts.lines(whole[["revenue"]].rename(columns={"revenue": label}), caption=caption, formatter=money)


def case(result: Goals) -> Picture | None:
    """Return what the business case brings after cost, low to high; None while it is not answered."""
    if not result.case.answered:
        return None
    names = {"low": _("Low"), "middle": _("Middle"), "high": _("High")}
    caption = _("What the case brings after cost, low, middle and high")
    return charts.bars(
        [names[scenario] for scenario in SCENARIOS],
        [result.case.net[scenario] for scenario in SCENARIOS],
        caption=caption,
        highlight=1,
        formatter=money,
    )
