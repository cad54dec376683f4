"""What the files say of the client: firms or consumers, the currency, the day to look back from."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from helpers.core.wording import _
from helpers.sources.draft.joint import Joint
from helpers.sources.draft.names import lexicon, meanings, plain, word_list
from helpers.sources.draft.records import Question, SeenFile

_NONE = "none"
_OF_FIRMS = ("employees", "company_revenue", "sector")


def settings_of(
    together: Joint, files: Sequence[SeenFile], answers: Mapping[str, str]
) -> tuple[dict[str, Any], dict[str, str], list[Question]]:
    """Return the settings outside ``sources``, the reason for each, and what is to ask about them.

    Parameters
    ----------
    together : the files read together.
    files : what was seen in those that are used.
    answers : what a person has said, by the name of the question.
    """
    client: dict[str, Any] = {}
    reasons: dict[str, str] = {}
    kind = _kind(together, files)
    if kind:
        client["kind"], reasons["client.kind"] = "b2b", kind
    code = _currency(together, files)
    if code:
        client["currency"], reasons["client.currency"] = code, _("The files say so.")
    settings: dict[str, Any] = {"client": client} if client else {}
    if together.as_of is not None:
        settings["as_of"], reasons["as_of"] = together.as_of, together.as_of_reason
    questions = [*_test(together, settings, reasons, answers), *_label(together, settings, reasons, answers)]
    return settings, reasons, [question for question in questions if question.name not in answers]


def _test(together: Joint, settings: dict[str, Any], reasons: dict[str, str], answers: Mapping[str, str]) -> list[Question]:
    """Declare the test of another tool by the name of its control; the rest of its plan stands in no export, and a doubt says so."""
    tables = {block["table"]: block for block in together.blocks}
    if not together.arms:
        return []
    evaluation: dict[str, Any] = {}
    buying = {"orders", "order_lines"} & set(tables)
    if "outcomes" not in tables and buying:
        evaluation["outcomes_from"] = "orders"
    named = [arm for arm in together.arms if plain(arm) in word_list("control")]
    first = [arm for arm in together.arms if plain(arm) in word_list("control_first")]
    usual = [*named, *first][0] if len(named) == 1 or not named and len(first) == 1 else _NONE
    name = "evaluation.test.control"
    control = answers.get(name, usual)
    if control in together.arms and together.tests == 1:
        money = "outcome_amount" in tables["outcomes"].get("columns", {}) if "outcomes" in tables else bool(buying)
        evaluation["test"] = {"control": control, "metric": "revenue" if money else "conversion"}
        reasons["evaluation"] = _("The control by its name, the metric by what there is; neither stands in the exports.")
        doubt = _(
            "The test is described, not judged: {control} is taken for the control, and {metric} for what counts. Fill in under "
            "evaluation.test what was written down before the start: control, metric, ends, shares."
        )
        together.doubts.append(doubt.format(control=control, metric=evaluation["test"]["metric"]))
    if evaluation:
        settings["evaluation"] = evaluation
    if len(named) == 1 or len(together.arms) < 2 or together.tests > 1:
        return []
    choices = {arm: _("arm {arm}").format(arm=arm) for arm in together.arms} | {_NONE: _("none: the test is not read")}
    text = _("Which arm of the test got nothing new: {arms}?").format(arms=", ".join(together.arms[:6]))
    return [Question(name, text, choices, usual, _("No arm is called control."), 9.5)]


def _label(together: Joint, settings: dict[str, Any], reasons: dict[str, str], answers: Mapping[str, str]) -> list[Question]:
    """Declare what is to be predicted of customers without orders: the yes or no that says who left, or a question."""
    if {"orders", "order_lines"} & {block["table"] for block in together.blocks}:
        return []
    kept = {name: value for block in together.blocks if block["table"] == "customers" for name, value in block.get("extra", {}).items()}
    flags = [name for name, value in kept.items() if isinstance(value, Mapping) and value["kind"] == "flag"]
    leaving = [name for name in flags if any({"left", "cancelled"} & words for words in meanings(kept[name]["column"])[0])]
    usual = leaving[0] if len(leaving) == 1 else _NONE
    label = answers.get("predictions.label", usual)
    if label in flags:
        settings["predictions"] = {"label": {"column": label, "positive": "yes"}}
        reasons["predictions"] = _("{column} says who left.").format(column=kept[label]["column"])
    if not flags or usual != _NONE:
        return []
    choices = {name: _("column {column}").format(column=kept[name]["column"]) for name in flags} | {_NONE: _("none of them")}
    text = _("Which yes or no of the customers is to be predicted, such as who left?")
    return [Question("predictions.label", text, choices, usual, _("No name says it."), 10.0)]


def _kind(together: Joint, files: Sequence[SeenFile]) -> str:
    # Where customers have a day of birth, revenue is what they brought, not that of a firm.
    born = any("birth" in words for seen in files for column in seen.columns for words in meanings(column.name)[0])
    for block in together.blocks:
        if block["table"] == "persons":
            return _("There is a list of persons at firms.")
        of_firms = [name for name in _OF_FIRMS if name in block.get("columns", {}) and not born]
        if block["table"] == "customers" and of_firms:
            return _("The list of customers has the column {column}.").format(column=block["columns"][of_firms[0]])
    for seen in files:
        for column in seen.columns:
            if column.filled and any({"vat", "company"} & words for words in meanings(column.name)[0]):
                return _("{file} has the column {column}.").format(file=seen.path.name, column=column.name)
    return ""


def _currency(together: Joint, files: Sequence[SeenFile]) -> str:
    known = {str(word): code for code, words in lexicon()["currencies"].items() for word in words}
    for code in together.currencies:
        if re.fullmatch("[A-Z]{3}", code):
            return code
    for seen in files:
        signs = [str(sign).lower() for sign in seen.block.get("number_signs", ())]
        names = [word for column in seen.columns for word in re.findall(r"[a-z€$£]+", column.name.lower())]
        for word in (*signs, *names):
            if word in known:
                return known[word]
    return ""
