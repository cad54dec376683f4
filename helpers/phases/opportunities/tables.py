"""The tables of phase 2 as people read them."""

import pandas as pd

from helpers.core.wording import _, listing
from helpers.phases.opportunities import words
from helpers.phases.opportunities.analysis import Choice, Opportunities
from helpers.story import Table


def ranking_table(result: Opportunities) -> Table:
    """Return the ranking with its parts and the reasons in words."""
    rows = [
        {
            "place": opportunity.place,
            "title": _(opportunity.entry.title),
            "kind": words.kind(opportunity.entry.kind),
            "moments": listing([words.moment(name) for name in opportunity.entry.moments]),
            "contribution": opportunity.contribution,
            "data": opportunity.data,
            "effort": opportunity.effort,
            "verdict": words.verdict(opportunity),
            "why": " ".join(words.reasons(opportunity, result.goals)[:2]),
        }
        for opportunity in result.ranking
    ]
    columns = {
        "place": (_("Rank"), "number"),
        "title": (_("Opportunity"), "text"),
        "verdict": (_("Today"), "verdict"),
        "kind": (_("Kind"), "text"),
        "moments": (_("Contact moment"), "text"),
        "contribution": (_("Contribution to goals"), "percent"),
        "data": (_("Data there"), "percent"),
        "effort": (_("Effort, 1 to 5"), "number"),
        "why": (_("Why"), "note"),
    }
    place = result.choice.place - 1 if result.choice else None
    return Table(pd.DataFrame(rows, columns=list(columns)), _("Opportunities, best first"), columns, highlight=place)


def choice_table(choice: Choice) -> Table:
    """Return the chosen use case as phases 4 to 6 will read it."""
    facts = {
        _("Kind"): words.kind(choice.kind),
        _("Contact moment"): listing([words.moment(name) for name in choice.moments]),
        _("Channel"): listing([_(name) for name in choice.channels]),
        _("Need it serves"): words.need(choice.need),
        _("Analyses it uses"): listing([words.analysis(name) for name in choice.analyses]) or _("none"),
        _("First small test"): _(choice.pilot),
        _("Judged on"): _(choice.metric),
        _("Chosen by"): _("proposal, not chosen yet") if choice.by == "proposal" else choice.who or _("the client"),
    }
    frame = pd.DataFrame({"what": list(facts), "is": list(facts.values())})
    columns = {"what": (_("What"), "text"), "is": (_("The use case"), "text")}
    return Table(frame, _("The one use case: {title}").format(title=_(choice.title)), columns)
