"""Every key of client.yml with its meaning, what it may hold, its default and an example, all taken from the schema."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from helpers.client.allowed import allowed_in, example_of, kind_in
from helpers.client.answers.yaml_values import below, inline
from helpers.client.config.schema import ClientConfig, model_in


@dataclass(frozen=True)
class Key:
    """One key of client.yml, and what the schema says of it.

    Parameters
    ----------
    name : with the keys around it, such as "sources[].ids[].zero_pad".
    around : the keys around it as they nest: "-" for an item of a list, "customer_id" for an entry under a name of its own.
    """

    name: str
    around: tuple[str, ...]
    field: FieldInfo

    @property
    def plain(self) -> str:
        """Its name as a person types it: without the signs of lists."""
        return self.name.replace("[]", "")

    @property
    def meaning(self) -> str:
        """What it is for."""
        return self.field.description or ""

    @property
    def kind(self) -> str:
        """What kind of value it holds, in plain words."""
        return kind_in(self.field.annotation)

    @property
    def allowed(self) -> str:
        """What it may hold."""
        return allowed_in(self.plain, self.field)

    @property
    def default(self) -> str:
        """What holds where it is left out, as it would be written."""
        default = self.field.get_default(call_default_factory=True)
        if default is PydanticUndefined:
            return "needed"
        if isinstance(default, BaseModel):
            return "see its keys"
        if default is None or default in ((), [], {}, ""):
            return "empty"
        return inline(_plain(default))

    @property
    def example(self) -> str:
        """Its place in client.yml with a value that it may hold."""
        content: Any = {self.plain.rpartition(".")[2]: _plain(example_of(self.plain, self.field))}
        for part in reversed(self.around):
            content = [content] if part == "-" else {part: content}
        return below(content, 0)


@cache
def keys() -> tuple[Key, ...]:
    """Return every key, sections before the keys in them."""
    return tuple(_walk(ClientConfig, "", ()))


def keys_documentation() -> str:
    """Return docs/client-yml.md: every key, its default, what it may hold and its meaning."""
    parts = ["# The keys of client.yml", ""]
    parts += ["Printed from the schema by `make docs`; do not edit by hand. One key at the terminal: `aim explain KEY`.", ""]
    parts += ["| key | default | allowed | meaning |", "|---|---|---|---|"]
    for key in keys():
        default = key.default if key.default in ("needed", "empty", "see its keys") else f"`{key.default}`"
        cells = (default, key.allowed, key.meaning)
        parts.append(f"| `{key.name}` | " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
    return "\n".join(parts) + "\n"


def _walk(model: type[BaseModel], prefix: str, around: tuple[str, ...]) -> Iterator[Key]:
    for name, field in model.model_fields.items():
        yield Key(f"{prefix}{name}", around, field)
        inner, repeated = model_in(field.annotation)
        if inner is not None:
            under_a_name = get_origin(field.annotation) is dict
            item = () if not repeated else ("customer_id",) if under_a_name else ("-",)
            yield from _walk(inner, f"{prefix}{name}{'[]' if repeated else ''}.", (*around, name, *item))


def _plain(value: Any) -> Any:
    if isinstance(value, BaseModel):
        given = {name: _plain(inside) for name, inside in value if inside not in (None, "", ())}
        usual = {name: _plain(field.default) for name, field in type(value).model_fields.items()}
        return {name: inside for name, inside in given.items() if inside != usual[name]} or given
    if isinstance(value, dict):
        return {key: _plain(inside) for key, inside in value.items()}
    return [_plain(item) for item in value] if isinstance(value, (list, tuple)) else value
