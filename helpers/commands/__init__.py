"""The commands of ``aim``, one module per occasion; ``helpers.__main__`` puts them together."""

from helpers.commands.check import check
from helpers.commands.demo import demo
from helpers.commands.next_round import next_
from helpers.commands.overview import history, list_clients
from helpers.commands.run import run
from helpers.commands.sources import inspect, new
from helpers.commands.workshop import lab, rerun

__all__ = ["check", "demo", "history", "inspect", "lab", "list_clients", "new", "next_", "rerun", "run"]
