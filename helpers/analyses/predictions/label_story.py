"""What is said of a given label: how well it is foretold, which columns were refused and why, and who is scored."""

import pandas as pd

from helpers.analyses.predictions.certainty import ranking_sentence
from helpers.analyses.predictions.given_label import LabelResult
from helpers.analyses.predictions.label_guard import LateColumn
from helpers.core.results import Action, Finding, KeyFigure, Verdict
from helpers.core.wording import _, number, percent, plural
from helpers.story import Answer, HowSure, Sentence, Table

SHOWN = 10


def headline(result: LabelResult) -> str:
    """Return the finding as one sentence."""
    if not result.better:
        text = _("What is known of the customers foretells “{name}” no better than the base rate of {rate}")
        return text.format(name=result.column, rate=percent(result.base_rate, 1))
    row = result.methods[result.methods["chosen"]].iloc[0]
    text = _("“{name}” can be foretold: of two customers, one with and one without it, the right one comes first {auc} of the time")
    return text.format(name=result.column, auc=percent(row["auc"]))


def verdict(result: LabelResult) -> Verdict:
    """Return go where the model beats the base rate and the best single column beyond chance."""
    if not result.better:
        return Verdict("not_yet", _("no better than the base rate"))
    if result.auc_lead_low > 0:
        return Verdict("go", _("better than simple rules"))
    return Verdict("caution", _("little better than its best column alone"))


def answer(result: LabelResult) -> Answer:
    """Return the answer on the label."""
    return Answer(headline(result), why(result), verdict(result))


def why(result: LabelResult) -> tuple[str, ...]:
    """Return the sentences under the headline: the refused columns first, since they change what the rest means."""
    sentences = [late_sentence(column) for column in result.late]
    if result.better:
        best = _("The best single column is {single}.").format(single=result.single.replace("_", " "))
        sentences += [f"{ranking_sentence(result).text} {best}"]
    return (*sentences, scored(result))


def late_sentence(column: LateColumn) -> str:
    """Say which column was refused, and why."""
    name, share = column.column.replace("_", " "), percent(column.share)
    return {
        "filled": _("{name} was left out: it is filled nearly only on one side of the label ({share}), so it was known only afterwards."),
        "changed": _(
            "{name} was left out: it differs from its usual value nearly only on one side of the label ({share}), so it changed afterwards."
        ),
        "too_good": _(
            "{name} was left out: alone it puts the right one of two customers first {share} of the time: too good to be known before."
        ),
    }[column.reason].format(name=name, share=share)


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
        "Every column is tried alone: filled or changed on one side of the label only, or nearly perfect by itself, it is refused. "
        "What is known only afterwards and looks harmless must be named: predictions.label.leave_out."
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
    return Finding(headline(result), why(result), verdict(result), figures, actions, rank=3)
