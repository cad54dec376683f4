"""The side that runs a notebook: sends cell after cell, gathers the outputs, watches the limits."""

import contextlib
import os
from collections.abc import Iterator
from typing import Any

from nbclient.exceptions import CellExecutionComplete, CellExecutionError

from helpers.core.records import Limits
from helpers.running.engine import connect, kernel
from helpers.running.engine.base_client import BaseClient
from helpers.running.engine.channel import RecordTooLarge
from helpers.running.engine.fork import Child, fork, is_clean
from helpers.running.engine.limits import Watch, death, too_much_output
from helpers.running.engine.workspace import temporary_workspace


class ForkedClient(BaseClient):
    """papermill's client, with a forked child in place of a kernel behind sockets.

    How messages become outputs (display ids, clear_output, widgets) is nbclient's own code, so
    that a notebook comes out as it does from any other kernel.
    """

    def execute(self, **kwargs: Any) -> Any:
        """Run the notebook; return it as executed (KernelEnded when the kernel died, or passed a limit)."""
        self.reset_execution_trackers()
        with _running_kernel(self.seed, self.limits, self.own_folder) as child:
            self._child = child
            self._watch = Watch(self.limits, lambda: (child.pid,))
            first = self._receive()
            while "ready" not in first:
                first = self._receive()  # what making the kernel printed belongs to no cell
            self.nb.metadata["language_info"] = first["language_info"]
            self.papermill_execute_cells()
            self.set_widgets_metadata()
        return self.nb

    def execute_cell(self, cell: Any, cell_index: int, **kwargs: Any) -> Any:
        """Run one cell (CellExecutionError when it fails, KernelEnded when the kernel is gone)."""
        skipped = self.skip_cells_with_tag in cell.metadata.get("tags", [])
        if cell.cell_type != "code" or not cell.source.strip() or skipped:
            return cell
        self.code_cells_executed += 1
        cell.outputs = []
        self.clear_before_next_output = False
        self._watch.new_cell()
        with self._death_named():
            self._child.channel.send({"code": cell.source, "id": f"cell-{cell_index}"})
            reply = self._gather(cell, cell_index)
        cell["execution_count"] = reply.get("execution_count")
        allowed = self.allow_errors or "raises-exception" in cell.metadata.get("tags", [])
        if reply["status"] == "error" and not (allowed and not self.force_raise_errors):
            raise CellExecutionError.from_cell_and_msg(cell, reply)
        return cell

    def _gather(self, cell: Any, index: int) -> dict[str, Any]:
        """Turn messages into outputs until the reply comes."""
        while True:
            record = self._receive()
            if "reply" in record:
                return record["reply"]
            message = record["message"]
            message["buffers"] = [bytes.fromhex(buffer) for buffer in message["buffers"]]
            if message["parent_header"]["msg_id"] == f"cell-{index}":
                with contextlib.suppress(CellExecutionComplete):
                    self.process_message(message, cell, index)

    def _receive(self) -> dict[str, Any]:
        """Return the kernel's next record, looking at the limits while waiting."""
        most = self.limits.output_mb << 20
        with self._death_named():
            while True:
                try:
                    record = self._child.channel.receive(self._watch.pause(), most)
                except TimeoutError:
                    self._watch.check()
                    continue
                except RecordTooLarge:
                    raise too_much_output(self.limits) from None
                self._watch.check()
                if self._child.channel.received > most:
                    raise too_much_output(self.limits)
                if "ended" in record:  # what a template process says of its child
                    if isinstance(self._child, connect.RemoteChild):
                        self._child.status = record["ended"]
                    raise EOFError
                if "broken" in record:
                    raise RuntimeError(record["broken"])
                return record

    @contextlib.contextmanager
    def _death_named(self) -> Iterator[None]:
        """Turn the end of the conversation into the reason why the kernel is gone."""
        try:
            yield
        except (EOFError, ConnectionError):
            raise death(self._child.wait(2)) from None


@contextlib.contextmanager
def _running_kernel(seed: int, limits: Limits, own_folder: bool) -> Iterator[Child | connect.RemoteChild]:
    """Start a kernel in a workspace of its own, and end it at once when it is no longer needed."""
    with temporary_workspace() as workspace:
        cwd = str(workspace.cwd) if own_folder else os.getcwd()
        start: dict[str, Any] = {"seed": seed, "environment": workspace.environment, "cwd": cwd, "memory_mb": limits.memory_mb}
        if is_clean():
            child: Child | connect.RemoteChild = fork(lambda channel: kernel.serve(channel, **start))
        else:
            child = connect.shared(workbook=own_folder).kernel(start)
        try:
            yield child
        finally:
            child.end()
