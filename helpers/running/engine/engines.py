"""The engines as papermill knows them: ``papermill --engine aim in.ipynb out.ipynb``.

papermill loads this module while it is being imported itself, so the clients, which rest on
papermill, are imported when they are needed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from papermill.engines import Engine, NotebookExecutionManager, PapermillEngines

from helpers.core.records import Limits
from helpers.running.engine.fork import can_fork

if TYPE_CHECKING:
    from helpers.running.engine.base_client import BaseClient


class PlainEngine(Engine):
    """A kernel of its own for every notebook, started from nothing."""

    @classmethod
    def execute_managed_notebook(
        cls,
        nb_man: NotebookExecutionManager,
        kernel_name: str,
        limits: Limits | None = None,
        seed: int = 0,
        own_folder: bool = False,
        execution_timeout: float | None = None,
        start_timeout: float = 60,
        input_path: str = "",
        **options: Any,
    ) -> Any:
        """Run a notebook; called by papermill, with its own options beside ours.

        Parameters
        ----------
        limits : what it may use; when None the usual limits, with papermill's ``execution_timeout`` for a cell.
        seed : for the global random states of Python and numpy.
        own_folder : work in a new empty folder instead of the current one.
        """
        used = limits or Limits(cell_seconds=execution_timeout or Limits.cell_seconds)
        client = cls._client(kernel_name)(
            nb_man, kernel_name=kernel_name, startup_timeout=start_timeout, limits=used, seed=seed, own_folder=own_folder, **options
        )
        return client.execute()

    @classmethod
    def _client(cls, kernel_name: str) -> type[BaseClient]:
        from helpers.running.engine.plain_client import PlainClient

        return PlainClient


class AimEngine(PlainEngine):
    """A forked child for every notebook, of a process that has done the imports; else a plain kernel."""

    @classmethod
    def _client(cls, kernel_name: str) -> type[BaseClient]:
        from helpers.running.engine.forked_client import ForkedClient
        from helpers.running.engine.plain_client import PYTHON

        # Only this Python can be forked; a notebook in another language gets the kernel it asks for.
        return ForkedClient if can_fork() and kernel_name == PYTHON else super()._client(kernel_name)


def register(engines: PapermillEngines) -> None:
    """Make both engines known to papermill, also where this package is not installed."""
    engines.register("aim", AimEngine)
    engines.register("plain", PlainEngine)
