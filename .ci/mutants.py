"""Mutants: thresholds and defaults of settings are moved a little, comparisons of gates made strict or loose: a test must notice.

    python .ci/mutants.py                  all rooms, a quarter of an hour on two cores; writes docs/mutants.md
    python .ci/mutants.py clusters pilot   only these rooms; prints, writes nothing

A mutant is killed when the tests of its room fail. Files of a room that only draw or word are left out.
"""

from __future__ import annotations

import ast
import multiprocessing
import os
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

# Imported once, before the children: nothing of this project, and nothing that has computed yet.
import duckdb  # noqa: F401
import hypothesis  # noqa: F401
import ibis  # noqa: F401
import matplotlib.pyplot  # noqa: F401
import pandas  # noqa: F401
import pydantic  # noqa: F401
import pytest
import seaborn  # noqa: F401
import statsmodels.api  # noqa: F401

ROOT = Path(__file__).resolve().parent.parent
WORKERS = 2
LEFT_OUT = ("charts", "story", "tables", "words", "notes", "__init__")
GATES = ("gate.py", "gates.py", "steadiness.py")  # and all of statistics/: their comparisons are turned as well
TURNED = {ast.Lt: "<=", ast.LtE: "<", ast.Gt: ">=", ast.GtE: ">"}
SIGNS = {ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">="}


@dataclass(frozen=True)
class Mutant:
    """One change of one line.

    Parameters
    ----------
    room : whose tests must notice.
    path : the module, from the root of the project.
    line : the line, from 1.
    old, new : its text before and after.
    """

    room: str
    path: str
    line: int
    old: str
    new: str


def rooms() -> dict[str, list[Path]]:
    """Return the modules of every room that decides: analyses, phases, statistics, privacy."""
    found: dict[str, list[Path]] = {}
    for path in sorted((ROOT / "helpers").rglob("*.py")):
        area, *rest = path.relative_to(ROOT / "helpers").parts
        if area not in ("analyses", "phases", "statistics", "privacy") or set(path.with_suffix("").parts) & set(LEFT_OUT):
            continue
        shared = len(rest) == 1 and area in ("analyses", "phases")
        room = "shared by analyses" if shared and area == "analyses" else rest[0].removesuffix(".py") if len(rest) > 1 or shared else area
        found.setdefault(room, []).append(path)
    return found


def mutants(room: str, path: Path) -> Iterator[Mutant]:
    """Yield the mutants of one module."""
    lines = path.read_text(encoding="utf-8").splitlines()
    tree = ast.parse("\n".join(lines))
    name = path.relative_to(ROOT).as_posix()
    for node in [*tree.body, *(field for part in tree.body if isinstance(part, ast.ClassDef) for field in part.body)]:
        value = _default(node.value) if isinstance(node, (ast.Assign, ast.AnnAssign)) else None
        if isinstance(value, ast.Constant) and type(value.value) in (int, float) and value.lineno == value.end_lineno:
            for number in moved(value.value):
                yield _changed(room, name, lines, value, repr(number))
    if path.name in GATES or room == "statistics":
        for node in ast.walk(tree):
            if isinstance(node, ast.Compare) and len(node.ops) == 1 and type(node.ops[0]) in TURNED:
                line = lines[node.lineno - 1]
                start, stop = node.left.end_col_offset, node.comparators[0].col_offset
                if node.left.end_lineno == node.comparators[0].lineno == node.lineno and line.isascii():
                    between = line[start:stop].replace(SIGNS[type(node.ops[0])], TURNED[type(node.ops[0])], 1)
                    yield Mutant(room, name, node.lineno, line, line[:start] + between + line[stop:])


def _default(value: ast.expr | None) -> ast.expr | None:
    """Return what a name is given: of a pydantic field its default, in ``Field(0.05, …)`` the first argument."""
    if isinstance(value, ast.Call) and getattr(value.func, "id", "") == "Field" and value.args:
        return value.args[0]
    return value


