"""The next round: opened with one command, held back where the export went wrong, and the round before stays what it was."""

from __future__ import annotations

import json
import shutil
from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner

from helpers.__main__ import main
from helpers.client.config import load_client
from helpers.client.next_round import next_round
from helpers.commands.check import check_client
from helpers.core.clients import sample_clients
from helpers.core.errors import AimError
from tests.support.month_worlds import AS_OF, NEXT, WRONG, export, normal, world

DAY = NEXT.date().isoformat()
CLIENT = """# A shop that exports every month.
client: {name: Shop}
as_of: 2024-10-31
sources:
  - table: orders
    file: orders.csv  # overwritten every month
    columns: {order_id: order_id, customer_id: customer_id, order_date: order_date, order_amount: order_amount, channel: channel}
    decimal: "."
  - {table: customers, file: customers.csv, columns: {customer_id: customer_id, place: place}}
pilot:
  approved_by: An
  approved_on: 2024-11-02
"""


@pytest.fixture
def aim(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("AIM_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("AIM_REPORTS", str(tmp_path / "reports"))
    return lambda *words: CliRunner().invoke(main, list(words))


def write(folder: Path, tables: dict[str, pd.DataFrame]) -> None:
    for name in ("orders", "customers"):
        tables[name].to_csv(folder / f"{name}.csv", sep=";", index=False, date_format="%Y-%m-%d")


def finished(tmp_path: Path, name: str = "shop", day: str = "2024-10-31") -> None:
    place = tmp_path / "reports" / name / day
    place.mkdir(parents=True)
    (place / "run.json").write_text('{"status": "done"}')


def shop(tmp_path: Path, name: str = "shop", seed: int = 5) -> Path:
    folder = tmp_path / "data" / name
    folder.mkdir(parents=True)
    (folder / "client.yml").write_text(CLIENT)
    write(folder, export(world(seed), AS_OF))
    return folder


def test_the_settings_are_kept_and_only_what_belongs_to_the_round_changes(aim, tmp_path: Path):
    folder = shop(tmp_path)
    finished(tmp_path)
    assert "would open" in aim("next", "shop", "--as-of", DAY, "--dry-run").output and not (folder / "rounds").exists()
    result = aim("next", "shop", "--as-of", DAY)
    assert result.exit_code == 0 and "opened round 2, as of 2024-11-30" in result.output
    kept = (folder / "rounds" / "2024-10-31" / "client.yml").read_text()
    assert kept == CLIENT.replace("file: orders.csv", "file: ../../orders.csv").replace("file: customers.csv", "file: ../../customers.csv")
    opened = load_client(folder)
    assert (opened.as_of.isoformat(), opened.round_number, opened.pilot.approved_by, opened.pilot.approved_on) == (DAY, 2, "", None)
    assert "# overwritten every month" in (folder / "client.yml").read_text()
    assert check_client(folder / "rounds" / "2024-10-31").problems == ()
    # The same call again goes on from the new round; killed between the two files, it heals.
    (folder / "client.yml").write_text(CLIENT)
    assert aim("next", "shop", "--as-of", DAY).exit_code == 0 and load_client(folder).round_number == 2


@pytest.mark.parametrize(("day", "sentence"), [("2024-10-31", "must be after that"), ("2024-13-01", "does not match")])
def test_a_wrong_day_changes_nothing(aim, tmp_path: Path, day: str, sentence: str):
    folder = shop(tmp_path)
    finished(tmp_path)
    result = aim("next", "shop", "--as-of", day)
    assert result.exit_code != 0 and sentence in result.output
    assert (folder / "client.yml").read_text() == CLIENT and not (folder / "rounds").exists()


def test_a_round_that_is_not_finished_is_finished_first(aim, tmp_path: Path):
    folder = shop(tmp_path)
    result = aim("next", "shop", "--as-of", DAY)
    assert result.exit_code != 0 and "the round of 2024-10-31 is not finished. First: aim run shop" in result.output
    batch = aim("run", "shop", "--as-of", DAY, "--json")
    assert batch.exit_code == 4 and json.loads(batch.stdout)["counts"]["held back"] == 1
    assert (folder / "client.yml").read_text() == CLIENT and not (folder / "rounds").exists()


def test_what_nobody_expected_stops_one_client_and_is_told_without_its_path(aim, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    folder = shop(tmp_path)
    finished(tmp_path)
    monkeypatch.setattr("helpers.commands.next_round.checked", lambda *given: 1 / 0)
    batch = aim("run", "shop", "--as-of", DAY, "--json")
    assert batch.exit_code == 1 and "could not be opened: ZeroDivisionError." in batch.stdout
    assert (folder / "client.yml").read_text() == CLIENT


def test_of_several_clients_all_are_opened_or_none(aim, tmp_path: Path):
    good, bad = shop(tmp_path, "good"), shop(tmp_path, "bad")
    finished(tmp_path, "good")
    finished(tmp_path, "bad")
    (bad / "client.yml").write_text(CLIENT.replace("name: Shop", "nam: Shop"))
    assert aim("next", "good", "bad", "--as-of", DAY).exit_code != 0
    assert (good / "client.yml").read_text() == CLIENT and not (good / "rounds").exists()


def test_line_ends_and_the_mark_at_the_start_stay_and_history_stays_where_it_was(aim, tmp_path: Path):
    folder = shop(tmp_path)
    finished(tmp_path)
    written = b"\xef\xbb\xbf" + CLIENT.replace("as_of:", "history_from: 2023-01-01\nas_of:").replace("\n", "\r\n").encode()
    (folder / "client.yml").write_bytes(written)
    result = aim("next", "shop", "--as-of", DAY)
    assert result.exit_code == 0 and "history_from stays 2023-01-01" in result.output
    for path in (folder / "client.yml", folder / "rounds" / "2024-10-31" / "client.yml"):
        raw = path.read_bytes()
        assert raw.startswith(b"\xef\xbb\xbf#") and raw.count(b"\r\n") == raw.count(b"\n") > 10
    assert load_client(folder).history_from == date(2023, 1, 1)
    kept = aim("next", str(folder / "rounds" / "2024-10-31"), "--as-of", DAY)
    assert kept.exit_code != 0 and "is a round that is over" in kept.output


def test_a_database_beside_client_yml_is_found_from_the_kept_settings(tmp_path: Path):
    folder = shop(tmp_path)
    (folder / "client.yml").write_text(CLIENT.replace("file: customers.csv", "url: duckdb:crm.db, sql_table: people"))
    kept = next_round(folder, date(2024, 11, 30)).kept.decode()
    assert "url: duckdb:../../crm.db, sql_table: people" in kept and "file: ../../orders.csv" in kept


def test_a_kind_of_change_that_is_misspelt_is_refused(tmp_path: Path):
    folder = shop(tmp_path)
    (folder / "client.yml").write_text(CLIENT + "accept_changes: [rows_double]\n")
    (problem,) = check_client(folder).problems
    assert "rows_doubled" in str(problem)


def test_settings_that_are_kept_already_are_not_overwritten(tmp_path: Path):
    folder = shop(tmp_path)
    (folder / "rounds" / "2024-10-31").mkdir(parents=True)
    (folder / "rounds" / "2024-10-31" / "client.yml").write_text("as_of: 2024-10-31\n")
    with pytest.raises(AimError, match="says something else"):
        next_round(folder, date(2024, 11, 30))


@pytest.mark.drill
def test_a_month_goes_on_one_is_held_back_and_neither_touches_the_other(aim, tmp_path: Path):
    good, bad = shop(tmp_path, "good"), shop(tmp_path, "bad", 6)
    assert aim("run", "--all").exit_code == 0
    first = (tmp_path / "reports" / "good" / "2024-10-31" / "report.html").read_bytes()
    write(good, normal(world(5), 5))
    write(bad, WRONG["half the customers"][1](normal(world(6), 6)))
    result = aim("run", "--all", "--as-of", DAY, "--json")
    outcome = {entry["client"]: entry for entry in json.loads(result.stdout)["rounds"]}
    assert result.exit_code == 4
    assert outcome["good"]["status"] == "done" and outcome["good"]["report"].endswith(f"{DAY}/report.html")
    assert outcome["bad"]["status"] == "held back" and "customers_gone" in outcome["bad"]["reason"]
    assert load_client(bad).as_of.isoformat() == "2024-10-31" and not (bad / "rounds").exists()
    assert (tmp_path / "reports" / "bad" / "2024-10-31" / "report.html").is_file()
    # The round before rests on exports that are gone: it stays as it was, and that is said.
    assert any("exports have been overwritten" in entry["reason"] for entry in json.loads(result.stdout)["rounds"])
    assert (tmp_path / "reports" / "good" / "2024-10-31" / "report.html").read_bytes() == first
    # Somebody has looked: it is right.
    assert aim("next", "bad", "--as-of", DAY).exit_code == 0
    held = aim("run", "bad", "--json")
    assert held.exit_code == 4 and json.loads(held.stdout)["counts"]["held back"] == 1
    settings = bad / "client.yml"
    kinds = held.stdout.split("accept_changes: ")[1].split("]")[0] + "]"
    settings.write_text(settings.read_text() + f"accept_changes: {kinds}\n")
    assert aim("run", "bad").exit_code == 0


@pytest.mark.parametrize("sample", [folder.name for folder in sample_clients()])
def test_the_next_round_of_a_sample_is_opened_by_the_command_alone(tmp_path: Path, sample: str):
    (folder,) = (path for path in sample_clients() if path.name == sample)
    copy = shutil.copytree(folder, tmp_path / sample)
    before = load_client(copy)
    day = date.fromordinal(before.as_of.toordinal() + 31)
    next_round(copy, day).open()
    after = load_client(copy)
    assert (after.as_of, after.round_number) == (day, before.round_number + 1) and after.sources == before.sources
    kept = load_client(copy / "rounds" / before.as_of.isoformat())
    assert kept.model_copy(update={"sources": ()}) == before.model_copy(update={"sources": ()})
    assert check_client(copy).problems == ()


@pytest.mark.drill
@pytest.mark.parametrize("sample", [folder.name for folder in sample_clients()])
def test_the_next_round_of_a_sample_runs(aim, tmp_path: Path, sample: str):
    (folder,) = (path for path in sample_clients() if path.name == sample)
    copy = shutil.copytree(folder, tmp_path / "data" / sample)
    day = date.fromordinal(load_client(copy).as_of.toordinal() + 31)
    assert aim("run", str(copy)).exit_code == 0
    assert aim("next", str(copy), "--as-of", day.isoformat()).exit_code == 0
    result = aim("run", str(copy))
    assert result.exit_code == 0 and (tmp_path / "reports" / sample / day.isoformat() / "report.html").is_file(), result.output
