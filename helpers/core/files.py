"""Files and folders that are there whole or not at all, whatever is killed in the middle."""

import contextlib
import ctypes
import hashlib
import json
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

WRITING = ".writing-"  # begins the name of a file that is not finished
_HERE = -100  # AT_FDCWD: relative paths start at the working folder
_EXCHANGE = 2  # RENAME_EXCHANGE on Linux, RENAME_SWAP on macOS


def write_atomic(path: Path, content: bytes) -> None:
    """Write bytes into a file so that it is there whole or not at all; its folder is made when missing."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=WRITING)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(temporary, 0o644)
        os.replace(temporary, path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def scratch(purpose: str) -> tempfile.TemporaryDirectory[str]:
    """Return a temporary folder, with a short word for its purpose in its name, and this process's: swept when the process is killed."""
    return tempfile.TemporaryDirectory(prefix=f"aim-{os.getpid()}-{purpose}-")


def is_alive(pid: int) -> bool:
    """Tell whether there is a process of this number; true where that cannot be known."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


def json_bytes(record: Any) -> bytes:
    """Return a record as readable JSON; the same record gives the same bytes."""
    return (json.dumps(record, indent=1, sort_keys=True, ensure_ascii=False, default=str) + "\n").encode()


def read_json(path: Path) -> Any:
    """Return what a JSON file holds; None where it is missing or no JSON."""
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None


def file_hash(path: Path) -> str:
    """Return the SHA-256 of a file as hexadecimal text."""
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def files_in(folder: Path) -> list[Path]:
    """Return all files below a folder, sorted."""
    return sorted(path for path in folder.rglob("*") if path.is_file())


def copy_folder(source: Path, place: Path) -> Path:
    """Copy the files below a folder to a place where nothing is yet, whole or not at all; return the place.

    The copies are the user's to change, also where the originals may only be read.
    """
    copy = place.with_name(f"{WRITING}{place.name}")
    shutil.rmtree(copy, ignore_errors=True)
    for path in files_in(source):
        write_atomic(copy / path.relative_to(source), path.read_bytes())
    return copy.replace(place)


def replace_folder(new: Path, place: Path) -> None:
    """Put a finished folder in its place, which is on the same file system.

    Where the system can exchange two folders in one step, a reader finds the old or the new one at
    every moment, whatever is killed. Elsewhere the old one stands aside for the blink between two
    steps, and ``heal_folder`` puts it back when the second step never came.
    """
    heal_folder(place)
    if not place.exists():
        os.replace(new, place)
        return
    if _exchange(new, place):
        shutil.rmtree(new, ignore_errors=True)
        return
    old = _aside(place)
    os.replace(place, old)
    os.replace(new, place)
    shutil.rmtree(old, ignore_errors=True)


def heal_folder(place: Path) -> None:
    """Undo a replacement that was interrupted between its two steps."""
    old = _aside(place)
    if old.exists() and not place.exists():
        os.replace(old, place)
    shutil.rmtree(old, ignore_errors=True)


def _aside(place: Path) -> Path:
    return place.with_name(f".{place.name}.old")


def _exchange(new: Path, place: Path) -> bool:
    """Exchange two folders in one step; False where the system or the file system cannot."""
    if os.name != "posix":
        return False
    library = ctypes.CDLL(None, use_errno=True)
    first, second = os.fsencode(new), os.fsencode(place)
    if sys.platform.startswith("linux") and hasattr(library, "renameat2"):
        return library.renameat2(_HERE, first, _HERE, second, _EXCHANGE) == 0
    if sys.platform == "darwin" and hasattr(library, "renamex_np"):
        return library.renamex_np(first, second, _EXCHANGE) == 0
    return False


class Busy(Exception):
    """Another process holds the lock."""


@contextlib.contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold the lock of a file, made when missing, which the system gives back when this process dies (Busy when another holds it)."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path, "a+b") as file:
        try:
            _take(file)
        except OSError as error:
            raise Busy(str(path)) from error
        yield


def _take(file: Any) -> None:
    # mypy knows sys.platform: each system has a module of its own.
    if sys.platform == "win32":
        import msvcrt

        file.seek(0)
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
    else:
        import fcntl

        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
