"""What a world is: its exports, the client.yml that a consultant would write, and the truth."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import pandas as pd


@dataclass(frozen=True)
class World:
    """One client's exports in a folder, and what is true of them.

    Parameters
    ----------
    name : the kind of world.
    variant : what the seed chose, in a few words.
    folder : where the exports lie; nothing else lies there.
    answer : the client.yml as it should be, as plain values: the answer key. Never shown to what is tried.
    tables : the canonical tables; every column in them must come out as it stands here.
    wished : columns of ``tables`` that may be left out, though not be wrong: "table.column".
    attributes : further columns of the customers, by id: their values must come out under some name.
    outcome : whether a report is due, or a refusal.
    says : patterns, each of which the report or refusal must fit.
    never : patterns that it must not fit.
    personal : values of persons that may stand neither in client.yml nor in the report.
    facts : figures of the world that a check of its own needs.
    """

    name: str
    variant: str
    folder: Path
    answer: Mapping[str, Any]
    tables: Mapping[str, pd.DataFrame]
    wished: frozenset[str] = frozenset()
    attributes: pd.DataFrame | None = None
    outcome: Literal["report", "refusal"] = "report"
    says: tuple[str, ...] = ()
    never: tuple[str, ...] = ()
    personal: tuple[str, ...] = ()
    facts: Mapping[str, Any] = field(default_factory=dict)

    def theirs(self, table: str, column: str) -> tuple[str, str]:
        """Return the file and the column of it that a column of ours comes from; "" where the answer key names none."""
        for block in self.answer["sources"]:
            if block["table"] == table and column in block.get("columns", {}):
                return block["file"], block["columns"][column]
            if block["table"] == table and column in block.get("extra", {}):
                extra = block["extra"][column]
                return block["file"], extra if isinstance(extra, str) else extra["column"]
        return next((block["file"] for block in self.answer["sources"] if block["table"] == table), ""), ""
