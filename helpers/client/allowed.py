"""What a key of client.yml may hold, in plain words: from its type, and from the names that are registered elsewhere."""

from collections.abc import Callable
from datetime import date
from functools import cache
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from helpers.client.choices import choices_of
from helpers.client.config.load import FIRST_DAY, LAST_DAY, MOST_LETTERS, MOST_TEXT
from helpers.core import wording
from helpers.phases.data_maturity.anchors import anchors
from helpers.tables import CUSTOMER_TABLE, CUSTOMERS, TABLES
from helpers.tables.doubts import KINDS as DOUBTS
from helpers.tables.shapes import KINDS as CHANGES
from helpers.tables.web.events import CONTEXT

_NUMBERS = ("number", "count", "money")
_COLUMN = "a column of the customer table (aim explain customer_table), of the list of customers, or of your own"
_THEIRS = "a column as the export writes it"
_OWN_FIGURES = "any text; a figure of phase 1 by its name, as in goals.goals.kpi"


def _numeric_columns() -> str:
    names = [column.name for table in (CUSTOMER_TABLE, CUSTOMERS) for column in table.columns if column.kind in _NUMBERS]
    return f"one or more of {', '.join(dict.fromkeys(names))}; or columns of your own, named under sources.extra"


@cache
def _id_columns() -> list[str]:
    return list(dict.fromkeys(column.name for table in TABLES.values() for column in table.columns if column.kind == "id"))


# What the type alone does not say. Names that are registered come from where they are registered.
_SAID: dict[str, Callable[[], str]] = {
    "client.language": lambda: ", ".join(wording.languages()),
    "client.currency": lambda: "three capital letters, such as EUR, SEK, GBP or USD",
    "client.accent": lambda: "'#' and six digits or letters a to f, in quotes, such as '#0b6e6e'",
    "sources.file": lambda: "the name of a file in the client's folder; needed unless there is a url",
    "sources.url": lambda: "an address that begins with postgresql://, spark:// or duckdb:; not together with file",
    "sources.time_zone": lambda: "a name of the IANA list, such as Europe/Brussels, Europe/Stockholm or UTC",
    "sources.encoding": lambda: "an encoding that Python knows, such as utf-8-sig, utf-16, cp1252, iso-8859-15 or cp850",
    "sources.date_format": lambda: (
        "signs of strftime: %d day, %m month, %Y year, %y year of two digits, %H:%M:%S time; excel; or a list of these"
    ),
    "sources.date_formats": lambda: "our column name: the same as date_format",
    "sources.columns": lambda: "our column name (aim explain orders lists those of orders): " + _THEIRS,
    "sources.extra": lambda: "a name of letters, digits and _, beginning with a letter: " + _THEIRS,
    "sources.constants": lambda: "our text column: any text, the same for every row",
    "sources.values": lambda: "our column name: {their value: ours}; ours of yes and no: yes, no",
    "sources.ids": lambda: f"an id column ({', '.join(_id_columns())}): a record with the keys below",
    "sources.wins": lambda: "a list of our column names that this source maps",
    "sources.fill_down.columns": lambda: "a list; each " + _THEIRS,
    "sources.fill_down.within": lambda: _THEIRS + "; or empty",
    "sources.returns.column": lambda: _THEIRS + "; or empty",
    "sources.set_aside.column": lambda: "our name of a column that this source maps",
    "sources.set_aside.matches": lambda: "a regular expression of Python, such as 'TEST.*'; or empty",
    "confirmed.kind": lambda: ", ".join(DOUBTS),
    "accept_changes": lambda: "a list of: " + ", ".join(CHANGES),
    "opportunities.effort": lambda: f"an id: a whole number from 1 to 5. Ids: {_names('opportunities.chosen')}, and those of own",
    "opportunities.own.id": lambda: "small letters, digits and _, beginning with a letter; none of the catalogue",
    "opportunities.own.kpis": lambda: "a list; each " + _OWN_FIGURES,
    "opportunities.own.tables": lambda: f"a table: a list of its columns. Tables: {', '.join(TABLES)}",
    "opportunities.own.metric": lambda: _OWN_FIGURES,
    "data_maturity.respondents.answers": lambda: f"a dimension: 0 to 4. Dimensions: {', '.join(anchors())}",
    "data_maturity.respondents.notes": lambda: f"a dimension: any text. Dimensions: {', '.join(anchors())}",
    "data_maturity.core_fields": lambda: "a list of: " + ", ".join(CUSTOMERS.names),
    "clusters.features": _numeric_columns,
    "clusters.clusters": lambda: "evidence, or a whole number from 2 to 20",
    "clusters.own_code": lambda: _COLUMN,
    "personas.context": lambda: "a list of: " + ", ".join((*CONTEXT, "daypart")),
    "personas.segments": lambda: "stability, or a whole number from 2 to 20",
    "potential.external_key": lambda: _COLUMN,
    "predictions.value_bands": lambda: "a list of rising numbers",
    "next_offer.sector": lambda: _COLUMN + "; or empty",
    "pilot.strata": lambda: f"a list; each {_COLUMN}, or group",
    "pilot.channels.columns": lambda: "a list; each " + _COLUMN,
    "pilot.channels.needs": lambda: _COLUMN + "; or empty",
    "messages.group_column": lambda: _COLUMN + "; or empty",
    "evaluation.segments": lambda: "a list; each a column of the pilot's assignment, such as group_name or segment",
    "learning.position_effect": lambda: "a place, counted from 1: a number above 0, at most 2",
    "learning.popularity_weights": lambda: "at least 2 rising numbers from 0 to 1",
} | {
    f"rfm_movement.score_cuts.{name}": lambda: "four rising numbers, or empty"
    for name in ("recency_days", "frequency_per_month", "monetary_per_year", "tenure_days")
}

