"""Where things are: clients under data/ and data/sample/ or at a path, reports, notebooks; in a clone, or from an installed package."""

import os
import re
from pathlib import Path

from helpers.core.errors import AimError, did_you_mean
from helpers.core.files import copy_folder
from helpers.core.records import ROUNDS

ROOT = Path(__file__).resolve().parents[2]  # the folder in which helpers/ lies
IN_CLONE = (ROOT / "pyproject.toml").is_file()
# An installed package carries notebooks and a sample in a folder of its own, and nothing is written there.
_CARRIED = ROOT if IN_CLONE else ROOT / "aim_workbook"
SAMPLE = "office-interiors"
_SAMPLES = "sample"  # the folder below data/ that holds the samples
# Names of devices, which Windows gives to no folder (Microsoft, "Naming Files, Paths, and Namespaces").
_DEVICES = re.compile(r"con|prn|aux|nul|(?:com|lpt)[0-9¹²³]", re.IGNORECASE)


def project_folder() -> Path:
    """Return the folder that holds data/ and reports/: the clone, or for an installed package the folder a command is given in."""
    return ROOT if IN_CLONE else Path.cwd()


def data_folder() -> Path:
    """Return the folder with the clients (AIM_DATA when set, else data/ of the project)."""
    return Path(os.environ.get("AIM_DATA", project_folder() / "data")).absolute()


def reports_folder() -> Path:
    """Return the folder for the reports (AIM_REPORTS when set, else reports/ of the project)."""
    return Path(os.environ.get("AIM_REPORTS", project_folder() / "reports")).absolute()


def notebooks_folder() -> Path:
    """Return the folder with the notebooks (AIM_NOTEBOOKS when set, else those of the clone or of the package)."""
    return Path(os.environ.get("AIM_NOTEBOOKS", _CARRIED / "notebooks")).absolute()


def earlier_settings(client: Path) -> list[Path]:
    """Return a client's folders ``rounds/<date>`` with the client.yml of an earlier round, oldest first (AimError where one is a link)."""
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
    return _with_config(_CARRIED / "data" / _SAMPLES)


def writable_client(name: str) -> Path:
    """Return the folder of a client that is about to be changed: the package's own sample is copied to data/ first; as ``find_client``."""
    folder = find_client(name)
    if IN_CLONE or folder not in sample_clients():
        return folder
    return copy_folder(folder, data_folder() / folder.name)


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
    """Return the folder of a client by its name under data/ or data/sample/, or by its path (AimError where there is no such client)."""
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
