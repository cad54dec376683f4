"""What is said of a given label: how well it is foretold, which columns were refused and why, and who is scored."""

import pandas as pd

from helpers.analyses.predictions.certainty import ranking_sentence
from helpers.analyses.predictions.label_guard import LateColumn
from helpers.analyses.predictions.label_result import LabelResult
from helpers.core.results import Action, Finding, KeyFigure, Verdict
from helpers.core.wording import _, listing, number, percent, plural
from helpers.story import Answer, HowSure, Sentence, Table

SHOWN = 10


def headline(result: LabelResult) -> str:
    """Return the finding as one sentence."""
    if not result.better:
        text = _("What is known of the customers foretells “{name}” no better than the base rate of {rate}")
        return text.format(name=result.column, rate=percent(result.base_rate, 1))
    row = result.methods[result.methods["chosen"]].iloc[0]
    text = _("“{name}” can be foretold: of two customers, one with and one without it, the right one comes first {auc} of the time")
    if result.asked:
        text = _(
            "If {asked} were known before, “{name}” can be foretold: of two customers, one with and one without it, the right one comes "
            "first {auc} of the time"
        )
    return text.format(name=result.column, auc=percent(row["auc"]), asked=_names(result.asked))


def _names(columns: tuple[str, ...]) -> str:
    return listing([column.replace("_", " ") for column in columns])


def verdict(result: LabelResult) -> Verdict:
    """Return go where the model beats the base rate and the best single column beyond chance, by columns that raise no question."""
    if not result.better:
        return Verdict("not_yet", _("no better than the base rate"))
    if result.asked:
        return Verdict("caution", _("rests on columns that may have been known only afterwards"))
    if result.auc_lead_low > 0:
        return Verdict("go", _("better than simple rules"))
    return Verdict("caution", _("no better than its best column alone"))


def answer(result: LabelResult) -> Answer:
    """Return the answer on the label."""
    return Answer(headline(result), why(result), verdict(result))


def why(result: LabelResult) -> tuple[str, ...]:
    """Return the sentences under the headline: the doubtful columns first, since they change what the rest means."""
    sentences = [late_sentence(column) for column in result.late]
    if result.asked and result.auc_without == result.auc_without:
        text = _("Without {asked} the right one of two customers comes first {auc} of the time.")
        sentences.append(text.format(asked=_names(result.asked), auc=percent(result.auc_without)))
    if result.better:
        best = _("The best single column is {single}.").format(single=_names((result.single,)))
        if result.chosen == "single column":
            best = _("The best column is {single}.").format(single=_names((result.single,)))
        sentences += [f"{ranking_sentence(result).text} {best}"]
    return (*sentences, *label_read(result), scored(result))


def label_read(result: LabelResult) -> tuple[str, ...]:
    """Say which values of the label were taken as no, where there are several, and which as not known."""
    read = []
    if len(result.no_values) > 1:
        values = listing([f"“{value}”" for value in result.no_values[:SHOWN]])
        read.append(_("In {name} all of these count as no: {values}.").format(name=_names((result.column,)), values=values))
    if result.not_known:
        words, n = listing([f"“{word}”" for word in result.not_known]), number(sum(result.not_known.values()))
        read.append(_("{words} in {name} is read as not known ({n} customers).").format(words=words, name=_names((result.column,)), n=n))
    return tuple(read)


def late_sentence(column: LateColumn) -> str:
    """Say what makes a column doubtful, and whether it was left out or is asked about."""
    seen = {
        "filled": _("{name} is filled: {share} of these customers are on one side of the label."),
        "empty": _("{name} is empty: {share} of these customers are on one side of the label."),
        "value": _("{name} is “{detail}”: {share} of these customers are on one side of the label."),
        "above": _("{name} is {detail} or more: {share} of these customers are on one side of the label."),
        "below": _("{name} is {detail} or less: {share} of these customers are on one side of the label."),
        "apart": _("{name} follows {detail}, but for some customers it does not: {share} of these are on one side of the label."),
        "strong": _("{name} alone puts the right one of two customers first {share} of the time."),
        "together": _("{name} together with {detail} puts the right one of two customers first {share} of the time."),
    }[column.reason].format(name=_names((column.column,)), share=percent(column.share), detail=column.detail.replace("_", " "))
    if column.refused:
        then = _("It looks as if it was known only afterwards and was left out; if it was not, name it: predictions.label.known_before.")
    elif column.reason == "together":
        then = _("Look which of these were known before: name them in predictions.label.known_before, the others in leave_out.")
    else:
        then = _("Was it known before? If so, name it in predictions.label.known_before, else in leave_out; until then it is learnt from.")
    return f"{seen} {then}"


def scored(result: LabelResult) -> str:
    """Say who is scored, or why nobody is."""
    if not result.unknown:
        return _("Every customer carries the label already, so there is nobody to score; score the next ones by leaving theirs empty.")
    people = plural("{n} customer whose label is not known", "{n} customers whose label is not known", result.unknown)
    if not result.better:
        return _("No scores are written for the {people}: they would be guesses.").format(people=people)
    return _("Scores are written for the {people}.").format(people=people)


def sentences(result: LabelResult) -> tuple[Sentence, ...]:
    """Return the sentences that read the model."""
    return (ranking_sentence(result),) if result.better else ()


def scores_table(result: LabelResult) -> Table | None:
    """Return the first of those whose label is not known; None where nobody is scored."""
    if result.scores.empty:
        return None
    columns = {"place": (_("Place"), "number"), "customer_id": (_("Customer"), "id"), "probability": (_("Probability"), "percent")}
    return Table(result.scores.head(SHOWN), _("Customers whose label is not known, the most likely first"), columns)


def score_list(result: LabelResult) -> pd.DataFrame | None:
    """Return customer_id, probability and place of those whose label is not known; None where nobody is scored."""
    return None if result.scores.empty else result.scores


def how_sure(result: LabelResult) -> HowSure:
    """Return how the label was learnt and judged, and where that ends."""
    method = _("Learnt from {features} of {learnt} customers, judged on {judged} others, drawn by lot.").format(
        features=", ".join(name.replace("_", " ") for name in result.features),
        learnt=number(result.customers - result.judged_on),
        judged=number(result.judged_on),
    )
    guard = _(
        "Every column is tried alone. Where empty cells, one value or one end of it stand (nearly) only on one side of the label, or where "
        "it is nearly perfect by itself, it is refused; where it comes near that, it is asked about. So are two columns that together rank "
        "far better than either, and those of a model that ranks better than its columns explain. What was known only afterwards and "
        "looks harmless must be named: predictions.label.leave_out."
    )
    limits = _("Orders are not learnt from: nobody says on which day the label became true. Who has it for other reasons is not foretold.")
    return HowSure({_("Method"): method, _("Checks"): guard, _("Limits"): limits})


def finding(result: LabelResult) -> Finding:
    """Return the record for summary and report."""
    figures = (
        KeyFigure(percent(result.base_rate, 1), _("of customers carry the label “{name}”").format(name=result.column), _("counted"), 5),
    )
    actions: tuple[Action, ...] = ()
    if len(result.scores):
        text = _("Try a contact with the highest scores of “{name}”, and leave a random part of them out").format(name=result.column)
        actions = (Action(text, verdict(result).word, rank=3),)
    chance = result.chance if result.better else None  # "no better than the base rate" claims no pattern
    return Finding(headline(result), why(result), verdict(result), figures, actions, rank=3, chance=chance)
