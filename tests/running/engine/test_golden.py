"""Both engines give the same, byte for byte: every notebook of every sample client; and so does a second run."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from helpers.core.clients import earlier_settings, sample_clients
from helpers.core.records import RunRequest
from helpers.running.batch import run_batch
from helpers.running.engine.fork import can_fork
from helpers.workbook import PHASES
from tests.conftest import SAMPLES
from tests.running.engine.test_batch import hashes

pytestmark = [pytest.mark.slow, pytest.mark.drill]


@pytest.mark.skipif(not can_fork(), reason="there is only one engine here")
def test_every_notebook_of_every_sample_is_the_same_on_both_engines(tmp_path: Path):
    folders = [folder for client in sample_clients() for folder in (*earlier_settings(client), client)]
    ours = [RunRequest(folder, tmp_path / "aim") for folder in folders]
    theirs = [dataclasses.replace(request, reports=tmp_path / "plain", engine="plain") for request in ours]
    for forked, plain in zip(run_batch(ours), run_batch(theirs), strict=True):
        assert forked.good and plain.good, (forked, plain)
        assert [notebook.status for notebook in forked.notebooks] == [notebook.status for notebook in plain.notebooks]
        assert len(forked.notebooks) == len(PHASES)
        assert hashes(forked.report.parent) == hashes(plain.report.parent), forked.client


def test_a_second_run_gives_the_same_bytes(tmp_path: Path):
    requests = [RunRequest(SAMPLES / "wholesale-food", tmp_path / name) for name in ("first", "second")]
    first, second = (run_batch([request])[0] for request in requests)
    assert first.good and hashes(first.report.parent) == hashes(second.report.parent)
