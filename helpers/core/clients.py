"""Where the clients are: folders under data/ and data/sample/, or a path."""

from __future__ import annotations

import os
from pathlib import Path

from helpers.core.errors import AimError, did_you_mean
from helpers.core.records import ROUNDS

ROOT = Path(__file__).resolve().parents[2]
SAMPLE = "office-interiors"


def data_folder() -> Path:
    """Return the folder with the clients (AIM_DATA when set, else data/ of the project)."""
    return Path(os.environ.get("AIM_DATA", ROOT / "data"))


def reports_folder() -> Path:
    """Return the folder for the reports (AIM_REPORTS when set, else reports/ of the project)."""
    return Path(os.environ.get("AIM_REPORTS", ROOT / "reports"))


def notebooks_folder() -> Path:
    """Return the folder with the notebooks (AIM_NOTEBOOKS when set, else notebooks/ of the project)."""
    return Path(os.environ.get("AIM_NOTEBOOKS", ROOT / "notebooks"))


def earlier_settings(client: Path) -> list[Path]:
    """Return the folders ``rounds/<date>`` of a client that keep the client.yml of an earlier round, oldest first.

    Raises
    ------
    AimError : one is a link to another place.
    """
    folders = _with_config(Path(client) / ROUNDS)
    for folder in folders:
        if folder.resolve() != Path(client).resolve() / ROUNDS / folder.name:
            raise AimError(f"{ROUNDS}/{folder.name} in the folder of {Path(client).name} is a link: put the folder itself there.")
    return folders


def own_clients() -> list[Path]:
    """Return the folders of the user's own clients, sorted by name."""
    return _with_config(data_folder())


def sample_clients() -> list[Path]:
    """Return the folders of the sample clients, sorted by name."""
    return _with_config(ROOT / "data" / "sample")


def find_client(name: str) -> Path:
    """Return the folder of a client.

    Parameters
    ----------
    name : name of a folder under data/ or data/sample/, or the path of a client's folder.

    Raises
    ------
    AimError : there is no such client.
    """
    known = {folder.name: folder for folder in (*sample_clients(), *own_clients())}
    if name in known:
        return known[name]
    try:
        path = Path(name).expanduser()
        if (path / "client.yml").is_file():
            return path.resolve()
    except (OSError, ValueError, RuntimeError):
        raise AimError(f"{name[:60]!r} is no name of a client: use the name of a folder under data/.") from None
    suggestion = did_you_mean(Path(name).name, list(known))
    raise AimError(f"There is no client {name!r}. {suggestion} Make a new one with: aim new {Path(name).name}")


def _with_config(folder: Path) -> list[Path]:
    if not folder.is_dir():
        return []
    return sorted(child for child in folder.iterdir() if (child / "client.yml").is_file())
