"""The exports of now beside those of the client's last round: what changed, and whether it holds the client back."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from helpers.core.errors import HeldBack
from helpers.core.files import read_json
from helpers.running.past_runs import finished_rounds
from helpers.tables.shapes import Change, Shape, changes


def export_changes(home: Path, as_of: date, shape: Shape) -> list[Change]:
    """Return what changed since the last finished round before a day; nothing where there is none, or it kept no shape of its exports."""
    for place in reversed(finished_rounds(home)):
        raw = read_json(place / "artefacts" / "shape.json")
        if place.name < as_of.isoformat() and raw:
            return changes(Shape.from_json(raw), shape)
    return []


def hold_back(found: Sequence[Change], accepted: Sequence[str]) -> list[str]:
    """Return what changed as sentences; stop the round where a serious change was not accepted.

    Parameters
    ----------
    found : by ``export_changes``.
    accepted : kinds that client.yml accepts for this round (``accept_changes``).

    Raises
    ------
    HeldBack : with the first serious changes and how to accept them.
    """
    serious = [change for change in found if change.serious and change.kind not in accepted]
    if serious:
        kinds = ", ".join(dict.fromkeys(change.kind for change in serious))
        said = "; ".join(change.sentence for change in serious[:3])
        raise HeldBack(f"The exports are not as they were: {said}. Export again, or accept it: accept_changes: [{kinds}].")
    return [f"{change.sentence}." for change in found]
