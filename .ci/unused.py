"""Functions, classes and methods of helpers/ that no run calls: tests do not count, notebooks do.

Some stay on purpose, each named in .ci/unused.txt with the work that will call it. A name there that is called by now,
or is gone, is a mistake too.
"""

from __future__ import annotations

import ast
import json
import sys
from pathlib import Path

from vulture import Vulture

ROOT = Path(__file__).resolve().parent.parent
ALLOWED = ROOT / ".ci" / "unused.txt"
# Called by a framework: pydantic, click, pytest, traitlets, nbconvert, mistune, IPython, jupyter_client.
DECORATORS = ["@*validator*", "@*command*", "@default*", "@*.group*", "@*.register*", "@property", "@*overload*"]
NAMES = [
    "model_config",
    "_repr_*",
    "_render_traceback_",
    "visit_*",
    "__*__",
    "papermill_*",
    "execute_*",
    "block_code",
    "table_cell",
    "link",
    "writable",
]


def unused() -> dict[str, str]:
    """Return what nothing calls: "file:name" to its kind."""
    found = Vulture(ignore_names=NAMES, ignore_decorators=DECORATORS)
    for path in sorted((ROOT / "helpers").rglob("*.py")):
        if not _only_passes_on(path):
            found.scan(path.read_text(encoding="utf-8"), filename=path)
    for path in sorted((ROOT / "notebooks").glob("*.ipynb")):
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        found.scan("\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"), filename=path)
    kinds = ("function", "class", "method", "import", "unreachable_code")
    items = [item for item in found.get_unused_code(min_confidence=60) if item.typ in kinds and item.filename.suffix == ".py"]
    return {f"{Path(item.filename).relative_to(ROOT).as_posix()}:{item.name}": item.typ for item in items}


def _only_passes_on(path: Path) -> bool:
    """Tell whether a module holds nothing but imports and __all__: being passed on is no use."""
    kinds = (ast.Import, ast.ImportFrom, ast.Expr, ast.Assign)
    return path.name == "__init__.py" and all(isinstance(node, kinds) for node in ast.parse(path.read_text(encoding="utf-8")).body)


def main() -> int:
    """Print what is unused and not allowed, and what is allowed in vain."""
    lines = ALLOWED.read_text(encoding="utf-8").splitlines()
    allowed = {line.split("#")[0].strip() for line in lines if line.split("#")[0].strip()}
    found = unused()
    for name in sorted(set(found) - allowed):
        print(f"{name}: no run calls this {found[name]}. Remove it, or name it in .ci/unused.txt with the reason.")
    for name in sorted(allowed - set(found)):
        print(f"{name}: stands in .ci/unused.txt, and is called or gone. Take it out there.")
    return int(set(found) != allowed)


if __name__ == "__main__":
    sys.exit(main())
