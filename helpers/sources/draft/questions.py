"""What is asked about one file: which column is which of ours, and what one row of it is."""

from collections.abc import Mapping, Sequence

from helpers.core.wording import _
from helpers.sources.draft.placing import Placed
from helpers.sources.draft.records import Question, SeenFile
from helpers.tables import TABLES

LEAVE_OUT = "leave out"  # the answer that leaves a file out
_UNSURE = 0.5  # a needed column less sure than this is asked about (our convention)
# How much depends on an answer; the heaviest are asked first.
_WEIGHTS = {"order_amount": 8.0, "line_amount": 8.0, "customer_id": 9.0, "order_date": 6.0, "order_id": 7.0}
_USUAL_WEIGHT, _TABLE_WEIGHT, _PEOPLE_WEIGHT = 3.0, 7.0, 11.0


def column_questions(seen: SeenFile, label: str, placed: Placed, answers: Mapping[str, str]) -> list[Question]:
    """Return what is open about the columns of a file: those with rivals, and needed ones that are not sure.

    Parameters
    ----------
    seen, label : the file, and its name in questions.
    placed : the table and columns that are proposed.
    answers : what a person has said; not asked again.
    """
    table, questions = TABLES[placed.table], []
    meaning = {column.name: column.meaning for column in table.columns}
    for ours, theirs in placed.columns.items():
        name, rivals = f"{ours} {label}", placed.rivals.get(ours, ())
        needed = ours in table.required or ours in (table.money, "customer_id")
        if name in answers or not (rivals or needed and placed.sure[ours] < _UNSURE):
            continue
        choices = {column: _("column {column}").format(column=column) for column in (theirs, *rivals)}
        choices[LEAVE_OUT] = _("none: leave this file out")
        text = _("{file}: which column is {ours} ({meaning})?").format(file=label, ours=ours, meaning=meaning[ours])
        reason = _("Its name and its cells fit best.") if rivals else _("No name says it; its cells fit.")
        questions.append(Question(name, text, choices, theirs, reason, _WEIGHTS.get(ours, _USUAL_WEIGHT)))
    return questions


def table_question(label: str, near: Sequence[Placed], placed: Placed, answers: Mapping[str, str]) -> list[Question]:
    """Return the question what one row of a file is, where several tables fit nearly as well or no name says which.

    Parameters
    ----------
    label : name of the file.
    near : the tables that fit nearly as well as the likeliest.
    placed : the one that is proposed.
    answers : what a person has said; not asked again.
    """
    name = f"table {label}"
    if name in answers or len(near) < 2 and not placed.by_shape:
        return []
    choices = {other.table: TABLES[other.table].row for other in near} | {LEAVE_OUT: _("none: leave this file out")}
    text = _("{file}: what is one row of it?").format(file=label)
    reason = _("No name says it; its cells fit.") if placed.by_shape else _("Most of its columns are those of this table.")
    people = {"customers", "orders"} <= set(choices)  # all else hangs on it
    return [Question(name, text, choices, placed.table, reason, _PEOPLE_WEIGHT if people else _TABLE_WEIGHT)]
