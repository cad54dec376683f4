"""What the files say of the client: firms or consumers, the currency, the day to look back from."""

import re
from collections.abc import Sequence
from typing import Any

from helpers.core.wording import _
from helpers.sources.draft.joint import Joint
from helpers.sources.draft.names import lexicon, meanings
from helpers.sources.draft.records import Question, SeenFile

_OF_FIRMS = ("employees", "company_revenue", "sector")


def settings_of(together: Joint, files: Sequence[SeenFile]) -> tuple[dict[str, Any], dict[str, str], list[Question]]:
    """Return the settings outside ``sources``, the reason for each, and what is to ask about them.

    Parameters
    ----------
    together : the files read together.
    files : what was seen in those that are used.
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
    return settings, reasons, []


def _kind(together: Joint, files: Sequence[SeenFile]) -> str:
    for block in together.blocks:
        if block["table"] == "persons":
            return _("There is a list of persons at firms.")
        of_firms = [name for name in _OF_FIRMS if name in block.get("columns", {})]
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
