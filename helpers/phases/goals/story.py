"""What phase 1 says: where the client stands, what is wrong with the goals, what it would bring."""

import math

import pandas as pd

from helpers.core.results import Action, Finding, KeyFigure, Verdict
from helpers.core.wording import _, between, day, listing, money, month, number, percent, plural
from helpers.phases.goals import words
from helpers.phases.goals.analysis import Goals
from helpers.phases.goals.kpis import KpiBook
from helpers.story import Actions, Answer, HowSure, Sentence

# The next where the one before cannot be measured: without customers, what the orders themselves tell.
FIRST = ("active_customers", "repeat_rate", "revenue_per_customer")
OF_ORDERS = ("orders", "revenue", "order_value", "basket_size")


def headline(result: Goals) -> str:
    """Return the finding of phase 1 as one sentence with its number."""
    active = result.book.kpi("active_customers")
    if not result.checks and _unnamed(result.book):
        return _("{n} orders in the last 12 months, none of which names its customer; no goals are answered yet").format(
            n=number(result.book.kpi("orders").current)
        )
    if not result.checks and not active.measured:
        return _("No goals are answered yet, and there are no orders to compute figures from")
    if not result.checks:
        return _("{n} customers ordered in the last 12 months; no goals are answered yet").format(
            n=words.kpi_value("active_customers", active.current)
        )
    sound = sum(check.sound for check in result.checks)
    return _("{sound} of {all} goals can be steered on today").format(sound=number(sound), all=number(len(result.checks)))


def answer(result: Goals) -> Answer:
    """Return the chapter's answer: the heading and the sentences under it."""
    return Answer(headline(result), why(result), _verdict(result))


def why(result: Goals) -> tuple[str, ...]:
    """Return the two or three sentences that support the headline."""
    sentences = [_standing(result.book)] if result.book.kpi("active_customers").measured or _unnamed(result.book) else []
    broken = [check for check in result.checks if not check.sound]
    if broken:
        first = broken[0]
        sentences.append(
            _("To mend first, in the goal “{goal}”: {problem}").format(
                goal=words.goal_name(first), problem=words.problem_sentence(first.problems[0], first)
            )
        )
    if not result.checks:
        sentences.append(_("Goals are not answered yet: add them under goals.goals in client.yml."))
    return tuple(sentences)


def sentences(result: Goals) -> tuple[Sentence, ...]:
    """Return the sentences that read the figures, the past, the goals, the case and the culture."""
    return tuple(Sentence(text) for text in (past(result.book), season(result.book), goals(result), case(result), culture(result)) if text)


def _standing(book: KpiBook) -> str:
    repeat, revenue = book.kpi("repeat_rate"), book.kpi("revenue_per_customer")
    if _unnamed(book):
        value = book.kpi("order_value")
        return _("In the 12 months up to {day} an order was worth {each} on average ({range}); who bought again cannot be counted.").format(
            day=day(book.window_end), each=words.kpi_value("order_value", value.current), range=words.kpi_interval(value)
        )
    if not repeat.measured:
        return _("There is no order in the last 12 months.")
    return _(
        "In the 12 months up to {day}, {share} of the active customers ordered more than once, "
        "and a customer brought {each} on average ({range})."
    ).format(
        day=day(book.window_end),
        share=words.kpi_value("repeat_rate", repeat.current),
        each=words.kpi_value("revenue_per_customer", revenue.current),
        range=words.kpi_interval(revenue),
    )


def _unnamed(book: KpiBook) -> bool:
    return book.kpi("active_customers").reason == "no_customers"


def past(book: KpiBook) -> str:
    """Return what the rolling years have shown, for the first figure that has a range."""
    for name in (*FIRST, *OF_ORDERS):
        kpi = book.kpi(name)
        if not math.isnan(kpi.history_low):
            return _("Over {n} rolling years, “{kpi}” lay from {low} to {high}; now it is {now}.").format(
                n=number(kpi.windows),
                kpi=words.kpi(name),
                low=words.kpi_value(name, kpi.history_low),
                high=words.kpi_value(name, kpi.history_high),
                now=words.kpi_value(name, kpi.current),
            )
    if not book.months_of_history:
        return ""
    return _("The orders reach back {months}: too short for a range of rolling years, which needs 14 whole months.").format(
        months=plural("{n} month", "{n} months", book.months_of_history)
    )


def season(book: KpiBook) -> str:
    """Return what the season does, or how much history would tell."""
    if book.seasonality.empty:
        if not book.months_of_history:
            return ""
        return _("The season cannot be told from so short a past: that needs 24 whole months.")
    index = book.seasonality["index"]
    years = int(book.seasonality["years"].min())
    best, worst = (pd.Timestamp(2024, int(calendar_month), 1) for calendar_month in (index.idxmax(), index.idxmin()))
    return _("{high} brings {more} of an average month, {low} {less}; each rests on {years}.").format(
        high=_month_name(best),
        more=percent(index.max()),
        low=_month_name(worst),
        less=percent(index.min()),
        years=plural("{n} year", "{n} years", years),
    )


