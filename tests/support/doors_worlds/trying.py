"""A world walked through the door: aim new --from its exports --yes, aim check, aim run; and what is to be said of it."""

from __future__ import annotations

import html
import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from helpers.client.config import read_client
from helpers.core.errors import AimError
from helpers.sources import read_sources
from tests.support.doors_worlds.comparing import differences, unused
from tests.support.doors_worlds.records import World

ROOT = Path(__file__).resolve().parents[3]
_ROWS = re.compile("set aside|one row|rows of|left out")
# The parts of what ``aim new`` says in which it owns up to what it does not know.
_OWNED_UP = ("Decided without you", "Look at these", "Not used")


@dataclass
class Outcome:
    """What became of one world.

    Parameters
    ----------
    verdict : "report", "right refusal", "asked" (something differs and was asked about or named), "wrongly refused",
        "incomplete" (a report that lacks what is planted) or "silently wrong".
    questions : how many were decided without a person.
    minutes : of new, check and run together.
    differs : what differs from the truth: silently, and named.
    lacking : patterns that the report should fit and does not; those it should not fit and does.
    unused : columns that may be left out and were.
    said : what the commands said.
    """

    world: World
    verdict: str = "report"
    questions: int = 0
    minutes: float = 0.0
    differs: list[str] = field(default_factory=list)
    lacking: list[str] = field(default_factory=list)
    unused: list[str] = field(default_factory=list)
    said: dict[str, str] = field(default_factory=dict)
    client_yml: str = ""


def tried(world: World, home: Path, run: bool = True, with_answers: bool = False) -> Outcome:
    """Walk a world through the door.

    Parameters
    ----------
    world : its exports; the answer key is looked at only afterwards.
    home : an empty folder for the client and the reports.
    run : False: only new and check.
    with_answers : True: the client.yml is that of the answer key, so that what comes after ``aim new`` is tried by itself.
    """
    outcome, start = Outcome(world), time.monotonic()
    try:
        _walk(outcome, home, run, with_answers)
    finally:
        outcome.minutes = (time.monotonic() - start) / 60
    return outcome


def _walk(outcome: Outcome, home: Path, run: bool, with_answers: bool) -> None:
    world, name = outcome.world, outcome.world.name.replace("_", "-")
    client = home / "data" / name
    if with_answers:
        shutil.copytree(world.folder, client)
        plain = json.loads(json.dumps(world.answer))  # each value a copy of its own: client.yml knows no aliases
        (client / "client.yml").write_text(yaml.safe_dump(plain, allow_unicode=True), encoding="utf-8")
        outcome.said["new"] = ""
    elif _aim(outcome, home, "new", name, "--from", str(world.folder), "--yes") != 0:
        _refused(outcome, outcome.said["new"])
        return
    outcome.client_yml = (client / "client.yml").read_text(encoding="utf-8")
    outcome.questions = len(_lines(outcome.said["new"], _OWNED_UP[:1]))
    _compare(outcome, client)
    if outcome.verdict == "wrongly refused":
        return
    if _aim(outcome, home, "check", name) not in (0, 4):
        _refused(outcome, outcome.said["check"])
        return
    _hold_back(outcome, outcome.client_yml, ())
    if not run:
        return
    if _aim(outcome, home, "run", name, "--workers", "1") != 0:
        _refused(outcome, outcome.said["run"])
        return
    reports = sorted((home / "reports" / name).glob("*/report.html"))
    _hold_back(outcome, _text(reports[-1]) if reports else "", world.says)


def _aim(outcome: Outcome, home: Path, *words: str) -> int:
    own = {"AIM_DATA": str(home / "data"), "AIM_REPORTS": str(home / "reports"), "PYTHONUTF8": "1", "OMP_NUM_THREADS": "1"}
    command = [sys.executable, "-m", "helpers", *words]
    done = subprocess.run(command, cwd=ROOT, env=os.environ | own, capture_output=True, text=True, stdin=subprocess.DEVNULL)
    outcome.said[words[0]] = done.stdout + done.stderr
    return done.returncode


def _refused(outcome: Outcome, said: str) -> None:
    right = outcome.world.outcome == "refusal" and all(re.search(pattern, said) for pattern in outcome.world.says)
    outcome.verdict = "right refusal" if right else "wrongly refused"
    outcome.lacking.append(said.strip()[-600:])


def _compare(outcome: Outcome, client: Path) -> None:
    loaded = read_client(client)
    config = loaded.config
    try:
        if config is None:
            raise AimError("; ".join(map(str, loaded.problems)))
        with read_sources(client, config.sources) as intake:
            tables = intake.tables
    except AimError as error:
        _refused(outcome, str(error))
        return
    outcome.unused = unused(outcome.world, tables)
    owned_up, questions = " ".join(_lines(outcome.said["new"], _OWNED_UP)), _lines(outcome.said["new"], _OWNED_UP[:1])
    for table, column, what in differences(outcome.world, tables):
        file, theirs = outcome.world.theirs(table, column)
        # Of rows that are missing, a question about the file must be left; that some column of it is not used does not say it.
        named = theirs in owned_up if theirs else any(file in line and _ROWS.search(line) for line in questions)
        outcome.differs.append(f"{'named' if named else 'silently'}: {table}{'.' if column else ''}{column}: {what}")
        outcome.verdict = "silently wrong" if not named else "asked" if outcome.verdict == "report" else outcome.verdict


def _hold_back(outcome: Outcome, text: str, says: Sequence[str]) -> None:
    """Look for what should stand in a text and what should not."""
    world = outcome.world
    wrong = [f"says: …{text[max(0, hit.start() - 80) : hit.end() + 80]}…" for p in world.never for hit in list(re.finditer(p, text))[:3]]
    wrong += [f"names a person: {value[:3]}…" for value in world.personal if value in text]
    lacking = [f"does not say: {pattern}" for pattern in says if not re.search(pattern, text)]
    outcome.lacking += wrong + lacking
    if wrong:
        outcome.verdict = "silently wrong"
    elif lacking and outcome.verdict == "report":
        outcome.verdict = "incomplete"


def _lines(said: str, titles: Sequence[str]) -> list[str]:
    """Return the points below some titles of what ``aim new`` said."""
    points, inside = [], False
    for line in said.splitlines():
        if line.startswith("  - "):
            points += [line[4:]] if inside else []
        else:
            inside = line.rstrip(":") in titles
    return points


def _text(report: Path) -> str:
    page = re.sub(r"(?s)<(script|style).*?</\1>", " ", report.read_text(encoding="utf-8"))
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", page)))
