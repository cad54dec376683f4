"""A batch on more machines: whole clients as tasks of a Dask cluster.

A task is idempotent: the same client on the same data gives the same bytes, delivered in one step.
So when a worker is killed in the middle, the cluster simply gives its client to another one.

All machines reach the same folders: a shared path, or URLs that fsspec understands. Behind a URL
each task works on a copy of its own, and what it uploads is named by a manifest written last.
"""

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from helpers.core.errors import AimError
from helpers.core.files import file_hash, files_in, read_json, scratch
from helpers.core.records import RoundRecord, RunRequest
from helpers.core.wording import _
from helpers.running.batch import run_batch
from helpers.running.index_page import INDEX, page, write_index
from helpers.running.past_runs import STATUS
from helpers.running.progress import ProgressEvent, ProgressListener

MANIFEST = "run.json"  # names every file of a round with its hash, and is written last
_LAST = ("report.html", MANIFEST)


def run_on_dask(
    address: str,
    requests: Sequence[RunRequest],
    reports: str,
    listener: ProgressListener = lambda event: None,
    tries: int = 3,
    wait_seconds: float = 30,
) -> list[RoundRecord]:
    """Run the rounds of many clients on a Dask cluster; return how each ended, in the order of the requests.

    Parameters
    ----------
    address : the scheduler's address, such as "tcp://10.0.0.5:8786".
    requests : one per client.
    reports : a folder or fsspec URL that all workers reach.
    listener : is called for every round that ends.
    tries : how many workers may die over one client before it counts as failed.
    wait_seconds : longest wait for the scheduler.

    Raises
    ------
    AimError : Dask is not installed, or no scheduler answers.
    """
    try:
        from distributed import Client, as_completed
    except ImportError as error:
        raise AimError(_("For --dask install the optional part: pip install 'aim-workbook[dask]'.")) from error
    try:
        client = Client(address, set_as_default=False, timeout=wait_seconds)
    except OSError as error:
        raise AimError(_("No Dask scheduler answers at {address}.").format(address=address)) from error
    with client as cluster:
        # A key of its own for each client, and not pure: the same request may well give another report tomorrow.
        tasks = {
            cluster.submit(run_task, request.to_json(), reports, key=f"aim-{request.home.name}", retries=tries, pure=False): request
            for request in requests
        }
        records: dict[Path, RoundRecord] = {}
        for future in as_completed(list(tasks), loop=cluster.loop):
            request = tasks[future]
            record = _record_of(request, future)
            records[request.client] = record
            listener(ProgressEvent(request.home.name, record, len(records), len(requests)))
    if is_url(reports):
        Store(reports).write(INDEX, page(Store(reports).statuses()).encode())
    else:
        write_index(Path(reports))
    return [records[request.client] for request in requests]


def run_task(request: dict[str, Any], reports: str) -> dict[str, Any]:
    """Run one client's round on this worker; what a Dask task calls. The client of the request and the folder of reports may be URLs."""
    if not is_url(reports) and not is_url(request["client"]):
        return _run(RunRequest.from_json({**request, "reports": reports}))
    with scratch("task") as folder:
        here, store = Path(folder), Store(reports)
        client = here / "data" / request["client"].rstrip("/").rsplit("/", 1)[-1]
        Store(request["client"]).download("", client)
        home = here / "reports" / client.name
        store.download_finished(client.name, home)
        record = _run(RunRequest.from_json({**request, "client": str(client), "reports": str(here / "reports")}))
        store.upload_finished(home, client.name)
        if record["report"]:
            # Where the report is for everybody, not on this worker.
            record["report"] = f"{reports.rstrip('/')}/{Path(record['report']).relative_to(here / 'reports').as_posix()}"
        return record


def _run(request: RunRequest) -> dict[str, Any]:
    (record,) = run_batch([request], workers=1, warm=True)
    return record.to_json()


def _record_of(request: RunRequest, future: Any) -> RoundRecord:
    if future.status == "finished":
        return RoundRecord.from_json(future.result())
    sentence = _("The cluster lost it: {error}.").format(error=type(future.exception()).__name__)
    return RoundRecord(request.home.name, "kernel died", sentence, None)


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
