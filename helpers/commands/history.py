"""``aim history``: the rounds of a client, with goals, pilots and verdicts."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from helpers.core.clients import find_client, reports_folder


@click.command()
@click.argument("client")
def history(client: str) -> None:
    """List the rounds of a client: date, status, goals against target, pilots and their verdicts."""
    from helpers.client.config import load_client
    from helpers.core import wording
    from helpers.core.files import read_json
    from helpers.phases.changes import line_of, listed
    from helpers.running.history import rounds
    from helpers.running.rounds import Round

    folder = find_client(client)
    config = load_client(folder)
    wording.use(config.client.language, config.client.currency)
    found = rounds(Path(reports_folder()) / folder.name)
    if not found:
        click.echo(f"{folder.name} has no finished round yet: aim run {folder.name}")
        return
    lines = []
    for one in found:
        status = (read_json(one / "run.json") or {}).get("status", "unknown")
        lines.append(line_of(one.name, status, _kept(Round(one))))
    click.echo(listed(lines))


def _kept(round_: Any) -> dict[str, Any]:
    names = ("goal_checks", "plan", "evaluation", "learning")
    return {name: round_.content(name) for name in names if round_.has(name)}
