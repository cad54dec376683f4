"""Every mistake in a client's folder in one list, before any kernel starts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any, Protocol

from helpers.client.config import read_client
from helpers.core.errors import Problem, UserMistakes
from helpers.sources.intake import read_source, read_sources


class Listener(Protocol):
    """Hears what is being done."""

    def send(self, record: dict[str, Any]) -> None:
        """Take one record."""


def check_client(folder: Path, begin: Callable[[str], None] = lambda origin: None) -> tuple[Problem, ...]:
    """Return every mistake in client.yml and in the files it names.

    Parameters
    ----------
    folder : the client's folder.
    begin : is told the file, table or query whose reading begins.
    """
    loaded = read_client(folder)
    problems = list(loaded.problems)
    if loaded.config is None:
        for i, source in loaded.sources:
            begin(source.origin)
            problems += read_source(folder, source, i)
        return tuple(problems)
    if not loaded.config.sources:
        fix = "Add one block per export; aim new shows what a block holds."
        return (Problem("client.yml", "key sources", "", "at least one source", fix),)
    try:
        read_sources(folder, loaded.config.sources, begin).store.close()
    except UserMistakes as error:
        problems += error.problems
    return tuple(problems)


def check_job(lines: Listener, folder: str) -> list[dict[str, str]]:
    """Return the same as plain JSON values; what a process of its own is asked for.

    Parameters
    ----------
    lines : hears which export is being read.
    folder : the client's folder.
    """
    problems = check_client(Path(folder), lambda origin: lines.send({"reading": origin}))
    return [asdict(problem) for problem in problems]
