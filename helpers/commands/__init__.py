"""The commands of ``aim``, one module per occasion; ``helpers.__main__`` puts them together."""

from helpers.commands.check import check
from helpers.commands.demo import demo
from helpers.commands.explain import explain
from helpers.commands.new import new
from helpers.commands.next_round import next_
from helpers.commands.overview import history, list_clients
from helpers.commands.run import run
from helpers.commands.workshop import lab, rerun

__all__ = ["check", "demo", "explain", "history", "lab", "list_clients", "new", "next_", "rerun", "run"]
