"""Fields that hold other fields: a record, a list of records, and the choice of field for a key."""

from collections.abc import Callable, Iterable, Sequence
from html import escape
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

import ipywidgets as widgets
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from helpers.client.choices import choices_of, keys_of
from helpers.client.forms.fields import Changed, ChoiceField, Field, LinesField, PairsField, SingleField
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
        self._not_shown = {key: value for key, value in inside.items() if key not in self.fields}
        # In a list the frame tells one record from the next; elsewhere only its name does.
        heading = [widgets.HTML(f"<b>{escape(self._label())}</b> {escape(meaning)}")] if name else []
        self.widget = widgets.VBox([*heading, self.mistake, *(field.widget for field in self.fields.values())])

    @property
    def raw(self) -> dict[str, Any] | None:
        """The filled fields by name; as it was given where nobody touched it."""
        typed = {key: field.raw for key, field in self.fields.items()}
        filled = {key: value for key, value in typed.items() if value is not None} | self._not_shown
        if isinstance(self._given, dict) and filled == {key: value for key, value in self._given.items() if value is not None}:
            return self._given
        return filled or None

    def at(self, path: Sequence[str | int]) -> Field:
        """Return the field below that a path leads to."""
        key = str(path[0]) if path else ""
        return self.fields[key].at(path[1:]) if key in self.fields else self

    def inside(self) -> Iterable[Field]:
        """Return the fields of the record."""
        return self.fields.values()


class RecordsField(Field):
    """A list of records, each with a button to remove it, and one to add another."""

    def __init__(self, name: str, meaning: str, changed: Changed, given: Any, make: Make):
        super().__init__(name, meaning, changed)
        self._make, self._given = make, given
        self.items = [make("", item) for item in given] if isinstance(given, list) else []
        self._rows = widgets.VBox()
        add = widgets.Button(description=_("Add to {name}").format(name=self._label()), icon="plus")
        add.layout.width = "auto"
        add.on_click(lambda _button: self._change(lambda: self.items.append(make("", None))))
        self.widget = widgets.VBox([widgets.Label(meaning), self.mistake, self._rows, add])
        self._show()

    @property
    def raw(self) -> list[Any] | None:
        """The records; None where there are none."""
        records = [item.raw or {} for item in self.items]
        return self._given if records == self._given else records or None

    def at(self, path: Sequence[str | int]) -> Field:
        """Return the field below that a path leads to."""
        place = path[0] if path else None
        return self.items[place].at(path[1:]) if isinstance(place, int) and place < len(self.items) else self

    def inside(self) -> Iterable[Field]:
        """Return the records."""
        return self.items

    def _change(self, change: Callable[[], Any]) -> None:
        change()
        self._show()
        self.changed()

    def _show(self) -> None:
        self._rows.children = [self._row(item) for item in self.items]

    def _row(self, item: Field) -> widgets.Widget:
        drop = widgets.Button(description=_("Remove"), icon="trash")
        drop.on_click(lambda _button: self._change(lambda: self.items.remove(item)))
        frame = widgets.Layout(border="1px solid #bbb", padding=".5em", margin="0 0 .6em 0")
        return widgets.VBox([item.widget, drop], layout=frame)


def field_for(key: str, info: FieldInfo, given: Any, changed: Changed, annotation: Any = None) -> Field:
    """Return the field for one key of a model, by its whole name without positions in lists, such as "goals.goals.kpi".

    Parameters
    ----------
    info : the field of the pydantic model.
    given : what client.yml holds there; None for nothing.
    changed : called after every change.
    annotation : the type of one entry, where the key holds a mapping; else that of ``info``.
    """
    name, meaning = key.rpartition(".")[2], info.description or ""
    kind, inner = _kind(annotation or info.annotation)
    if kind == "record":
        return RecordField(name, meaning, changed, given, _makers(key, inner, changed))
    if kind == "records":
        makers = _makers(key, inner, changed)
        return RecordsField(name, meaning, changed, given, lambda name, given: RecordField(name, "", changed, given, makers))
    if kind == "mapping" and keys_of(key):
        makers = {entry: _maker(f"{key}.{entry}", info, changed, int) for entry in keys_of(key)}
        return RecordField(name, meaning, changed, given, makers)
    if kind == "mapping":
        return PairsField(name, meaning, changed, given, placeholder=meaning)
    if kind == "list":
        meaning += f" {', '.join(known)}" if (known := choices_of(key)) else ""
        return LinesField(name, meaning, changed, given, placeholder=meaning)
    choices = choices_of(key) or _steps(inner, info)
    if choices:
        return ChoiceField(name, meaning, changed, given, choices)
    return SingleField(name, meaning, changed, given, widgets.Textarea if name in LONG else widgets.Text, placeholder=meaning)


def _makers(key: str, model: type[BaseModel], changed: Changed) -> dict[str, Make]:
    return {name: _maker(f"{key}.{name}", info, changed) for name, info in model.model_fields.items()}


def _maker(key: str, info: FieldInfo, changed: Changed, annotation: Any = None) -> Make:
    return lambda _name, raw: field_for(key, info, raw, changed, annotation)


def _kind(annotation: Any) -> tuple[str, Any]:
    """Return what an annotation holds ("record", "records", "list", "mapping", "single"), and the type inside."""
    origin, inside = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return _kind(inside[0])
    if origin in (Union, UnionType):
        types = [argument for argument in inside if argument is not NoneType]
        return _kind(types[0]) if len(types) == 1 else ("single", None)
    if origin in (list, tuple):
        kind, inner = _kind(inside[0])
        return ("records", inner) if kind == "record" else ("list", inner)
    if origin is dict:
        return "mapping", inside[1]
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return "record", annotation
    return "single", annotation


def _steps(annotation: Any, info: FieldInfo) -> dict[str, str]:
    """Return the choices that the type itself names: words, yes and no, or a few whole numbers."""
    if get_origin(annotation) is Literal:
        return {str(word): str(word) for word in get_args(annotation) if word != ""}
    if annotation is bool:
        return {"true": _("yes"), "false": _("no")}
    low, high = (next((getattr(rule, name) for rule in info.metadata if hasattr(rule, name)), None) for name in ("ge", "le"))
    if annotation is int and low is not None and high is not None and high - low <= MOST_STEPS:
        return {str(step): str(step) for step in range(low, high + 1)}
    return {}
