"""The words of phase 1: names of stages, figures, problems and assumptions in the client's language."""

import math
from collections.abc import Mapping

from helpers.core.results import Verdict
from helpers.core.wording import _, between, day, money, number, percent, plural
from helpers.phases.goals.checks import GoalCheck, GoalProblem
from helpers.phases.goals.kpis import Kpi
from helpers.phases.goals.settings import KPIS, Culture, Goal


def stage(name: str) -> str:
    """Return the name of a stage of the funnel."""
    return {
        "awareness": _("Awareness"),
        "orientation": _("Orientation"),
        "purchase": _("Purchase"),
        "service": _("Service"),
        "retention": _("Retention"),
    }[name]


def stage_count(name: str) -> str:
    """Return what was counted at a stage of the funnel."""
    return {
        "visitors": _("visitors of the web site in 12 months"),
        "known_customers": _("customers and prospects known"),
        "active_customers": _("customers who ordered in 12 months"),
        "repeat_customers": _("of these, who ordered more than once"),
        "customers_in_both_years": _("of these, who also ordered in the year before"),
    }[name]


def kpi(name: str) -> str:
    """Return the name of a KPI."""
    return {
        "active_customers": _("Active customers"),
        "new_customers": _("New customers"),
        "repeat_rate": _("Repeat rate"),
        "revenue": _("Revenue"),
        "orders": _("Orders"),
        "basket_size": _("Lines per order"),
        "revenue_per_customer": _("Revenue per customer"),
        "order_value": _("Order value"),
        "days_between_orders": _("Days between orders"),
        "top_share": _("Share of the top tenth"),
        "conversion": _("Conversion of the web site"),
        "own": _("Own figure"),
    }[name]


def kpi_method(name: str) -> str:
    """Return how a KPI is computed, in one sentence."""
    return {
        "active_customers": _("Customers with at least one order above zero in the 12 months; counted, not estimated."),
        "new_customers": _("Customers whose first order in all the data lies in the 12 months; counted."),
        "repeat_rate": _("Share of active customers with two or more orders in the 12 months."),
        "revenue": _("Sum of all order amounts in the 12 months, credit notes taken off; counted."),
        "revenue_per_customer": _("Revenue of the active customers, divided by their number."),
        "orders": _("Orders with an amount above zero in the 12 months, those without a customer too; counted."),
        "order_value": _(
            "Revenue of the active customers, divided by the number of their orders; of all orders where none names its customer."
        ),
        "basket_size": _("Lines of the 12 months, divided by the orders they belong to."),
        "days_between_orders": _("For each customer with two or more order days the mean days between them; of these the median."),
        "top_share": _("Share of revenue from the tenth of active customers who bring most."),
        "conversion": _("Share of visitors with a conversion in the 12 months."),
    }[name]


def goal_name(check: GoalCheck) -> str:
    """Return the goal's name, or where it stands in client.yml when it has none."""
    return check.goal.name.strip() or check.place


def goal_figure(goal: Goal) -> str:
    """Return the name of the figure a goal is steered on."""
    return goal.own_kpi or kpi("own") if goal.kpi == "own" else kpi(goal.kpi)


def kpi_value(name: str, amount: float | None) -> str:
    """Return a KPI's figure with its unit, as people read it."""
    if amount is None or math.isnan(amount):
        return "–"
    unit = KPIS[name][0] if name in KPIS else ""
    if unit == "share":
        return percent(amount, 1)
    if unit == "money":
        return money(amount)
    if unit == "days":
        return _("{n} days").format(n=number(amount))
    return number(amount, 0 if float(amount).is_integer() else 1)


def kpi_interval(figure: Kpi) -> str:
    """Return the interval of a KPI in words, or why there is none."""
    if not figure.measured:
        return ""
    if math.isnan(figure.low):
        return _("no range below {n}").format(n=number(figure.needed)) if figure.needed else _("counted")
    return between(kpi_value(figure.name, figure.low), kpi_value(figure.name, figure.high))


