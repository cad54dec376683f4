"""The engine by itself: notebooks look as they do from any other kernel, and papermill can use it."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook
from papermill.engines import papermill_engines

from helpers.core.records import Limits
from helpers.running.engine.engines import register
from helpers.running.engine.fork import can_fork
from helpers.running.engine.limits import KernelEnded
from tests.conftest import ROOT

pytestmark = [pytest.mark.slow, pytest.mark.drill, pytest.mark.skipif(not can_fork(), reason="there is only one engine here")]
CELLS = {
    "result": "1 + 1",
    "streams": "import sys\nprint('out')\nprint('err', file=sys.stderr)\nprint('out again')",
    "wide table": "import pandas as pd\npd.DataFrame([range(30)], columns=[f'column {n}' for n in range(30)])",
    "text table": "print(pd.DataFrame([range(30)]))",
    "plot": "import matplotlib.pyplot as plt\nplt.plot([1, 3, 2]);",
    "two plots": "for n in range(2):\n    plt.figure()\n    plt.plot([n, 1])",
    "seaborn": "import seaborn\nseaborn.histplot([1, 2, 2, 3])",
    "metadata": "from IPython.display import display\ndisplay({'text/plain': 'x'}, raw=True, metadata={'text/plain': {'alt': 'words'}})",
    "update": "handle = display('first', display_id='here')\nhandle.update('second')",
    "clear": "from IPython.display import clear_output\nprint('gone')\nclear_output()\nprint('kept')",
    "await": "import asyncio\nawait asyncio.sleep(0)\n'awaited'",
    "no second loop": "try:\n    asyncio.run(asyncio.sleep(0))\nexcept RuntimeError as error:\n    print(error)",
    # a plain kernel reads these from a thread, and may come too late for the cell
    "process": "import os, subprocess, time\n_ = subprocess.run(['echo', 'from a process'])\ntime.sleep(0.5)",
    "descriptor": "_ = os.write(1, b'past Python')\ntime.sleep(0.5)",
    "magic": "%time 1\n!echo from a shell",
    "history": "print(In[1], Out[1])",
    # numpy's global state; Python's own is seeded too, but a plain kernel's transport draws from it
    "random": "import numpy\nprint(numpy.random.random())",
    "estimator": "from sklearn.cluster import KMeans\nKMeans(3, n_init=2, random_state=0).fit(numpy.random.rand(50, 2)).inertia_ > 0",
    "widget": "import ipywidgets\nipywidgets.IntSlider(3)",
    "pool": "from concurrent.futures import ProcessPoolExecutor\nlist(ProcessPoolExecutor(1).map(abs, [-1, 2]))",
    "input": "try:\n    input()\nexcept Exception as error:\n    print(type(error).__name__)",
    "warning": "import warnings\nwarnings.warn('careful')",
    "error": "def fails():\n    return 1 / 0\nfails()",
    "after": "print('never')",
}


def executed(engine: str, cells: dict[str, str], **options) -> nbformat.NotebookNode:
    register(papermill_engines)
    notebook = new_notebook(cells=[new_code_cell(source) for source in cells.values()])
    notebook.metadata["papermill"] = {}
    for cell in notebook.cells:
        cell.metadata["tags"] = []
    options = {"limits": Limits(60, 60, 3000, 50), **options}
    return papermill_engines.execute_notebook_with_engine(engine, notebook, "python3", progress_bar=False, **options)


def shown(cell: nbformat.NotebookNode) -> list:
    """Outputs as a reader sees them: pieces of a stream joined, numbers of processes and models left out."""
    outputs: list = []
    for output in cell.outputs:
        plain = dict(output)
        plain.pop("execution_count", None)
        if output.output_type == "stream" and outputs and outputs[-1].get("name") == output.name:
            outputs[-1]["text"] += output.text
        else:
            outputs.append(plain)
    if any("application/vnd.jupyter.widget-view+json" in output.get("data", {}) for output in outputs):
        return ["a widget"]
    for output in outputs:
        output.pop("traceback", None)
        if "Wall time" in output.get("text", ""):
            output["text"] = output["text"].splitlines()[-1]
        if "text" in output:
            output["text"] = re.sub(r"\S*ipykernel_\d+/\d+\.py", "cell.py", output["text"])
    return sorted(outputs, key=lambda output: output.get("name", "") == "stderr")


def test_everything_looks_as_from_a_plain_kernel(monkeypatch):
    monkeypatch.delenv("PYTEST_CURRENT_TEST", raising=False)  # under it ipykernel lets processes print past it
    ours, plain = executed("aim", CELLS), executed("plain", CELLS)
    for name, our_cell, plain_cell in zip(CELLS, ours.cells, plain.cells, strict=True):
        assert shown(our_cell) == shown(plain_cell), name
        assert our_cell.execution_count == plain_cell.execution_count, name
    assert "image/png" in ours.cells[4].outputs[0].data
    assert ours.cells[-2].outputs[-1].ename == "ZeroDivisionError" and ours.cells[-1].outputs == []
    assert "fails()" in "".join(ours.cells[-2].outputs[-1].traceback)
    assert ours.metadata.language_info == plain.metadata.language_info
    assert len(ours.metadata.widgets["application/vnd.jupyter.widget-state+json"]["state"]) == 3


@pytest.mark.parametrize("engine", ["aim", "plain"])
@pytest.mark.parametrize(
    ("source", "limits", "status"),
    [
        ("import os; os._exit(7)", Limits(60, 60, 3000, 50), "kernel died"),
        ("import os; os.kill(os.getpid(), 9)", Limits(60, 60, 3000, 50), "kernel died"),
        ("while True: pass", Limits(60, 3, 3000, 50), "timed out"),
        ("sum(range(10**14))", Limits(4, 60, 3000, 50), "timed out"),
        ("held = [bytearray(50_000_000) for _ in range(200)]", Limits(60, 60, 900, 50), "out of memory"),
        ("while True: print('x' * 100_000)", Limits(60, 60, 3000, 2), "failed"),
    ],
    ids=["exit", "kill", "cell limit", "notebook limit", "memory", "output"],
)
def test_both_engines_end_what_passes_its_limits(engine, source, limits, status):
    with pytest.raises(KernelEnded) as ended:
        executed(engine, {"before": "1", "bad": source, "after": "2"}, limits=limits)
    assert ended.value.status == status


def test_papermill_itself_can_use_it_and_marks_no_dead_cell_completed(tmp_path: Path):
    cells = [
        new_code_cell("x = 1", metadata={"tags": ["parameters"]}),
        new_code_cell("import os\nprint(x, os.getcwd())"),
        new_code_cell("os.kill(os.getpid(), 9)"),
        new_code_cell("print('never')"),
    ]
    spec = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    nbformat.write(new_notebook(cells=cells, metadata=spec), tmp_path / "in.ipynb")
    command = [sys.executable, "-m", "papermill", "--engine", "aim", "in.ipynb", "out.ipynb", "-p", "x", "5"]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    ran = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True)
    assert ran.returncode != 0 and "was killed in the middle" in ran.stderr
    notebook = nbformat.read(tmp_path / "out.ipynb", as_version=4)
    assert [cell.metadata.papermill.status for cell in notebook.cells] == ["completed", "completed", "completed", "failed", "pending"]
    assert notebook.cells[2].outputs[0].text == f"5 {tmp_path}\n" and notebook.metadata.papermill.exception is True
