"""What phase 4 says: which analyses may be done on this client's data, in which order, and why."""

from collections.abc import Mapping, Sequence

from pydantic import BaseModel

from helpers.core.results import Action, Finding, KeyFigure
from helpers.core.wording import _, listing, money_short, month, number, percent, plural
from helpers.phases.choice_of_analyses.dilemmas import conflicts_in, quick_and_safe
from helpers.phases.choice_of_analyses.overview import Overview
from helpers.phases.choice_of_analyses.ranking import Offer
from helpers.story import Answer, HowSure, Page, Sentence

NAMED = 3  # more names than this make no heading


def answer(offers: Sequence[Offer], overview: Overview) -> Answer:
    """Say which analyses may run, in the heading."""
    if overview.unnamed_orders is not None and all(offer.gate.closed for offer in offers):
        return Answer(_("No order names its customer: orders, revenue and baskets can be read, customers cannot"), ())
    return Answer(heading(offers), (concentration_sentence(overview).text,))


def heading(offers: Sequence[Offer]) -> str:
    """Return how many of the analyses this data carries, by name while there are few."""
    analyses = [offer for offer in offers if not offer.is_test]
    open_ = [offer.title for offer in analyses if not offer.gate.closed]
    careful = _counts(offers)["caution"]
    if not open_:
        return _("No analysis can be trusted on this data yet")
    if len(open_) == len(analyses):
        one = _("Your data carries the analysis {name}").format(name=open_[0])
        text = one if len(open_) == 1 else _("Your data carries all {n} analyses").format(n=number(len(open_)))
    elif len(open_) <= NAMED:
        text = _("Your data carries {open} of {all} analyses: {names}").format(
            open=number(len(open_)), all=number(len(analyses)), names=listing(open_)
        )
    else:
        text = _("Your data carries {open} of {all} analyses").format(open=number(len(open_)), all=number(len(analyses)))
    return text if not careful else _("{carries}, {n} with care").format(carries=text, n=number(careful))


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
        _("{title} was wanted but must wait: {unlock}.").format(title=offer.title, unlock=offer.gate.unlock.rstrip("."))
        for offer in waiting
    ]
    return Sentence(" ".join(parts) or _("No analysis can start, and none was asked for."))


def gate_sentence(offers: Sequence[Offer]) -> Page:
    """Say what is allowed now for the analyses that must wait, one sentence each."""
    waiting = [offer for offer in offers if offer.gate.closed and offer.gate.instead]
    if not waiting:
        return Page([Sentence(_("Nothing has to wait: every analysis says in its own chapter how sure it is."))])
    return Page([Sentence(_("Instead of {title}: {instead}").format(title=offer.title, instead=offer.gate.instead)) for offer in waiting])


def revenue_sentence(overview: Overview) -> Sentence:
    """Read the revenue picture: the last twelve months beside the twelve before."""
    frame = overview.months
    if len(frame) < 24:
        return Sentence(
            _("There are {n} whole months of orders; two years are needed to compare a month with the year before.").format(
                n=number(len(frame))
            )
        )
    last, before = frame["revenue"].iloc[-12:].sum(), frame["revenue"].iloc[-24:-12].sum()
    if before <= 0:
        return Sentence(_("The year before the last twelve months brought nothing to compare with."))
    change = last / before - 1
    text = (
        _("The twelve months to {month} brought {amount}, {change} more than the twelve before.")
        if change >= 0
        else _("The twelve months to {month} brought {amount}, {change} less than the twelve before.")
    )
    return Sentence(text.format(month=month(frame.index[-1]), amount=money_short(last), change=percent(abs(change))))


def concentration_sentence(overview: Overview) -> Sentence:
    """Read the concentration picture: how much hangs on the tenth who spend most."""
    if overview.unnamed_orders is not None:
        return Sentence(_("No order names its customer, so it cannot be seen on how few customers the revenue hangs."))
    if len(overview.concentration) < 2:
        return Sentence(_("There are no orders, so there is no revenue to share out."))
    return Sentence(
        _("The tenth of customers who spend most bring {share} of the revenue.").format(share=percent(overview.top_tenth_share))
    )


