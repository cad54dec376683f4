"""Imports point one way: read from the syntax trees, so that no import is needed to check it."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from tests.conftest import ROOT

HELPERS = ROOT / "helpers"
# A room imports from rooms above it in this list, and from itself. Imports inside functions count too.
LEVELS = (
    ("core",),
    ("tables",),
    ("statistics", "privacy"),
    ("story",),
    ("charts",),
    ("analyses", "phases"),
    ("workbook",),
    ("client",),
    ("sources",),
    ("report",),
    ("running",),
    ("notebook",),
    ("commands",),
    ("__main__",),
    ("documentation",),
)
ONLY_CORE_AND_STORY = "report"
BESIDE = ("changes",)  # the phase that compares the results of others
RAW_READERS = {"read_csv", "read_excel", "read_parquet", "read_sql", "read_json", "scan_csv"}


def modules() -> list[Path]:
    return sorted(path for path in HELPERS.rglob("*.py") if path.parent != HELPERS or path.name != "__init__.py")


def room_of(path: Path) -> str:
    first = path.relative_to(HELPERS).parts[0]
    return first.removesuffix(".py")


def level_of(room: str) -> int | None:
    return next((i for i, names in enumerate(LEVELS) if room in names), None)


def imports(path: Path) -> list[tuple[str, str]]:
    """Return what of the house a module imports, wherever in it: (module, name), the name "" for a whole module."""
    found = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found += [(one.name, "") for one in node.names]
        if isinstance(node, ast.ImportFrom):
            assert not node.level, f"{path.relative_to(ROOT)} line {node.lineno}: write the whole name, from helpers. …"
            found += [(node.module or "", one.name) for one in node.names]
    return [(module, name) for module, name in found if module.split(".")[0] == "helpers"]


def imported_rooms(path: Path) -> set[str]:
    return {(module.split(".") + [name])[1] for module, name in imports(path)}


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(HELPERS)))
def test_every_module_has_a_level_and_imports_only_downwards(path: Path):
    room = room_of(path)
    level = level_of(room)
    assert level is not None, f"give {room!r} a level in tests/test_imports.py and CONTRIBUTING.md"
    for other in imported_rooms(path) - {room}:
        other_level = level_of(other)
        assert other_level is not None, f"{other!r} has no level"
        assert other_level < level, f"{room} (level {level}) imports {other} (level {other_level})"


def file_of(module: str) -> Path | None:
    stem = ROOT.joinpath(*module.split("."))
    return next((path for path in (stem.with_suffix(".py"), stem / "__init__.py") if path.is_file()), None)


def imported_files(path: Path) -> set[Path]:
    """Return the files that a module imports, wherever in it; for a name that a package passes on, the package."""
    found = set()
    for module, name in imports(path):
        home = file_of(module)
        passed_on = home is not None and home.name == "__init__.py" and (module, name) in names_passed_on(home)
        found.add(home if passed_on else file_of(f"{module}.{name}") or home)
    return found - {None, HELPERS / "__init__.py"}


def names_passed_on(home: Path) -> set[tuple[str, str]]:
    """Return the names of a package that are no modules of it, though one may be called the same."""
    package = ".".join(home.parent.relative_to(ROOT).parts)
    return {(package, name) for module, name in imports(home) if module != package}


def circles(graph: dict[Path, set[Path]]) -> list[list[Path]]:
    """Return the groups of modules that reach each other (Tarjan's strongly connected components of two and more)."""
    order: dict[Path, int] = {}
    lowest: dict[Path, int] = {}
    waiting: list[Path] = []
    found = []

    def visit(path: Path) -> None:
        order[path] = lowest[path] = len(order)
        waiting.append(path)
        for other in sorted(graph.get(path, ())):
            if other not in order:
                visit(other)
            if other in waiting:
                lowest[path] = min(lowest[path], lowest[other])
        if lowest[path] == order[path]:
            group = waiting[waiting.index(path) :]
            del waiting[waiting.index(path) :]
            if len(group) > 1 or path in graph.get(path, ()):
                found.append(sorted(group))

    for path in sorted(graph):
        if path not in order:
            visit(path)
    return found


def test_no_modules_import_each_other_in_a_circle():
    graph = {path: imported_files(path) for path in modules()}
    assert sum(map(len, graph.values())) > 1000, "the imports were not found"
    assert [[str(path.relative_to(ROOT)) for path in group] for group in circles(graph)] == []


def test_a_circle_would_be_seen():
    one, two, three = Path("one"), Path("two"), Path("three")
    assert circles({one: {two}, two: {three}, three: {two}}) == [[three, two]]
    assert circles({one: {two, three}, two: {three}, three: set()}) == []
    assert circles({one: {one}}) == [[one]]


def test_the_report_needs_only_core_and_story():
    for path in sorted((HELPERS / ONLY_CORE_AND_STORY).rglob("*.py")):
        others = imported_rooms(path) - {ONLY_CORE_AND_STORY, "core", "story"}
        assert not others, f"{path.relative_to(ROOT)} imports {sorted(others)}"


@pytest.mark.parametrize("shelf", ["analyses", "phases"])
def test_the_rooms_of_a_shelf_do_not_know_each_other(shelf: str):
    for path in sorted((HELPERS / shelf).rglob("*.py")):
        own = path.relative_to(HELPERS / shelf).parts[0]
        if path.parent == HELPERS / shelf or own in BESIDE:
            continue
        for module, name in imports(path):
            parts = [*module.split("."), name]
            if parts[1] == shelf:
                shared = (HELPERS / shelf / f"{parts[2]}.py").is_file()  # a neutral module beside the rooms
                assert parts[2] == own or shared, f"{path.relative_to(ROOT)} imports the room {parts[2]}"


def test_only_sources_and_rounds_read_data_files():
    for path in modules():
        if room_of(path) == "sources" or path == HELPERS / "running" / "rounds.py":
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
