"""What changed since the last round, told: sentences first, then the figures."""

from __future__ import annotations

import pandas as pd

from helpers.core.results import Verdict
from helpers.core.wording import _, day, listing, number, plural
from helpers.phases.changes.compare import Changes, GoalChange
from helpers.phases.data_maturity.words import dimension, level
from helpers.phases.goals.words import shown
from helpers.story import Page, Sentence, Table

SMALL_STEP = 0.05  # a mean level that moved less is not worth a sentence (our convention)


def page(changes: Changes | None) -> Page | Sentence:
    """Return the part "since the last round": sentences and the tables that have rows."""
    if changes is None:
        return Sentence(_("This is the first round: the next one begins by comparing itself with it."))
    tables = [one for one in (goal_table(changes), size_table(changes)) if len(one.frame)]
    return Page([Sentence(text) for text in sentences(changes)] + tables)


def sentences(changes: Changes) -> list[str]:
    """Return what changed, most important first: verdict, goals, movement, maturity."""
    opening = _("Compared with the round of {then}.").format(then=day(changes.then))
    told = [
        pilot_sentence(changes),
        goals_sentence(changes.goals),
        movement_sentence(changes),
        maturity_sentence(changes),
    ]
    return [opening, *(one for one in told if one)]


def pilot_sentence(changes: Changes) -> str:
    """Return what came of the last round's pilot; empty where it had none."""
    if changes.pilot is None:
        return ""
    if changes.verdict is None:
        return _("The pilot {name} of that round cannot be judged yet: no outcomes were brought back.").format(name=changes.pilot["name"])
    decision = {"go": _("go"), "no_go": _("no-go"), "wait": _("wait")}.get(changes.verdict.get("decision", ""), "")
    headline = str(changes.verdict["headline"]).rstrip(".")
    if not decision:
        return _("The pilot of that round was judged: {headline}.").format(headline=headline)
    return _("The pilot of that round was judged: {headline}. By the criteria set before it: {decision}.").format(
        headline=headline, decision=decision
    )


def goals_sentence(goals: tuple[GoalChange, ...]) -> str:
    """Return which goals are reached, moved closer or moved away; empty without goals that can be compared."""
    known = [one for one in goals if one.then == one.then and one.now == one.now]
    if not known:
        return ""
    parts = [
        (_("reached: {names}"), [one.name for one in known if one.reached]),
        (_("closer to the target: {names}"), [one.name for one in known if one.closer and not one.reached]),
        (_("not closer: {names}"), [one.name for one in known if not one.closer and not one.reached]),
    ]
    told = [text.format(names=listing(names)) for text, names in parts if names]
    return _("Goals {told}.").format(told="; ".join(told))


def movement_sentence(changes: Changes) -> str:
    """Return how many customers rose and fell between the frozen segments."""
    moved = changes.moved
    if not moved:
        return ""
    return _(
        "Between the two rounds {rose} rose to a higher segment and {fell} fell to a lower one; {stayed} stayed, "
        "{came} came in and {went} no longer stand in any. The letters mean what they meant in the first round."
    ).format(
        rose=plural("{n} customer", "{n} customers", moved["rose"]),
        fell=number(moved["fell"]),
        stayed=number(moved["stayed"]),
        came=number(moved["came"]),
        went=number(moved["went"]),
    )


def maturity_sentence(changes: Changes) -> str:
    """Return which dimensions of data maturity rose or fell."""
    frame = changes.maturity
    if frame.empty:
        return ""
    step = frame["current"] - frame["before"]
    parts = [(_("rose: {names}"), step >= SMALL_STEP), (_("fell: {names}"), step <= -SMALL_STEP)]
    told = [text.format(names=listing([_levels(row) for row in frame[mask].itertuples()])) for text, mask in parts if mask.any()]
    if not told:
        return _("Data maturity is where it was.")
    return _("Data maturity {told}.").format(told="; ".join(told))


def _levels(row) -> str:
    return _("{dimension} ({before} to {now})").format(
        dimension=dimension(row.dimension), before=level(round(row.before, 1)), now=level(round(row.current, 1))
    )


def goal_table(changes: Changes) -> Table:
    """Return every goal: the figure then, now, and its target."""
    rows = [
        (one.name, shown(one.kpi, one.then), shown(one.kpi, one.now), shown(one.kpi, one.target), _verdict(one)) for one in changes.goals
    ]
    frame = pd.DataFrame(rows, columns=["goal", "then", "now", "target", "verdict"])
    return Table(
        frame,
        _("Goals: the figure in the last round, in this one, and the target"),
        {
            "goal": (_("Goal"), "text"),
            "then": (_("Last round"), "text"),
            "now": (_("This round"), "text"),
            "target": (_("Target"), "text"),
            "verdict": (_("Judgement"), "verdict"),
        },
    )


def _verdict(one: GoalChange) -> Verdict:
    if one.now != one.now:
        return Verdict("not_yet", _("not measured"))
    if one.reached:
        return Verdict("go", _("reached"))
    return Verdict("caution", _("closer")) if one.closer else Verdict("not_yet", _("not closer"))


def size_table(changes: Changes) -> Table:
    """Return the customers per segment, on the frozen card, in both rounds."""
    return Table(
        changes.segments.assign(change=changes.segments["current"] - changes.segments["before"]),
        _("Customers per segment in the last round and in this one, by the same card"),
        {
            "segment": (_("Segment"), "text"),
            "before": (_("Last round"), "number"),
            "current": (_("This round"), "number"),
            "change": (_("Change"), "number"),
        },
    )
