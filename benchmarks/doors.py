"""Worlds of strangers from their exports to a report: what came out, how many questions, how many minutes; writes docs/strangers.md.

python benchmarks/doors.py [--seeds 0,1] [--worlds baskets,web_log] [--lines 1000000] [--no-run] [--write]
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tests.support.doors_worlds import WORLDS  # noqa: E402
from tests.support.doors_worlds.supermarket import write_supermarket  # noqa: E402
from tests.support.doors_worlds.trying import Outcome, tried  # noqa: E402

DOCS = ROOT / "docs" / "strangers.md"
BEGIN, END = "<!-- doors: written by benchmarks/doors.py -->", "<!-- doors: end -->"
KINDS = {
    "baskets": "a shop without loyalty cards: lines of its till, nobody's name but the cashier's",
    "telephone": "a telephone company: customers only, who left, and a bill that only they get",
    "outside_test": "an A/B test of another tool: one order of fifty thousand, or arms that are not even",
    "supermarket": "a supermarket: no card for a third, fuel by the centilitre, lines of nothing",
    "yearly": "a shop whose customers buy once a year, with net, tax and gross",
    "web_log": "a web site whose addresses are the numbers of items",
    "python_export": "floats as Python prints them, times with Z and +02:00, ids that became floats",
    "text_listing": "listings of an old ERP: places of the line, blanks, a ruler of dashes, two code pages",
    "workbook": "a workbook of two sheets: merged title, lines before the header, a row of totals",
    "languages": "customers in Dutch, orders in German, products in Swedish, campaigns in French",
}


def main() -> None:
    """Try the worlds, print what came out, and write the table where it is asked for."""
    options = _options()
    outcomes: list[tuple[int, Outcome]] = []
    for name in options.worlds.split(","):
        for seed in map(int, options.seeds.split(",")):
            with tempfile.TemporaryDirectory() as exports, tempfile.TemporaryDirectory() as home:
                folder = Path(exports)
                big = name == "supermarket" and options.lines
                world = write_supermarket(folder, seed, options.lines) if big else WORLDS[name](folder, seed)
                outcome = tried(world, Path(home), run=not options.no_run, with_answers=options.answers)
            outcomes.append((seed, outcome))
            _print(seed, outcome, options.words)
    if options.write:
        text = DOCS.read_text(encoding="utf-8")
        before, rest = text.split(BEGIN, 1) if BEGIN in text else (text.rstrip() + "\n\n", END)
        DOCS.write_text(f"{before}{BEGIN}\n{table(outcomes)}\n{END}{rest.split(END, 1)[1]}", encoding="utf-8")


def table(outcomes: Iterable[tuple[int, Outcome]]) -> str:
    """Return the outcomes as a table: one row per kind of world."""
    rows = ["| world | seeds | what came out | questions | minutes | silently wrong |", "|---|---|---|---|---|---|"]
    by_name: dict[str, list[tuple[int, Outcome]]] = {}
    for seed, outcome in outcomes:
        by_name.setdefault(outcome.world.name, []).append((seed, outcome))
    for name, tries in by_name.items():
        verdicts = [outcome.verdict for _, outcome in tries]
        came_out = ", ".join(f"{verdicts.count(verdict)} {verdict}" for verdict in dict.fromkeys(verdicts))
        questions, minutes = (sorted(values) for values in ([o.questions for _, o in tries], [o.minutes for _, o in tries]))
        asked = f"{questions[0]}" if questions[0] == questions[-1] else f"{questions[0]} to {questions[-1]}"
        lines = max((o.world.facts.get("lines", 0) for _, o in tries), default=0)
        cells = (
            KINDS[name] + (f" ({lines:,} lines)" if lines else ""),
            ", ".join(str(seed) for seed, _ in tries),
            came_out,
            asked,
            f"{minutes[-1]:.1f}",
        )
        rows.append(f"| {' | '.join(cells)} | {verdicts.count('silently wrong')} |")
    return "\n".join(rows)


def _print(seed: int, outcome: Outcome, words: bool) -> None:
    head = f"{outcome.world.name} {seed} ({outcome.world.variant}): {outcome.verdict.upper()}, "
    print(f"{head}{outcome.questions} questions, {outcome.minutes:.1f} minutes", flush=True)
    for line in (*outcome.differs, *outcome.lacking, *(f"left out: {name}" for name in outcome.unused)):
        print(f"    {line}")
    if words:
        print(outcome.client_yml, *outcome.said.values(), sep="\n")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", default="0")
    parser.add_argument("--worlds", default=",".join(WORLDS))
    parser.add_argument("--lines", type=int, default=0, help="lines of the supermarket")
    parser.add_argument("--no-run", action="store_true", help="only new and check")
    parser.add_argument("--answers", action="store_true", help="with the client.yml of the answer key, without aim new")
    parser.add_argument("--words", action="store_true", help="print client.yml and what the commands said")
    parser.add_argument("--write", action="store_true", help="write the table into docs/strangers.md")
    return parser.parse_args()


if __name__ == "__main__":
    main()
