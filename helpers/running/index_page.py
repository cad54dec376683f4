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
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
_STYLE = """
body{font:16px/1.5 system-ui,sans-serif;color:#1a1a1a;max-width:72rem;margin:2rem auto;padding:0 1rem}
h1{font-size:1.6rem;margin:0}p{margin:.3rem 0 1.5rem}table{border-collapse:collapse;width:100%}
th,td{text-align:left;vertical-align:top;padding:.5rem .8rem .5rem 0;border-bottom:1px solid #ccc}
th{font-size:.85rem}.bad{font-weight:700;color:#8f1d14}.good{color:#1d5b34}.why{color:#444}.once{white-space:nowrap}
@media print{body{margin:0}tr{break-inside:avoid}}
"""


def write_index(reports: Path) -> Path:
    """Write the index page of a folder of reports; return its path.

    Parameters
    ----------
    reports : the folder; every folder in it with a ``status.json`` is a client.
    """
    statuses = [status for home in sorted(Path(reports).iterdir()) if home.is_dir() and (status := read_status(home))]
    path = Path(reports) / INDEX
    write_atomic(path, page(statuses).encode())
    return path


def page(statuses: list[dict[str, Any]]) -> str:
    """Return the index page as HTML.

    Parameters
    ----------
    statuses : what ``past_runs.read_status`` gives, one per client.
    """
    rows = sorted(statuses, key=lambda status: (_URGENCY.index(status["status"]), status["client"]))
    bad = sum(status["status"] != "done" for status in rows)
    clients = plural("{n} client", "{n} clients", len(rows))
    look = plural("{n} needs a look", "{n} need a look", bad) if bad else _("all reports are up to date")
    summary = f"{clients} · {look}"
    heads = (_("Client"), _("Status"), _("Since"), _("What changed"), _("Report"))
    head = "".join(f'<th scope="col">{escape(text)}</th>' for text in heads)
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
        '<meta name="viewport" content="width=device-width">\n'
        f"<title>{escape(_('Reports'))}</title><style>{_STYLE}</style></head>\n"
        f"<body><main><h1>{escape(_('Reports'))}</h1><p>{escape(summary)}</p>\n"
        f"<table><thead><tr>{head}</tr></thead>\n<tbody>\n{''.join(map(_row, rows))}</tbody></table></main></body></html>\n"
    )


def _row(status: dict[str, Any]) -> str:
    good = status["status"] == "done"
    reason = f'<br><span class="why">{escape(status["reason"])}</span>' if status["reason"] else ""
    changed = " · ".join(status["changed"]) or _("nothing since then")
    cells = (
        f'<th scope="row">{escape(status["client"])}</th>',
        f'<td><span class="{"good" if good else "bad"}">{escape(_(status["status"]))}</span>{reason}</td>',
        f'<td class="once">{escape(status["since"])}</td>',
        f"<td>{escape(changed) if good else ''}</td>",
        f'<td class="once">{_link(status, good)}</td>',
    )
    return f"<tr>{''.join(cells)}</tr>\n"


def _link(status: dict[str, Any], good: bool) -> str:
    if not status["report"]:
        return escape(_("none yet"))
    target = escape(f"{status['client']}/{status['report']}", quote=True)
    day = status["report"].split("/")[0]
    text = day if good else _("the one before: {day}").format(day=day)
    return f'<a href="{target}">{escape(text)}</a>'
