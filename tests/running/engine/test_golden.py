"""Both engines give the same, byte for byte: every notebook of every sample client; and so does a second run."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from helpers.core.clients import earlier_settings, sample_clients
from helpers.core.records import Order
from helpers.running.batch import run_batch
from helpers.running.engine.fork import can_fork
from helpers.workbook import PHASES
from tests.conftest import SAMPLES
from tests.running.engine.test_batch import hashes

pytestmark = [pytest.mark.slow, pytest.mark.drill]


@pytest.mark.skipif(not can_fork(), reason="there is only one engine here")
def test_every_notebook_of_every_sample_is_the_same_on_both_engines(tmp_path: Path):
    folders = [one for client in sample_clients() for one in (*earlier_settings(client), client)]
    ours = [Order(folder, tmp_path / "aim") for folder in folders]
    plain = [dataclasses.replace(one, reports=tmp_path / "plain", engine="plain") for one in ours]
    first, second = run_batch(ours), run_batch(plain)
    for one, other in zip(first, second, strict=True):
        assert one.good and other.good, (one, other)
        assert [note.status for note in one.notebooks] == [note.status for note in other.notebooks]
        assert len(one.notebooks) == len(PHASES)
        assert hashes(one.report.parent) == hashes(other.report.parent), one.client


def test_a_second_run_gives_the_same_bytes(tmp_path: Path):
    orders = [Order(SAMPLES / "wholesale-food", tmp_path / name) for name in ("first", "second")]
    one, other = (run_batch([order])[0] for order in orders)
    assert one.good and hashes(one.report.parent) == hashes(other.report.parent)