# Where the default is empty and the type alone gives no example that helps.
_EXAMPLES: dict[str, Any] = {
    "as_of": "2024-06-30",
    "sources.file": "orders.csv",
    "sources.url": "postgresql://${AIM_USER}:${AIM_PASSWORD}@host/db",
    "sources.sql_table": "sales.orders",
    "sources.query": "SELECT * FROM orders WHERE shop = 3",
    "sources.system": "web shop",
    "sources.sheet": "Orders 2024",
    "sources.skip_lines": 3,
    "sources.skip_last": 1,
    "sources.header": ["Order", "Date", "Customer", "Amount"],
    "sources.text_prefix": "'",
    "sources.fill_down.columns": ["Order", "Date"],
    "sources.fill_down.within": "Order",
    "sources.number_signs": ["€", "kr"],
    "sources.date_format": "%d/%m/%Y",
    "sources.date_formats": {"created_date": "%Y%m%d"},
    "sources.year": 2024,
    "sources.empty_words": ["n/a", "-"],
    "sources.columns": {"order_id": "Order", "order_date": "Date", "customer_id": "Customer", "order_amount": "Amount"},
    "sources.extra": {"bonus_points": "Points"},
    "sources.constants": {"channel": "web"},
    "sources.values": {"consent": {"Ja": "yes", "Nee": "no"}},
    "sources.ids.after": "-",
    "sources.ids.strip_prefix": "C-",
    "sources.ids.drop": "- .",
    "sources.ids.zero_pad": 8,
    "sources.ids.add_prefix": "web-",
    "sources.wins": ["country"],
    "sources.returns.column": "Type",
    "sources.returns.equals": ["Credit note"],
    "sources.set_aside.name": "no card",
    "sources.set_aside.column": "customer_id",
    "sources.set_aside.equals": ["0"],
    "sources.set_aside.other_than": ["delivered", "paid"],
    "sources.set_aside.starts_with": ["TEST"],
    "sources.set_aside.matches": "TEST.*",
    "sources.thousands": ".",
    "confirmed.kind": "tax_mixed",
    "accept_changes": ["months_missing"],
    "decisions.about": "goals.kpis",
    "opportunities.own.id": "own_idea",
    "opportunities.own.tables": {"orders": ["order_date"]},
    "data_maturity.respondents.answers": {"clean": 2},
    "data_maturity.respondents.notes": {"clean": "addresses are old"},
    "data_maturity.core_fields": ["email", "consent"],
    "personas.personas.words": ["open day", "housing"],
    "next_offer.bundles.add": ["socks"],
    "pilot.channels.needs": "email",
    "messages.group_column": "customer_code",
    "learning.position_effect": {2: 0.7, 3: 0.5},
} | {
    f"rfm_movement.score_cuts.{name}": cuts
    for name, cuts in {
        "recency_days": [30, 90, 180, 365],
        "frequency_per_month": [0.1, 0.3, 0.6, 1],
        "monetary_per_year": [100, 300, 800, 2000],
        "tenure_days": [90, 365, 730, 1460],
    }.items()
}


