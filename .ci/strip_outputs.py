"""Take outputs, run counts and run metadata out of notebooks, so that git holds only what a person wrote.

Usage: strip_outputs.py [--check] NOTEBOOK...
Exit code 1 when a notebook held outputs; with --check it is left as it is.
"""

import sys
from pathlib import Path

import nbformat

RUN_METADATA = ("papermill", "widgets", "execution", "ExecuteTime", "collapsed", "scrolled")


def strip(notebook):
    """Return True when something was removed from the notebook, which is changed in place."""
    before = nbformat.writes(notebook)
    for part in [notebook, *notebook.cells]:
        for key in RUN_METADATA:
            part.metadata.pop(key, None)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    return nbformat.writes(notebook) != before


def main(arguments):
    """Strip every notebook named; with --check only say which ones hold outputs."""
    check = "--check" in arguments
    found = False
    for path in (Path(name) for name in arguments if name != "--check"):
        notebook = nbformat.read(path, as_version=4)
        if strip(notebook):
            found = True
            print(f"{path}: {'holds outputs (.ci/strip_outputs.py takes them out)' if check else 'stripped'}")
            if not check:
                path.write_text(nbformat.writes(notebook) + "\n", encoding="utf-8", newline="\n")
    return int(found)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
