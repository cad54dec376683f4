"""Bytes → text, by the declared encoding: every line that does not fit is named."""

import re
from typing import Any

from helpers.core.errors import Problem
from helpers.sources.problems import first_and_rest, place, shown
from helpers.tables.declared import Source

_MARKS = ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"), (b"\xef\xbb\xbf", "utf-8-sig"))
_CONTROLS = bytes([*range(9), 0x0B, 0x0C, *range(0x0E, 0x20), 0x7F])
_UNSEEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_C1 = re.compile(r"[\x80-\x9f]")
# "é" in UTF-8 read as cp1252 is "Ã©", "€" is "â‚¬", the mark at the start is "ï»¿".
_MOJIBAKE = re.compile(r"[ÃÂ][\u0080-\u00bf\u20ac\u0152\u0153\u0160\u0161\u2018-\u203a]|â‚¬|â€|ï»¿")


def decoded(raw: bytes, source: Source) -> tuple[str, list[Problem], tuple[str, ...]]:
    """Turn a file's bytes into text without its mark; beside it the problems, and notes worth saying."""
    marked = next((encoding for mark, encoding in _MARKS if raw.startswith(mark)), "")
    declared = source.encoding.lower().replace("_", "-")
    if marked and not declared.startswith(marked.removesuffix("-sig")):
        fix = f"Declare encoding: {marked} in client.yml."
        return "", [Problem(source.file, "line 1", shown(raw[:3].hex(" ")), f"text in {source.encoding}", fix)], ()
    try:
        text = raw.decode(source.encoding).removeprefix("\ufeff")
    except UnicodeDecodeError:
        return "", _undecodable(raw, source), ()
    problems = []
    # Bytes are looked at first: a pattern over a text of a gigabyte takes a minute.
    if declared.startswith("utf-16") or len(raw.translate(None, _CONTROLS)) != len(raw):
        fix = "Export the file again, or remove them."
        problems = _characters(text, source, _UNSEEN, "text without control characters", fix)
    if text.isascii():
        return text, problems, ()
    problems += _characters(text, source, _C1, "printable text", "Declare encoding: cp1252 in client.yml.")
    if problems or declared.startswith("utf"):
        doubled = len(_MOJIBAKE.findall(text)) if not problems else 0
        note = f"{doubled} places look like UTF-8 that an earlier system read as cp1252, such as Ã© for é."
        return text, problems, (note,) if doubled else ()
    fix = "Declare encoding: utf-8-sig in client.yml; if only some lines are so, export the file again in one encoding."
    return text, _characters(text, source, _MOJIBAKE, f"text in {source.encoding}, not UTF-8", fix), ()


def _undecodable(raw: bytes, source: Source) -> list[Problem]:
    bad = []
    for n, line in enumerate(raw.splitlines(), start=1):
        try:
            line.decode(source.encoding)
        except UnicodeDecodeError as error:
            before = line[: error.start].decode(source.encoding, "replace")
            around = line[max(0, error.start - 12) : error.end + 12].decode("cp1252", "replace")
            bad.append((n, before, around))
    header = raw.splitlines()[source.skip_lines :][:1]
    names = header[0].decode(source.encoding, "replace").split(source.delimiter) if header else []
    other = "cp1252" if source.encoding.lower().startswith("utf") else "utf-8-sig"
    fix = f"Declare encoding: {other} in client.yml; if only some lines are so, export the file again in one encoding."
    problems = (
        Problem(source.file, place(n, _column(names, before, source)), shown(around), f"text in {source.encoding}", fix)
        for n, before, around in bad
    )
    return first_and_rest(problems, len(bad))


def _characters(text: str, source: Source, pattern: re.Pattern, expected: str, fix: str) -> list[Problem]:
    if pattern.search(text) is None:
        return []
    lines = text.splitlines()
    names = lines[source.skip_lines].split(source.delimiter) if len(lines) > source.skip_lines else []
    numbered = enumerate(re.split(r"\r\n|\n|\r", text), start=1)  # str.splitlines would also split at control characters
    bad = [(n, line, match) for n, line in numbered if (match := pattern.search(line))]
    around = [line[max(0, match.start() - 12) : match.end() + 12] for _, line, match in bad]
    problems = (
        Problem(source.file, place(n, _column(names, line[: match.start()], source)), shown(seen), expected, fix)
        for (n, line, match), seen in zip(bad, around, strict=True)
    )
    return first_and_rest(problems, len(bad))


def _column(names: list[str], before: str, source: Source) -> str:
    i = before.count(source.delimiter)
    if source.format != "csv":  # its cells are not parted by one mark
        return ""
    return names[i].strip(source.quote or None) if i < len(names) else ""


def plain(values: Any) -> Any:
    """Return an ibis column as it is compared: capitals and outer blanks make no difference."""
    return values.strip().lower() if values.type().is_string() else values
