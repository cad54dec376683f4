"""What can be chosen in a field whose model only says "text" or "number", with what each choice means."""

from collections.abc import Callable, Mapping

from helpers.client.decisions import places
from helpers.core.wording import _
from helpers.phases.choice_of_analyses.dilemmas import sheet
from helpers.phases.data_maturity.anchors import anchors
from helpers.phases.opportunities.catalogue import catalogue
from helpers.tables import TABLES
from helpers.workbook import ANALYSES, PHASES

Choices = Mapping[str, str]  # what is written in client.yml, to what a person reads


def choices_of(key: str) -> Choices | None:
    """Return the choices of a key such as "opportunities.chosen"; None where anything can be typed."""
    parent, __, last = key.rpartition(".")
    if parent == "data_maturity.respondents.answers" and last in anchors():
        return {str(level): _(text) for level, text in enumerate(anchors()[last].levels)}
    if parent == "analyses.dilemmas":
        dilemma = next(dilemma for dilemma in sheet().dilemmas if dilemma.id == last)
        first, second = _(dilemma.first.name), _(dilemma.second.name)
        rather = _("rather {pole}")
        return {"-2": first, "-1": rather.format(pole=first), "0": _("undecided"), "1": rather.format(pole=second), "2": second}
    return _KNOWN[key]() if key in _KNOWN else None


def keys_of(key: str) -> tuple[str, ...]:
    """Return the keys that a mapping can hold; none where they are free."""
    return tuple(anchors()) if key in ("data_maturity.respondents.answers", "data_maturity.respondents.notes") else ()


def _places() -> Choices:
    titles = {phase.section: phase.title for phase in PHASES}
    return {place: titles[place.split(".")[0]] + (f": {_(name)}" if name else "") for place, name in places().items()}


_KNOWN: dict[str, Callable[[], Choices]] = {
    "opportunities.chosen": lambda: {entry.id: _(entry.title) for entry in catalogue()},
    "opportunities.excluded": lambda: {entry.id: _(entry.title) for entry in catalogue()},
    "analyses.wanted": lambda: {phase.section: phase.title for phase in ANALYSES},
    "data_maturity.systems.tables": lambda: {name: name for name in TABLES},
    "decisions.about": _places,
}
