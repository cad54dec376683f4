"""What phase 4 says: which analyses may be done on this client's data, in which order, and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from helpers.core.results import Action, Finding, KeyFigure
from helpers.core.wording import _, listing, number, percent, plural
from helpers.phases.choice_of_analyses.overview import Overview
from helpers.phases.choice_of_analyses.ranking import Offer, to_frame
from helpers.phases.choice_of_analyses.readings import concentration
from helpers.story import Answer, HowSure, Page, Sentence, Table

NAMED = 3  # more names than this make no heading


def answer(offers: Sequence[Offer], seen: Overview) -> Answer:
    """Say which analyses may run, in the heading."""
    return Answer(heading(offers), (concentration(seen).text,))


def heading(offers: Sequence[Offer]) -> str:
    """Return how many of the analyses this data carries, by name while there are few."""
    analyses = [offer for offer in offers if not offer.is_test]
    open_ = [offer.title for offer in analyses if not offer.gate.closed]
    careful = _counts(offers)["caution"]
    if not open_:
        return _("No analysis can be trusted on this data yet")
    if len(open_) == len(analyses):
        text = _all_of_them(open_)
    elif len(open_) <= NAMED:
        text = _("Your data carries {open} of {all} analyses: {names}").format(
            open=number(len(open_)), all=number(len(analyses)), names=listing(open_)
        )
    else:
        text = _("Your data carries {open} of {all} analyses").format(open=number(len(open_)), all=number(len(analyses)))
    return text if not careful else _("{carries}, {n} with care").format(carries=text, n=number(careful))


def _all_of_them(titles: Sequence[str]) -> str:
    if len(titles) == 1:
        return _("Your data carries the analysis {name}").format(name=titles[0])
    return _("Your data carries all {n} analyses").format(n=number(len(titles)))


def gate_table(offers: Sequence[Offer]) -> Table:
    """Show every analysis with its verdict, what it needs, what is there, and what would be seen."""
    frame = to_frame(offers)
    frame["because"] = [because(offer) for offer in offers]
    columns = {
        "analysis": (_("Analysis"), "text"),
        "verdict": (_("May we?"), "verdict"),
        "because": (_("What speaks for it"), "text"),
        "has": (_("You have"), "text"),
        "unlock": (_("What unlocks it"), "text"),
        "needs": (_("It needs"), "note"),
        "detectable": (_("What would be seen on your data"), "note"),
        "instead": (_("Allowed now"), "note"),
    }
    caption = _("The analyses of this workbook, in the order in which they make sense for you")
    return Table(frame, caption, columns, first=len(frame))


def because(offer: Offer) -> str:
    """Say what speaks for an analysis, in this client's own terms."""
    if offer.wanted_by == "client":
        return _("You asked for it.")
    if offer.wanted_by == "use case":
        return _("The chosen use case needs it.")
    if offer.goals:
        return _("It helps your goal: {goal}.").format(goal=offer.goals[0])
    if offer.is_test:
        return _("Every use case is tried on a part of the customers first.")
    return _("No goal points to it yet.")


def order_sentence(offers: Sequence[Offer]) -> Sentence:
    """Say which analysis comes first and why, and which wanted one must wait."""
    analyses = [offer for offer in offers if not offer.is_test]
    first = next((offer for offer in analyses if not offer.gate.closed), None)
    waiting = [offer for offer in analyses if offer.gate.closed and offer.wanted_by in ("client", "use case")]
    parts = []
    if first is not None:
        why = because(first) if first.wanted_by else _("It may run, and no goal points to another yet.")
        parts.append(_("Start with {title}. {why}").format(title=first.title, why=why))
    parts += [
        _("{title} was wanted but must wait: {unlock}.").format(title=one.title, unlock=one.gate.unlock.rstrip(".")) for one in waiting
    ]
    return Sentence(" ".join(parts) or _("No analysis can start, and none was asked for."))


def gate_sentence(offers: Sequence[Offer]) -> Page:
    """Say what is allowed now for the analyses that must wait, one sentence each."""
    waiting = [offer for offer in offers if offer.gate.closed and offer.gate.instead]
    if not waiting:
        return Page([Sentence(_("Nothing has to wait: every analysis says in its own chapter how sure it is."))])
    return Page([Sentence(_("Instead of {title}: {instead}").format(title=one.title, instead=one.gate.instead)) for one in waiting])


def how_sure(offers: Sequence[Offer], seen: Overview) -> HowSure:
    """Explain how the verdicts and pictures came about."""
    method = [
        _(
            "Each analysis judges this client's own data before it runs, by the same code that runs it, so a verdict "
            "here and the chapter of that analysis can never disagree."
        ),
        _(
            "What would be seen is tried, not assumed: customers are drawn again and the analysis is repeated on a "
            "part of them. The A/B test is a power computation with this client's own list and pace of orders."
        ),
        _("Order: what may run first; then what you asked for, what the chosen use case needs, and what helps your goals most."),
    ]
    limits = (
        _("The last {n} days are an unfinished month and are left out of the monthly pictures.").format(n=number(seen.left_out_days))
        if seen.left_out_days
        else _("Only whole months are drawn.")
    )
    return HowSure(
        {
            _("Method"): method,
            _("Reasons"): [f"{offer.title}: {offer.gate.reason}" for offer in offers],
            _("Limits"): limits,
        }
    )


def finding(offers: Sequence[Offer], seen: Overview) -> Finding:
    """Return the record of this phase."""
    found = _counts(offers)
    said = answer(offers, seen)
    unlocks = [one for one in offers if one.gate.unlock and not one.is_test]
    unlocks.sort(key=lambda one: one.wanted_by not in ("client", "use case"))
    actions = tuple(
        Action(_("Unlock {title}: {unlock}").format(title=one.title, unlock=one.gate.unlock), _("known"), rank=6) for one in unlocks[:1]
    )
    share = _("of revenue from the tenth of customers who spend most")
    figures = (KeyFigure(percent(seen.top_tenth_share), share, _("counted"), rank=4),) if seen.customers else ()
    waiting = plural("{n} analysis must wait.", "{n} analyses must wait.", found["not_yet"])
    why = (*said.sentences, waiting) if found["not_yet"] else tuple(said.sentences)
    return Finding(said.heading, why, None, figures, actions, rank=6 + (found["go"] + found["caution"] == 0))


def _counts(offers: Sequence[Offer]) -> Mapping[str, int]:
    kinds = [offer.gate.verdict.kind for offer in offers if not offer.is_test]
    return {kind: kinds.count(kind) for kind in ("go", "caution", "not_yet")}
