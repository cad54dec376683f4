"""Fields that hold other fields: a record, a list of records, and the choice of field for a key."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

import ipywidgets as widgets
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from helpers.client.forms.choices import choices_of, keys_of
from helpers.client.forms.fields import Changed, Field, choice_field, lines_field, pairs_field, text_field
from helpers.core.wording import _

MOST_STEPS = 10  # whole numbers with few steps are chosen, others typed
LONG = ("note", "why", "what", "description")
Make = Callable[[str, Any], Field]


class RecordField(Field):
    """A record: its fields below each other."""

    def __init__(self, name: str, meaning: str, changed: Changed, given: Any, makers: dict[str, Make]):
        super().__init__(name, meaning, changed)
        self._given = given
        inside = given if isinstance(given, dict) else {}
        self.fields = {key: make(key, inside.get(key)) for key, make in makers.items()}
        self._others = {key: value for key, value in inside.items() if key not in self.fields}
        self.widget = widgets.VBox([self.said, *(one.widget for one in self.fields.values())])

    @property
    def raw(self) -> dict[str, Any] | None:
        """The filled fields by name; as it was given where nobody touched it."""
        found = {key: value for key, one in self.fields.items() if (value := one.raw) is not None} | self._others
        same = isinstance(self._given, dict) and found == {k: v for k, v in self._given.items() if v is not None}
        return self._given if same else found or None

    def at(self, path: Sequence[str | int]) -> Field:
        """Return the field below that a path leads to."""
        return self.fields[path[0]].at(path[1:]) if path and path[0] in self.fields else self

    def quiet(self) -> None:
        """Take back what was said of this field and all inside it."""
        super().quiet()
        for one in self.fields.values():
            one.quiet()


class RecordsField(Field):
    """A list of records, each with a button to remove it, and one to add another."""

    def __init__(self, name: str, meaning: str, changed: Changed, given: Any, make: Make):
        super().__init__(name, meaning, changed)
        self._make, self._given = make, given
        self.items = [make("", one) for one in given] if isinstance(given, list) else []
        self._rows = widgets.VBox()
        add = widgets.Button(description=_("Add to {name}").format(name=self._label()), icon="plus")
        add.layout.width = "auto"
        add.on_click(lambda _button: self._change(lambda: self.items.append(make("", None))))
        self.widget = widgets.VBox([widgets.Label(meaning), self.said, self._rows, add])
        self._show()

    @property
    def raw(self) -> list[Any] | None:
        """The records; None where there are none."""
        found = [one.raw or {} for one in self.items]
        return self._given if found == self._given else found or None

    def at(self, path: Sequence[str | int]) -> Field:
        """Return the field below that a path leads to."""
        inside = path and isinstance(path[0], int) and path[0] < len(self.items)
        return self.items[path[0]].at(path[1:]) if inside else self

    def quiet(self) -> None:
        """Take back what was said of this field and all inside it."""
        super().quiet()
        for one in self.items:
            one.quiet()

    def _change(self, change: Callable[[], Any]) -> None:
        change()
        self._show()
        self.changed()

    def _show(self) -> None:
        self._rows.children = [self._row(one) for one in self.items]

    def _row(self, item: Field) -> widgets.Widget:
        drop = widgets.Button(description=_("Remove"), icon="trash")
        drop.on_click(lambda _button: self._change(lambda: self.items.remove(item)))
        frame = widgets.Layout(border="1px solid #bbb", padding=".5em", margin="0 0 .6em 0")
        return widgets.VBox([item.widget, drop], layout=frame)


def field_for(key: str, info: FieldInfo, given: Any, changed: Changed) -> Field:
    """Return the field for one key of a model.

    Parameters
    ----------
    key : the whole key, without positions in lists, such as "goals.goals.kpi".
    info : the field of the pydantic model.
    given : what client.yml holds there; None for nothing.
    changed : called after every change.
    """
    return _field(key, info.annotation, info, given, changed)


def _field(key: str, annotation: Any, info: FieldInfo, given: Any, changed: Changed) -> Field:
    name, meaning = key.rpartition(".")[2], info.description or ""
    kind, inner = _kind(annotation)
    if kind == "record":
        return RecordField(name, meaning, changed, given, _makers(key, inner, changed))
    if kind == "records":
        makers = _makers(key, inner, changed)
        return RecordsField(name, meaning, changed, given, lambda one, raw: RecordField(one, "", changed, raw, makers))
    if kind == "mapping" and keys_of(key):
        makers = {one: _maker(f"{key}.{one}", int, info, changed) for one in keys_of(key)}
        return RecordField(name, meaning, changed, given, makers)
    if kind == "mapping":
        return pairs_field(name, meaning, given, changed)
    if kind == "list":
        return lines_field(name, _with_choices(meaning, key), given, changed)
    choices = choices_of(key) or _steps(inner, info)
    if choices:
        return choice_field(name, meaning, given, changed, choices)
    return text_field(name, meaning, given, changed, long=name in LONG)


def _makers(key: str, model: type[BaseModel], changed: Changed) -> dict[str, Make]:
    return {name: _maker(f"{key}.{name}", one.annotation, one, changed) for name, one in model.model_fields.items()}


def _maker(key: str, annotation: Any, info: FieldInfo, changed: Changed) -> Make:
    return lambda _name, raw: _field(key, annotation, info, raw, changed)


def _kind(annotation: Any) -> tuple[str, Any]:
    """Return what an annotation holds ("record", "records", "list", "mapping", "one"), and the type inside."""
    origin, inside = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return _kind(inside[0])
    if origin in (Union, UnionType):
        kept = [one for one in inside if one is not NoneType]
        return _kind(kept[0]) if len(kept) == 1 else ("one", None)
    if origin in (list, tuple):
        kind, inner = _kind(inside[0])
        return ("records", inner) if kind == "record" else ("list", inner)
    if origin is dict:
        return "mapping", inside[1]
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return "record", annotation
    return "one", annotation


def _steps(annotation: Any, info: FieldInfo) -> dict[str, str]:
    """Return the choices that the type itself names: words, yes and no, or a few whole numbers."""
    if get_origin(annotation) is Literal:
        return {str(one): str(one) for one in get_args(annotation) if one != ""}
    if annotation is bool:
        return {"true": _("yes"), "false": _("no")}
    low, high = (next((getattr(one, name) for one in info.metadata if hasattr(one, name)), None) for name in ("ge", "le"))
    if annotation is int and None not in (low, high) and high - low <= MOST_STEPS:
        return {str(one): str(one) for one in range(low, high + 1)}
    return {}


def _with_choices(meaning: str, key: str) -> str:
    known = choices_of(key)
    return meaning if not known else f"{meaning} {', '.join(known)}"
