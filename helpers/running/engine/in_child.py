"""Work that is not a notebook, in a child process of its own where children are to be had."""

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from helpers.core.errors import AimError, Problem, UserMistakes
from helpers.core.records import Limits
from helpers.core.wording import _
from helpers.running.engine.channel import Channel
from helpers.running.engine.fork import fork, is_clean
from helpers.running.engine.limits import Watch, death, limit_memory


def run_in_child(work: Callable[[], Any], limits: Limits) -> Any:
    """Return what some work gives, plain JSON values; done within limits in a child of a clean process, so that this one stays clean.

    Raises
    ------
    AimError, OSError : as the work raised it.
    KernelEnded : the child died, or passed a limit.
    """
    if not is_clean():
        return work()
    child = fork(lambda channel: _send_outcome(channel, work, limits))
    watch = Watch(limits, lambda: (child.pid,))
    try:
        while True:
            try:
                outcome = child.channel.receive(watch.pause())
                break
            except TimeoutError:  # nothing came yet: time to look at the limits
                watch.check()
            except EOFError:
                raise death(child.wait(2)) from None
    finally:
        child.end()
    return _result(outcome)


def _send_outcome(channel: Channel, work: Callable[[], Any], limits: Limits) -> None:
    """Do the work in the child, and send what it gave; errors travel as plain values, since the parent raises them anew."""
    limit_memory(limits.memory_mb)
    try:
        channel.send({"result": work()})
    except UserMistakes as error:
        channel.send({"problems": [asdict(problem) for problem in error.problems]})
    except AimError as error:
        channel.send({"mistakes": str(error)})
    except OSError as error:
        channel.send({"system": [error.errno, error.strerror, error.filename]})
    except MemoryError:
        channel.send({"memory": True})


def _result(outcome: dict[str, Any]) -> Any:
    if "problems" in outcome:
        raise UserMistakes(Problem(**problem) for problem in outcome["problems"])
    if "mistakes" in outcome:
        raise AimError(outcome["mistakes"])
    if "system" in outcome:
        raise OSError(*outcome["system"])
    if "memory" in outcome:
        raise MemoryError
    if "broken" in outcome:
        raise AimError(_("It could not be run: {error}.").format(error=outcome["broken"]))
    return outcome["result"]
