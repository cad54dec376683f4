"""The documentation of client.yml and the client.yml of a new client, both printed from the schema."""

import textwrap
from collections.abc import Iterator
from typing import Any, get_args

from pydantic import BaseModel
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from helpers.client.config.schema import ClientConfig

_WIDTH = 96
_EXAMPLES = {"as_of": "2024-06-30"}


def keys_documentation() -> str:
    """Return docs/client-yml.md: every key, what it may hold, its default and its meaning."""
    parts = ["# The keys of client.yml", "", "Printed from the schema by `make docs`; do not edit by hand.", ""]
    parts += ["| key | default | meaning |", "|---|---|---|"]
    for key, field in _walk(ClientConfig, ""):
        meaning = (field.description or "").replace("|", "\\|")
        parts.append(f"| `{key}` | {_default_text(field)} | {meaning} |")
    return "\n".join(parts) + "\n"


def new_client_yml(name: str) -> str:
    """Return the client.yml of a new client, every key explained and set to its default.

    Parameters
    ----------
    name : name of the client, as it will stand on the report.
    """
    lines = ["# Everything the workbook knows about this client. Keys left out keep their default.", ""]
    for key, field in ClientConfig.model_fields.items():
        lines += _block(key, field, indent=0, overrides={"name": name})
    return "\n".join(lines) + "\n"


def _walk(model: type[BaseModel], prefix: str) -> Iterator[tuple[str, FieldInfo]]:
    for key, field in model.model_fields.items():
        yield f"{prefix}{key}", field
        inner, repeated = model_in(field.annotation)
        if inner is not None:
            yield from _walk(inner, f"{prefix}{key}{'[]' if repeated else ''}.")


def model_in(annotation: Any, repeated: bool = False) -> tuple[type[BaseModel] | None, bool]:
    """Return the first model inside a type (None where there is none), and whether it stands in a list or mapping."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation, repeated
    origin = getattr(annotation, "__origin__", None)
    for arg in get_args(annotation):
        model, is_repeated = model_in(arg, repeated or origin in (tuple, list, dict))
        if model is not None:
            return model, is_repeated
    return None, repeated


def _default(field: FieldInfo) -> Any:
    return field.get_default(call_default_factory=True)


def _default_text(field: FieldInfo) -> str:
    default = _default(field)
    if default is PydanticUndefined:
        return "needed"
    if isinstance(default, BaseModel):
        return "see below"
    if default is None or default in ((), [], {}, ""):
        return "empty"
    text = str(default)
    return f"`{text}`" if len(text) <= 60 else "see the template"


def _block(key: str, field: FieldInfo, indent: int, overrides: dict[str, str]) -> list[str]:
    pad = "  " * indent
    comment = [f"{pad}# {line}" for line in textwrap.wrap(field.description or "", _WIDTH - len(pad))]
    default = _default(field)
    if isinstance(default, BaseModel):
        fields = type(default).model_fields
        body = [line for name, inner in fields.items() for line in _block(name, inner, indent + 1, overrides)]
        head = [f"{pad}{key}:"] if fields else [f"{pad}{key}: {{}}"]
        return [*comment, *head, *body, ""] if indent == 0 else [*comment, *head, *body]
    shown = overrides.get(key, _EXAMPLES.get(key)) if indent <= 1 else None
    lines = [*comment, f"{pad}{key}: {shown if shown is not None else _scalar(default)}"]
    inner_model, _ = model_in(field.annotation)
    if inner_model is not None:
        lines += _commented_example(inner_model, indent + 1)
    return [*lines, ""] if indent == 0 else lines


def _commented_example(model: type[BaseModel], indent: int) -> list[str]:
    """Show, commented out, what one item of a list looks like."""
    pad = "  " * indent
    lines = []
    for i, (key, field) in enumerate(model.model_fields.items()):
        mark = "- " if i == 0 else "  "
        default = _default(field)
        sample = "…" if default is PydanticUndefined else _scalar(default)
        meaning = " ".join((field.description or "").split())
        lines.append(f"{pad}# {mark}{key}: {sample}   # {meaning}")
    return lines


def _scalar(value: Any) -> str:
    if value is None or value is PydanticUndefined:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (tuple, list)):
        return "[" + ", ".join(_scalar(item) for item in value) + "]"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{k}: {_scalar(v)}" for k, v in value.items()) + "}"
    if isinstance(value, BaseModel):
        return "{" + ", ".join(f"{k}: {_scalar(v)}" for k, v in value) + "}"
    text = str(value)
    quoted = "'" + text.replace("'", "''") + "'"
    risky = text == "" or text != text.strip() or text[0] in "#&*!|>%@`'\"{}[],-?:;." or ": " in text or " #" in text
    return quoted if risky else text
