"""What earlier runs of a client left behind, and what is known of the last one."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from helpers.core.files import json_bytes, read_json, write_atomic
from helpers.core.records import RoundRecord

LAST_ATTEMPT = "last-attempt"
LOCK = ".lock"
STATUS = "status.json"


def rounds(home: Path) -> list[Path]:
    """Return the finished rounds of a client, oldest first.

    Parameters
    ----------
    home : the client's folder under reports/.
    """
    return sorted(path.parent for path in Path(home).glob("[0-9]*/run.json"))


def previous_report(home: Path) -> Path | None:
    """Return the newest report of a client; None where there is none."""
    found = sorted(Path(home).glob("[0-9]*/report.html"))
    return found[-1] if found else None


def base_for(home: Path, place: Path) -> Path | None:
    """Return the folder whose finished steps a new run may take over; None where there is none.

    Parameters
    ----------
    home : the client's folder under reports/.
    place : where the new round will stand.
    """
    found = [one for one in (home / LAST_ATTEMPT, place) if (one / "run.json").is_file()]
    return max(found, key=lambda one: (one / "run.json").stat().st_mtime_ns) if found else None


def write_status(home: Path, record: RoundRecord) -> None:
    """Keep how the last run ended, and since when it is so.

    Parameters
    ----------
    home : the client's folder under reports/.
    record : how the run ended.
    """
    last = read_status(home)
    moment = time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime())
    same = last is not None and (last["status"], last["reason"]) == (record.status, record.reason)
    since = last["since"] if same and not record.changed else moment
    worked = record.seconds if any(not one.taken_over for one in record.notebooks) else (last or {}).get("worked", 0.0)
    report = record.report.relative_to(home).as_posix() if record.report else None
    kept = record.to_json() | {"since": since, "last_run": moment, "worked": worked, "report": report}
    try:
        write_atomic(home / STATUS, json_bytes(kept))
    except OSError:
        return  # the reports folder cannot be written; the record says so


def read_status(home: Path) -> dict[str, Any] | None:
    """Return what is known of a client's last run; None where it never ran."""
    found = read_json(Path(home) / STATUS)
    return found if isinstance(found, dict) and "since" in found else None


def last_round(home: Path) -> str:
    """Return one line on a client's last round: its date and status."""
    found = rounds(home)
    status = read_status(home)
    if not found:
        return status["status"] if status else "not run yet"
    as_of = found[-1].name
    failed = status is not None and status["status"] != "done"
    return f"{as_of}  done" + (f"  (a later attempt: {status['status']})" if failed and status else "")
