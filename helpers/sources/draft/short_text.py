"""A draft as the text of a short client.yml: only what differs from the defaults, with its reasons, in lines of a page's width."""

import re
import textwrap
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from helpers.client.answers.yaml_values import inline
from helpers.client.config import ClientConfig, Source
from helpers.core.errors import printable
from helpers.sources.draft.records import Draft, Question

WIDTH = 120
_MOST_LINES, _FREE_FILES, _LINES_PER_FILE = 40, 3, 12
_LONG = 60  # texts longer than this may be broken over lines
_BREAK = "\n"  # ends a word behind which a new line must begin
_KEYS_OF_A_SOURCE = tuple(Source.model_fields)
_GAP = re.compile(r"(?<=[^ ]) (?=[^ ])")  # a line may end at such a space; YAML reads the break as one

_EMPTY = """\
# What the workbook knows about this client. Keys that are left out keep their default.
# What a key means and may hold: aim explain, and such as: aim explain client.kind
client:
  name: NAME
  kind: b2c  # sells to consumers; b2b: to firms, both: to both
  language: en
  currency: EUR
as_of: 2024-06-30  # write here up to which day the exports go; nothing after it is used

# One block per export, as in the example; aim explain orders lists the columns of a table.
# Exports that are there already are looked at by: aim new OTHER-NAME --from FOLDER
sources: []
#  - table: orders
#    file: orders.csv
#    delimiter: ';'
#    decimal: ','
#    date_format: '%d/%m/%Y'
#    columns: {order_id: Order, order_date: Date, customer_id: Customer, order_amount: Amount}
"""


@dataclass(frozen=True)
class _Entry:
    """A key with its value, as words between which a line may be broken, and the reason that stands beside it."""

    words: list[str]
    reason: str = ""


def client_yml(draft: Draft, name: str) -> str:
    """Return the text of a client.yml that ``read_client`` reads back as exactly the draft's values.

    At most 40 lines, and 12 more per file beyond three, of at most 120 characters; comments give way to values, and only where the
    values themselves need more lines is the text longer.

    Parameters
    ----------
    draft : what was read, with its reasons, doubts and open questions.
    name : the client's name, where the draft gives none.
    """
    head = [
        f"# {name}: drafted by aim new. Keys that are left out keep their default.",
        "# What a key means and may hold: aim explain, and such as: aim explain sources.decimal",
    ]
    notes = [line for sentence in (*draft.doubts, *map(taken, draft.questions)) for line in _comment(f"- {sentence}", 2, "  ")]
    notes = ["# Look at these:", *notes] if notes else []
    unused = _comment("Not used: " + "; ".join(f"{what} ({why.rstrip('.')})" for what, why in draft.left_out.items()), 2)
    notes += unused if draft.left_out else []
    most = _MOST_LINES + _LINES_PER_FILE * max(0, len(draft.sources) - _FREE_FILES)
    for compact, spacious in ((False, True), (True, True), (True, False)):
        values = _values(draft, name, compact, spacious)
        if len(head) + len(notes) + len(values) <= most:
            break
    left = max(most - len(head) - len(values), 2)
    if len(notes) > left:
        # A sentence is never cut between its lines.
        stays = max(n for n in range(1, left) if n == 1 or not notes[n].startswith("#   "))
        notes = [*notes[:stays], "# More was said when this was made: aim new --dry-run says it again."]
    return "\n".join([*head, *notes, *values]) + "\n"


def taken(question: Question) -> str:
    """Return what was taken for a question that nobody answered, as one sentence."""
    return f"{question.text} Taken: {question.choices.get(question.usual, question.usual)} ({question.reason.rstrip('.')})."


def _values(draft: Draft, name: str, compact: bool, spacious: bool) -> list[str]:
    """Return the lines of all keys; compact: a source in braces; spacious: a reason may take lines of its own."""
    client = {"name": name, **draft.settings.get("client", {})}
    settings = {"client": client, **{key: value for key, value in draft.settings.items() if key != "client"}}
    order = [key for key in ClientConfig.model_fields if key in settings or key == "sources"]
    parts = {key: _lines(_Entry(_pair(key, settings[key]), _reason(draft, key)), "", "  ", spacious) for key in order if key != "sources"}
    lines = ["sources:" if draft.sources else "sources: []"]
    for at, source in enumerate(draft.sources):
        about = draft.reasons.get(f"sources.{at}", "")
        lines += _comment(about, 2, margin="  ") if about and spacious else []
        entries = [
            _Entry(_pair(key, source[key]), _reason(draft, f"sources.{at}.{key}")) for key in sorted(source, key=_KEYS_OF_A_SOURCE.index)
        ]
        for n, entry in enumerate(_in_braces(entries) if compact else entries):
            lines += _lines(entry, "    " if n else "  - ", "      ", spacious)
    return [line for key in order for line in (lines if key == "sources" else parts[key])]


