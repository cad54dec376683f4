"""Work that is not a notebook, in a child of its own where children are to be had."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from helpers.core.errors import AimError
from helpers.core.records import Limits
from helpers.core.wording import _
from helpers.running.engine.fork import fork, is_clean
from helpers.running.engine.frames import Frames
from helpers.running.engine.limits import Watch, death, limit_memory


def apart(work: Callable[[], Any], limits: Limits) -> Any:
    """Do some work; in a clean process in a child, so that this process stays clean.

    Parameters
    ----------
    work : what to do; what it returns must be plain JSON values.
    limits : what it may use, where it runs in a child.

    Returns
    -------
    What the work returned.

    Raises
    ------
    AimError, OSError : as the work raised it.
    KernelEnded : the child died, or passed a limit.
    """
    if not is_clean():
        return work()
    child = fork(lambda frames: _answer(frames, work, limits))
    watch = Watch(limits, lambda: (child.pid,))
    try:
        while True:
            try:
                record = child.frames.receive(watch.pause())
                break
            except TimeoutError:
                watch.check()
            except EOFError:
                raise death(child.wait(2)) from None
    finally:
        child.end()
    return _outcome(record)


def _answer(frames: Frames, work: Callable[[], Any], limits: Limits) -> None:
    limit_memory(limits.memory_mb)
    try:
        frames.send({"result": work()})
    except AimError as error:
        frames.send({"mistakes": str(error)})
    except OSError as error:
        frames.send({"system": [error.errno, error.strerror, error.filename]})
    except MemoryError:
        frames.send({"memory": True})


def _outcome(record: dict[str, Any]) -> Any:
    if "mistakes" in record:
        raise AimError(record["mistakes"])
    if "system" in record:
        raise OSError(*record["system"])
    if "memory" in record:
        raise MemoryError
    if "broken" in record:
        raise AimError(_("It could not be run: {error}.").format(error=record["broken"]))
    return record["result"]
