"""reports/index.html: every client with its status, since when, what changed, and the way to its report."""

from html import escape
from pathlib import Path
from typing import Any

from helpers.core.files import write_atomic
from helpers.core.wording import _, plural
from helpers.running.past_runs import read_status

INDEX = "index.html"
# What failed comes first: that is what somebody has to look at.
_URGENCY = ("kernel died", "out of memory", "timed out", "failed", "held back", "refused", "not run", "done")


def write_index(reports: Path) -> Path:
    """Write the index page of a folder, in which every folder with a ``status.json`` is a client; return its path."""
    statuses = [status for home in sorted(Path(reports).iterdir()) if home.is_dir() and (status := read_status(home))]
    path = Path(reports) / INDEX
    write_atomic(path, page(statuses).encode())
    return path


def page(statuses: list[dict[str, Any]]) -> str:
    """Return the index page as HTML, of what ``past_runs.read_status`` gives per client."""
    from jinja2 import Environment, FileSystemLoader  # here: a command that runs nothing does without

    templates = Environment(loader=FileSystemLoader(Path(__file__).parent), keep_trailing_newline=True)
    templates.filters["e"] = escape
    rows = sorted(statuses, key=lambda status: (_URGENCY.index(status["status"]), status["client"]))
    bad = sum(status["status"] != "done" for status in rows)
    clients = plural("{n} client", "{n} clients", len(rows))
    look = plural("{n} needs a look", "{n} need a look", bad) if bad else _("all reports are up to date")
    heads = (_("Client"), _("Status"), _("Since"), _("What changed"), _("Report"))
    words = {"title": _("Reports"), "summary": f"{clients} · {look}", "heads": heads}
    return templates.get_template("index.html.j2").render(words=words, rows=[_row(status) for status in rows])


def _row(status: dict[str, Any]) -> dict[str, Any]:
    good = status["status"] == "done"
    day = (status["report"] or "").split("/")[0]
    return status | {
        "good": good,
        "status": _(status["status"]),
        "changed": " · ".join(status["changed"]) or _("nothing since then") if good else "",
        "target": f"{status['client']}/{status['report']}" if day else "",
        "link": _("none yet") if not day else day if good else _("the one before: {day}").format(day=day),
    }
