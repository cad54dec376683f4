"""The dimensions of data maturity and their anchored levels, from a data file."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import pandas as pd
from ruamel.yaml import YAML

FILE = Path(__file__).with_name("anchors.yml")
LEVELS = 5
DIMENSIONS = (
    "digitised",
    "structured",
    "centralised",
    "clean",
    "accessible",
    "kept_up",
    "collect",
    "store",
    "use",
    "culture",
)


@dataclass(frozen=True)
class Anchor:
    """One dimension: its question, what levels 0 to 4 mean, and the EU dimension it falls under."""

    id: str
    title: str
    question: str
    eu: str
    levels: tuple[str, ...]


@lru_cache
def anchors() -> dict[str, Anchor]:
    """Return the dimensions in their order.

    Raises
    ------
    ValueError
        The file does not hold exactly the known dimensions with five levels each.
    """
    raw = YAML(typ="safe", pure=True).load(FILE.read_text(encoding="utf-8"))
    found = {one["id"]: Anchor(**{**one, "levels": tuple(one["levels"])}) for one in raw}
    if tuple(found) != DIMENSIONS or any(len(one.levels) != LEVELS for one in found.values()):
        raise ValueError(f"{FILE.name}: expected {', '.join(DIMENSIONS)}, each with {LEVELS} levels")
    return found


def eu_mapping() -> pd.DataFrame:
    """Return our dimensions beside those of the EU Digital Maturity Assessment, by name only.

    Frame: dimension, eu_dimension. The six EU dimensions for SMEs are Digital Business Strategy,
    Digital Readiness, Human-Centric Digitalisation, Data Management, Automation and Artificial
    Intelligence, and Green Digitalisation (European Digital Innovation Hubs network, DMA FAQ).
    """
    rows = [(one.id, one.eu) for one in anchors().values()]
    return pd.DataFrame(rows, columns=["dimension", "eu_dimension"])


def translatable() -> tuple[str, ...]:
    """Return every text of the file that a person reads, for the translators."""
    texts = [text for one in anchors().values() for text in (one.title, one.question, *one.levels)]
    return tuple(dict.fromkeys(texts))
