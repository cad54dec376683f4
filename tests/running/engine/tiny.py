"""A tiny workbook: three notebooks that do what each client's ``behaviour.py`` says.

Its three phases take the place of the workbook's own where a test asks for it (``use``), and in
every process that imports ``tests.running.engine.tiny_phases`` by name. Nothing in the product knows about it.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable
from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from helpers.analyses import clusters
from helpers.phases import goals, summary
from helpers.workbook import Phase

PHASES = (
    Phase("10_goals", goals, reads=("customer_table",), may_read=("orders",), writes=("kpis",)),
    Phase("41_clusters", clusters, reads=("customer_table",), may_read=("kpis",), writes=("groups",)),
    Phase("00_summary", summary, reads=("findings",)),
)
NAMES = tuple(phase.notebook for phase in PHASES)

_OPEN = """
from pathlib import Path
from helpers.notebook import open_phase
from helpers.core.results import Finding
from helpers.story import Sentence
phase = open_phase("{name}", client, run_dir)
behaviour = {{}}
exec((Path(client) / "behaviour.py").read_text(), behaviour)
"""
_WORK = {
    "10_goals": """
behaviour["first"](phase)
phase.keep("kpis", {"total": float(phase.read("orders")["order_amount"].sum()), "canary": behaviour["CANARY"]})
""",
    "41_clusters": """
import numpy as np
table = phase.read("customer_table").assign(draw=np.random.default_rng(phase.context.seed).random())
phase.export(f"list-{behaviour['CANARY']}.csv", table)
phase.keep("groups", table[["customer_id", "draw"]])
""",
    "00_summary": "behaviour['last'](phase)",
}
BEHAVIOUR = """
CANARY = "{canary}"
def first(phase):
    {first}
def last(phase):
    {last}
"""
ORDERS = "Order;Datum;Klant;Bedrag\n1;01/02/2023;C{n};{amount}\n2;15/03/2023;C{n};100,00\n3;01/04/2023;D{n};80,25\n"
CLIENT = """
client: {{name: "{name}"}}
as_of: 2023-12-31
seed: {seed}
sources:
  - table: orders
    file: orders.csv
    delimiter: ;
    decimal: ","
    thousands: .
    date_format: "%d/%m/%Y"
    columns: {{order_id: Order, order_date: Datum, customer_id: Klant, order_amount: Bedrag}}
"""


def use(setattr_: Callable[[object, str, object], None] = setattr) -> None:
    """Let the tiny workbook's phases take the place of the workbook's own in this process."""
    for module in ("runner", "run_record", "rendering"):
        setattr_(importlib.import_module(f"helpers.running.{module}"), "PHASES", PHASES)


def write_notebooks(folder: Path, kernel: str = "python3", parameters: str = 'client = ""\nrun_dir = ""') -> Path:
    """Write the three notebooks; return their folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in NAMES:
        sentence = f"Sentence('{name} of ' + behaviour['CANARY'])"
        cells = [
            new_markdown_cell(f"# {name}"),
            new_code_cell(parameters, metadata={"tags": ["parameters"]}),
            new_code_cell(_OPEN.format(name=name)),
            new_code_cell(_WORK[name]),
            new_code_cell(sentence),
            new_code_cell(f"phase.finish(Finding('{name} says ' + behaviour['CANARY']))"),
        ]
        spec = {"kernelspec": {"name": kernel, "display_name": kernel, "language": "python"}}
        nbformat.write(new_notebook(cells=cells, metadata=spec), folder / f"{name}.ipynb")
    return folder


def write_client(folder: Path, canary: str = "", first: str = "pass", last: str = "pass", amount: str = "250,50") -> Path:
    """Write a client of three orders; return its folder."""
    folder.mkdir(parents=True, exist_ok=True)
    number = sum(map(ord, folder.name))
    (folder / "client.yml").write_text(CLIENT.format(name=canary or folder.name, seed=number), encoding="utf-8")
    behaviour = BEHAVIOUR.format(canary=canary or folder.name, first=first, last=last)
    (folder / "behaviour.py").write_text(behaviour, encoding="utf-8")
    write_orders(folder, amount)
    return folder


def write_orders(folder: Path, amount: str) -> None:
    """Give a client other orders."""
    number = sum(map(ord, folder.name))
    (folder / "orders.csv").write_text(ORDERS.format(n=number, amount=amount), encoding="utf-8")
