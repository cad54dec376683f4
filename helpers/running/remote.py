"""Folders behind a URL that fsspec understands (s3://, gs://, abfs://, file:// …), for work on many machines."""

import hashlib
import json
from pathlib import Path
from typing import Any

from helpers.core.files import file_hash, files_in, read_json
from helpers.running.past_runs import STATUS

MANIFEST = "run.json"  # names every file of a round with its hash, and is written last
_LAST = ("report.html", MANIFEST)


def is_url(place: str) -> bool:
    """Tell whether a place is a URL and no path."""
    return "://" in str(place)


class Store:
    """A folder behind a URL; a plain path works too."""

    def __init__(self, url: str):
        import fsspec

        self._system, self._root = fsspec.core.url_to_fs(str(url))

    def download(self, name: str, target: Path) -> None:
        """Copy a folder of the store to this machine; nothing where it is missing."""
        source = self._path(name)
        if not self._system.exists(source):
            return
        for file in self._system.find(source):
            path = target / file[len(source) :].lstrip("/")
            path.parent.mkdir(parents=True, exist_ok=True)
            self._system.get_file(file, str(path))

    def download_finished(self, client: str, home: Path) -> None:
        """Copy a client's finished rounds to this machine, so that what is unchanged need not run again."""
        self.download(client, home)
        for manifest in home.glob(f"*/{MANIFEST}"):
            written = (read_json(manifest) or {}).get("written", {})
            known = {manifest.parent / name for name in written} | {manifest}
            for path in files_in(manifest.parent):
                if path not in known and path.parent.name != "steps":
                    path.unlink()

    def upload_finished(self, home: Path, client: str) -> None:
        """Copy a client's folder to the store: every file in one step, the report and its manifest last."""
        files = [path for path in files_in(home) if not any(part.startswith(".") for part in path.relative_to(home).parts)]
        for path in sorted(files, key=lambda path: (path.name == STATUS, path.name in _LAST, path.name == MANIFEST)):
            self._put(path, f"{client}/{path.relative_to(home).as_posix()}")

    def statuses(self) -> list[dict[str, Any]]:
        """Return what is known of every client's last run."""
        paths = sorted(self._system.glob(f"{self._root}/*/{STATUS}"))
        return [json.loads(self._system.cat_file(path)) for path in paths]

    def write(self, name: str, content: bytes) -> None:
        """Write a file so that it is there whole or not at all."""
        target = self._path(name)
        self._system.makedirs(target.rsplit("/", 1)[0], exist_ok=True)
        self._system.pipe_file(f"{target}.writing", content)
        self._system.mv(f"{target}.writing", target)

    def _put(self, path: Path, name: str) -> None:
        """Upload a file unless the store holds the same bytes."""
        target = self._path(name)
        if self._system.exists(target) and self._system.size(target) == path.stat().st_size:
            with self._system.open(target, "rb") as file:
                if hashlib.file_digest(file, "sha256").hexdigest() == file_hash(path):
                    return
        self.write(name, path.read_bytes())

    def _path(self, name: str) -> str:
        return f"{self._root}/{name}".rstrip("/")