def moved(number: float) -> tuple[float, ...]:
    """Return a constant a little smaller and a little larger; a share stays within 0 and 1."""
    if isinstance(number, int):
        step = max(1, abs(number) // 10)
        return (number - step, number + step)
    up = number * 1.2 if number * 1.2 < 1 or number >= 1 else (number + 1) / 2
    return (round(number * 0.8, 6), round(up, 6)) if number else (0.1,)


def _changed(room: str, name: str, lines: list[str], node: ast.Constant, text: str) -> Mutant:
    line = lines[node.lineno - 1]
    return Mutant(room, name, node.lineno, line, line[: node.col_offset] + text + line[node.end_col_offset :])


def tests_of(room: str, path: str) -> list[str]:
    """Return the test files that must notice, the quick ones on thresholds first."""
    area = path.split("/")[1]
    word = {"shared by analyses": "gates"}.get(room, room)
    files = (
        {*ROOT.glob(f"tests/{area}/**/test_{word}*.py")} if area in ("analyses", "phases") else {*ROOT.glob(f"tests/{area}/**/test_*.py")}
    )
    files |= {*ROOT.glob(f"tests/test_{word}*.py")}
    slow = ("browser", "simulation", "online_retail", "hillstrom")
    files = {file for file in files if not any(word in file.name for word in slow)}
    return [file.relative_to(ROOT).as_posix() for file in sorted(files, key=lambda file: ("threshold" not in file.name, file.name))]


def survives(mutant: Mutant, copy: Path) -> bool:
    """Tell whether the tests of a room pass with a mutant in a copy of the project."""
    path = copy / mutant.path
    original = path.read_text(encoding="utf-8")
    lines = original.splitlines()
    lines[mutant.line - 1] = mutant.new
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    try:
        tests = tests_of(mutant.room, mutant.path)
        quick = [file for file in tests if "threshold" in file]
        for files in (quick, [file for file in tests if file not in quick]):
            if files and _run(files, copy):
                return False
        return True
    finally:
        path.write_text(original, encoding="utf-8")


def _run(files: list[str], copy: Path) -> int:
    """Run tests in a child of this process, which has imported the packages already: seconds less per mutant."""
    child = os.fork()
    if not child:
        os.setpgid(0, 0)
        os.chdir(copy)
        sys.path[:0] = [str(copy)]
        quiet = os.open(os.devnull, os.O_WRONLY)
        os.dup2(quiet, 1)
        os.dup2(quiet, 2)
        os._exit(int(pytest.main(["-x", "-q", "-p", "no:cacheprovider", "-m", "not integration and not drill", *files])))
    deadline = time.monotonic() + 300
    while time.monotonic() < deadline:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            return os.waitstatus_to_exitcode(status)
        time.sleep(0.05)
    os.killpg(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return 1  # a mutant that never ends was noticed


def table(tried: dict[str, int], left: list[Mutant]) -> str:
    """Return the page: tried and survived per room, and every survivor."""
    rows = [f"| {room} | {count} | {sum(one.room == room for one in left)} |" for room, count in sorted(tried.items())]
    total = sum(tried.values())
    survivors = [f"- `{one.path}:{one.line}`: `{one.old.strip()}` → `{one.new.strip()}`" for one in left]
    return "\n".join(
        [
            "# Mutants",
            "",
            "Made by `make mutants`: every constant that decides, and every numeric default of a setting, is moved a little down",
            "and a little up, every comparison of a gate and of `statistics/` is made strict or loose; the tests of the room must",
            "notice.",
            "",
            "| room | tried | survived |",
            "|---|---|---|",
            *rows,
            f"| **all** | {total} | {len(left)} ({len(left) / max(total, 1):.1%}) |",
            "",
            "## Survivors",
            "",
            *(survivors or ["None."]),
            "",
        ]
    )


def _judge(task: tuple[Mutant, str]) -> tuple[Mutant, bool]:
    """Try one mutant in this worker's own copy of the project, which is made at its first task."""
    mutant, folder = task
    copy = Path(folder) / str(os.getpid()) / "project"
    if not copy.exists():
        shutil.copytree(ROOT, copy, ignore=shutil.ignore_patterns(".git", ".venv*", "reports", "__pycache__", ".*_cache"))
    return mutant, survives(mutant, copy)


def main(wanted: list[str]) -> int:
    """Try all mutants of the rooms wanted, or of all rooms."""
    trying = [one for room, paths in rooms().items() if not wanted or room in wanted for path in paths for one in mutants(room, path)]
    tried: dict[str, int] = {}
    for one in trying:
        tried[one.room] = tried.get(one.room, 0) + 1
    with tempfile.TemporaryDirectory() as folder, multiprocessing.get_context("fork").Pool(WORKERS) as pool:
        left = []
        for mutant, lives in pool.imap(_judge, ((mutant, folder) for mutant in trying), chunksize=4):
            print(f"{'SURVIVES' if lives else 'killed  '} {mutant.path}:{mutant.line}  {mutant.new.strip()}", flush=True)
            left += [mutant] if lives else []
    page = table(tried, left)
    if wanted:
        print(page)
    else:
        (ROOT / "docs" / "mutants.md").write_text(page, encoding="utf-8")
    return int(len(left) * 10 >= len(trying))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
