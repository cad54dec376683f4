"""From client.yml to a checked record, with all mistakes in one list."""

import difflib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from helpers.client.config.schema import ClientConfig, Source, model_in
from helpers.client.config.yaml_text import Path_, read_yaml
from helpers.core.errors import Problem, UserMistakes, did_you_mean
from helpers.tables import CUSTOMER_TABLE, CUSTOMERS
from helpers.workbook import GATED

FILE = "client.yml"
# Lists of columns of the customer table, and what earlier steps add to it.
_COLUMN_LISTS = (("pilot", "strata"), ("evaluation", "segments"), ("clusters", "features"))
_MADE_COLUMNS = ("group", "group_name", "segment", "status", "movement", "value_class", "treatment", "variant")
_NEARLY = 0.8  # likeness from which a name is taken for a typing error (difflib; our convention)
FIRST_DAY, LAST_DAY = date(1990, 1, 1), date(2100, 12, 31)
MOST_NUMBER = 10**15  # beyond it a computer's numbers lose their last whole digit
MOST_TEXT = 2_000
_MOST_SHOWN = 60  # letters of a wrong value in a message
MOST_LETTERS = {"name": 120, "variants": 120, "file": 1_000, "query": 20_000}
# A password typed into an address must not come back in a message or a log.
_SECRET = re.compile(r"(://[^/@:\s]*:|(?:passw|pwd|token|secret|key)\w*[=:]\s*)[^@&\s'\"]+", re.IGNORECASE)
_EXPECTED = {
    **dict.fromkeys(("int_parsing", "int_type", "int_from_float"), "a whole number"),
    **dict.fromkeys(("float_parsing", "float_type"), "a number, with a point as decimal mark"),
    **dict.fromkeys(("bool_parsing", "bool_type"), "true or false"),
    **dict.fromkeys(("date_from_datetime_parsing", "date_parsing", "date_type"), "a date as yyyy-mm-dd"),
    **dict.fromkeys(("dict_type", "model_type"), "keys with values, indented below this key"),
    **dict.fromkeys(("tuple_type", "list_type"), "a list: one '- ' per line"),
    "string_type": "a text",
    "missing": "this key, which is needed",
}


@dataclass(frozen=True)
class Loaded:
    """What could be read of a client.yml: the record when all is well, else the mistakes.

    ``sources`` holds the source blocks that are right by themselves, with their place in the list, so
    that ``aim check`` can look into the files even when another key is mistyped.
    """

    config: ClientConfig | None
    sources: tuple[tuple[int, Source], ...]
    problems: tuple[Problem, ...]


def read_client(folder: Path) -> Loaded:
    """Read and check the client.yml in a client's folder: the record or the mistakes, never an exception for a mistake of the user."""
    path = Path(folder) / FILE
    if not path.is_file():
        fix = f"Make one with: aim new {Path(folder).name}"
        return Loaded(None, (), (Problem(FILE, "", "", f"a file {FILE} in the client's folder", fix),))
    if path.is_symlink() and path.resolve().parent != path.parent.resolve():
        fix = "Put the file itself there: what a link leads to is not read."
        return Loaded(None, (), (Problem(FILE, "", "", f"a file {FILE} in the client's folder, not a link", fix),))
    try:
        raw, lines = read_yaml(path)
    except UserMistakes as error:
        return Loaded(None, (), error.problems)
    try:
        config = ClientConfig.model_validate(raw)
    except ValidationError as error:
        problems = tuple(_problem(mistake, raw, lines) for mistake in error.errors())
        return Loaded(None, _sound_sources(raw), problems)
    beyond = (*(problem for _, problem in _beyond(config, (), lines)), *_mistyped_names(config, lines))
    return Loaded(None if beyond else config, tuple(enumerate(config.sources)), beyond)


def mistakes_in(raw: dict[str, Any], lines: Mapping[Path_, int]) -> tuple[tuple[Path_, Problem], ...]:
    """Return the mistakes in content being typed, each with the path of its key; ``lines`` are those of the keys in the file already."""
    try:
        config = ClientConfig.model_validate(raw)
    except ValidationError as error:
        return tuple((_location(mistake["loc"], raw), _problem(mistake, raw, lines)) for mistake in error.errors())
    return tuple(_beyond(config, (), lines))


def load_client(folder: Path) -> ClientConfig:
    """Return the checked record of a client (UserMistakes, with every mistake in client.yml)."""
    loaded = read_client(folder)
    if loaded.config is None:
        raise UserMistakes(loaded.problems)
    return loaded.config


def _sound_sources(raw: dict[str, Any]) -> tuple[tuple[int, Source], ...]:
    sources = []
    blocks = raw.get("sources")
    for place, block in enumerate(blocks if isinstance(blocks, list) else []):
        try:
            sources.append((place, Source.model_validate(block)))
        except ValidationError:
            continue  # its mistakes are in the list already
    return tuple(sources)


