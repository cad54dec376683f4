"""Imports point one way: read from the syntax trees, so that no import is needed to check it."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from tests.conftest import ROOT

HELPERS = ROOT / "helpers"
ROOMS = ("goals", "opportunities", "data_maturity", "selection", "pilot", "evaluation", "learning", "messages", "summary", "analyses")
# A module may import from its own level only within its own room, and from lower levels freely.
LEVELS = (
    ("errors", "results", "wording", "files", "records"),
    ("tables", "sequential"),
    ("receipts", "declared"),
    ("story", "charts", "privacy", "webevents", "serving"),
    ("reading",),
    ROOMS,
    ("phases", "changes"),
    ("decisions",),
    ("config",),
    ("sources", "contracts", "clients", "fingerprints"),
    ("customers", "merging"),
    ("runs", "history"),
    ("prepare", "checking", "answers"),
    ("resume", "unchanged", "index_page", "remote"),
    ("execution", "engine", "report", "runrecord", "progress"),
    ("rendering", "forms", "hosting"),
    ("runner", "notebook", "batch"),
    ("distributed",),
    ("commands", "documentation"),
    ("__main__",),
)
RAW_READERS = {"read_csv", "read_excel", "read_parquet", "read_sql", "read_json", "scan_csv"}


def modules() -> list[Path]:
    return sorted(path for path in HELPERS.rglob("*.py") if path.parent != HELPERS or path.name != "__init__.py")


def room_of(path: Path) -> str:
    first = path.relative_to(HELPERS).parts[0]
    return first.removesuffix(".py")


def level_of(room: str) -> int | None:
    return next((i for i, names in enumerate(LEVELS) if room in names), None)


def imported_rooms(path: Path) -> set[str]:
    """Return the rooms imported when the module is loaded (imports inside functions are late bindings)."""
    found = set()
    package = ("helpers", *path.relative_to(HELPERS).parts[:-1])
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.Import):
            found |= {name.name.split(".")[1] for name in node.names if name.name.startswith("helpers.")}
        if isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else ()
            parts = (*base, *(node.module.split(".") if node.module else ()))
            if parts[:1] == ("helpers",):
                found |= {parts[1]} if len(parts) > 1 else {name.name for name in node.names}
    return found


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(HELPERS)))
def test_every_module_has_a_level_and_imports_only_downwards(path: Path):
    room = room_of(path)
    level = level_of(room)
    assert level is not None, f"give {room!r} a level in tests/test_imports.py and CONTRIBUTING.md"
    for other in imported_rooms(path) - {room}:
        other_level = level_of(other)
        assert other_level is not None, f"{other!r} has no level"
        same_shelf = other_level == level and room not in ROOMS
        assert other_level < level or same_shelf, f"{room} (level {level}) imports {other} (level {other_level})"


def test_analyses_do_not_know_each_other():
    for path in sorted((HELPERS / "analyses").rglob("*.py")):
        if path.parent == HELPERS / "analyses":
            continue
        own = path.relative_to(HELPERS / "analyses").parts[0]
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("helpers.analyses."):
                other = node.module.split(".")[2]
                shared = (HELPERS / "analyses" / f"{other}.py").is_file()  # a neutral module beside the rooms
                assert other == own or shared, f"{path}: imports the room {other}"


def test_only_sources_and_runs_read_data_files():
    for path in modules():
        if room_of(path) in ("sources", "runs"):
            continue
        calls = {
            node.func.attr
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
        }
        assert not calls & RAW_READERS, f"{path.relative_to(ROOT)} reads data: {calls & RAW_READERS}"


def test_nothing_asks_for_the_time_of_day():
    for path in modules():
        names = {
            node.func.attr
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
        }
        assert not names & {"today", "utcnow", "now"}, f"{path.relative_to(ROOT)} reads the clock"