def allowed_in(key: str, field: FieldInfo) -> str:
    """Return what a key may hold.

    Parameters
    ----------
    key : its name without the signs of lists, such as "sources.ids.zero_pad".
    field : what the schema says of it.
    """
    if key in _SAID:
        return _SAID[key]()
    several = get_origin(field.annotation) in (list, tuple)
    if choices_of(key) and not key.startswith("analyses.dilemmas"):
        return f"a list of: {_names(key)}" if several else _names(key) + ("; or empty" if not field.is_required() else "")
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
    if key in _EXAMPLES:
        return _EXAMPLES[key]
    if key == "opportunities.effort":
        return {next(iter(choices_of("opportunities.chosen") or {"id": ""})): 2}
    default = None if field.is_required() else field.get_default(call_default_factory=True)
    if default not in (None, "", (), [], {}, PydanticUndefined) and not isinstance(default, (bool, BaseModel)):
        return default
    if isinstance(default, bool):
        return not default
    known = choices_of(key)
    return _example(field.annotation, field.metadata, list(known)[0] if known else "")


def _names(key: str) -> str:
    return ", ".join(choices_of(key) or ())


def _allowed(annotation: Any, rules: Any, name: str) -> str:
    origin, inside = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return _allowed(inside[0], [*inside[1:], *rules], name)
    if origin in (Union, UnionType):
        parts = [_allowed(part, rules, name) for part in inside if part is not NoneType]
        return "; or ".join(dict.fromkeys([*parts, *(["empty"] if NoneType in inside else [])]))
    if origin in (list, tuple):
        return f"a list{_length(rules)}; each: {_allowed(inside[0], (), name)}"
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
        return ("a whole number" if annotation is int else "a number") + _range(rules)
    most = min([rule.max_length for rule in rules if getattr(rule, "max_length", None)] + [MOST_LETTERS.get(name, MOST_TEXT)])
    least = max([rule.min_length for rule in rules if getattr(rule, "min_length", None)] + [0])
    if most == 1:
        return "one sign" if least else "one sign, or empty"
    return f"any text of {'1 to' if least else 'at most'} {most:,} characters"


def _range(rules: Any) -> str:
    limits = _limits(rules)
    low = next((word + _shown(limits[name]) for name, word in (("ge", "from "), ("gt", "above ")) if name in limits), "")
    high = next((word + _shown(limits[name]) for name, word in (("le", "to "), ("lt", "below ")) if name in limits), "")
    if low.startswith("from") and high.startswith("to"):
        return f" {low} {high}"
    return "".join(
        f" {part}" for part in [", ".join(filter(None, (low.replace("from", "of at least"), high.replace("to", "at most"))))] if part
    )


def _limits(rules: Any) -> dict[str, float]:
    return {name: getattr(rule, name) for rule in rules for name in ("ge", "gt", "le", "lt") if getattr(rule, name, None) is not None}


def _shown(number: float) -> str:
    return f"{number:,}" if number >= 10_000 else f"{number:g}"


def _length(rules: Any) -> str:
    limits = {name: getattr(rule, name) for rule in rules for name in ("min_length", "max_length") if getattr(rule, name, None)}
    least = f" of at least {limits['min_length']}" if "min_length" in limits else ""
    return least or (f" of at most {limits['max_length']}" if "max_length" in limits else "")


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
