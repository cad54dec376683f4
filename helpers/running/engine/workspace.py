"""What a notebook finds around it: its environment, and folders of its own for all it might write outside its round."""

import contextlib
import itertools
import os
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from helpers.core.clients import IN_CLONE, ROOT
from helpers.core.files import is_alive

# One thread each: notebooks already run side by side, and two threads on two busy cores made K-Means ten times
# slower. On several threads sums are also added in another order, and results would differ in the last digit.
ONE_THREAD = {name: "1" for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS")}
# The environment variables under which every notebook of a batch runs, whatever engine runs it.
# The hash seed makes the order of sets the same in every run.
ENVIRONMENT = ONE_THREAD | {
    "PYTHONHASHSEED": "0",
    "PYTHONUTF8": "1",
    # A command may be given in a client's folder: nothing that lies there is imported in place of what is meant.
    "PYTHONSAFEPATH": "1",
    "MPLBACKEND": "module://matplotlib_inline.backend_inline",
}
_LONGEST_PATH = 60  # a unix socket's path ends at 107 characters, and kernels add to it
_numbers = itertools.count(1)


def child_environment() -> dict[str, str]:
    """Return the environment of a process of ours: it imports this workbook, and nothing from where a command was given."""
    ours = [str(ROOT)] if IN_CLONE else []  # installed packages are found anyway, and must not come before Python's own modules
    searched = [path for path in os.environ.get("PYTHONPATH", "").split(os.pathsep) if os.path.isabs(path)]
    return os.environ | ENVIRONMENT | {"PYTHONPATH": os.pathsep.join([*ours, *searched])}


@dataclass(frozen=True)
class Workspace:
    """Folders that belong to one notebook, all in one folder."""

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
def temporary_workspace() -> Iterator[Workspace]:
    """Make the folders of one notebook, and take them away afterwards."""
    workspace = Workspace(_root(os.getpid()) / str(next(_numbers)))
    for folder in (workspace.cwd, *map(Path, workspace.environment.values())):
        folder.mkdir(parents=True)
    for path in _font_lists():
        shutil.copy(path, workspace.environment["MPLCONFIGDIR"])
    try:
        yield workspace
    finally:
        shutil.rmtree(workspace.folder, ignore_errors=True)
        with contextlib.suppress(OSError):
            workspace.folder.parent.rmdir()  # succeeds for the last notebook that leaves
            _root.cache_clear()


def remove_leftovers() -> None:
    """Remove the folders of processes that were killed before they could do it themselves."""
    user = os.getuid() if hasattr(os, "getuid") else 0
    places = {_base(), Path(tempfile.gettempdir())}
    for folder in (folder for place in places for folder in place.glob("aim-*-*")):
        pid = folder.name.split("-")[1]
        if pid.isdigit() and folder.stat().st_uid == user and not is_alive(int(pid)):
            shutil.rmtree(folder, ignore_errors=True)


def private_folder() -> Path:
    """Return a new folder with a short path that only this user can open."""
    return Path(tempfile.mkdtemp(prefix=f"aim-{os.getpid()}-", dir=_base()))


@cache
def _root(pid: int) -> Path:
    return private_folder()


def _base() -> Path:
    wanted = Path(tempfile.gettempdir())
    return wanted if len(str(wanted)) <= _LONGEST_PATH or os.name == "nt" else Path("/tmp")


@cache
def _font_lists() -> tuple[Path, ...]:
    """Return matplotlib's lists of fonts, which take seconds to make anew."""
    import matplotlib
    from matplotlib import font_manager  # noqa: F401  (makes the list where there is none)

    return tuple(Path(matplotlib.get_cachedir()).glob("fontlist-*.json"))
