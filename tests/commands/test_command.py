"""The command: user mistakes end in one sentence, never in a traceback."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from helpers.__main__ import main


@pytest.fixture
def aim(tmp_path: Path, monkeypatch):
    monkeypatch.setenv("AIM_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("AIM_REPORTS", str(tmp_path / "reports"))
    return lambda *words: CliRunner().invoke(main, list(words))


def test_new_makes_a_client_that_check_understands(aim, tmp_path: Path):
    made = aim("new", "my-shop")
    assert made.exit_code == 0 and (tmp_path / "data" / "my-shop" / "client.yml").is_file()
    checked = aim("check", "my-shop")
    assert checked.exit_code == 1 and "at least one source" in checked.output
    again = aim("new", "my-shop")
    assert again.exit_code == 1 and "there already" in again.output


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("run",), "Say which clients to run"),
        (("run", "office-interior"), "Did you mean 'office-interiors'?"),
        (("check", "nowhere"), "Make a new one with: aim new nowhere"),
        (("lab", "nowhere"), "There is no client"),
        (("new", "../etc"), "is no folder name"),
        (("rnu",), "No such command"),
    ],
)
def test_mistakes_are_one_sentence(aim, words, sentence):
    result = aim(*words)
    assert result.exit_code != 0 and sentence in result.output
    assert "Traceback" not in result.output and isinstance(result.exception, SystemExit)


def test_check_of_a_sample_is_clean(aim):
    result = aim("check", "office-interiors")
    assert result.exit_code == 0 and "no mistakes found" in result.output


def test_list_names_the_samples(aim):
    result = aim("list")
    assert "office-interiors" in result.output and "not run yet" in result.output
