"""A kernel of its own process, started as ``python -m helpers.running.engine.plain_kernel -f FILE``.

ipykernel notices that its parent is gone only when it comes to look; a cell that never lets it
look would stay for ever. So the system is asked to end it.
"""

import os
import sys

from helpers.running.engine.fork import die_with_parent
from helpers.running.engine.limits import limit_memory


def main() -> None:
    """Become a kernel that dies with its parent, with seeds and a memory limit of its own."""
    die_with_parent(int(os.environ["AIM_PARENT"]))
    limit_memory(int(os.environ["AIM_MEMORY_MB"]))
    seed = int(os.environ["AIM_NOTEBOOK_SEED"])
    # As the last thing before the first cell, since starting a kernel draws too; no name is left behind.
    seeding = f"__import__('random').seed({seed}); __import__('numpy').random.seed({seed % 2**32})"
    sys.argv.append(f"--IPKernelApp.exec_lines={seeding}")
    from ipykernel.kernelapp import launch_new_instance

    launch_new_instance()


if __name__ == "__main__":
    main()
