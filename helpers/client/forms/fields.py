"""Fields of a form, each made from a field of the pydantic model that checks client.yml.

A field shows what client.yml holds and gives back the text that belongs there; it knows nothing of
what is right. A field that was not touched gives back exactly what it was given.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from html import escape
from typing import Any

import ipywidgets as widgets

from helpers.client.choices import Choices
from helpers.core.wording import _

WIDE = widgets.Layout(width="46em")
STYLE = {"description_width": "13em"}
Changed = Callable[[], None]


class Field:
    """One field: its widget, and what client.yml would hold at its key; ``changed`` is called after every change a person makes."""

    def __init__(self, name: str, meaning: str, changed: Changed):
        self.name, self.meaning, self.changed = name, meaning, changed
        self.mistake = widgets.HTML()
        self.widget: widgets.Widget = self.mistake

    @property
    def raw(self) -> Any:
        """What client.yml would hold: text, list or dict; None where nothing is filled in."""
        raise NotImplementedError

    def at(self, path: Sequence[str | int]) -> Field:
        """Return the field a mistake at this path belongs to: the deepest one that the form shows."""
        return self

    def show_mistake(self, words: str) -> None:
        """Say what is wrong with it; an empty text takes that back."""
        self.mistake.value = f'<p style="margin:0 0 .4em 13.5em;color:#a03000">{escape(words)}</p>' if words else ""

    def inside(self) -> Iterable[Field]:
        """Return the fields that stand in this one."""
        return ()

    def clear_mistakes(self) -> None:
        """Take back what was said of this field and all inside it."""
        self.show_mistake("")
        for field in self.inside():
            field.clear_mistakes()

    def _label(self) -> str:
        return self.name.replace("_", " ")


class SingleField(Field):
    """A text, a number or a date, typed in a kind of widget; ``options`` are what the widget takes beside the usual."""

    def __init__(self, name: str, meaning: str, changed: Changed, given: Any, kind: type = widgets.Textarea, **options: Any):
        super().__init__(name, meaning, changed)
        usual = {"value": self._shown(given), "description": self._label(), "tooltip": meaning, "layout": WIDE, "style": STYLE}
        self.entry = kind(**usual | options)
        self._given, self._first = given, self.entry.value
        self.entry.observe(lambda _change: changed(), names="value")
        self.widget = widgets.VBox([self.entry, self.mistake])

    @property
    def raw(self) -> Any:
        """The text, or None where the field is empty; as it was given where nobody touched it."""
        if self.entry.value == self._first:
            return self._given
        return self._typed()

    def _shown(self, given: Any) -> str | None:
        return "" if given is None else str(given)

    def _typed(self) -> Any:
        return None if self.entry.value is None else str(self.entry.value).strip() or None


class LinesField(SingleField):
    """A list of texts, one per line."""

    def _shown(self, given: Any) -> str:
        return "\n".join(map(str, given)) if isinstance(given, list) else str(given or "")

    def _typed(self) -> list[str] | None:
        return [line.strip() for line in self.entry.value.splitlines() if line.strip()] or None


class PairsField(SingleField):
    """A mapping with free keys, one "key: value" per line."""

    def _shown(self, given: Any) -> str:
        return "\n".join(f"{key}: {value}" for key, value in given.items()) if isinstance(given, dict) else ""

    def _typed(self) -> dict[str, str] | None:
        pairs = [line.partition(":") for line in self.entry.value.splitlines() if line.strip()]
        return {key.strip(): value.strip() for key, _colon, value in pairs} or None


class ChoiceField(SingleField):
    """A field in which one of the choices, or nothing, is chosen."""

    def __init__(self, name: str, meaning: str, changed: Changed, given: Any, choices: Choices):
        labels = dict(choices)
        if given is not None:
            labels.setdefault(str(given), str(given))  # a mistyped value must be seen to be mended
        options: list[tuple[str, str | None]] = [(_("not answered"), None)]
        options += [(f"{value} · {label}" if label != value else value, value) for value, label in labels.items()]
        super().__init__(name, meaning, changed, given, widgets.Dropdown, options=options)

    def _shown(self, given: Any) -> str | None:
        return None if given is None else str(given)
