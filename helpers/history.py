"""What earlier rounds of a client left behind."""

from __future__ import annotations

import json
from pathlib import Path


def rounds(home: Path) -> list[Path]:
    """Return the finished rounds of a client, oldest first.

    Parameters
    ----------
    home : the client's folder under reports/.
    """
    return sorted(path.parent for path in Path(home).glob("[0-9]*/run.json"))


def last_round(home: Path) -> str:
    """Return one line on a client's last round: its date and status."""
    found = rounds(home)
    if not found:
        return "not run yet"
    record = json.loads((found[-1] / "run.json").read_text(encoding="utf-8"))
    failed = Path(home) / "last-attempt" / "run.json"
    later = failed.is_file() and failed.stat().st_mtime > (found[-1] / "run.json").stat().st_mtime
    return f"{record['as_of']}  {record['status']}" + ("  (a later attempt failed)" if later else "")