def _reason(draft: Draft, place: str) -> str:
    return "; ".join(why for where, why in draft.reasons.items() if where == place or where.startswith(f"{place}."))


def _lines(entry: _Entry, start: str, margin: str, spacious: bool) -> list[str]:
    """Return an entry on as few lines as it fits, its reason behind it or above it."""
    lines, line = [], ""
    for word in entry.words:
        if line and (line.endswith(_BREAK) or len(line) + 1 + len(word.rstrip(_BREAK)) > WIDTH):
            lines.append(line.rstrip(_BREAK))
            line = ""
        line = f"{line} {word}" if line else (margin if lines else start) + word
    lines.append(line)
    reason = printable(entry.reason)
    if reason and len(lines[-1]) + len(reason) + 4 <= WIDTH:
        lines[-1] += f"  # {reason}"
    elif reason and spacious:
        lines = [*_comment(reason, 2, margin=" " * (len(start) - len(start.lstrip(" -")))), *lines]
    return lines


def _comment(sentence: str, most: int, hang: str = "", margin: str = "") -> list[str]:
    """Return a sentence as lines of comment, shortened where it needs more than there may be."""
    return textwrap.wrap(
        printable(sentence), WIDTH, initial_indent=f"{margin}# ", subsequent_indent=f"{margin}# {hang}", max_lines=most, placeholder=" …"
    )


def _in_braces(entries: list[_Entry]) -> list[_Entry]:
    """Return the entries of a record as those of one in braces; neighbours without a reason share lines."""
    groups: list[_Entry] = []
    for n, entry in enumerate(entries):
        words = [("{" if not n else "") + entry.words[0], *entry.words[1:]]
        words[-1] += "," if n < len(entries) - 1 else "}"
        if groups and not groups[-1].reason and not entry.reason:
            groups[-1] = _Entry([*groups[-1].words, *words])
        else:
            groups.append(_Entry(words, entry.reason))
    return groups


def _inside(value: Any) -> list[str]:
    if isinstance(value, Mapping):
        return _enclosed("{", (_pair(key, inside) for key, inside in value.items()), "}")
    if isinstance(value, (list, tuple)):
        return _enclosed("[", (_inside(item) for item in value), "]")
    return ["null"] if value is None else _text(value)


def _pair(key: Any, value: Any) -> list[str]:
    words, values = _text(key), _inside(value)
    if len(words) == 1:
        return [f"{words[0]}: {values[0]}", *values[1:]]
    return [f"? {words[0]}", *words[1:], f": {values[0]}", *values[1:]]  # only so may a key take several lines


def _enclosed(opening: str, items: Iterable[list[str]], closing: str) -> list[str]:
    words: list[str] = []
    for item in items:
        if words:
            words[-1] += ","
        words += item
    return [opening + words[0], *words[1:-1], words[-1] + closing] if len(words) > 1 else [opening + "".join(words) + closing]


def _text(value: Any) -> list[str]:
    """Return a value as one word, or a long text as words in one pair of quotes."""
    short = inline(value)
    if len(short) <= _LONG:
        return [f"'{short}'" if short in ".-;|" and short else short]  # a mark alone is easily overlooked
    words: list[str] = []
    for part in _GAP.split(str(value)):
        pieces = [""]
        for sign in part:
            pieces += [""] if len(pieces[-1]) > _LONG // 2 else []
            # Blanks that begin a line count for nothing unless they are escaped.
            pieces[-1] += "\\ " if sign == " " and len(pieces) > 1 and not pieces[-1] else _escaped(sign)
        words += [*(piece + "\\" + _BREAK for piece in pieces[:-1]), pieces[-1]]
    return [f'"{words[0]}', *words[1:-1], f'{words[-1]}"'] if len(words) > 1 else [f'"{words[0]}"']


def _escaped(sign: str) -> str:
    if sign in '"\\':
        return "\\" + sign
    return sign if sign.isprintable() else f"\\U{ord(sign):08x}"


def empty_client_yml(name: str) -> str:
    """Return the client.yml of a client whose exports are still to come: valid but for its missing sources."""
    return _EMPTY.replace("NAME", inline(name), 1)
