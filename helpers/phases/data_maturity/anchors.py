"""The dimensions of data maturity and their anchored levels, from a data file."""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import pandas as pd
from ruamel.yaml import YAML

FILE = Path(__file__).with_name("anchors.yml")
LEVELS = 5
DIMENSIONS = ("digitised", "structured", "centralised", "clean", "accessible", "kept_up", "collect", "store", "use", "culture")


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
    """Return the dimensions in their order; ValueError where the file does not hold exactly the known ones, with five levels each."""
    raw = YAML(typ="safe", pure=True).load(FILE.read_text(encoding="utf-8"))
    by_id = {entry["id"]: Anchor(**{**entry, "levels": tuple(entry["levels"])}) for entry in raw}
    if tuple(by_id) != DIMENSIONS or any(len(anchor.levels) != LEVELS for anchor in by_id.values()):
        raise ValueError(f"{FILE.name}: expected {', '.join(DIMENSIONS)}, each with {LEVELS} levels")
    return by_id


def eu_mapping() -> pd.DataFrame:
    """Return our dimensions beside those of the EU Digital Maturity Assessment, by name only.

    Frame: dimension, eu_dimension. The six EU dimensions for SMEs are Digital Business Strategy,
    Digital Readiness, Human-Centric Digitalisation, Data Management, Automation and Artificial
    Intelligence, and Green Digitalisation (European Digital Innovation Hubs network, DMA FAQ).
    """
    rows = [(anchor.id, anchor.eu) for anchor in anchors().values()]
    return pd.DataFrame(rows, columns=["dimension", "eu_dimension"])


def translatable() -> tuple[str, ...]:
    """Return every text of the file that a person reads, for the translators."""
    texts = [text for anchor in anchors().values() for text in (anchor.title, anchor.question, *anchor.levels)]
    return tuple(dict.fromkeys(texts))
