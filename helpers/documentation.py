"""Docs that are printed from the code, so that they cannot disagree with it: ``make docs``."""

from pathlib import Path

import click

from helpers.client.keys import keys_documentation
from helpers.core.clients import ROOT
from helpers.tables import data_dictionary

DOCS = ROOT / "docs"


def commands_documentation() -> str:
    """Return docs/commands.md: every command of ``aim`` with its arguments and options."""
    from helpers.__main__ import main

    parts = ["# The command aim", "", "Printed from the command itself by `make docs`; do not edit by hand.", ""]
    for name, command in sorted(main.commands.items()):
        context = click.Context(command, info_name=f"aim {name}")
        parts += [f"## aim {name}", "", "```", command.get_help(context), "```", ""]
    return "\n".join(parts)


def pages() -> dict[Path, str]:
    """Return every printed page by its path."""
    return {
        DOCS / "client-yml.md": keys_documentation(),
        DOCS / "commands.md": commands_documentation(),
        DOCS / "data-dictionary.md": data_dictionary(),
    }


if __name__ == "__main__":
    for path, text in pages().items():
        path.write_text(text, encoding="utf-8")
