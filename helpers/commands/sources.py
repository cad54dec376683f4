"""``aim inspect`` and ``aim new``: from a file, or a system's name, to the source block of client.yml."""

from pathlib import Path

import click

from helpers.core.clients import data_folder, name_refused
from helpers.core.errors import AimError


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
def inspect(file: Path) -> None:
    """Say what an export looks like and propose its block for client.yml.

    Shows the evidence and what the file alone cannot decide, such as 01/02/2024. What is read is what
    client.yml declares, never what was proposed.
    """
    from helpers.core.records import Limits
    from helpers.running.engine.job_process import run_limited_job
    from helpers.running.engine.limits import KernelEnded

    try:
        (*_before, last) = run_limited_job("helpers.sources.inspect:inspect_job", {"file": str(file.absolute())}, Limits(60, 60, 2000))
    except KernelEnded as ending:
        raise AimError(f"{file.name[:60]}: expected a table that can be looked at. {ending}") from None
    if "error" in last["end"]:
        raise AimError(last["end"]["error"])
    click.echo(last["end"]["text"])


@click.command()
@click.argument("name", required=False, default="")
@click.option("--from", "systems", multiple=True, metavar="SYSTEM", help="A system or export to start from, such as shopify.")
@click.option("--list", "listed", is_flag=True, help="List the systems and exports there are.")
def new(name: str, systems: tuple[str, ...], listed: bool) -> None:
    """Make a client folder whose client.yml explains every key."""
    from helpers.client.config import new_client_yml
    from helpers.core.files import write_atomic
    from helpers.sources.presets import presets

    if listed:
        for key, preset in presets().items():
            click.echo(f"{key:<26} {preset.title}{' (doubtful)' if preset.sure != 'solid' else ''}")
        return
    if not name:
        raise click.UsageError("Say how the client is to be called: aim new NAME; aim new --list lists the systems.")
    if name_refused(name):
        raise AimError(name_refused(name))
    folder = data_folder() / name
    if (folder / "client.yml").exists():
        raise AimError(f"The client {name!r} is there already: {folder}. Choose another name.")
    text = with_presets(new_client_yml(name), systems)
    write_atomic(folder / "client.yml", text.encode())
    click.echo(f"Made {folder / 'client.yml'}. Put the exports beside it, fill in 'sources', then: aim check {name}")


def with_presets(text: str, systems: tuple[str, ...]) -> str:
    """Return the text of a client.yml with the source blocks of systems filled in.

    Parameters
    ----------
    text : a new client.yml, whose ``sources`` are empty.
    systems : names of systems or exports, as in ``sources.presets``.

    Raises
    ------
    AimError : a system is not known.
    """
    from helpers.sources.presets import presets_for, yaml_block

    blocks = []
    chosen = {preset.name: preset for system in systems for preset in presets_for(system)}  # each once, also when named twice
    for preset in chosen.values():
        form = preset.source.get("format", "csv")
        ending = {"combined_log": "log.gz", "ga4": "jsonl"}.get(form, form)
        comment = [f"  # {preset.title}" + ("" if preset.sure == "solid" else " (doubtful: check every column)")]
        comment += [f"  # {trap}" for trap in preset.traps]
        blocks += [*comment, yaml_block(preset.block(f"{preset.name}.{ending}"))]
    return text.replace("\nsources: []\n", "\nsources:\n" + "\n".join(blocks) + "\n", 1) if blocks else text
