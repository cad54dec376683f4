"""What the first version wrote stays readable: its client.yml files, its reports, and a closed round with the next one made on it."""

from __future__ import annotations

import tarfile
from pathlib import Path

import pytest

from helpers.client.config import read_client
from helpers.core.files import file_hash, files_in, read_json
from helpers.core.records import RunRequest
from helpers.running.rounds import Round
from helpers.running.runner import run_round
from tests.conftest import ROOT, SAMPLES

FIRST = ROOT / "tests" / "fixtures" / "first_version"


@pytest.mark.parametrize("path", sorted((FIRST / "clients").glob("*.yml")), ids=lambda path: path.stem)
def test_a_client_yml_of_the_first_version_is_read(path: Path, tmp_path: Path):
    (tmp_path / "client.yml").write_bytes(path.read_bytes())
    assert read_client(tmp_path).problems == ()


def test_a_key_that_is_gone_is_one_sentence(tmp_path: Path):
    text = (FIRST / "clients" / "kids-fashion.yml").read_text(encoding="utf-8")
    (tmp_path / "client.yml").write_text(text + "selection: {}\n", encoding="utf-8")
    (problem,) = read_client(tmp_path).problems
    assert "line" in problem.place and "selection" in str(problem)


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The first round of kids-fashion as the first version left it, and the second round made on it today."""
    place = tmp_path_factory.mktemp("reports")
    with tarfile.open(FIRST / "kids-fashion-2022-12-31.tar.xz") as archive:
        archive.extractall(place / "kids-fashion", filter="data")
    return place


@pytest.mark.drill
def test_the_next_round_is_made_on_a_round_of_the_first_version(reports: Path):
    first = reports / "kids-fashion" / "2022-12-31"
    before = {path: file_hash(path) for path in files_in(first)}
    record = run_round(RunRequest(SAMPLES / "kids-fashion", reports))
    assert record.good, record
    assert {path: file_hash(path) for path in files_in(first)} == before
    second = Round(reports / "kids-fashion" / "2023-04-30")
    assert "2022-12-31" in read_json(second.folder / "run.json")["earlier"]["rounds"]
    # The pilot that the first version drew is judged, and what changed since its round is said.
    assert second.record("evaluation")["pilot_id"] == Round(first).record("plan")["pilot_id"]
    goals = {goal["name"]: goal for goal in second.record("changes")["goals"]}
    assert goals["A warmer welcome for new families"]["then"] == 240 != goals["A warmer welcome for new families"]["now"]
