"""The notebook contract, read from the files: thin, tagged, without outputs, with prose before code."""

from __future__ import annotations

import ast

import nbformat
import pytest

from helpers.core.clients import notebooks_folder
from helpers.running.execution import PARAMETERS
from helpers.workbook import PHASES

FILES = sorted(notebooks_folder().glob("*.ipynb"))
READERS = {"read_csv", "read_excel", "read_parquet", "read_text", "open", "read_sql"}


@pytest.fixture(params=FILES, ids=lambda path: path.stem)
def notebook(request) -> nbformat.NotebookNode:
    return nbformat.read(request.param, as_version=4)


def code(notebook: nbformat.NotebookNode) -> list[str]:
    return [cell.source for cell in notebook.cells if cell.cell_type == "code"]


def test_notebooks_and_phases_agree():
    assert [path.stem for path in FILES] == sorted(phase.notebook for phase in PHASES)


def test_it_opens_with_a_title_and_a_question(notebook):
    first = notebook.cells[0]
    assert first.cell_type == "markdown" and first.source.startswith("# ")
    assert first.source.rstrip().endswith("?"), "the first cell ends in the question this phase answers"


def test_parameters_are_client_and_run_dir_only(notebook):
    tagged = [cell for cell in notebook.cells if "parameters" in cell.metadata.get("tags", [])]
    assert len(tagged) == 1 and notebook.cells.index(tagged[0]) <= 2
    names = [node.targets[0].id for node in ast.parse(tagged[0].source).body]
    assert tuple(names) == PARAMETERS
    assert all("=" not in line.split("#", 1)[1] for line in tagged[0].source.splitlines() if "#" in line)


def test_the_next_code_cell_imports_and_opens_the_phase(notebook, request):
    opening = code(notebook)[1]
    assert "open_phase(" in opening and "import" in opening
    assert all("import" not in source for source in code(notebook)[2:])


def test_cells_are_short_and_define_nothing(notebook):
    for source in code(notebook):
        lines = [line for line in source.splitlines() if line.strip()]
        assert len(lines) <= 10, source
        tree = ast.parse(source)
        kinds = (ast.FunctionDef, ast.ClassDef, ast.AsyncFunctionDef, ast.Lambda)
        assert not any(isinstance(node, kinds) for node in ast.walk(tree)), source


def test_no_file_is_read(notebook):
    for source in code(notebook):
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.Call):
                name = getattr(node.func, "attr", getattr(node.func, "id", ""))
                assert name not in READERS, source


def test_no_number_is_typed_into_prose(notebook):
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            words = cell.source.replace("A/B", "").replace("3D", "").split()
            typed = [word for word in words if any(c.isdigit() for c in word)]
            assert not typed, f"{typed} in: {cell.source}"


def test_prose_stands_before_every_code_cell(notebook):
    for before, cell in zip(notebook.cells[2:], notebook.cells[3:], strict=False):
        if cell.cell_type == "code" and "parameters" not in cell.metadata.get("tags", []):
            opening = "open_phase(" in cell.source
            assert opening or before.cell_type == "markdown" or "open_phase(" in before.source, cell.source


def test_it_ends_with_what_was_written_and_what_comes_next(notebook):
    assert "phase.finish(" in code(notebook)[-1]
    last = notebook.cells[-1]
    assert last.cell_type == "markdown" and "next" in last.source.lower()


def test_outputs_are_stripped(notebook):
    for cell in notebook.cells:
        if cell.cell_type == "code":
            assert cell.outputs == [] and cell.execution_count is None


def test_names_read_and_kept_are_declared(request):
    for path in FILES:
        phase = next(phase for phase in PHASES if phase.notebook == path.stem)
        for source in code(nbformat.read(path, as_version=4)):
            for node in ast.walk(ast.parse(source)):
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args:
                    first = node.args[0]
                    if not isinstance(first, ast.Constant) or getattr(node.func.value, "id", "") != "phase":
                        continue
                    if node.func.attr == "read":
                        assert first.value in (*phase.reads, *phase.may_read), f"{path.stem} reads {first.value}"
                    if node.func.attr == "keep":
                        assert first.value in phase.writes, f"{path.stem} keeps {first.value}"


def test_every_table_of_an_analysis_is_declared():
    """What a notebook rests on decides whether it runs again; so all of it must be declared."""
    for phase in PHASES:
        if phase.is_analysis:
            assert set(phase.room.READS) <= {*phase.reads, *phase.may_read}, phase.notebook
    gates = next(phase for phase in PHASES if phase.section == "analyses")
    for phase in PHASES:
        if phase.is_analysis:
            assert set(phase.room.READS) <= {*gates.reads, *gates.may_read}, f"40_analyses asks {phase.section}"
