"""A form over some keys of client.yml: checked while one types, written back by a button."""

from collections.abc import Sequence
from html import escape
from pathlib import Path
from typing import Any

import ipywidgets as widgets
from pydantic.fields import FieldInfo

from helpers.client.answers.store import read_answers, save
from helpers.client.config import ClientConfig
from helpers.client.forms.records import field_for
from helpers.core.errors import AimError, Problem, did_you_mean
from helpers.core.wording import _


class Form(widgets.VBox):
    """The fields of some keys of client.yml, such as "goals.goals", what is wrong with them, and the button that saves."""

    def __init__(self, folder: Path, keys: Sequence[str]):
        self.answers = read_answers(folder)
        self.fields = {key: field_for(key, _info(key), self.answers.at(key), self.check) for key in keys}
        self.button = widgets.Button(description=_("Save in client.yml"), button_style="primary", icon="save")
        self.button.layout.width = "auto"
        self.button.on_click(lambda _button: self.save())
        self.message = widgets.HTML()
        titles = [key.rpartition(".")[2].replace("_", " ").capitalize() for key in keys]
        pages = widgets.Accordion([field.widget for field in self.fields.values()], titles=titles, selected_index=0)
        super().__init__([pages, widgets.HBox([self.button, self.message])])
        self.check()

    @property
    def changes(self) -> dict[str, Any]:
        """What the form holds, by key."""
        return {key: field.raw for key, field in self.fields.items()}

    def check(self) -> None:
        """Check what is typed, and say at each field what is wrong with it."""
        for field in self.fields.values():
            field.clear_mistakes()
        mistakes = self.answers.mistakes(self.changes)
        elsewhere = [str(problem) for path, problem in mistakes if not self._show_at_field(path, problem)]
        self.button.disabled = bool(mistakes)
        self._say(elsewhere[0] if elsewhere else _("Mend what is marked, then save.") if mistakes else "")

    def save(self) -> None:
        """Write the answers into client.yml, or say why not."""
        try:
            self.answers = save(self.answers, self.changes)
        except AimError as error:
            self._say(str(error))
            return
        self._say(_("Saved in client.yml. Run all cells again to see it in the figures."))

    def _show_at_field(self, path: tuple, problem: Problem) -> bool:
        """Say it at the field it belongs to; False where the form shows none."""
        for key, field in self.fields.items():
            steps = tuple(key.split("."))
            if path[: len(steps)] == steps:
                got = _("got {value}; ").format(value=repr(problem.got)) if problem.got else ""
                expected = _("expected {what}.").format(what=problem.expected)
                field.at(path[len(steps) :]).show_mistake(f"{got}{expected} {problem.fix}".strip())
                return True
        return False

    def _say(self, words: str) -> None:
        self.message.value = f"<b>{escape(words)}</b>" if words else ""


def _info(key: str) -> FieldInfo:
    model: Any = ClientConfig
    for step in key.split("."):
        known = getattr(model, "model_fields", {})
        if step not in known:
            raise AimError(f"There is no key {key!r} in client.yml. {did_you_mean(step, list(known))}")
        info = known[step]
        model = info.annotation
    return info
