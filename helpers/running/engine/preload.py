"""The imports that every notebook would otherwise pay for by itself."""

import contextlib
import gc
import importlib
import os
import sys

from helpers.running.engine.workspace import ENVIRONMENT

_KERNEL = (
    "papermill",
    "ipykernel.ipkernel",
    "ipykernel.jsonutil",
    "matplotlib_inline.backend_inline",
    # what making a shell would import in every child
    "IPython.core.application",
    "IPython.core.completerlib",
    "IPython.core.crashhandler",
    "IPython.core.oinspect",
    "IPython.utils.wildcard",
)
_STACK = tuple(
    (
        "pandas pandas.io.formats.html pandas.io.formats.string pyarrow.parquet matplotlib.pyplot seaborn PIL.PngImagePlugin "
        "PIL.BmpImagePlugin PIL.GifImagePlugin PIL.JpegImagePlugin PIL.PpmImagePlugin scipy.stats sklearn.cluster sklearn.linear_model "
        "sklearn.pipeline sklearn.preprocessing sklearn.compose sklearn.utils._pprint duckdb ibis ibis.backends.duckdb pandera.ibis "
        "pandera.backends.ibis.register pyarrow.dataset pyarrow.pandas_compat jinja2.ext nbconvert"
    ).split()
)


def import_without_grammar(name: str) -> None:
    """Import nbformat, or a module that imports it, a second and a half faster.

    Its JSON schema library tries ``rfc3987_syntax``, which compiles a grammar at import, to check a
    format (international web addresses) that no notebook schema uses.
    """
    absent = "rfc3987_syntax"
    if absent not in sys.modules:
        sys.modules[absent] = None  # type: ignore[assignment]
    try:
        importlib.import_module(name)
    finally:
        if sys.modules.get(absent) is None:
            del sys.modules[absent]


def _read_once() -> None:
    """Read what the modules imported above keep after its first use, and every notebook uses."""
    with contextlib.suppress(Exception):
        sys.modules["helpers.phases.opportunities.catalogue"].catalogue()
    with contextlib.suppress(Exception):
        sys.modules["helpers.core.wording"].percent(0.5)
    with contextlib.suppress(Exception):  # compiles the schema of notebooks
        nbformat = sys.modules["nbformat"]
        nbformat.reads(nbformat.writes(nbformat.v4.new_notebook()), as_version=4)


def preload(more: tuple[str, ...] = ()) -> None:
    """Import what kernels and notebooks need, and further modules; one that cannot be imported is left to whoever needs it.

    Only that: whoever fits, draws or connects may not be forked.
    """
    os.environ.update(ENVIRONMENT)
    import_without_grammar("nbformat")
    for name in (*_KERNEL, *_STACK, *more):
        with contextlib.suppress(Exception):
            importlib.import_module(name)
    _read_once()
    gc.collect()
    gc.freeze()  # the children share these objects instead of copying them
