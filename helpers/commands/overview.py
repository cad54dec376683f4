"""``aim list`` and ``aim history``: the clients and their last round; the rounds of one client."""

import click

from helpers.core.clients import find_client, own_clients, reports_folder, sample_clients


@click.command(name="list")
def list_clients() -> None:
    """List the clients, their last round and its status."""
    from helpers.running.past_runs import last_round

    for kind, folders in (("own", own_clients()), ("sample", sample_clients())):
        for folder in folders:
            click.echo(f"{folder.name:<28} {kind:<7} {last_round(reports_folder() / folder.name)}")


@click.command()
@click.argument("client")
def history(client: str) -> None:
    """List the rounds of a client: date, status, goals against target, pilots and their verdicts."""
    from helpers.client.config import load_client
    from helpers.core import wording
    from helpers.core.files import read_json
    from helpers.phases.changes import line_of, listed
    from helpers.running.past_runs import finished_rounds
    from helpers.running.rounds import Round

    folder = find_client(client)
    config = load_client(folder)
    wording.use(config.client.language, config.client.currency)
    rounds = finished_rounds(reports_folder() / folder.name)
    if not rounds:
        click.echo(f"{folder.name} has no finished round yet: aim run {folder.name}")
        return
    lines = []
    for place in rounds:
        status = (read_json(place / "run.json") or {}).get("status", "unknown")
        # Not every round has all of them: a pilot is planned in one round and judged in a later one.
        names = [name for name in ("goal_checks", "plan", "evaluation", "learning") if Round(place).has(name)]
        lines.append(line_of(place.name, status, {name: Round(place).content(name) for name in names}))
    click.echo(listed(lines))
