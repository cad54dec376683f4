"""How often the first page says something false where nothing is there, and finds what is: writes its table in docs/simulations.md.

python benchmarks/null_worlds.py [--rooms potential,messages] [--worlds "equal firms"] [--seeds 0-49] [--write]
"""

from __future__ import annotations

import argparse
import importlib
import pkgutil
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks import worlds  # noqa: E402

DOCS = ROOT / "docs" / "simulations.md"
BEGIN, END = "<!-- null worlds: written by benchmarks/null_worlds.py -->", "<!-- null worlds: end -->"
HEAD = ("| room | world | what is there | sets | claimed | at most / at least |", "|---|---|---|---|---|---|")
# Six of fifty is what 5 % gives with a chance of 4 % for more; found in four of five is the power that the gates promise.
MOST_FALSE, LEAST_FOUND = 6 / 50, 0.8


def main() -> None:
    """Run the worlds of the rooms, print what was claimed, and write the table where it is asked for."""
    options = _options()
    rows = []
    for room in options.rooms.split(",") if options.rooms else rooms():
        for world in importlib.import_module(f"benchmarks.worlds.{room}").WORLDS:
            if options.worlds and world.name not in options.worlds.split(";"):
                continue
            claimed = sum(world.claims(seed) for seed in options.seeds)
            rows.append(_row(room, world, claimed, len(options.seeds)))
            print(rows[-1], flush=True)
    if options.write:
        before, rest = DOCS.read_text(encoding="utf-8").split(BEGIN, 1)
        earlier, after = rest.split(END, 1)
        tried = {_place(row) for row in rows}
        kept = [row for row in earlier.splitlines() if row.startswith("| ") and row not in HEAD and _place(row) not in tried]
        table = "\n".join((*HEAD, *sorted(kept + rows)))
        DOCS.write_text(f"{before}{BEGIN}\n{table}\n{END}{after}", encoding="utf-8")


def rooms() -> list[str]:
    """Return the rooms that have worlds."""
    return [module.name for module in pkgutil.iter_modules(worlds.__path__)]


def _place(row: str) -> tuple[str, ...]:
    """Return the room and the world of a row."""
    return tuple(row.split(" | ")[:2])


def _row(room: str, world: worlds.World, claimed: int, sets: int) -> str:
    bound = f"≥ {round(LEAST_FOUND * sets)}" if world.planted else f"≤ {round(MOST_FALSE * sets)}"
    return f"| {room} | {world.name} | {'an effect' if world.planted else 'nothing'} | {sets} | {claimed} | {bound} |"


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rooms", default="", help="only these, with commas between")
    parser.add_argument("--worlds", default="", help="only these worlds, with semicolons between")
    parser.add_argument("--seeds", type=_seeds, default=range(50), help="such as 0-49")
    parser.add_argument("--write", action="store_true", help="write these rows into the table of docs/simulations.md")
    return parser.parse_args()


def _seeds(text: str) -> range:
    first, _dash, last = text.partition("-")
    return range(int(first), int(last or first) + 1)


if __name__ == "__main__":
    main()
