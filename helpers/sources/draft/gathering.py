"""The exports that somebody named, brought together in one folder, of which either all or nothing stays."""

import contextlib
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from helpers.core.errors import AimError, printable
from helpers.core.files import is_alive, scratch

MOST_FILES = 100
_UNFINISHED = ".aim-new-"  # no client can be called so
_OURS = ("client.yml", "pseudonym.key")


@dataclass
class Exports:
    """Files by the name under which they will lie in the client's folder, and what was passed over, with the reason."""

    files: dict[str, Path] = field(default_factory=dict)
    left_out: dict[str, str] = field(default_factory=dict)

    def add(self, path: Path) -> None:
        """Take a file; one that was named twice counts once."""
        if not path.name.isprintable():
            self.left_out[printable(path.name)] = "its name holds signs that nobody sees: rename it"
        elif self.files.get(path.name, path).resolve() != path.resolve():
            raise AimError(f"Two files are called {path.name}: rename one of them, since both are to lie in one folder.")
        elif not os.access(path, os.R_OK):
            raise AimError(f"{path} may not be read by you: ask whoever owns it, or copy it.")
        else:
            self.files[path.name] = path


def gathered(paths: Sequence[Path]) -> Exports:
    """Return the exports in folders, and the files named one by one; nothing is opened.

    Of a folder, its files count and not what lies in folders within it; what begins with a dot is passed over.

    Raises
    ------
    AimError : nothing is there, something may not be read, a link leads out of its folder, two files have the same name, or
        there are too many.
    """
    exports = Exports()
    for path in paths:
        if path.is_dir():
            _add_folder(exports, path)
        elif path.is_file():
            exports.add(path)
        else:
            raise AimError(f"{printable(str(path))}: there is no such file or folder.")
    if not exports.files:
        raise AimError(
            f"{', '.join(printable(str(path)) for path in paths)}: there is no file in it. Put the exports there, as CSV or xlsx."
        )
    if len(exports.files) > MOST_FILES:
        raise AimError(f"There are {len(exports.files)} files: name the exports that belong to this client, at most {MOST_FILES}.")
    return exports


def _add_folder(exports: Exports, folder: Path) -> None:
    try:
        inside = sorted(path for path in folder.iterdir() if not path.name.startswith("."))
    except OSError:
        raise AimError(f"{folder} may not be read by you: ask whoever owns it, or copy it.") from None
    home = folder.resolve()
    for path in inside:
        name = printable(path.name)
        if path.is_symlink():
            if not path.resolve().is_relative_to(home):
                raise AimError(f"{name} in {folder} is a link that leads out of the folder: put the file itself there.")
            exports.left_out[name] = "a link to something else in the folder"
        elif path.is_dir():
            exports.left_out[f"{name}/"] = "a folder in the folder: name it with --from too, if exports lie there"
        elif not path.is_file():
            exports.left_out[name] = "no file"
        elif path.name in _OURS:
            exports.left_out[name] = "a file of the workbook, no export"
        else:
            exports.add(path)


@contextlib.contextmanager
def brought_together(files: Mapping[str, Path], place: Path | None) -> Iterator[Path]:
    """Bring files together in a new folder, which is gone afterwards unless it was moved to its place.

    Parameters
    ----------
    files : each by the name it gets.
    place : the folder beside the future one, so that the move is one step; None where all is only looked at.

    Raises
    ------
    AimError : a file cannot be copied.
    """
    if place is None:
        with scratch("new") as temporary:
            yield _filled(Path(temporary) / "client", files, only_seen=True)
        return
    place.mkdir(parents=True, exist_ok=True)
    for folder in place.glob(f"{_UNFINISHED}*-*"):
        if not is_alive(int(folder.name.removeprefix(_UNFINISHED).split("-")[0])):
            shutil.rmtree(folder, ignore_errors=True)  # of a process that was killed
    # One floor deeper than clients lie: half a client is never taken for one.
    with tempfile.TemporaryDirectory(prefix=f"{_UNFINISHED}{os.getpid()}-", dir=place) as temporary:
        yield _filled(Path(temporary) / "client", files, only_seen=False)


def _filled(folder: Path, files: Mapping[str, Path], only_seen: bool) -> Path:
    folder.mkdir()
    for name, path in files.items():
        try:
            if only_seen:
                with contextlib.suppress(OSError):
                    os.link(path.resolve(), folder / name)  # takes no room; another disk has to be copied
                    continue
            shutil.copyfile(path, folder / name)
        except OSError as error:
            raise AimError(f"{printable(name)} could not be copied: {error.strerror or error}.") from None
    return folder