def _beyond(value: Any, location: Path_, lines: Mapping[Path_, int]) -> Iterator[tuple[Path_, Problem]]:
    """Yield what is right in form and beyond any real client: days, numbers and texts that nothing can compute with."""
    if isinstance(value, BaseModel):
        value = {name: getattr(value, name) for name in type(value).model_fields}
    if isinstance(value, (dict, tuple, list)):
        for key, inside in value.items() if isinstance(value, dict) else enumerate(value):
            yield from _beyond(inside, (*location, key), lines)
        return
    name = next((part for part in reversed(location) if isinstance(part, str)), "")
    if isinstance(value, date):
        expected = "" if FIRST_DAY <= value <= LAST_DAY else f"a day between {FIRST_DAY} and {LAST_DAY}"
    elif isinstance(value, (int, float)):
        expected = "" if abs(value) <= MOST_NUMBER else f"a number of at most {MOST_NUMBER:,}"
    else:
        most = MOST_LETTERS.get(name, MOST_TEXT)
        expected = "" if len(str(value)) <= most else f"a text of at most {most:,} characters"
    if expected:
        yield location, Problem(FILE, _place(location, lines), _shown(value), expected)


def _mistyped_names(config: ClientConfig, lines: Mapping[Path_, int]) -> Iterator[Problem]:
    """Yield names of columns and analyses that are nearly, and not quite, those of the workbook or of the client's own columns.

    A name that is like none may be a column that a later step makes: it is let through.
    """
    own = {name for source in config.sources for name in (*source.columns, *source.extra)}
    columns = sorted({*CUSTOMER_TABLE.names, *CUSTOMERS.names, *own, *_MADE_COLUMNS})
    lists = {location: columns for location in _COLUMN_LISTS} | {("analyses", "wanted"): [phase.section for phase in GATED]}
    for location, known in lists.items():
        for place, name in enumerate(getattr(getattr(config, location[0]), location[1])):
            close = name not in known and difflib.get_close_matches(name, known, n=1, cutoff=_NEARLY)
            if close:
                at = _place((*location, place), lines)
                yield Problem(FILE, at, _shown(name), "a name that the workbook or a source knows", f"Did you mean {close[0]!r}?")


def _problem(error: Mapping[str, Any], raw: dict, lines: Mapping[Path_, int]) -> Problem:
    location = _location(error["loc"], raw)
    kind = error["type"]
    place = _place(location, lines)
    if kind == "extra_forbidden":
        key = str(location[-1])
        parent = ".".join(str(part)[:60] for part in location[:-1]) or "client.yml"
        fix = did_you_mean(key, _allowed(location[:-1]))
        return Problem(FILE, place, _shown(key), f"a key that {parent} knows", fix)
    got = "" if kind == "missing" or isinstance(error["input"], dict) else _shown(error["input"])
    return Problem(FILE, place, got, _expected(error), _fix(error))


def _location(loc: tuple, raw: Any) -> tuple:
    """Drop the parts pydantic adds for union members, which are no keys of the file."""
    location: list[str | int] = []
    content: Any = raw
    for place, part in enumerate(loc):
        is_last = place == len(loc) - 1
        if isinstance(content, dict) and (part in content or is_last):
            content = content.get(part)
        elif isinstance(content, list) and isinstance(part, int) and part < len(content):
            content = content[part]
        else:
            continue
        location.append(part)
    return tuple(location)


def _place(location: tuple, lines: Mapping[Path_, int]) -> str:
    line = next((lines[location[:n]] for n in range(len(location), -1, -1) if location[:n] in lines), 1)
    key = ".".join(str(part + 1 if isinstance(part, int) else part)[:60] for part in location)
    return f"line {line}, key {key}" if key else f"line {line}"


def _expected(error: Mapping[str, Any]) -> str:
    kind, context = error["type"], error.get("ctx", {})
    if kind in _EXPECTED:
        return _EXPECTED[kind]
    if kind == "literal_error":
        return "one of " + str(context["expected"]).replace(" or ", ", ")
    if kind == "value_error":
        return str(context["error"])
    if kind == "string_pattern_mismatch":
        return f"a text of the form {context['pattern']}"
    message = error["msg"]
    return message.removeprefix("Input should be ").removeprefix("Value error, ")


def _fix(error: Mapping[str, Any]) -> str:
    if error["type"] == "literal_error":
        allowed = [part.strip(" '") for part in str(error["ctx"]["expected"]).replace(" or ", ",").split(",")]
        suggestion = did_you_mean(str(error["input"]), allowed)
        return suggestion if suggestion.startswith("Did") else ""
    if error["type"].startswith("date"):
        return "Write for example 2024-06-30."
    return ""


def _shown(value: Any) -> str:
    # The pattern tries every letter of a long word as its start: of a very long text only the front is looked at.
    text = _SECRET.sub(r"\1…", str(value)[:MOST_TEXT])
    return text if len(text) <= _MOST_SHOWN else text[: _MOST_SHOWN - 3] + "…"


def _allowed(location: tuple) -> list[str]:
    model: Any = ClientConfig
    for part in location:
        if isinstance(part, int):
            continue
        field = getattr(model, "model_fields", {}).get(part)
        model = model_in(field.annotation)[0] if field else None
    return list(getattr(model, "model_fields", {}))
