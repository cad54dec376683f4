"""What is known of the systems people use: one YAML file per export, no code.

``title``, ``system``, ``sure`` (solid or doubtful), ``recognise`` (columns by which the export is known),
``traps`` (sentences for the consultant) and ``source`` (the block of client.yml).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from helpers.core.errors import AimError, did_you_mean

FOLDER = Path(__file__).parent


@dataclass(frozen=True)
class Preset:
    """One system's export: its source block, how it is recognised, and its traps."""

    name: str
    title: str
    system: str
    sure: str
    recognise: tuple[str, ...]
    traps: tuple[str, ...]
    source: dict[str, Any]

    def block(self, file: str) -> dict[str, Any]:
        """Return the source block of client.yml for a file of this kind."""
        return {"table": self.source["table"], "file": file, "system": self.system, **self.source}


@cache
def presets() -> dict[str, Preset]:
    """Return every preset by name, in alphabetical order."""
    from helpers.client.config.yaml_text import read_yaml

    by_name = {}
    for path in sorted(FOLDER.glob("*.yml")):
        raw, _ = read_yaml(path, path.name)
        by_name[path.stem] = Preset(
            path.stem, raw["title"], raw["system"], raw["sure"], tuple(raw["recognise"]), tuple(raw["traps"]), raw["source"]
        )
    return by_name


def presets_for(name: str) -> list[Preset]:
    """Return the presets of a system or of one export: "shopify" gives its orders and its customers.

    Raises
    ------
    AimError : there is none by that name.
    """
    known = presets()
    matching = [preset for key, preset in known.items() if key == name or key.split("-")[0] == name]
    if not matching:
        families = sorted({key.split("-")[0] for key in known} | set(known))
        raise AimError(f"There is no preset {name!r}. {did_you_mean(name, families)}")
    return matching


def recognised(columns: Iterable[str]) -> Preset | None:
    """Return the preset all of whose telling columns a file has; the one with the most; None when none fits."""
    there = set(columns)
    fitting = [preset for preset in presets().values() if preset.recognise and set(preset.recognise) <= there]
    return max(fitting, key=lambda preset: len(preset.recognise), default=None)
