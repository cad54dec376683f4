"""What a key of client.yml may hold, in plain words: from its type, and from the names that are registered elsewhere."""

from datetime import date
from functools import cache
from pathlib import Path
from string import Template
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined
from ruamel.yaml import YAML

from helpers.client.choices import choices_of
from helpers.client.config.load import FIRST_DAY, LAST_DAY, MOST_LETTERS, MOST_TEXT
from helpers.core import wording
from helpers.phases.data_maturity.anchors import anchors
from helpers.tables import CUSTOMER_TABLE, CUSTOMERS, TABLES
from helpers.tables.doubts import KINDS as DOUBTS
from helpers.tables.shapes import KINDS as CHANGES
from helpers.tables.web.events import CONTEXT

_FILE = Path(__file__).with_name("allowed.yml")
_NUMBERS = ("number", "count", "money")


@cache
def _written() -> dict[str, dict[str, Any]]:
    """Return what the types do not say: texts under "allowed" and values under "examples", by key."""
    return YAML(typ="safe", pure=True).load(_FILE.read_text(encoding="utf-8"))


@cache
def _names_filled_in() -> dict[str, str]:
    """Return what stands behind each "$" in the texts, taken from where the names are registered."""
    ids = [column.name for table in TABLES.values() for column in table.columns if column.kind == "id"]
    numeric = [column.name for table in (CUSTOMER_TABLE, CUSTOMERS) for column in table.columns if column.kind in _NUMBERS]
    names = {
        "languages": wording.languages(),
        "id_columns": dict.fromkeys(ids),
        "numeric_columns": dict.fromkeys(numeric),
        "customer_columns": CUSTOMERS.names,
        "tables": TABLES,
        "doubts": DOUBTS,
        "changes": CHANGES,
        "opportunities": choices_of("opportunities.chosen") or (),
        "dimensions": anchors(),
        "contexts": CONTEXT,
    }
    return {name: ", ".join(known) for name, known in names.items()} | {
        "theirs": "a column as the export writes it",
        "column": "a column of the customer table (aim explain customer_table), of the list of customers, or of your own",
        "own_figures": "any text; a figure of phase 1 by its name, as in goals.goals.kpi",
    }


def allowed_in(key: str, field: FieldInfo) -> str:
    """Return what a key, named without the signs of lists such as "sources.ids.zero_pad", may hold by its field, in plain words."""
    if key in _written()["allowed"]:
        return Template(_written()["allowed"][key]).substitute(_names_filled_in())
    several = get_origin(field.annotation) in (list, tuple)
    names = ", ".join(choices_of(key) or ())
    if names and not key.startswith("analyses.dilemmas"):
        return f"a list of: {names}" if several else names + ("; or empty" if not field.is_required() else "")
    return _allowed(field.annotation, field.metadata, key.rpartition(".")[2])


def kind_in(annotation: Any) -> str:
    """Return what kind of value a type is, in plain words."""
    origin, inside = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return kind_in(inside[0])
    if origin in (Union, UnionType):
        return " or ".join(dict.fromkeys(kind_in(part) for part in inside if part is not NoneType))
    if origin in (list, tuple):
        return "list"
    if origin is dict:
        return "names with values"
    if origin is Literal:
        return "one word of a few"
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return "record"
    return {bool: "true or false", int: "whole number", float: "number", date: "date"}.get(annotation, "text")


def example_of(key: str, field: FieldInfo) -> Any:
    """Return a value that a key may hold: a typical one, else its default, else what its type allows; parameters as above."""
    if key in _written()["examples"]:
        return _written()["examples"][key]
    if key == "opportunities.effort":
        return {next(iter(choices_of("opportunities.chosen") or {"id": ""})): 2}
    default = None if field.is_required() else field.get_default(call_default_factory=True)
    if default not in (None, "", (), [], {}, PydanticUndefined) and not isinstance(default, (bool, BaseModel)):
        return default
    if isinstance(default, bool):
        return not default
    return _example(field.annotation, field.metadata, next(iter(choices_of(key) or ()), ""))


def _allowed(annotation: Any, rules: Any, name: str) -> str:
    origin, inside, limits = get_origin(annotation), get_args(annotation), _limits(rules)
    if origin is Annotated:
        return _allowed(inside[0], [*inside[1:], *rules], name)
    if origin in (Union, UnionType):
        parts = [_allowed(part, rules, name) for part in inside if part is not NoneType]
        return "; or ".join(dict.fromkeys([*parts, *(["empty"] if NoneType in inside else [])]))
    if origin in (list, tuple):
        words = {"min_length": "at least", "max_length": "at most"}
        length = next((f" of {words[limit]} {limits[limit]}" for limit in words if limit in limits), "")
        return f"a list{length}; each: {_allowed(inside[0], (), name)}"
    if origin is dict:
        return f"names ({_allowed(inside[0], (), '')}), each with: {_allowed(inside[1], (), name)}"
    if origin is Literal:
        return ", ".join(str(word) if str(word)[:1].isalnum() else f"'{word}'" if word else "empty" for word in inside)
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return "a record with the keys " + ", ".join(annotation.model_fields)
    if annotation is bool:
        return "true, false"
    if annotation is date:
        return f"a day from {FIRST_DAY} to {LAST_DAY}, as yyyy-mm-dd"
    if annotation in (int, float):
        return ("a whole number" if annotation is int else "a number") + _range(limits)
    usual = MOST_LETTERS.get(name, MOST_TEXT)
    most = min(limits.get("max_length", usual), usual)
    if most == 1:
        return "one sign" if "min_length" in limits else "one sign, or empty"
    return f"any text of {'1 to' if 'min_length' in limits else 'at most'} {most:,} characters"


def _range(limits: dict[str, float]) -> str:
    if "ge" in limits and "le" in limits:
        return f" from {_shown(limits['ge'])} to {_shown(limits['le'])}"
    words = {"ge": "of at least", "gt": "above", "le": "at most", "lt": "below"}
    parts = [f"{words[name]} {_shown(limits[name])}" for name in words if name in limits]
    return f" {', '.join(parts)}" if parts else ""


def _limits(rules: Any) -> dict[str, float]:
    names = ("ge", "gt", "le", "lt", "min_length", "max_length")
    return {name: getattr(rule, name) for rule in rules for name in names if getattr(rule, name, None) is not None}


def _shown(number: float) -> str:
    return f"{number:,}" if number >= 10_000 else f"{number:g}"


def _example(annotation: Any, rules: Any, known: str) -> Any:
    origin, inside = get_origin(annotation), get_args(annotation)
    if origin in (Union, UnionType, Annotated):
        return _example(inside[0], rules, known)
    if origin in (list, tuple):
        return [_example(inside[0], (), known)]
    if origin is dict:
        return {_example(inside[0], (), ""): _example(inside[1], (), "")}
    if origin is Literal:
        return next(word for word in inside if word)
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return {}
    if annotation in (int, float):
        return _number(annotation, rules)
    return "2024-06-30" if annotation is date else known or "in your own words"


def _number(kind: type, rules: Any) -> float:
    limits = _limits(rules)
    low, high = limits.get("ge", limits.get("gt", 0)), limits.get("le", limits.get("lt"))
    if kind is int:
        return low + 1 if high is None or low + 1 <= high else low
    return low + 1 if high is None else round((low + high) / 2, 2)
