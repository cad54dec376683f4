"""``aim demo``: the sample client from exports to a report in the browser, to see what the workbook does."""

import os
import sys
import webbrowser
from pathlib import Path

import click

from helpers.commands.options import exit_code
from helpers.commands.terminal import ProgressPrinter
from helpers.core.clients import SAMPLE, find_client
from helpers.core.records import RunRequest

_NEXT = """
What next? (started with uvx: first  uv tool install  the same wheel, which keeps the command aim)
    aim new my-shop --from FOLDER    a report on your own exports, which lie in FOLDER
    aim lab {sample}        the notebooks by hand (needs JupyterLab: the wheel's extra, pip install '….whl[lab]')
    aim --help                       everything else
"""


@click.command()
@click.argument("folder", default="aim-demo", type=click.Path(path_type=Path))
@click.option("--no-open", is_flag=True, help="Do not open the report in the browser.")
def demo(folder: Path, no_open: bool) -> None:
    """Make the report of a made-up firm, and open it: a first look, in half a minute.

    Its notebooks really run. All that is written goes into FOLDER, "aim-demo" by default; remove it when you have seen enough.
    """
    click.echo(f"Making the report of {SAMPLE}, a made-up firm; the first start takes some seconds more ...")
    from helpers.running.batch import run_batch

    (record,) = run_batch([RunRequest(find_client(SAMPLE), folder.absolute())], 1, ProgressPrinter(1))
    if not record.good or record.report is None:
        click.echo(f"There is no report: {record.reason}", err=True)
        sys.exit(exit_code([record]))
    click.echo(f"\nThe report: {record.report}")
    # Without a screen, Python would start a browser of the terminal.
    has_display = sys.platform in ("win32", "darwin") or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
    if not no_open and has_display:
        webbrowser.open(record.report.as_uri())
    click.echo(_NEXT.format(sample=SAMPLE), nl=False)
