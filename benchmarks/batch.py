"""How long a batch takes: ours beside the shell loop, papermill, nbclient and ploomber-engine, on the same clients.

    python benchmarks/batch.py                 # all rows; writes its table into docs/performance.md
    python benchmarks/batch.py --clients 1 8   # fewer clients
    BENCH_PYTHON=/path/to/venv/bin/python python benchmarks/batch.py   # where ploomber-engine is installed

Every row is a process of its own, on copies of one sample client. The others start from a round that is
already prepared and end with nbconvert's HTML; ours reads the exports, and ends with the delivered report.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass, replace
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
from benchmarks.page import write  # noqa: E402 (found from the project's own folder)

PEERS = ("shell", "papermill", "nbclient", "ploomber-engine")
WORDS = {
    "shell": "shell loop: `papermill` + `jupyter nbconvert`",
    "papermill": "papermill's API",
    "nbclient": "nbclient",
    "ploomber-engine": "ploomber-engine",
    "aim-1": "ours, one worker",
    "aim-2": "ours, two workers",
    "resume-2": "ours, nothing changed",
}


@dataclass(frozen=True)
class Row:
    """One measurement."""

    what: str
    clients: int
    seconds: float
    cpu: float
    memory_mb: float
    stolen: float  # share of the processors that the machine's host gave to others meanwhile
    pure: float = 0.0  # seconds in the cells of one client, as measured right before and right after

    @property
    def per_client(self) -> float:
        return self.seconds / self.clients


# --- the clients, and what the others do with one ---------------------------------------------------------------


def make_clients(folder: Path, sample: str, count: int) -> list[Path]:
    return [Path(shutil.copytree(ROOT / "data" / "sample" / sample, folder / f"client-{n:02d}")) for n in range(count)]


def prepared(client: Path, reports: Path) -> Path:
    from helpers.client.config import load_client
    from helpers.running.prepare import fill
    from helpers.running.rounds import Round

    run_dir = reports / client.name / "round"
    fill(client, load_client(client), Round(run_dir))
    return run_dir


def notebooks() -> list[Path]:
    from helpers.workbook import PHASES

    return [ROOT / "notebooks" / f"{phase.notebook}.ipynb" for phase in PHASES]


def shell(client: Path, run_dir: Path) -> None:
    for path in notebooks():
        out = run_dir / path.name
        subprocess.run(
            [sys.executable, "-m", "papermill", path, out, "-p", "client", client, "-p", "run_dir", run_dir, "--no-progress-bar"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        subprocess.run(
            [sys.executable, "-m", "nbconvert", "--to", "html", "--no-input", out],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            check=True,
        )


def in_python(tool: str, client: Path, run_dir: Path) -> None:
    import nbformat
    from nbconvert import HTMLExporter

    exporter = HTMLExporter(exclude_input=True)
    for path in notebooks():
        out = run_dir / path.name
        try:
            TOOLS[tool](path, out, {"client": str(client), "run_dir": str(run_dir)})
        except Exception as error:  # a notebook that refuses its analysis ends with an exception
            if "EndOfPhase" not in (getattr(error, "ename", ""), type(error).__name__):
                raise
        if out.is_file():
            html, _ = exporter.from_notebook_node(nbformat.read(out, as_version=4))
            out.with_suffix(".html").write_text(html, encoding="utf-8")


def with_papermill(path: Path, out: Path, parameters: dict[str, str]) -> None:
    import papermill

    papermill.execute_notebook(path, out, parameters, progress_bar=False, log_output=False)


def with_parameters(path: Path, parameters: dict[str, str]):
    import nbformat
    from papermill.iorw import load_notebook_node
    from papermill.parameterize import parameterize_notebook

    return parameterize_notebook(load_notebook_node(nbformat.read(path, as_version=4)), parameters)


def with_nbclient(path: Path, out: Path, parameters: dict[str, str]) -> None:
    import nbformat
    from nbclient import NotebookClient

    notebook = with_parameters(path, parameters)
    try:
        NotebookClient(notebook, timeout=600).execute()
    finally:
        nbformat.write(notebook, out)


def with_ploomber(path: Path, out: Path, parameters: dict[str, str]) -> None:
    import nbformat
    from ploomber_engine.ipython import PloomberClient

    notebook = with_parameters(path, parameters)
    try:
        PloomberClient(notebook).execute()
    finally:
        nbformat.write(notebook, out)


TOOLS = {"papermill": with_papermill, "nbclient": with_nbclient, "ploomber-engine": with_ploomber}


# --- one row, in a process of its own ---------------------------------------------------------------------------


def do(what: str, folder: Path) -> None:
    clients, reports = sorted((folder / "data").iterdir()), folder / "reports"
    if what in PEERS:
        for client in clients:
            run_dir = reports / client.name / "round"
            shell(client, run_dir) if what == "shell" else in_python(what, client, run_dir)
        return
    from helpers.core.records import RunRequest
    from helpers.running.batch import run_batch

    records = run_batch([RunRequest(client, reports) for client in clients], int(what.rsplit("-", 1)[1]))
    bad = [record for record in records if not record.good]
    assert not bad, bad[0]


def measure(what: str, folder: Path, clients: int) -> Row:
    environment = os.environ | {"OMP_NUM_THREADS": "1", "PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "ignore"}
    before, ticks = resource.getrusage(resource.RUSAGE_CHILDREN), processor_ticks()
    started = time.monotonic()
    python = os.environ.get("BENCH_PYTHON", sys.executable) if what == "ploomber-engine" else sys.executable
    command = [python, __file__, "--do", what, "--folder", str(folder)]
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    peak = Peak(process.pid)
    _, errors = process.communicate()
    seconds = time.monotonic() - started
    memory = peak.stop()
    if process.returncode:
        sys.exit(f"{what}: {errors.decode()[-2000:]}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    spent = [later - earlier for earlier, later in zip(ticks, processor_ticks(), strict=True)]
    return Row(what, clients, seconds, cpu, memory, spent[7] / max(1, sum(spent)))


def processor_ticks() -> list[int]:
    """Return what the processors did since the start, by kind; the eighth is what the host took (Linux)."""
    return [int(word) for word in Path("/proc/stat").read_text().split("\n")[0].split()[1:9]]


class Peak:
    """Highest memory of a process and all it started, shared pages counted once (PSS)."""

    def __init__(self, pid: int):
        self._over, self._peak = threading.Event(), 0.0
        self._thread = threading.Thread(target=self._look, args=(pid,), daemon=True)
        self._thread.start()

    def stop(self) -> float:
        self._over.set()
        self._thread.join()
        return self._peak

    def _look(self, pid: int) -> None:
        import psutil

        while not self._over.wait(0.25):
            try:
                family = [psutil.Process(pid), *psutil.Process(pid).children(recursive=True)]
            except psutil.Error:
                continue
            self._peak = max(self._peak, sum(map(pss_mb, (process.pid for process in family))))


def pss_mb(pid: int) -> float:
    try:
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) / 1024
    except OSError:
        pass
    return 0.0


def pure_work(sample: str) -> float:
    """Seconds inside the cells of all notebooks of one client, imports done, nothing else running."""
    script = (
        f"import sys, json; from pathlib import Path; from benchmarks.batch import pure_cells; print(json.dumps(pure_cells({sample!r})))"
    )
    environment = os.environ | {"PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"}
    printed = subprocess.run([sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=True)
    return json.loads(printed.stdout.splitlines()[-1])


def pure_cells(sample: str) -> float:
    from papermill.engines import papermill_engines

    from helpers.client.config import load_client
    from helpers.core.records import Limits
    from helpers.running.engine.connect import MODULES
    from helpers.running.engine.engines import register
    from helpers.running.engine.fork import set_clean
    from helpers.running.engine.in_child import run_in_child
    from helpers.running.engine.preload import preload

    preload(MODULES)
    set_clean(True)  # from here on kernels are children of this process, as they are of ours in a batch
    register(papermill_engines)
    with tempfile.TemporaryDirectory() as folder:
        (client,) = make_clients(Path(folder) / "data", sample, 1)
        load_client(client)
        run_dir = run_in_child(lambda: str(prepared(client, Path(folder) / "reports")), Limits())
        total = 0.0
        for path in notebooks():
            notebook = with_parameters(path, {"client": str(client), "run_dir": run_dir})
            papermill_engines.execute_notebook_with_engine("aim", notebook, "python3", progress_bar=False, own_folder=True)
            total += sum(cell.metadata.papermill.get("duration") or 0 for cell in notebook.cells)
    return total


# --- all rows ---------------------------------------------------------------------------------------------------


def rows(sample: str, counts: list[int]) -> list[Row]:
    """Measure every row, and between the rows what the cells alone take: a shared machine is not always as fast."""
    measurements: list[Row] = []
    before = pure_work(sample)
    for what, count in plan(counts):
        with tempfile.TemporaryDirectory(prefix="bench-") as folder:
            clients = make_clients(Path(folder) / "data", sample, count)
            if what in PEERS:
                prepared(clients[0], Path(folder) / "reports")
            try:
                measured = [measure(what, Path(folder), count)]
            except SystemExit as error:
                print(f"{what} was left out: {str(error)[-300:]}", file=sys.stderr)
                continue
            if what == "aim-2":
                measured.append(measure("resume-2", Path(folder), count))
        after = pure_work(sample)
        for row in measured:
            measurements.append(replace(row, pure=(before + after) / 2))
            show(measurements[-1])
        before = after
    return measurements


def plan(counts: list[int]) -> list[tuple[str, int]]:
    """Return the rows: the others with one client, ours with one worker and two, the largest batch with two."""
    ours = [(what, count) for count in counts for what in ("aim-1", "aim-2") if what == "aim-2" or count <= 8]
    return [*((what, 1) for what in PEERS), *ours]


def show(row: Row) -> None:
    print(
        f"{row.what:<18}{row.clients:>3} clients {row.seconds:8.1f} s {row.cpu:8.1f} s CPU {row.memory_mb:6.0f} MB "
        f"cells {row.pure:6.1f} s stolen {row.stolen:4.0%}",
        file=sys.stderr,
        flush=True,
    )


def table(measurements: list[Row]) -> str:
    loop = next(row.per_client for row in measurements if row.what == "shell")
    lines = [
        "| how | clients | seconds | per client | CPU s per client | peak MB | faster than the shell loop | in the cells of one, s "
        "| of the ideal | stolen |",
        "|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|",
    ]
    for row in measurements:
        workers = min(row.clients, int(row.what[-1])) if row.what[-1].isdigit() else 1
        ideal = "" if row.what.startswith("resume") else f"{row.per_client / (row.pure / workers):.2f} ×"
        lines.append(
            f"| {WORDS[row.what]} | {row.clients} | {row.seconds:.1f} | {row.per_client:.2f} | {row.cpu / row.clients:.1f} "
            f"| {row.memory_mb:.0f} | {loop / row.per_client:.1f} × | {row.pure:.1f} | {ideal} | {row.stolen:.0%} |"
        )
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--clients", type=int, nargs="+", default=[1, 8, 32])
    parser.add_argument("--sample", default="office-interiors")
    parser.add_argument("--do")
    parser.add_argument("--folder", type=Path)
    chosen = parser.parse_args()
    if chosen.do:
        do(chosen.do, chosen.folder)
        return
    page = table(rows(chosen.sample, chosen.clients))
    print(page)
    if chosen.clients == [1, 8, 32]:
        write("batch", page)


if __name__ == "__main__":
    main()
