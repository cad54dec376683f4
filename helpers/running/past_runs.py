"""What earlier runs of a client left behind: its finished rounds, and how the last run ended (``status.json``)."""

import contextlib
import time
from datetime import date
from pathlib import Path
from typing import Any

from helpers.core.files import json_bytes, read_json, write_atomic
from helpers.core.records import RoundRecord

LAST_ATTEMPT = "last-attempt"
LOCK = ".lock"
STATUS = "status.json"


def finished_rounds(home: Path) -> list[Path]:
    """Return the folders of a client's finished rounds, below its folder under reports/, oldest first."""
    return sorted(path.parent for path in Path(home).glob("[0-9]*/run.json"))


def is_finished(home: Path, day: date) -> bool:
    """Tell whether a client's round of a day has its report."""
    return (read_json(Path(home) / day.isoformat() / "run.json") or {}).get("status") == "done"


def previous_report(home: Path) -> Path | None:
    """Return the newest report of a client; None where there is none."""
    return max(Path(home).glob("[0-9]*/report.html"), default=None)


def resume_from(home: Path, place: Path) -> Path | None:
    """Return the folder whose finished steps a new run at a place may take over; None where there is none."""
    folders = [folder for folder in (home / LAST_ATTEMPT, place) if (folder / "run.json").is_file()]
    return max(folders, key=lambda folder: (folder / "run.json").stat().st_mtime_ns) if folders else None


def write_status(home: Path, record: RoundRecord) -> None:
    """Keep, in a client's folder under reports/, how the last run ended and since when it is so."""
    last = read_status(home)
    now = time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime())
    same = last is not None and (last["status"], last["reason"]) == (record.status, record.reason)
    ran = any(not notebook.taken_over for notebook in record.notebooks)
    status = record.to_json() | {
        "since": last["since"] if last is not None and same and not record.changed else now,
        "last_run": now,
        # Seconds of the last run that did some work: what the next one will roughly take.
        "worked": record.seconds if ran else (last or {}).get("worked", 0.0),
        "report": record.report.relative_to(home).as_posix() if record.report else None,
    }
    with contextlib.suppress(OSError):  # where the reports folder cannot be written, the record says so
        write_atomic(home / STATUS, json_bytes(status))


def read_status(home: Path) -> dict[str, Any] | None:
    """Return what is known of a client's last run; None where it never ran."""
    status = read_json(Path(home) / STATUS)
    return status if isinstance(status, dict) and "since" in status else None


def last_round(home: Path) -> str:
    """Return one line on a client's last round: its date and status."""
    folders = finished_rounds(home)
    status = read_status(home)
    if not folders:
        return status["status"] if status else "not run yet"
    later_attempt = f"  (a later attempt: {status['status']})" if status is not None and status["status"] != "done" else ""
    return f"{folders[-1].name}  done{later_attempt}"
