"""What phase 4 says: which analyses may be done on this client's data, and what the pictures show."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from helpers.results import Action, Finding, KeyFigure
from helpers.selection.overview import Overview
from helpers.selection.ranking import Offer, to_frame
from helpers.selection.settings import Dilemmas
from helpers.story import Answer, HowSure, Sentence, Table
from helpers.wording import _, listing, money_short, month, number, percent, plural


def answer(offers: Sequence[Offer], seen: Overview) -> Answer:
    """Say which analyses may run, in the heading."""
    found = _counts(offers)
    open_ = [offer.title for offer in offers if not offer.gate.closed]
    if not open_:
        heading = _("No analysis can be trusted on this data yet")
    elif found["not_yet"] == 0:
        heading = _("Your data carries every analysis: {names}").format(names=listing(open_))
    else:
        heading = _("Your data carries {names}; {closed} must wait").format(
            names=listing(open_), closed=plural("{n} analysis", "{n} analyses", found["not_yet"])
        )
    return Answer(heading, (reading_of_concentration(seen).text,))


def reading_of_months(seen: Overview) -> Sentence:
    """Read the revenue picture aloud."""
    months = seen.months
    if len(months) < 24:
        return Sentence(
            _("There are {n} whole months of orders; two years are needed to compare a month with the year before.").format(
                n=number(len(months))
            )
        )
    last, before = months["revenue"].iloc[-12:].sum(), months["revenue"].iloc[-24:-12].sum()
    change = last / before - 1 if before > 0 else float("nan")
    direction = _("more") if change >= 0 else _("less")
    return Sentence(
        _("The twelve months to {month} brought {amount}, {change} {direction} than the twelve before.").format(
            month=month(months.index[-1]), amount=money_short(last), change=percent(abs(change)), direction=direction
        )
    )


def reading_of_concentration(seen: Overview) -> Sentence:
    """Read the concentration picture aloud."""
    return Sentence(
        _("The tenth of customers who spend most bring {share} of the revenue.").format(
            share=percent(seen.top_tenth_share)
        )
    )


def reading_of_retention(seen: Overview) -> Sentence:
    """Read the retention picture aloud."""
    if 1 not in seen.retention or seen.retention[1].notna().sum() == 0:
        return Sentence(_("There is too little history to see whether new customers come back."))
    back = seen.retention[1].mean()
    return Sentence(
        _("Of new customers, {share} order again in the quarter after their first order, on average.").format(
            share=percent(back)
        )
    )


def reading_of_heat(seen: Overview) -> Sentence:
    """Read the recency and frequency picture aloud."""
    total = seen.heat.to_numpy().sum()
    once = seen.heat.iloc[:, 0].sum() / total if total else float("nan")
    gone = seen.heat.iloc[4:, :].to_numpy().sum() / total if total else float("nan")
    return Sentence(
        _("{once} of the customers ordered once only; {gone} have not ordered for a year or longer.").format(
            once=percent(once), gone=percent(gone)
        )
    )


def gate_table(offers: Sequence[Offer]) -> Table:
    """Show every analysis with its verdict, what it needs, and what is there."""
    columns = {
        "analysis": (_("Analysis"), "text"),
        "verdict": (_("May we?"), "verdict"),
        "needs": (_("It needs"), "text"),
        "has": (_("You have"), "text"),
        "unlock": (_("What unlocks it"), "text"),
    }
    return Table(to_frame(offers), _("The analyses of this workbook, and whether your data carries them"), columns)


def gate_sentence(offers: Sequence[Offer]) -> Sentence:
    """Say what is allowed now for the analyses that must wait."""
    waiting = [offer for offer in offers if offer.gate.closed and offer.gate.instead]
    if not waiting:
        return Sentence(_("Every analysis says in its own chapter how sure it is."))
    parts = [_("{title}: {instead}").format(title=one.title, instead=one.gate.instead) for one in waiting]
    return Sentence(_("What is allowed meanwhile. {parts}").format(parts=" ".join(parts)))


def dilemma_table(dilemmas: Dilemmas) -> Table:
    """Show the technology dilemmas with the choice made and what it implies."""
    import pandas as pd

    rows = [
        {"dilemma": name, "choice": _leaning(getattr(dilemmas, key), poles), "implies": _implied(getattr(dilemmas, key), implied)}
        for key, (name, poles, implied) in _dilemmas().items()
    ]
    columns = {
        "dilemma": (_("Dilemma"), "text"),
        "choice": (_("Your choice"), "text"),
        "implies": (_("What it implies"), "text"),
    }
    return Table(pd.DataFrame(rows), _("Technology choices discussed in the workshop"), columns)


def dilemma_sentence(dilemmas: Dilemmas) -> Sentence:
    """Say how many dilemmas were discussed, and how to fill in the others."""
    answered = sum(value is not None for _name, value in dilemmas)
    total = len(type(dilemmas).model_fields)
    if answered == 0:
        return Sentence(_("The technology dilemmas are not answered yet: fill in analyses.dilemmas in client.yml."))
    return Sentence(
        _("{answered} of {total} dilemmas were discussed. Aim for high speed and low risk: the smallest choice that serves the use case.").format(
            answered=number(answered), total=number(total)
        )
    )


def how_sure(offers: Sequence[Offer], seen: Overview) -> HowSure:
    """Explain how the verdicts and pictures came about."""
    return HowSure({
        _("Method"): _(
            "Each analysis judges this client's own data before it runs, by the same code that runs it, so a verdict here and the chapter of that analysis can never disagree."
        ),
        _("Reasons"): [f"{offer.title}: {offer.gate.reason}" for offer in offers],
        _("Limits"): _("The last {n} days are an unfinished month and are left out of the monthly pictures.").format(
            n=number(seen.left_out_days)
        )
        if seen.left_out_days
        else _("Only whole months are drawn."),
    })  # fmt: skip


def finding(offers: Sequence[Offer], seen: Overview) -> Finding:
    """Return the record of this phase."""
    found = _counts(offers)
    said = answer(offers, seen)
    unlocks = [one for one in offers if one.gate.unlock]
    actions = tuple(
        Action(_("Unlock {title}: {unlock}").format(title=one.title, unlock=one.gate.unlock), _("known"), rank=6)
        for one in unlocks[:1]
    )
    figure = KeyFigure(
        percent(seen.top_tenth_share), _("of revenue from the tenth of customers who spend most"), _("counted"), rank=4
    )
    return Finding(said.heading, tuple(said.sentences), None, (figure,), actions, rank=6 + (found["go"] == 0))


def _counts(offers: Sequence[Offer]) -> Mapping[str, int]:
    kinds = [offer.gate.verdict.kind for offer in offers]
    return {kind: kinds.count(kind) for kind in ("go", "caution", "not_yet")}


def _leaning(score: int | None, poles: tuple[str, str]) -> str:
    if score is None:
        return _("not answered yet")
    if score == 0:
        return _("undecided")
    return poles[score > 0] if abs(score) == 2 else _("rather {pole}").format(pole=poles[score > 0])


def _implied(score: int | None, implied: tuple[str, str]) -> str:
    return implied[score > 0] if score else ""


def _dilemmas() -> dict[str, tuple[str, tuple[str, str], tuple[str, str]]]:
    return {
        "incremental_or_disruptive": (
            _("Incremental or disruptive"), (_("incremental"), _("disruptive")),
            (_("Add to the systems you have; small steps that can be undone."),
             _("Replace a system; plan for months without new insight.")),
        ),
        "project_or_process": (
            _("Project or process"), (_("project"), _("process")),
            (_("One-off exports are enough; name an end date."),
             _("Name an owner and a monthly hour; exports become automatic.")),
        ),
        "one_or_many_applications": (
            _("One application or many"), (_("one"), _("many")),
            (_("Choose the tool for that one contact moment."),
             _("Ask for one customer profile that all channels read.")),
        ),
        "suite_or_best_of_breed": (
            _("Suite or best of breed"), (_("suite"), _("best of breed")),
            (_("Less to connect, fewer choices later."), _("More to connect: keep customer numbers the same everywhere.")),
        ),
        "open_or_closed_source": (
            _("Open or closed source"), (_("open"), _("closed")),
            (_("Free to leave; somebody must look after it."), _("Support included; ask how to take your data out.")),
        ),
        "ease_or_influence": (
            _("Ease of use or influence"), (_("ease of use"), _("influence")),
            (_("The tool decides how it weighs; test it against a held-out group."),
             _("You set rules and weights; somebody must keep them right.")),
        ),
        "agility_or_maintenance": (
            _("Agility or little maintenance"), (_("agility"), _("little maintenance")),
            (_("Quick trials; budget time for repairs."), _("Stable, slower to change; freeze versions.")),
        ),
    }  # fmt: skip
