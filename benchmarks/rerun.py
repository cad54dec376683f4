"""How long one phase takes again in a workshop: `aim rerun` with the engine warm, as in `aim lab`.

    python benchmarks/rerun.py                  # writes its table into docs/performance.md
    python benchmarks/rerun.py --sample NAME

Every figure is a command of its own, from its start to the refreshed report, with nothing changed but that the
phase is asked for again. Beside it: `papermill` on that notebook and `jupyter nbconvert` on what came out.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
from benchmarks.page import write  # noqa: E402 (found from the project's own folder)


def seconds(command: list[str], environment: dict[str, str]) -> float:
    started = time.monotonic()
    subprocess.run(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=command[2] == "helpers")
    return time.monotonic() - started


def rows(sample: str, folder: Path) -> list[tuple[str, float, float]]:
    """Return per phase: its notebook, seconds of `aim rerun`, seconds of the two other commands."""
    from helpers.running.engine import connect
    from helpers.workbook import PHASES

    client = Path(shutil.copytree(ROOT / "data" / "sample" / sample, folder / sample))
    template = connect.start()
    environment = os.environ | {
        "OMP_NUM_THREADS": "1",
        "PYTHONPATH": str(ROOT),
        "PYTHONWARNINGS": "ignore",
        "AIM_REPORTS": str(folder / "reports"),
        connect.ADDRESS: str(template.path),
    }
    measurements = []
    try:
        seconds([sys.executable, "-m", "helpers", "run", str(client)], environment)
        delivered = next(path.parent for path in (folder / "reports").glob("*/*/report.html"))
        theirs_dir = shutil.copytree(delivered, folder / "theirs" / client.name / delivered.name)
        for phase in PHASES:
            command = [sys.executable, "-m", "helpers", "rerun", str(client), phase.notebook]
            ours = sorted(seconds(command, environment) for _ in range(3))[1]
            out = folder / f"{phase.notebook}.ipynb"
            theirs = seconds(
                [
                    sys.executable,
                    "-m",
                    "papermill",
                    str(ROOT / "notebooks" / out.name),
                    str(out),
                    "-p",
                    "client",
                    str(client),
                    "-p",
                    "run_dir",
                    str(theirs_dir),
                    "--no-progress-bar",
                ],
                environment,
            )
            theirs += seconds([sys.executable, "-m", "nbconvert", "--to", "html", "--no-input", str(out)], environment)
            measurements.append((phase.notebook, ours, theirs))
            print(measurements[-1], file=sys.stderr, flush=True)
    finally:
        template.close()
    return measurements


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--sample", default="office-interiors")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        measurements = rows(chosen.sample, Path(folder))
    lines = ["| phase | `aim rerun`, s | `papermill` + `jupyter nbconvert`, s | ratio |", "|---|---:|---:|---:|"]
    lines += [f"| {name} | {ours:.1f} | {theirs:.1f} | {theirs / ours:.1f} × |" for name, ours, theirs in measurements]
    ours, theirs = sum(row[1] for row in measurements), sum(row[2] for row in measurements)
    lines.append(f"| all, one by one | {ours:.1f} | {theirs:.1f} | {theirs / ours:.1f} × |")
    table = "\n".join(lines)
    print(table)
    write("rerun", table)


if __name__ == "__main__":
    main()
