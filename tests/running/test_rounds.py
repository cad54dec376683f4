"""The round folder: atomic, declared, and a failed run harms nothing."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from helpers.core.errors import MissingArtefact, UndeclaredAccess
from helpers.core.files import heal_folder, replace_folder, write_atomic
from helpers.core.results import Action, Finding, KeyFigure, Verdict
from helpers.running.rounds import DeclaredAccess, Round
from helpers.workbook import phase_named


def test_frames_and_records_come_back(tmp_path: Path):
    round_ = Round(tmp_path)
    frame = pd.DataFrame({"customer_id": ["00123", "1E5"], "amount": [1.5, None]})
    round_.keep("groups", frame)
    round_.keep("plan", {"a": [1, 2], "b": "é"})
    pd.testing.assert_frame_equal(round_.frame("groups"), frame)
    assert round_.record("plan") == {"a": [1, 2], "b": "é"}
    assert round_.has("groups") and not round_.has("other")


def test_the_same_content_gives_the_same_bytes(tmp_path: Path):
    frame = pd.DataFrame({"customer_id": ["a"], "amount": [1.5]})
    files = [Round(tmp_path / name).keep("groups", frame).read_bytes() for name in "ab"]
    assert files[0] == files[1]


def test_findings_come_back_as_they_were(tmp_path: Path):
    finding = Finding("A headline", ("why",), Verdict("go", "stable"), (KeyFigure("3", "things"),), (Action("do", "sure"),))
    Round(tmp_path).keep_finding("41_clusters", finding)
    assert Round(tmp_path).finding("41_clusters") == finding


def test_a_phase_uses_only_what_it_declares(tmp_path: Path):
    files = DeclaredAccess(Round(tmp_path), phase_named("41"))
    with pytest.raises(UndeclaredAccess, match="41_clusters does not declare that it reads 'quotes'"):
        files.read("quotes")
    with pytest.raises(UndeclaredAccess, match="writes 'plan'"):
        files.keep("plan", {})
    with pytest.raises(MissingArtefact, match="customer_table"):
        files.read("customer_table")


def test_an_optional_result_that_is_missing_is_none(tmp_path: Path):
    assert DeclaredAccess(Round(tmp_path), phase_named("50")).read("groups") is None


def test_a_missing_result_names_the_notebook_to_run(tmp_path: Path):
    with pytest.raises(MissingArtefact, match="run 41_clusters first"):
        Round(tmp_path).frame("groups")


def test_an_interrupted_write_leaves_the_old_file(tmp_path: Path, monkeypatch):
    path = tmp_path / "report.html"
    write_atomic(path, b"old")

    def fail(*_):
        raise OSError("disk full")

    monkeypatch.setattr("helpers.core.files.os.fsync", fail)
    with pytest.raises(OSError, match="disk full"):
        write_atomic(path, b"new")
    assert path.read_bytes() == b"old"
    assert [path.name for path in tmp_path.iterdir()] == ["report.html"]


def test_a_folder_is_replaced_whole_and_healed(tmp_path: Path):
    for name, text in (("place", "old"), ("new", "new")):
        write_atomic(tmp_path / name / "report.html", text.encode())
    replace_folder(tmp_path / "new", tmp_path / "place")
    assert (tmp_path / "place" / "report.html").read_text() == "new"
    (tmp_path / "place").rename(tmp_path / ".place.old")  # as if killed between the two steps
    heal_folder(tmp_path / "place")
    assert (tmp_path / "place" / "report.html").read_text() == "new"
