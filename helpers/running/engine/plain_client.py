"""Kernels as everybody else starts them, for systems that cannot fork and for ``--engine plain``.

Same limits, same workspace, same results. Unix sockets with a short path of their own take the
place of TCP ports, which two kernels started at once may both believe to be free.
"""

import contextlib
import os
import signal
import sys
import threading
from collections.abc import Iterator
from typing import Any

from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import AsyncKernelManager
from nbclient.exceptions import DeadKernelError
from traitlets import Type

from helpers.running.engine.base_client import BaseClient
from helpers.running.engine.limits import KernelEnded, Watch, death, too_much_output
from helpers.running.engine.workspace import child_environment, temporary_workspace

PYTHON = "python3"  # the kernel that every installation has


class OwnKernelManager(AsyncKernelManager):
    """Starts this Python's kernel so that it dies with its parent and heeds the memory limit."""

    @property
    def kernel_spec(self) -> KernelSpec | None:
        """The kernel to start (NoSuchKernel when the notebook names one that is not installed)."""
        if self.kernel_name != PYTHON:
            return super().kernel_spec
        command = [sys.executable, "-P", "-m", "helpers.running.engine.plain_kernel", "-f", "{connection_file}"]
        return KernelSpec(argv=command, language="python", display_name="Python 3")


class PlainClient(BaseClient):
    """papermill's client with the limits and workspace of the batch."""

    kernel_manager_class = Type(OwnKernelManager)

    def execute(self, **kwargs: Any) -> Any:
        """Run the notebook; return it as executed (KernelEnded when the kernel is gone)."""
        self.shutdown_kernel = "immediate"
        self._ending: KernelEnded | None = None
        self._printed = 0
        with temporary_workspace() as workspace:
            self.km = self.create_kernel_manager()
            if os.name != "nt":
                self.km.transport, self.km.ip = "ipc", str(workspace.folder / "k")
            with self._watched(), self._death_named():
                cwd = str(workspace.cwd) if self.own_folder else os.getcwd()
                ours = {"AIM_MEMORY_MB": str(self.limits.memory_mb), "AIM_NOTEBOOK_SEED": str(self.seed), "AIM_PARENT": str(os.getpid())}
                return super().execute(env=child_environment() | workspace.environment | ours, cwd=cwd)

    def process_message(self, msg: Any, *arguments: Any, **kwargs: Any) -> Any:
        """Count what is printed, then do as papermill does."""
        content = msg["content"]
        self._printed += len(content.get("text", "")) + sum(len(str(form)) for form in content.get("data", {}).values())
        if self._printed > self.limits.output_mb << 20:
            self._ending = too_much_output(self.limits)
            self._kill()
        return super().process_message(msg, *arguments, **kwargs)

    def execute_cell(self, *arguments: Any, **kwargs: Any) -> Any:
        """Run one cell with a clock of its own."""
        self._watch.new_cell()
        return super().execute_cell(*arguments, **kwargs)

    @contextlib.contextmanager
    def _watched(self) -> Iterator[None]:
        """Look at the limits from a thread, since nbclient's own loop only knows cells."""
        self._watch = Watch(self.limits, self._pids)
        over = threading.Event()
        thread = threading.Thread(target=self._look, args=(over,), daemon=True)
        thread.start()
        try:
            yield
        finally:
            over.set()
            thread.join()
            self._kill()

    def _look(self, over: threading.Event) -> None:
        while not over.wait(max(0.01, self._watch.pause())):
            try:
                self._watch.check()
            except KernelEnded as ending:
                self._ending = self._ending or ending
                self._kill()
                return

    def _pids(self) -> tuple[int, ...]:
        process = self._process()
        return (process.pid,) if process else ()

    def _process(self) -> Any:
        return getattr(getattr(self.km, "provisioner", None), "process", None)

    def _kill(self) -> None:
        for pid in self._pids():
            with contextlib.suppress(OSError):
                if os.name == "nt":
                    os.kill(pid, signal.SIGTERM)
                else:
                    os.killpg(pid, signal.SIGKILL)

    @contextlib.contextmanager
    def _death_named(self) -> Iterator[None]:
        """Turn nbclient's word for a dead kernel into the reason why it is gone."""
        try:
            yield
        except Exception as error:
            if self._ending is not None:
                raise self._ending from None
            if not isinstance(error, DeadKernelError):
                raise
            process = self._process()
            raise death(process.poll() if process else None) from None
