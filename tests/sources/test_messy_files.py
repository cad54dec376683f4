"""Messy files are read right or refused with all that is needed to mend them; none is read wrong in silence."""

from __future__ import annotations

import re
import time
from collections import Counter
from pathlib import Path

import pandas as pd
import pytest

from helpers.core.errors import Problem, UserMistakes
from helpers.sources import read_sources
from helpers.sources.packed import wrong_kind
from helpers.tables.declared import Source
from tests.sources.messy_files import DIALECTS, ROWS, Case, broken_csv, cases, workbooks
from tests.support.ids import as_an_id

# A refusal of a whole file (packed, empty, a bomb) has no column, and one of an absent value has no value.
WHOLE = ("empty file", "gz", "zip", "bomb", "broken gz", "password", "a CSV by that name", "UTF-16 undeclared", "two sheets", "sep=")


def outcome(case: Case, folder: Path) -> tuple[str, tuple[Problem, ...]]:
    source = Source.model_validate(case.declared)
    (folder / source.file).write_bytes(case.content)
    try:
        with read_sources(folder, [source]) as intake:
            return ("right" if same(intake.tables["orders"], case) else "wrong"), ()
    except UserMistakes as error:
        return "refused", error.problems


def same(orders: pd.DataFrame, case: Case) -> bool:
    read = [
        (
            row.order_id,
            row.order_date.date(),
            "" if pd.isna(row.customer_id) else row.customer_id,
            row.order_amount,
            "" if pd.isna(row.channel) else row.channel,
        )
        for row in orders.itertuples()
    ]
    return read == [(key, day, as_an_id(who) or "", amount, where) for key, day, who, amount, where in case.rows]


def complete(problem: Problem, case: Case) -> bool:
    """Whether a refusal names file, line, column, value and fix, as far as there is one."""
    if not (problem.file == case.declared["file"] and re.search(r"(line|row)s? \d+", problem.place) and problem.fix):
        return problem.expected.startswith("the same for")
    if any(word in case.name for word in WHOLE):
        return True
    return "column" in problem.place and bool(problem.got or "empty" in problem.expected)


@pytest.mark.slow
@pytest.mark.parametrize("step", [7, pytest.param(1, marks=pytest.mark.drill)])
def test_no_messy_file_is_read_wrong_in_silence(tmp_path: Path, step: int):
    found = [(case, *outcome(case, tmp_path)) for case in list(cases())[::step]]
    assert len(found) >= 120 / step and len({case.name for case, _, _ in found}) == len(found)
    silent = [case.name for case, said, _ in found if said == "wrong" or (said == "right" and not case.right)]
    assert silent == []
    refused_clean = [case.name for case, said, _ in found if case.clean and said == "refused"]
    assert len(refused_clean) <= 0.02 * sum(case.clean for case, _, _ in found), refused_clean
    assert [case.name for case, said, _ in found if case.right and said == "refused" and not case.clean] == []
    problems = [(case, problem) for case, said, told in found if said == "refused" for problem in told]
    lacking = [f"{case.name}: {problem}" for case, problem in problems if not complete(problem, case)]
    assert len(lacking) <= 0.05 * len(problems), "\n".join(lacking)
    print(Counter(said for _, said, _ in found), len(problems), "problems,", len(lacking), "not complete")


def test_bombs_are_refused_within_a_second(tmp_path: Path):
    bombs = [case for d in DIALECTS[:2] for kind in (broken_csv, workbooks) for case in kind(d) if "bomb" in case.name]
    assert len(bombs) == 6
    for case in bombs:
        (tmp_path / case.declared["file"]).write_bytes(case.content)
        source = Source.model_validate(case.declared)
        begun = time.perf_counter()
        (problem,) = wrong_kind(tmp_path / source.file, source)
        assert time.perf_counter() - begun < 1.0
        assert "not unpacked" in problem.fix


def test_the_rows_hold_the_traps():
    assert {"NA", "None", "NO", "Nee"} <= {row[2] for row in ROWS} and any(row[0].startswith("00") for row in ROWS)