def kpi_verdict(figure: Kpi) -> Verdict:
    """Return how far a KPI can be read."""
    if not figure.measured:
        return Verdict("not_yet", _("not measurable yet"))
    return Verdict("caution", _("with care")) if figure.reason else Verdict("go", _("measured"))


def kpi_reason(figure: Kpi, facts: Mapping[str, float]) -> str:
    """Return why a KPI is missing or to be read with care; empty when it is sound."""
    return {
        "": "",
        "no_orders": _("There are no orders up to the as-of date."),
        "no_customers": _("No order in the 12 months names its customer."),
        "no_lines": _("There are no order lines in the 12 months."),
        "no_past": _("There is no year before the 12 months, so an old customer would look new."),
        "no_repeat": _("No customer ordered on two days in the 12 months."),
        "long_gaps": _("Gaps that do not fit into the 12 months are not in it, so slower buyers come less often than it says."),
        "few_customers": _("It rests on {n}; a range that holds the truth in 95 of 100 cases needs {needed}.").format(
            n=number(figure.base), needed=number(figure.needed)
        ),
        "no_web_events": _("There are no web events."),
        "no_conversion_event": _("The web events show visits but no conversion (goals.conversion_events)."),
        "short_history": _("The data does not reach back far enough."),
        "stale": _("The last order is {n} days before the as-of date, so the figure may be too low.").format(
            n=number(facts.get("days_since_last_order", math.nan))
        ),
    }[figure.reason]


def problem_sentence(problem: GoalProblem, check: GoalCheck) -> str:
    """Return what to mend about a goal, as a sentence."""
    missing = {
        "no_name": _("It has no name."),
        "no_stage": _("It is not tied to a stage of the funnel."),
        "no_own_kpi": _("No figure is named that would show it is reached."),
        "no_baseline": _("It has no baseline: nobody can say whether it was reached."),
        "no_target": _("It has no target."),
        "no_date": _("It has no date."),
        "no_owner": _("It has no owner."),
    }
    if problem.kind in missing:
        return missing[problem.kind]
    return _problem_with_facts(problem, check.goal)


def _problem_with_facts(problem: GoalProblem, goal: Goal) -> str:
    facts = {name: kpi_value(goal.kpi, fact) for name, fact in problem.facts.items()}
    if problem.kind == "date_past":
        return _("Its date, {date}, has passed.").format(date=day(goal.by) if goal.by else "–")
    if problem.kind == "target_worse":
        return _("Its target of {target} is no better than the {baseline} of today.").format(**facts)
    if problem.kind == "outside_history":
        return _("Its target lies outside what {windows} rolling years have shown: {low} to {high}.").format(
            low=facts["low"], high=facts["high"], windows=number(problem.facts["windows"])
        )
    if problem.kind == "history_too_short":
        return _("The past is too short to say whether the target was ever reached: {years}; three are needed.").format(
            years=plural("{n} rolling year", "{n} rolling years", problem.facts["windows"])
        )
    if problem.kind == "within_noise":
        return _("Its target lies within the uncertainty of today's figure ({low} to {high}): reaching it could be chance.").format(**facts)
    return _("You give {client} as baseline; the orders show {data}.").format(**facts)


def assumption(name: str) -> str:
    """Return the name of an assumption of the business case."""
    return {
        "customers_reached": _("Customers reached in a year"),
        "extra_orders": _("Extra orders per customer reached, in a year"),
        "order_value": _("Net amount of an order"),
        "margin_share": _("Margin, as a share of the order"),
        "cost_once": _("Cost to set it up"),
        "cost_per_year": _("Cost per year"),
    }[name]


def assumption_value(name: str, figure: float) -> str:
    """Return one number of the business case with its unit."""
    if math.isnan(figure):
        return "–"
    if name == "margin_share":
        return percent(figure)
    if name == "extra_orders":
        return number(figure, 3)
    return number(figure) if name == "customers_reached" else money(figure)


def question(name: str) -> str:
    """Return a question on culture or expertise, as client.yml describes it."""
    return _(Culture.model_fields[name].description or name)
