"""Every mistake in a client's folder in one list, before any kernel starts."""

from __future__ import annotations

from pathlib import Path

from helpers.config import read_client
from helpers.errors import Problem, UserMistakes
from helpers.sources.intake import read_source, read_sources


def check_client(folder: Path) -> tuple[Problem, ...]:
    """Return every mistake in client.yml and in the files it names.

    Parameters
    ----------
    folder : the client's folder.
    """
    loaded = read_client(folder)
    problems = list(loaded.problems)
    if loaded.config is None:
        for i, source in loaded.sources:
            problems += read_source(folder, source, i)
        return tuple(problems)
    if not loaded.config.sources:
        fix = "Add one block per export; aim new shows what a block holds."
        return (Problem("client.yml", "key sources", "", "at least one source", fix),)
    try:
        read_sources(folder, loaded.config.sources).store.close()
    except UserMistakes as error:
        problems += error.problems
    return tuple(problems)
