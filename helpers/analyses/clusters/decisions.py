"""What the account managers decided about the listed disagreements, read back in the next round."""

from dataclasses import dataclass

import pandas as pd

from helpers.core.errors import did_you_mean
from helpers.core.wording import _, listing

CHANGE, KEEP, LATER = "change", "keep", "later"
DECISIONS = (CHANGE, KEEP, LATER)


@dataclass(frozen=True)
class Decided:
    """Decisions that can be used, and sentences about those that cannot.

    Parameters
    ----------
    table : customer_id, decision ("change", "keep" or "later"), new_code ("" unless changed).
    open_ids : listed customers without a decision.
    mistakes : one sentence for each row that could not be used.
    """

    table: pd.DataFrame
    open_ids: tuple[str, ...]
    mistakes: tuple[str, ...]


def read_decisions(listed: pd.DataFrame, decided: pd.DataFrame, codes: tuple[str, ...]) -> Decided:
    """Check a decided list against the list that was handed out.

    Parameters
    ----------
    listed : the disagreements of the earlier round (column customer_id).
    decided : the list as it came back: customer_id, decision, new_code; not changed. Case and
        spaces do not matter, an empty decision means open.
    codes : codes that a customer may be given.

    Returns
    -------
    Decided; a customer that occurs twice with different decisions counts as a mistake.
    """
    missing = [name for name in ("customer_id", "decision") if name not in decided]
    if missing:
        mistake = _("The decided list lacks the column {columns}.").format(columns=listing(missing))
        nothing = pd.DataFrame(columns=["customer_id", "decision", "new_code"])
        return Decided(nothing, tuple(listed["customer_id"].astype(str)), (mistake,))
    listed_ids = listed["customer_id"].astype(str)
    answers: dict[str, set[tuple[str, str]]] = {}
    mistakes: list[str] = []
    for customer, decision, code in _cells(decided):
        mistake = _mistake_in(customer, decision, code, set(listed_ids), codes)
        if mistake:
            mistakes.append(mistake)
        elif decision:
            answers.setdefault(customer, set()).add((decision, code if decision == CHANGE else ""))
    # Which of two answers is meant only the account manager knows, so neither is used.
    twice = sorted(customer for customer, given in answers.items() if len(given) > 1)
    mistakes += [_("Customer {customer} has two different decisions; none was used.").format(customer=customer) for customer in twice]
    settled = [(customer, *given.pop()) for customer, given in sorted(answers.items()) if customer not in twice]
    table = pd.DataFrame(settled, columns=["customer_id", "decision", "new_code"])
    open_ids = tuple(customer for customer in listed_ids if customer not in set(table["customer_id"]))
    return Decided(table, open_ids, tuple(mistakes))


def _cells(decided: pd.DataFrame) -> list[tuple[str, str, str]]:
    """The rows as text, without spaces around: people fill in such lists by hand."""
    columns = [decided[name] if name in decided else pd.Series("", index=decided.index) for name in ("customer_id", "decision", "new_code")]
    text = [column.astype("object").where(column.notna(), "").astype(str).str.strip() for column in columns]
    return list(zip(text[0], text[1].str.lower(), text[2], strict=True))


def _mistake_in(customer: str, decision: str, code: str, listed: set[str], codes: tuple[str, ...]) -> str:
    if customer not in listed:
        return _("Customer {customer} was not on the list.").format(customer=customer)
    if decision and decision not in DECISIONS:
        text = _("Customer {customer}: the decision “{decision}” is not known. {hint}")
        return text.format(customer=customer, decision=decision, hint=did_you_mean(decision, DECISIONS))
    if decision == CHANGE and code not in codes:
        text = _("Customer {customer}: the new code “{code}” is not one of yours. {hint}")
        return text.format(customer=customer, code=code, hint=did_you_mean(code, codes))
    return ""