def retention_sentence(overview: Overview) -> Sentence:
    """Read the retention picture: do new customers come back?"""
    if 1 not in overview.retention or overview.retention[1].notna().sum() == 0:
        if overview.unnamed_orders is not None:
            return Sentence(_("Whether new customers come back cannot be seen: no order names its customer."))
        return Sentence(_("There is too little history to see whether new customers come back."))
    return Sentence(
        _("Of new customers, {share} order again in the quarter after their first order, on average.").format(
            share=percent(overview.retention[1].mean())
        )
    )


def recency_frequency_sentence(overview: Overview) -> Sentence:
    """Read the recency and frequency picture: one-off buyers, and last orders of a year ago or more."""
    total = overview.heat.to_numpy().sum()
    if overview.unnamed_orders is not None:
        return Sentence(_("How long ago customers ordered cannot be seen: no order names its customer."))
    if not total:
        return Sentence(_("There are no orders, so nobody ordered lately or long ago."))
    once = overview.heat.iloc[:, 0].sum() / total
    long_ago = overview.heat.iloc[4:, :].to_numpy().sum() / total
    return Sentence(
        _("{once} of the customers ordered once only; {long_ago} have not ordered for a year or longer.").format(
            once=percent(once), long_ago=percent(long_ago)
        )
    )


def dilemma_sentences(scores: BaseModel) -> Page:
    """Say how far the discussion got, whether it is quick and safe, and where answers conflict."""
    given = scores.model_dump()
    answered = sum(value is not None for value in given.values())
    if answered == 0:
        text = _("The technology dilemmas are not answered yet: fill in analyses.dilemmas in client.yml, or the form in this notebook.")
        return Page([Sentence(text)])
    quick, judged = quick_and_safe(given)
    sentences = [_("{answered} of {total} dilemmas were discussed.").format(answered=number(answered), total=number(len(given)))]
    if judged:
        sentences.append(
            _("Aim for high speed and low risk: {quick} of {judged} answers that bear on it lean that way.").format(
                quick=number(quick), judged=number(judged)
            )
        )
    conflicts = [Sentence(_(conflict.says)) for conflict in conflicts_in(given)]
    return Page([Sentence(" ".join(sentences)), *conflicts])


def how_sure(offers: Sequence[Offer], overview: Overview) -> HowSure:
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
        _("The last {n} days are an unfinished month and are left out of the monthly pictures.").format(n=number(overview.left_out_days))
        if overview.left_out_days
        else _("Only whole months are drawn.")
    )
    return HowSure({_("Method"): method, _("Reasons"): [f"{offer.title}: {offer.gate.reason}" for offer in offers], _("Limits"): limits})


def finding(offers: Sequence[Offer], overview: Overview) -> Finding:
    """Return the record of this phase."""
    counts = _counts(offers)
    chapter_answer = answer(offers, overview)
    unlocks = [offer for offer in offers if offer.gate.unlock and not offer.is_test]
    unlocks.sort(key=lambda offer: offer.wanted_by not in ("client", "use case"))
    actions = tuple(
        Action(_("Unlock {title}: {unlock}").format(title=offer.title, unlock=offer.gate.unlock), _("known"), rank=6)
        for offer in unlocks[:1]
    )
    share = _("of revenue from the tenth of customers who spend most")
    figures = (KeyFigure(percent(overview.top_tenth_share), share, _("counted"), rank=4),) if overview.customers else ()
    waiting = plural("{n} analysis must wait.", "{n} analyses must wait.", counts["not_yet"])
    why = (*chapter_answer.sentences, waiting) if counts["not_yet"] else tuple(chapter_answer.sentences)
    return Finding(chapter_answer.heading, why, None, figures, actions, rank=6 + (counts["go"] + counts["caution"] == 0))


def _counts(offers: Sequence[Offer]) -> Mapping[str, int]:
    kinds = [offer.gate.verdict.kind for offer in offers if not offer.is_test]
    return {kind: kinds.count(kind) for kind in ("go", "caution", "not_yet")}
