"""Measure how well the evaluation holds its level, and write the table to docs/simulations.md.

Run from the root: ``python -m benchmarks.evaluation_simulation`` (about four minutes on one core).
"""

from __future__ import annotations

from pathlib import Path

from tests.support import evaluation_worlds as worlds

EFFECTS = {"none": (0.0, 0.0), "rise": (0.2, 0.1), "fall": (-0.2, -0.1)}
HEAD = """# Simulation study of the evaluation

Written by `python -m benchmarks.evaluation_simulation`; do not edit by hand. 5,000 pilots with a known truth
per cell, fixed
seeds. A pilot of "n per arm" has 2n people, of whom the holdout share is left out. **Read** is the share of
pilots that
are read at all; in the others the report says "too little data" (fewer than {conversions} conversions, or
{buyers} buyers for
revenue, four times as many where amounts are very uneven, expected in the smaller arm). Alarms and coverage
are among those that are read; a cell in which fewer than one
in five is read counts as "too little data". With 5,000 runs, chance alone moves 5.0 % between 4.0 and 6.0 %,
and 95.0 %
between 94.0 and 96.0 %; with fewer runs read, more.

Alarms: no effect, level 5 %. Coverage: of the 95 % interval. "Rise": 20 % more people buy and each spends 10
% more;
"fall": 20 % fewer and 10 % less.
"""
OTHERS = "## Worlds in which nothing is there"


def main() -> None:
    """Measure all cells and write the page."""
    head = HEAD.format(conversions=worlds.LEAST_CONVERSIONS, buyers=worlds.LEAST_BUYERS)
    parts = [head, *_conversions(), *_revenue(), *_border(), *_looks(), *_rest()]
    # The chapters of other benchmarks follow; they stay.
    page = Path("docs/simulations.md")
    _own, mark, others = page.read_text(encoding="utf-8").partition(OTHERS)
    page.write_text("\n".join(parts) + "\n\n" + mark + others, encoding="utf-8")


def _conversions() -> list[str]:
    rows = [
        "## Conversions (Newcombe's interval)",
        "",
        "| n per arm | holdout | base rate | read | alarms | coverage, rise | coverage, fall |",
        "|--:|--:|--:|--:|--:|--:|--:|",
    ]
    for n in worlds.PEOPLE_PER_ARM:
        for holdout in worlds.HOLDOUTS:
            for rate in (0.02, 0.05, 0.1):
                cells = [worlds.conversions(n, holdout, rate, rise) for rise in (0.0, 0.2, -0.2)]
                rows.append(_row(n, holdout, f"{100 * rate:.0f} %", cells))
    return [*rows, ""]


def _revenue() -> list[str]:
    rows = [
        "## Revenue (studentised permutation test and its interval)",
        "",
        f"{100 * worlds.BUYERS:.0f} % of people buy; amounts are log-normal with a standard "
        f"deviation of the logarithm of "
        "0.7 (mild) or 1.5 (heavy).",
        "",
        "| n per arm | holdout | skew | read | alarms | coverage, rise | coverage, fall |",
        "|--:|--:|---|--:|--:|--:|--:|",
    ]
    for n in worlds.PEOPLE_PER_ARM:
        for holdout in worlds.HOLDOUTS:
            for skew, sigma in worlds.SKEWS.items():
                cells = [worlds.revenue(n, holdout, sigma, *effect) for effect in EFFECTS.values()]
                rows.append(_row(n, holdout, skew, cells))
    return [*rows, ""]


def _border(runs: int = 1500) -> list[str]:
    """Return revenue just above the least buyers: 20 in the smaller arm, 18 where one in ten is left out, and 65."""
    rows = [
        "## Revenue just above the least buyers",
        "",
        f"{runs:,} pilots per cell; chance alone moves 95.0 % between 93.4 and 96.2 % where all are read.",
        "",
        "| n per arm | holdout | standard deviation of the logarithm | read | alarms | read, fall | coverage, fall |",
        "|--:|--:|--:|--:|--:|--:|--:|",
    ]
    for sigma in (0.7, 1.0, 1.5):
        for n, holdout in ((400, 0.5), (1800, 0.1), (1300, 0.5)):
            none, fall = worlds.revenue(n, holdout, sigma, runs=runs, seed=11), worlds.revenue(n, holdout, sigma, -0.2, -0.1, runs, 12)
            shown = [_percent(none.alarms), f"{100 * fall.read:.0f} %", _percent(fall.covers)]
            shown = ["too little data" if none.too_little else shown[0], shown[1], "too little data" if fall.too_little else shown[2]]
            rows.append(f"| {n:,} | {100 * holdout:.0f} % | {sigma:.1f} | {100 * none.read:.0f} % | {' | '.join(shown)} |")
    return [*rows, ""]


def _row(n: int, holdout: float, kind: str, cells: list) -> str:
    none, rise, fall = cells
    figures = [_percent(none.alarms), _percent(rise.covers), _percent(fall.covers)]
    for place, cell in enumerate(cells):
        if cell.too_little:
            figures[place] = "too little data"
    return f"| {n:,} | {100 * holdout:.0f} % | {kind} | {100 * none.read:.0f} % | {' | '.join(figures)} |"


def _looks() -> list[str]:
    rows = [
        "## Five planned looks (O'Brien-Fleming spending), no effect",
        "",
        "| n per arm | holdout | figure | alarms at any look |",
        "|--:|--:|---|--:|",
    ]
    for n in worlds.PEOPLE_PER_ARM:
        for holdout in worlds.HOLDOUTS:
            rows.append(f"| {n:,} | {100 * holdout:.0f} % | conversions, 10 % | {_percent(worlds.five_looks(n, holdout, 0.1))} |")
    for holdout in worlds.HOLDOUTS:
        alarms = worlds.five_looks_revenue(1000, holdout, worlds.SKEWS["mild"])
        rows.append(f"| 1,000 | {100 * holdout:.0f} % | revenue, mild skew | {_percent(alarms)} |")
    return [*rows, ""]


def _rest() -> list[str]:
    rows = [
        "## Sample ratio (stops below p = 0.001), nothing wrong: exact, not simulated",
        "",
        "| people | holdout | false alarms |",
        "|--:|--:|--:|",
    ]
    for n in worlds.PEOPLE_PER_ARM:
        for holdout in worlds.HOLDOUTS:
            rows.append(f"| {2 * n:,} | {100 * holdout:.0f} % | {100 * worlds.false_alarms(2 * n, holdout):.3f} % |")
    rows += [
        "",
        "## Sharpened by the spend before (CUPED), no effect, 2,000 runs, 1,000 per arm",
        "",
        "| holdout | alarms | variance left |",
        "|--:|--:|--:|",
    ]
    for holdout in worlds.HOLDOUTS:
        alarms, left = worlds.sharpened(1000, holdout)
        rows.append(f"| {100 * holdout:.0f} % | {_percent(alarms)} | {left:.2f} |")
    return rows


def _percent(share: float) -> str:
    return f"{100 * share:.1f} %"


if __name__ == "__main__":
    main()
