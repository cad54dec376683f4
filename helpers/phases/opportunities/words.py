"""The words of phase 2: kinds, moments and needs in the client's language, and the reasons of a rank."""

from helpers.core.results import Verdict
from helpers.core.wording import _, listing, number, percent
from helpers.phases.opportunities.ranking import RankedOpportunity

SHOWN = 3


def kind(name: str) -> str:
    """Return the name of a kind of personalisation."""
    return {"content": _("Content"), "campaign_targeting": _("Campaign targeting"), "context": _("Context")}[name]


def moment(name: str) -> str:
    """Return the name of a contact moment."""
    return {
        "awareness": _("Awareness"),
        "orientation": _("Orientation"),
        "purchase": _("Purchase"),
        "service": _("Service"),
        "retention": _("Retention"),
    }[name]


def need(name: str) -> str:
    """Return the name of a customer need (Bain's Elements of Value)."""
    return {
        "functional": _("functional"),
        "emotional": _("emotional"),
        "life_changing": _("life changing"),
        "social_impact": _("social impact"),
    }[name]


def analysis(name: str) -> str:
    """Return the name of an analysis."""
    return {
        "clusters": _("customer groups"),
        "rfm_movement": _("movement between value groups"),
        "personas": _("visitor personas"),
        "potential": _("untapped potential"),
        "predictions": _("predictions per customer"),
        "next_offer": _("next offer"),
        "quotes": _("quotes won and lost"),
    }[name]


def verdict(opportunity: RankedOpportunity) -> Verdict:
    """Return whether an opportunity can be started with the data that is there."""
    if not opportunity.possible:
        return Verdict("not_yet", _("data missing"))
    return Verdict("caution", _("data thin")) if opportunity.thin else Verdict("go", _("can start"))


def field(table: str, column: str) -> str:
    """Return a column as people read it, such as "sector (customers)"."""
    if not column:
        return _("the table “{table}”").format(table=table.replace("_", " "))
    return f"{column.replace('_', ' ')} ({table.replace('_', ' ')})"


def missing_fields(opportunity: RankedOpportunity) -> list[str]:
    """Return what an opportunity lacks; a table of which it lacks every column is named once."""
    lacking: dict[str, list[str]] = {}
    for table, column in opportunity.missing:
        lacking.setdefault(table, []).append(column)
    whole = [table for table, columns in lacking.items() if len(columns) == len(opportunity.entry.tables[table])]
    return [*(field(table, "") for table in whole), *(field(table, column) for table, column in opportunity.missing if table not in whole)]


def reasons(opportunity: RankedOpportunity, goals: int) -> tuple[str, ...]:
    """Return why an opportunity stands where it stands: goals, data, effort and fit."""
    effort = _("Effort {n} of 5.").format(n=number(opportunity.effort))
    fit = _("It fits whom you sell to for {share}.").format(share=percent(opportunity.fit))
    return (_goals(opportunity, goals), _data(opportunity), effort, fit)


def _goals(opportunity: RankedOpportunity, goals: int) -> str:
    if goals == 0:
        return _("Goals are not answered yet, so all opportunities count alike for them.")
    if not opportunity.goals:
        return _("It serves none of your goals directly.")
    names = [f"“{name}”" for name in opportunity.goals]
    return _("It serves {n} of {all} goals: {names}.").format(n=number(len(names)), all=number(goals), names=listing(names))


def _data(opportunity: RankedOpportunity) -> str:
    if opportunity.missing:
        names = missing_fields(opportunity)
        rest = [_("{n} more").format(n=number(len(names) - SHOWN))] if len(names) > SHOWN else []
        return _("Not possible yet; missing: {fields}.").format(fields=listing([*names[:SHOWN], *rest]))
    if opportunity.thin:
        table, column, share = min(opportunity.thin, key=lambda gap: gap[2])
        return _("All data is there, but {field} is filled for only {share}.").format(field=field(table, column), share=percent(share))
    return _("All the data it needs is there.")
