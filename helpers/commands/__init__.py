"""The commands of ``aim`` that run something; the others are in ``__main__``."""

from helpers.commands.check import check
from helpers.commands.history import history
from helpers.commands.lab import lab
from helpers.commands.rerun import rerun
from helpers.commands.run import run
from helpers.commands.sources import inspect, new

__all__ = ["check", "history", "inspect", "lab", "new", "rerun", "run"]
