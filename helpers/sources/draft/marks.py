"""How the numbers, dates and words of a file are written, from all columns that are used; and what stays ambiguous."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from helpers.core.errors import printable
from helpers.core.wording import _
from helpers.sources.draft.content import Content
from helpers.sources.draft.date_readings import DateForm
from helpers.sources.draft.kinds import number_readings
from helpers.sources.draft.names import nothings, plain, word_list
from helpers.sources.draft.placing import Placed
from helpers.sources.draft.records import Question, SeenColumn, SeenFile
from helpers.tables import TABLES

_SORTED, _UNSORTED = 0.99, 0.9
_ENOUGH = 0.98
_PAIRS = (("ja", "nee"), ("ja", "nein"), ("ja", "nej"), ("oui", "non"), ("j", "n"), ("y", "n"), ("o", "n"), ("x", "-"))
CANCELLED = "cancelled"  # name of the rule that sets cancelled orders aside
STATUS, OTHER_STATUS = "order_status", "further_status"  # the second: kept where the first is taken or no column of the table
_MOST_STATUSES = 5
_NUMBERS = ("number", "money", "count")


@dataclass(frozen=True)
class Marks:
    """Keys of a source that say how its cells are written, why, and what is left to ask."""

    keys: Mapping[str, Any]
    reasons: Mapping[str, str] = field(default_factory=dict)
    questions: tuple[Question, ...] = ()


def marks_of(
    seen: SeenFile, placed: Placed, usual: Mapping[str, Any], answers: Mapping[str, str], extra: Mapping[str, tuple[str, str]] | None = None
) -> Marks:
    """Return how the used columns of a file are written.

    Parameters
    ----------
    seen, placed : the file, as the table that it is.
    usual : what other files of the folder decide: ``decimal`` (a pair of marks) and ``date_format`` (forms).
    answers : what a person has said.
    extra : further columns that are kept: their column and kind, by the name that they get.
    """
    table = TABLES[placed.table]
    kinds = {ours: table.column(ours).kind for ours in placed.columns} | {own: kind for own, (_name, kind) in (extra or {}).items()}
    columns = {ours: seen.column(name) for ours, name in placed.columns.items()}
    columns |= {own: seen.column(name) for own, (name, _kind) in (extra or {}).items()}
    numbers = [columns[ours] for ours, kind in kinds.items() if kind in _NUMBERS]
    dates = {ours: columns[ours] for ours, kind in kinds.items() if kind in ("date", "time")}
    parts = [decimal_of(seen, numbers, usual, answers), _dates(seen, dates, usual, answers), _words(seen, columns, kinds, answers)]
    keys = {key: value for part in parts for key, value in part.keys.items()}
    reasons = {key: text for part in parts for key, text in part.reasons.items()}
    return Marks(keys, reasons, tuple(question for part in parts for question in part.questions))


def decided_marks(files: Iterable[SeenFile]) -> dict[str, Any]:
    """Return the marks and forms of dates that files with one reading only agree on, the most frequent first."""
    pairs: Counter[tuple[str, str]] = Counter()
    forms: Counter[str] = Counter()
    for seen in files:
        for column in seen.columns:
            if column.kind == "number" and len(column.readings) == 1 and not Content(column).digits:
                pairs[tuple(column.readings[0])] += 1
            elif column.kind == "date" and len(column.readings) == 1:
                forms[column.readings[0]] += 1
    return {"decimal": [pair for pair, _n in pairs.most_common()], "date_format": [form for form, _n in forms.most_common()]}


def decimal_of(seen: SeenFile, columns: Sequence[SeenColumn], usual: Mapping[str, Any], answers: Mapping[str, str]) -> Marks:
    """Return the decimal mark and the mark between thousands of some columns of a file; parameters as for ``marks_of``."""
    fitting = [pairs for column in columns if not Content(column).digits and (pairs := _pairs(column))]
    if not fitting or seen.block.get("format") in ("xlsx", "parquet"):
        return Marks({})
    counted = Counter(pair for pairs in fitting for pair in pairs)
    most = max(counted.values())
    options = [pair for pair in counted if counted[pair] == most]
    # Numbers without a mark between thousands are read by the pair that has one as well.
    options = [pair for pair in options if pair[1] or not any(other[0] == pair[0] and other[1] for other in options)]
    marked = [pair for pair in counted if pair[1] and any(pair[0] == option[0] for option in options)]
    if len({pair[0] for pair in options}) == 1:
        decimal, thousands = options[0]
        return Marks(_pair_keys((decimal, thousands or (marked[0][1] if marked else ""))))
    name, example = f"decimal {seen.label}", next(cell for column in columns for cell in column.filled if not cell.isdigit())
    elsewhere = [pair for pair in usual.get("decimal", ()) if pair[0] in {option[0] for option in options}]
    point = "." if seen.block.get("delimiter", ";") == "," else ","
    first = next((pair for pair in options if pair[0] == (elsewhere[0][0] if elsewhere else point)), options[0])
    choices = {pair[0]: _("the decimal mark is {mark}").format(mark=pair[0]) for pair in options}
    reason = _("The other files are written so.") if elsewhere else _("Files with this delimiter usually are.")
    text = _("{file}: is {example} written with a decimal mark, or with a mark between thousands?").format(file=seen.label, example=example)
    chosen = next((pair for pair in options if pair[0] == answers.get(name)), first)
    keys = _pair_keys(chosen) | ({} if chosen[1] else {"three_decimals": True})
    asked = () if name in answers else (Question(name, text, choices, first[0], reason, 3.0 if elsewhere else 9.0),)
    return Marks(keys, {"decimal": reason}, asked)


def _pairs(column: SeenColumn) -> tuple[tuple[str, str], ...]:
    if column.kind == "number":
        return tuple((str(pair[0]), str(pair[1])) for pair in column.readings)
    return number_readings(Counter(cell for cell in Content(column).filled if re.search(r"[0-9]", cell)))


def _pair_keys(pair: tuple[str, str]) -> dict[str, Any]:
    return ({} if pair[0] == "," else {"decimal": pair[0]}) | ({"thousands": pair[1]} if pair[1] else {})


def _dates(seen: SeenFile, columns: Mapping[str, SeenColumn], usual: Mapping[str, Any], answers: Mapping[str, str]) -> Marks:
    forms: dict[str, tuple[DateForm, ...]] = {ours: column.readings for ours, column in columns.items() if column.kind == "date"}
    if not forms:
        return Marks({})
    sure = [found[0] for found in forms.values() if len(found) == 1]
    open_ones = {ours: found for ours, found in forms.items() if len(found) > 1}
    chosen = {ours: found[0] for ours, found in forms.items() if len(found) == 1}
    name = f"date_format {seen.label}"
    questions: list[Question] = []
    reasons = {}
    for ours, found in open_ones.items():
        same = [form for form in found if _order(form) in map(_order, sure)]
        by_growth = [form for form in found if _grows(columns[ours], form)]
        elsewhere = [form for form in found if _order(form) in map(_order, usual.get("date_format", ()))]
        if same:
            chosen[ours] = same[0]
            continue
        if len(by_growth) == 1 and not any(_grows(columns[ours], form, _UNSORTED) for form in found if form not in by_growth):
            chosen[ours] = by_growth[0]
            reasons["date_format"] = _("Only so do the dates follow each other in the file.")
            continue
        day_first = sorted(found, key=lambda form: (not _order(form).startswith("day"), _order(form)))
        first = elsewhere[0] if elsewhere else day_first[0]
        reason = _("The other files are written so.") if elsewhere else _("Most exports in Europe write the day first.")
        chosen[ours] = next((form for form in found if _order(form) == answers.get(name)), first)
        reasons["date_format"] = reason
        if name not in answers and not questions:
            cells = columns[ours].filled
            example = next((cell for cell in cells if len({_shown_day(cell, form) for form in found}) > 1), cells[0])
            text = _("{file}: which day is {example} in column {column}?").format(
                file=seen.label, example=example, column=columns[ours].name
            )
            choices = {_order(form): _shown_day(example, form) for form in found}
            questions.append(Question(name, text, choices, _order(first), reason, 4.0 if elsewhere else 10.0))
    main = Counter(chosen.values()).most_common(1)[0][0]
    others = {ours: form for ours, form in chosen.items() if form != main}
    keys: dict[str, Any] = {} if main == "%Y-%m-%d" else {"date_format": main}
    return Marks(keys | ({"date_formats": others} if others else {}), reasons, tuple(questions))


def _order(form: DateForm) -> str:
    """Return which of day, month and year a form writes first: what "03/04/2026" leaves open."""
    form = form if isinstance(form, str) else form[0]
    pieces = {"d": "day", "m": "month", "b": "month", "Y": "year", "y": "year"}
    return "-".join(pieces[letter] for letter in re.findall(r"%([dmbYy])", form)) or form


def _shown_day(example: str, form: DateForm) -> str:
    moment = _moment(example, form)
    return f"{moment:%d %B %Y}" if moment else _order(form)


def _moment(cell: str, form: DateForm) -> datetime | None:
    for way in (form,) if isinstance(form, str) else form:
        try:
            return datetime.strptime(cell, way)
        except ValueError:
            continue
    return None


def _grows(column: SeenColumn, form: DateForm, least: float = _SORTED) -> bool:
    """Tell whether nearly all dates follow each other, or go back, in one form: an export in the order of its days."""
    moments = [moment.replace(tzinfo=None) for cell in column.filled if (moment := _moment(cell, form))]
    steps = [(b - a).total_seconds() for a, b in zip(moments, moments[1:], strict=False) if a != b]
    if len(steps) < 20:
        return False
    return max(sum(step > 0 for step in steps), sum(step < 0 for step in steps)) >= least * len(steps)


def _words(seen: SeenFile, columns: Mapping[str, SeenColumn], kinds: Mapping[str, str], answers: Mapping[str, str]) -> Marks:
    values: dict[str, dict[str, str]] = {}
    empty: set[str] = set()
    rules: dict[str, Any] = {}
    questions: list[Question] = []
    nothing = nothings()
    for ours, column in columns.items():
        cells = dict.fromkeys(column.filled)
        if kinds[ours] not in ("id", "text"):
            empty |= {cell for cell in cells if cell.lower() in nothing and not (kinds[ours] == "flag" and cell.lower() in word_list("no"))}
        if kinds[ours] == "flag":
            values[ours] = _flag_values(cells, seen.whole)
        if ours in (STATUS, OTHER_STATUS) and not rules:
            rules, asked = _cancelled(seen, column, ours, answers)
            questions += asked
        if ours == "quote_status":
            values[ours], asked = _status_values(seen, column, cells, answers)
            questions += asked
    keys: dict[str, Any] = {"values": found} if (found := {ours: words for ours, words in values.items() if words}) else {}
    return Marks(keys | rules | ({"empty_words": tuple(sorted(empty))} if empty else {}), {}, tuple(questions))


def _cancelled(seen: SeenFile, column: SeenColumn, ours: str, answers: Mapping[str, str]) -> tuple[dict[str, Any], list[Question]]:
    """Return the rule that sets cancelled orders aside, by the words of their column, and the question whether it should."""
    hit = Content(column).cancelled
    if not hit or len(hit) > _MOST_STATUSES:
        return {}, []
    name = f"cancelled {seen.label}"
    rule = {"name": CANCELLED, "column": ours, "equals": hit, "reason": _("The order was cancelled.")}
    keys = {} if answers.get(name) == "keep" else {"set_aside": (rule,)}
    if name in answers:
        return keys, []
    text = _("{file}: do orders count whose {column} is {words}?").format(
        file=seen.label, column=column.name, words=", ".join(map(printable, hit))
    )
    choices = {"set aside": _("no: they were cancelled"), "keep": _("yes: they are orders like the others")}
    return keys, [Question(name, text, choices, "set aside", _("The word says that they were cancelled."), 8.0)]


def _flag_values(cells: Iterable[str], whole: bool) -> dict[str, str]:
    """Return what yes and no are in a column; where only a part was seen, the word of the other may stand further down."""
    known = {"yes": word_list("yes"), "no": word_list("no")}
    found = {cell: ours for cell in cells for ours, words in known.items() if cell.lower() in words}
    if not whole and len(set(found.values())) == 1:
        for cell, ours in list(found.items()):
            for pair in _PAIRS:
                if cell.lower() == pair[ours == "no"]:
                    word = pair[ours == "yes"]
                    found[word.upper() if cell.isupper() else word.capitalize() if cell[0].isupper() else word] = (
                        "no" if ours == "yes" else "yes"
                    )
    return {cell: ours for cell, ours in found.items() if cell.lower() not in ("true", "false", "yes", "no", "1", "0")}


def _status_values(
    seen: SeenFile, column: SeenColumn, cells: Iterable[str], answers: Mapping[str, str]
) -> tuple[dict[str, str], list[Question]]:
    values, questions = {}, []
    for cell in cells:
        ours = next((ours for ours in ("won", "lost", "open") if plain(cell) in word_list("quote_status", ours)), "")
        name = f"quote_status {seen.label} {cell}"
        if not ours:
            ours = answers.get(name, "open")
            text = _("{file}: what does {word} in column {column} mean?").format(file=seen.label, word=printable(cell), column=column.name)
            choices = {"won": _("an order came of it"), "lost": _("no order came of it"), "open": _("not decided yet")}
            if name not in answers:
                questions.append(Question(name, text, choices, "open", _("The word is not known, so nothing counts as won or lost."), 4.0))
        values[cell] = ours
    return {cell: ours for cell, ours in values.items() if cell.lower() != ours}, questions
