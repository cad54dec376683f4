"""What a notebook finds around it: a folder of its own for everything it might write outside its round."""

from __future__ import annotations

import contextlib
import itertools
import os
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_LONGEST = 60  # a unix socket's path ends at 107 characters, and kernels add to it
_numbers = itertools.count(1)


@dataclass(frozen=True)
class Surroundings:
    """Folders that belong to one notebook.

    Parameters
    ----------
    folder : the parent of all of them.
    """

    folder: Path

    @property
    def cwd(self) -> Path:
        """The working folder."""
        return self.folder / "work"

    @property
    def environment(self) -> dict[str, str]:
        """The environment variables that lead to the folders."""
        return {
            "TMPDIR": str(self.folder / "tmp"),
            "IPYTHONDIR": str(self.folder / "ipython"),
            "JUPYTER_RUNTIME_DIR": str(self.folder / "runtime"),
            "MPLCONFIGDIR": str(self.folder / "matplotlib"),
        }


@contextlib.contextmanager
def surroundings() -> Iterator[Surroundings]:
    """Make the folders of one notebook, and take them away afterwards."""
    made = Surroundings(_root(os.getpid()) / str(next(_numbers)))
    for folder in (made.cwd, *map(Path, made.environment.values())):
        folder.mkdir(parents=True)
    _give_fonts(Path(made.environment["MPLCONFIGDIR"]))
    try:
        yield made
    finally:
        shutil.rmtree(made.folder, ignore_errors=True)
        with contextlib.suppress(OSError):
            made.folder.parent.rmdir()  # the last one out
            _root.cache_clear()


def sweep() -> None:
    """Remove the folders of processes that were killed before they could do it themselves."""
    places = {_base(), Path(tempfile.gettempdir())}
    for folder in (folder for place in places for folder in place.glob("aim-*-*")):
        pid = folder.name.split("-")[1]
        if pid.isdigit() and folder.stat().st_uid == _user() and not _lives(int(pid)):
            shutil.rmtree(folder, ignore_errors=True)


def private_folder() -> Path:
    """Return a new folder with a short path that only this user can open."""
    return Path(tempfile.mkdtemp(prefix=f"aim-{os.getpid()}-", dir=_base()))


@cache
def _root(pid: int) -> Path:
    return private_folder()


def _base() -> Path:
    wanted = Path(tempfile.gettempdir())
    return wanted if len(str(wanted)) <= _LONGEST or os.name == "nt" else Path("/tmp")


def _give_fonts(folder: Path) -> None:
    """Hand over matplotlib's list of fonts, which takes seconds to make anew."""
    for fonts in _font_lists():
        shutil.copy(fonts, folder)


@cache
def _font_lists() -> tuple[Path, ...]:
    import matplotlib
    from matplotlib import font_manager  # noqa: F401  (makes the list where there is none)

    return tuple(Path(matplotlib.get_cachedir()).glob("fontlist-*.json"))


def _user() -> int:
    return os.getuid() if hasattr(os, "getuid") else 0


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True
