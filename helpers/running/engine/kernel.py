"""The kernel in a forked child: IPython's own kernel, with a pipe where others have sockets.

Everything that makes outputs look as they do in Jupyter (display publisher, display hook,
tracebacks, widgets, top-level await) is ipykernel's. Only the transport is ours: no ports, no
threads that talk, no handshake to wait for.
"""

import asyncio
import logging
import os
import random
import sys
import threading
from functools import cache
from types import SimpleNamespace
from typing import Any

from helpers.running.engine.channel import Channel
from helpers.running.engine.limits import limit_memory
from helpers.running.engine.streams import Stream, take_over_output


def serve(channel: Channel, seed: int, environment: dict[str, str], cwd: str, memory_mb: int) -> None:
    """Be a kernel: execute the cells that arrive (records with ``code``), until the other side is gone.

    Parameters
    ----------
    seed : for the global random states, which every forked child would otherwise share.
    environment, cwd : variables to set first, and the working folder.
    memory_mb : most private memory this process may take, in megabytes; 0 for no limit.
    """
    _settle(environment, cwd, seed)
    kernel, streams = _start_kernel(channel)
    limit_memory(memory_mb)
    channel.send({"ready": os.getpid(), "language_info": kernel.language_info})
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    while True:
        try:
            cell = channel.receive()
        except EOFError:
            return
        channel.send({"reply": _execute(kernel, streams, loop, cell)})


def _execute(kernel: Any, streams: tuple[Stream, Stream], loop: asyncio.AbstractEventLoop, cell: dict[str, Any]) -> dict[str, Any]:
    from ipykernel.jsonutil import json_clean

    kernel.set_parent([], {"header": {"msg_id": cell["id"], "msg_type": "execute_request"}, "content": {}})
    content = loop.run_until_complete(kernel.do_execute(cell["code"], silent=False, store_history=True))
    for stream in streams:
        stream.catch_up()  # all that the cell printed goes out before its reply
    content.pop("payload", None)
    return json_clean(content)


def _settle(environment: dict[str, str], cwd: str, seed: int) -> None:
    """Undo what this process inherited from the one that did the imports."""
    import tempfile

    import numpy as np
    import pandas as pd

    os.environ.update(environment)
    os.chdir(cwd)
    tempfile.tempdir = None
    random.seed(seed)
    np.random.seed(seed % 2**32)
    # pandas thought that it stood in a terminal, and would cut wide tables.
    pd.set_option("display.max_columns", 20)
    sys.argv[:] = ["ipykernel_launcher.py"]
    sys.path[:] = ["", *(path for path in sys.path[1:] if path)]


def _start_kernel(channel: Channel) -> tuple[Any, tuple[Stream, Stream]]:
    from IPython.core.profiledir import ProfileDir
    from traitlets.config import Config

    session = _session(channel)
    streams = take_over_output(session)
    home = ProfileDir.create_profile_dir(os.path.join(os.environ["IPYTHONDIR"], "profile_default"))
    kernel = _kernel_class().instance(
        session=session,
        iopub_socket=None,
        profile_dir=home,
        log=logging.getLogger("aim.kernel"),
        config=Config({"HistoryManager": {"enabled": False}}),
    )
    from matplotlib_inline import backend_inline

    backend_inline._enable_matplotlib_integration()  # ties the pictures to this shell: else every plot would silently vanish
    return kernel, streams


@cache
def _kernel_class() -> Any:
    import comm
    from ipykernel.ipkernel import IPythonKernel
    from traitlets import Any as AnyTrait

    class PipeKernel(IPythonKernel):
        """IPython's kernel without a debugger, which takes long to import and looks at every module."""

        debugger_class = AnyTrait()

        def __init__(self, **traits: Any):
            super(IPythonKernel, self).__init__(**traits)
            self.shell = self.shell_class.instance(
                parent=self, profile_dir=self.profile_dir, user_ns={}, kernel=self, compiler_class=self.compiler_class
            )
            display_hook: Any = self.shell.displayhook
            display_publisher: Any = self.shell.display_pub
            display_hook.session = display_publisher.session = self.session
            display_hook.topic = self._topic("execute_result")
            self.comm_manager = comm.get_comm_manager()
            # Only asked whether a cell runs in the thread of a subshell; there are none.
            self.shell_channel_thread = SimpleNamespace(parent_thread=None)

    return PipeKernel


def _session(channel: Channel) -> Any:
    from jupyter_client.session import Session

    sending = threading.Lock()

    class PipeSession(Session):
        """A session whose messages go through the pipe."""

        def send(self, stream, msg_or_type, content=None, parent=None, ident=None, buffers=None, track=False, header=None, metadata=None):
            message = msg_or_type
            if not isinstance(message, dict):
                message = self.msg(msg_or_type, content, parent, header, metadata)
            record = {key: message[key] for key in ("msg_type", "content", "metadata")}
            record["header"] = {"msg_type": message["msg_type"]}
            record["parent_header"] = {"msg_id": (message["parent_header"] or {}).get("msg_id", "")}
            record["buffers"] = [bytes(buffer).hex() for buffer in (buffers or message.get("buffers") or [])]
            with sending:  # threads of a cell may print at once
                channel.send({"message": record})
            return message

    return PipeSession(key=b"")