def _month_name(first_day: pd.Timestamp) -> str:
    """Return a calendar month without its year: a season belongs to no year."""
    return month(first_day).replace(str(first_day.year), "").strip()


def goals(result: Goals) -> str:
    """Return how many goals have something to mend."""
    if not result.checks:
        return ""
    problems = [problem for check in result.checks for problem in check.problems]
    if not problems:
        return _("Every goal has a baseline, a target that history has shown, a date and an owner.")
    touched = sum(bool(check.problems) for check in result.checks)
    return _("Goals with something to look at: {n} of {all}; {points}, {serious} of them to mend first.").format(
        n=number(touched),
        all=number(len(result.checks)),
        points=plural("{n} point", "{n} points", len(problems)),
        serious=number(sum(problem.serious for problem in problems)),
    )


def case(result: Goals) -> str:
    """Return what the business case says, or which assumptions it still needs."""
    outcome = result.case
    if outcome.missing:
        return _("The business case is not answered yet; still needed in client.yml: {keys}.").format(keys=listing(outcome.missing))
    total = _("Over {years}, the case brings {range} after cost, {middle} as expected.").format(
        years=plural("{n} year", "{n} years", outcome.years),
        range=between(money(outcome.net["low"]), money(outcome.net["high"])),
        middle=money(outcome.net["middle"]),
    )
    first = outcome.swing.iloc[0]
    widest = _("“{name}” decides most: between its low and high lie {swing}.").format(
        name=words.assumption(first["assumption"]), swing=money(first["swing"])
    )
    return f"{total} {widest}"


def culture(result: Goals) -> str:
    """Return what the culture questions say, or how to answer them."""
    answered = result.culture.dropna(subset=["level"])
    if answered.empty:
        return _("The questions on culture and expertise are not answered yet: fill in goals.culture in client.yml.")
    lowest = answered.sort_values("level", kind="stable").iloc[0]
    return _("{n} of {all} questions on culture are answered; lowest, {level} of 4: {question}").format(
        n=number(len(answered)), all=number(len(result.culture)), level=number(lowest["level"]), question=words.question(lowest["question"])
    )


def how_sure(result: Goals) -> HowSure:
    """Return how the figures were computed and what they cannot tell."""
    facts = result.book.facts
    limits = [
        _("Orders without a customer count only in the revenue: {n}, {share} of the revenue of the 12 months.").format(
            n=number(facts["orders_without_customer"]), share=percent(facts["revenue_share_without_customer"], 1)
        ),
        _("Rows left out for lack of a readable date up to the as-of date: {n}.").format(n=number(facts["undated_rows"])),
        _("Months not covered from begin to end, and so not compared: {n}.").format(n=number(facts["partial_months"])),
    ]
    method = [words.kpi(kpi.name) + ": " + words.kpi_method(kpi.name) for kpi in result.book.kpis]
    checks = [
        _("Intervals of 95 %: of amounts with Hall’s correction for a few large ones, of shares by Wilson; too few customers have none."),
        _("Counts and sums are what happened in the 12 months and have no interval."),
        _("Seasons: each month against the centred mean of 12 months, median per calendar month."),
    ]
    return HowSure({_("Method"): method, _("Checks"): checks, _("Limits"): limits})


def finding(result: Goals) -> Finding:
    """Return the record that the summary, the report and the next round read."""
    return Finding(headline(result), why(result), _verdict(result), _figures(result), tuple(actions(result).actions), rank=5)


def _verdict(result: Goals) -> Verdict:
    if not result.checks:
        return Verdict("not_yet", _("not answered yet"))
    if all(check.sound for check in result.checks):
        return Verdict("go", _("goals are sound"))
    return Verdict("caution", _("goals to mend"))


def _figures(result: Goals) -> tuple[KeyFigure, ...]:
    first = OF_ORDERS if _unnamed(result.book) else FIRST
    measured = [result.book.kpi(name) for name in first if result.book.kpi(name).measured]
    return tuple(
        KeyFigure(words.kpi_value(kpi.name, kpi.current), words.kpi(kpi.name), words.kpi_interval(kpi), rank=4 + place)
        for place, kpi in enumerate(measured)
    )


def actions(result: Goals) -> Actions:
    """Return what to do with it."""
    if not result.checks:
        text = _("Write down one to three goals, each with figure, target, date and owner (goals.goals in client.yml).")
        return Actions([Action(text, _("certain"), _("before the next phase"), rank=3)])
    serious = [(check, problem) for check in result.checks for problem in check.problems if problem.serious]
    steps = [
        _("Mend the goal “{goal}”: {problem}").format(goal=words.goal_name(check), problem=words.problem_sentence(problem, check))
        for check, problem in serious[:3]
    ]
    return Actions([Action(step, _("certain"), _("before the pilot"), rank=4) for step in steps])
