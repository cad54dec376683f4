"""Where the clients are: folders under data/ and data/sample/, or a path."""

import os
import re
from pathlib import Path

from helpers.core.errors import AimError, did_you_mean
from helpers.core.records import ROUNDS

ROOT = Path(__file__).resolve().parents[2]
SAMPLE = "office-interiors"
_SAMPLES = "sample"  # the folder below data/ that holds the samples
# Names of devices, which Windows gives to no folder (Microsoft, "Naming Files, Paths, and Namespaces").
_DEVICES = re.compile(r"con|prn|aux|nul|(?:com|lpt)[0-9¹²³]", re.IGNORECASE)


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
    return _with_config(ROOT / "data" / _SAMPLES)


def name_refused(name: str) -> str:
    """Say why no new client can be called so; empty where one can."""
    shown = repr(name[:60])
    if not re.fullmatch(r"\w[\w-]{0,59}", name):
        return f"{shown} is no folder name: use up to 60 letters, digits, '-' and '_', and begin with a letter or digit."
    if _DEVICES.fullmatch(name):
        return f"{shown} is a name that Windows keeps for itself. Choose another name."
    if name.casefold() in (_SAMPLES, *(folder.name for folder in sample_clients())):
        return f"{shown} is a name of the samples. Choose another name."
    return ""


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
    make = "" if name_refused(Path(name).name) else f" Make a new one with: aim new {Path(name).name}"
    raise AimError(f"There is no client {name!r}. {suggestion}{make}" if name.strip() else f"The name of the client is empty. {suggestion}")


def _with_config(folder: Path) -> list[Path]:
    if not folder.is_dir():
        return []
    return sorted(child for child in folder.iterdir() if (child / "client.yml").is_file())
