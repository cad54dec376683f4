"""What phase 2 says: which opportunity comes first, why, and which is chosen."""

from helpers.core.results import Action, Finding, KeyFigure, Verdict
from helpers.core.wording import _, listing, number, percent, plural
from helpers.phases.opportunities import words
from helpers.phases.opportunities.analysis import Opportunities
from helpers.phases.opportunities.ranking import FOR_KPI, FOR_STAGE, RankedOpportunity
from helpers.story import Actions, Answer, HowSure, Sentence


def headline(result: Opportunities) -> str:
    """Return the finding of phase 2 as one sentence."""
    choice = result.choice
    if choice is None:
        return _("None of the {n} opportunities can start with the data that is there").format(n=number(len(result.ranking)))
    if choice.by == "client":
        return _("Chosen: {title}, number {place} of {n} opportunities").format(
            title=_(choice.title), place=number(choice.place), n=number(len(result.ranking))
        )
    return _("Proposed: {title}, first of {n} opportunities").format(title=_(choice.title), n=number(len(result.ranking)))


def answer(result: Opportunities) -> Answer:
    """Return the chapter's answer: the heading and the sentences under it."""
    return Answer(headline(result), why(result), _verdict(result))


def why(result: Opportunities) -> tuple[str, ...]:
    """Return the sentences that support the headline."""
    chosen = _chosen(result)
    sentences = list(words.reasons(chosen, result.goals)[:2]) if chosen else [waiting(result)]
    if result.choice and result.choice.by == "proposal":
        sentences.append(_("This is a proposal; choose one yourself with opportunities.chosen in client.yml."))
    elif result.choice and result.choice.why:
        sentences.append(_("Your reason: {why}").format(why=result.choice.why))
    return tuple(sentences)


def sentences(result: Opportunities) -> tuple[Sentence, ...]:
    """Return the sentences that read the ranking, the pilot, the waiting data and the goals."""
    return tuple(Sentence(text) for text in (ready(result), pilot(result), waiting(result), basis(result)) if text)


def ready(result: Opportunities) -> str:
    """Return how many opportunities can start with the data that is there."""
    possible = [opportunity for opportunity in result.ranking if opportunity.possible]
    text = _("{n} of {all} opportunities can start with the data that is there.").format(
        n=number(len(possible)), all=number(len(result.ranking))
    )
    if len(possible) < 2:
        return text
    names = [f"“{_(opportunity.entry.title)}”" for opportunity in possible[:3]]
    return text + " " + _("In front: {names}.").format(names=listing(names))


def pilot(result: Opportunities) -> str:
    """Return what the first small test of the chosen one looks like."""
    if result.choice is None:
        return ""
    return _("A first small test: {pilot} It is judged on: {metric}.").format(pilot=_(result.choice.pilot), metric=_(result.choice.metric))


def waiting(result: Opportunities) -> str:
    """Return which missing column keeps most opportunities waiting."""
    missing = result.waiting_for()
    if missing.empty:
        return ""
    first = missing.iloc[0]
    count = plural("{n} opportunity waits", "{n} opportunities wait", first["opportunities"])
    return _("{count} for {field}, more than for anything else.").format(count=count, field=words.field(first["table"], first["column"]))


def basis(result: Opportunities) -> str:
    """Return what the ranking rests on."""
    if result.goals:
        return _("The ranking rests on {goals}, weighed by priority.").format(goals=plural("{n} goal", "{n} goals", result.goals))
    return _("No goals are answered yet, so only data, effort and fit decide; answer goals.goals in client.yml.")


def how_sure(result: Opportunities) -> HowSure:
    """Return how the ranking is made and what it cannot tell."""
    weights = result.settings.weights
    method = [
        _("Rank: weighted geometric mean of contribution, data and ease, so that one failing part is not made good."),
        _("Contribution: per goal {kpi} for the figure and {stage} for the stage, by priority, times the fit.").format(
            kpi=percent(FOR_KPI), stage=percent(FOR_STAGE)
        ),
        _("Data: share of the needed columns that is there; filled for {share} counts as full.").format(
            share=percent(result.settings.enough_filled)
        ),
        _("An opportunity that lacks a column stands after all those that lack none."),
    ]
    used = _("Weights: goals {goals}, data {data}, effort {effort} (opportunities.weights in client.yml).").format(
        goals=number(weights.goals, 1), data=number(weights.data, 1), effort=number(weights.effort, 1)
    )
    limits = [
        _("Effort, fit and the links to figures come from the catalogue: our convention, to be argued with."),
        _("Whether enough customers are there for an analysis is judged in the chapter on analyses."),
    ]
    return HowSure({_("Method"): method, _("Settings"): used, _("Limits"): limits})


def finding(result: Opportunities) -> Finding:
    """Return the record that the summary, the report and the next round read."""
    possible = sum(opportunity.possible for opportunity in result.ranking)
    meaning = _("of {n} opportunities can start with the data that is there").format(n=number(len(result.ranking)))
    figures = (KeyFigure(number(possible), meaning, _("counted"), rank=7),)
    return Finding(headline(result), why(result), _verdict(result), figures, tuple(actions(result).actions), rank=6)


def _chosen(result: Opportunities) -> RankedOpportunity | None:
    if result.choice is None:
        return None
    return next((opportunity for opportunity in result.ranking if opportunity.entry.id == result.choice.id), None)


def _verdict(result: Opportunities) -> Verdict:
    chosen = _chosen(result)
    if chosen is None or not chosen.possible:
        return Verdict("not_yet", _("data missing"))
    if result.choice is not None and result.choice.by == "proposal":
        return Verdict("caution", _("proposal"))
    return words.verdict(chosen)


def actions(result: Opportunities) -> Actions:
    """Return what to do with it."""
    choice = result.choice
    if choice is None:
        return Actions([Action(waiting(result), _("certain"), rank=4)])
    if choice.by == "proposal":
        text = _("Choose one use case; proposed: {title}.").format(title=_(choice.title))
        return Actions([Action(text, _("proposal"), _("before the pilot"), rank=4)])
    if not choice.possible:
        chosen = _chosen(result)
        fields = listing(words.missing_fields(chosen)) if chosen is not None else ""
        return Actions([Action(_("Get the data the chosen use case needs: {fields}.").format(fields=fields), _("certain"), rank=3)])
    return Actions([Action(_("Prepare the small test: {pilot}").format(pilot=_(choice.pilot)), _("chosen"), rank=5)])
