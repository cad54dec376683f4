"""The command ``aim``: thin; all work is done in the rooms it calls."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

# Two threads on two busy cores made K-Means ten times slower; kernels inherit this.
for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(_name, "1")
os.environ.setdefault("PYTHONHASHSEED", "0")

import click  # noqa: E402

from helpers.clients import ROOT, data_folder, find_client, own_clients, reports_folder, sample_clients  # noqa: E402
from helpers.errors import AimError  # noqa: E402


class _Plain(click.Group):
    """A group whose user mistakes end in one sentence, never in a traceback."""

    def invoke(self, context: click.Context) -> object:
        try:
            return super().invoke(context)
        except AimError as error:
            raise click.ClickException(str(error)) from error


@click.group(cls=_Plain)
@click.version_option(package_name="aim-workbook", prog_name="aim")
def main() -> None:
    """The AIM workbook: from a client's exports to a report, through the six phases."""


@main.command()
@click.argument("name")
def new(name: str) -> None:
    """Make a client folder whose client.yml explains every key."""
    from helpers.config import new_client_yml
    from helpers.runs import write_atomic

    folder = data_folder() / name
    if (folder / "client.yml").exists():
        raise AimError(f"The client {name!r} is there already: {folder}. Choose another name.")
    if not name.replace("-", "").replace("_", "").isalnum():
        raise AimError(f"{name!r} is no folder name: use letters, digits, '-' and '_'.")
    write_atomic(folder / "client.yml", new_client_yml(name).encode())
    click.echo(f"Made {folder / 'client.yml'}. Put the exports beside it, fill in 'sources', then: aim check {name}")


@main.command()
@click.argument("clients", nargs=-1, required=True, metavar="CLIENT...")
def check(clients: tuple[str, ...]) -> None:
    """List every mistake in a client's folder, before any notebook runs."""
    from helpers.checking import check_client

    found = 0
    for name in clients:
        problems = check_client(find_client(name))
        found += len(problems)
        for problem in problems:
            click.echo(f"{name}: {problem}")
        click.echo(f"{name}: {len(problems)} mistakes." if problems else f"{name}: no mistakes found.")
    sys.exit(1 if found else 0)


@main.command()
@click.argument("clients", nargs=-1, metavar="[CLIENT...]")
@click.option("--all", "all_", is_flag=True, help="Every client under data/.")
@click.option("--samples", is_flag=True, help="Every sample client under data/sample/.")
def run(clients: tuple[str, ...], all_: bool, samples: bool) -> None:
    """Run the round of one or more clients, and render their reports."""
    from helpers.runner import run_round

    folders = [find_client(name) for name in clients]
    folders += (own_clients() if all_ else []) + (sample_clients() if samples else [])
    if not folders:
        raise AimError("Say which clients to run: aim run CLIENT, aim run --all or aim run --samples.")
    records = []
    for i, folder in enumerate(dict.fromkeys(folders), start=1):
        click.echo(f"[{i}/{len(folders)}] {folder.name}")
        records.append(run_round(folder, reports_folder(), _show_progress))
    click.echo(_closing_table(records))
    sys.exit(0 if all(record.good for record in records) else 1)


@main.command(name="list")
def list_() -> None:
    """List the clients, their last round and its status."""
    from helpers.history import last_round

    for kind, folders in (("own", own_clients()), ("sample", sample_clients())):
        for folder in folders:
            last = last_round(reports_folder() / folder.name)
            click.echo(f"{folder.name:<28} {kind:<7} {last}")


@main.command()
@click.argument("client")
def lab(client: str) -> None:
    """Open JupyterLab with a client as the default of every notebook."""
    folder = find_client(client)
    environment = os.environ | {"AIM_CLIENT": str(folder)}
    command = [sys.executable, "-m", "jupyterlab", f"--notebook-dir={ROOT}", "--LabApp.default_url=/lab/tree/notebooks"]
    sys.exit(subprocess.call(command, env=environment))


def _show_progress(notebook: str, record: object) -> None:
    if record is None:
        click.echo(f"    {notebook:<20} …", nl=False)
    else:
        click.echo(f"\r    {notebook:<20} {record.status:<16} {record.seconds:6.1f} s  {record.reason}")


def _closing_table(records: list) -> str:
    rows = [("client", "status", "what happened", "report")]
    for record in records:
        report = _short(record.report) if record.report else "none"
        note = report if record.good else (f"{report} (previous)" if record.report else "none")
        rows.append((record.client, record.status, record.reason or f"{record.seconds:.0f} s", note))
    widths = [max(len(row[i]) for row in rows) for i in range(4)]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
    return "\n".join(["", lines[0], "  ".join("-" * width for width in widths), *lines[1:]])


def _short(path: Path) -> str:
    try:
        return str(path.relative_to(Path.cwd()))
    except ValueError:
        return str(path)


if __name__ == "__main__":
    main()
