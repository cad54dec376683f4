"""What changed since the last round: sentences first, then the tables."""

from helpers.core.wording import _, day, listing, number, plural
from helpers.phases.changes.result import Changes, GoalChange
from helpers.phases.changes.tables import goal_table, size_table
from helpers.phases.data_maturity.words import dimension, level
from helpers.story import Page, Sentence

SMALL_STEP = 0.05  # a mean level that moved less is not worth a sentence (our convention)


def page(changes: Changes | None) -> Page | Sentence:
    """Return the part "since the last round": sentences and the tables that have rows."""
    if changes is None:
        return Sentence(_("This is the first round: the next one begins by comparing itself with it."))
    tables = [table for table in (goal_table(changes), size_table(changes)) if len(table.frame)]
    return Page([*(Sentence(text) for text in sentences(changes)), *tables])


def sentences(changes: Changes) -> list[str]:
    """Return what changed, most important first: verdict, goals, movement, maturity."""
    opening = _("Compared with the round of {then}.").format(then=day(changes.then))
    candidates = [pilot_sentence(changes), goals_sentence(changes.goals), movement_sentence(changes), maturity_sentence(changes)]
    return [opening, *(sentence for sentence in candidates if sentence)]


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
    known = [goal for goal in goals if goal.then == goal.then and goal.now == goal.now]
    if not known:
        return ""
    parts = [
        (_("reached: {names}"), [goal.name for goal in known if goal.reached]),
        (_("closer to the target: {names}"), [goal.name for goal in known if goal.closer and not goal.reached]),
        (_("not closer: {names}"), [goal.name for goal in known if not goal.closer and not goal.reached]),
    ]
    clauses = [text.format(names=listing(names)) for text, names in parts if names]
    return _("Goals {told}.").format(told="; ".join(clauses))


def movement_sentence(changes: Changes) -> str:
    """Return how many customers rose and fell between the frozen segments."""
    moved = changes.moved
    if not moved:
        return ""
    return _(
        "Between the two rounds {rose} rose to a higher segment and {fell} fell to a lower one; {stayed} stayed, "
        "{came} came in and {went} no longer stand in any. The letters mean what they meant in the first round. Part of it is chance: "
        "between two rounds it is not known how much."
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
    clauses = [text.format(names=listing([_levels(row) for row in frame[mask].itertuples()])) for text, mask in parts if mask.any()]
    if not clauses:
        return _("Data maturity is where it was.")
    return _("Data maturity {told}.").format(told="; ".join(clauses))


def _levels(row) -> str:
    return _("{dimension} ({before} to {now})").format(
        dimension=dimension(row.dimension), before=level(round(row.before, 1)), now=level(round(row.current, 1))
    )
