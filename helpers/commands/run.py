"""``aim run``: the rounds of one or more clients, side by side."""

import json
import signal
import sys
from datetime import datetime
from pathlib import Path

import click

from helpers.commands.next_round import open_rounds
from helpers.commands.options import exit_code, limit_options, limits_of, result
from helpers.commands.terminal import ProgressPrinter, closing_table
from helpers.core.clients import earlier_settings, find_client, own_clients, reports_folder, sample_clients
from helpers.core.errors import AimError
from helpers.core.records import Engine, RunRequest


@click.command()
@click.argument("clients", nargs=-1, metavar="[CLIENT...]")
@click.option("--all", "all_", is_flag=True, help="Every client under data/.")
@click.option("--samples", is_flag=True, help="Every sample client under data/sample/.")
@click.option("--as-of", "day", type=click.DateTime(["%Y-%m-%d"]), help="Open the next round first, as aim next does.")
@click.option("--force", is_flag=True, help="Run everything again, also what rests on the same as last time.")
@click.option("--workers", type=click.IntRange(1), help="Clients at the same time; as many as cores by default.")
@click.option(
    "--engine",
    type=click.Choice(["aim", "plain"]),
    default="aim",
    help="aim: children of a process that has done the imports. plain: a new kernel for every notebook.",
)
@limit_options("notebook")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object for a scheduler; everything else goes to stderr.")
@click.option("--dask", "scheduler", help="Send the clients to a Dask cluster: the scheduler's address.")
@click.option("--reports", help="Where the reports go: a folder or, with --dask, a URL that all machines reach.")
def run(
    clients: tuple[str, ...],
    all_: bool,
    samples: bool,
    day: datetime | None,
    force: bool,
    workers: int | None,
    engine: Engine,
    minutes: float,
    memory: int,
    as_json: bool,
    scheduler: str | None,
    reports: str | None,
) -> None:
    """Run the rounds of one or more clients, and render their reports.

    What rests on the same as last time is not run again. A failed client never stops the others. Exit code 0 when all is well,
    3 when an input was refused, 4 when one was held back, 1 when something failed (of several the last named here), 2 for a
    wrong call, 130 when it was stopped.
    """
    folders = [find_client(name) for name in clients]
    folders += (own_clients() if all_ else []) + (sample_clients() if samples else [])
    if not folders:
        raise AimError("Say which clients to run: aim run CLIENT, aim run --all or aim run --samples.")
    limits = limits_of(minutes, memory)
    place = Path(reports or reports_folder())
    place = place if scheduler else place.absolute()  # notebooks run in folders of their own
    if day and scheduler:
        raise click.UsageError("with --dask, open the rounds first: aim next")
    held = open_rounds(list(dict.fromkeys(folders)), day.date(), limits, place) if day else {}
    requests = [
        RunRequest(settings, place, engine, ("all",) if force else (), limits)
        for folder in dict.fromkeys(folders)
        if folder not in held
        for settings in (*earlier_settings(folder), folder)
    ]
    printer = ProgressPrinter(len(requests), to_stderr=as_json)
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # kill ends as Ctrl-C does: in order
    try:
        if scheduler:
            from helpers.running.distributed import run_on_dask

            records = run_on_dask(scheduler, requests, reports or str(reports_folder()), printer)
        else:
            from helpers.running.batch import run_batch

            records = run_batch(requests, workers, printer)
    except KeyboardInterrupt:
        click.echo("\nStopped. Nothing is half-written; the same command goes on from here.", err=True)
        sys.exit(130)
    records = [*records, *held.values()]
    click.echo(closing_table(records), err=as_json)
    if as_json:
        click.echo(json.dumps(result(records), ensure_ascii=False, indent=1))
    sys.exit(exit_code(records))
