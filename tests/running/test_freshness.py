"""What still stands is taken over, whatever else changed; what rests on a change is not; and a database is always read anew."""

from __future__ import annotations

import json
from pathlib import Path

import duckdb
import pytest

from helpers.client.config import ClientConfig, load_client
from helpers.core.files import write_atomic
from helpers.core.records import RunRequest
from helpers.running import fingerprints, rendering, run_record, runner
from helpers.running.freshness import (
    Step,
    WatchedConfig,
    closed_by,
    draft_stands,
    file_states,
    files_written_since,
    remove_strays,
    standing_step,
)
from helpers.running.rounds import Round, earlier_rounds

FROM_DATABASE = """
client: {name: Small shop}
as_of: 2023-12-31
sources:
  - table: orders
    url: duckdb:shop.duckdb
    sql_table: orders
    columns: {order_id: order_id, order_date: order_date, customer_id: customer_id, order_amount: order_amount}
"""


def finished_round(home: Path, day: str, **earlier: dict) -> Path:
    write_atomic(home / day / "run.json", json.dumps({"earlier": {"names": ["plan"], "rounds": earlier}}).encode())
    return home / day


@pytest.fixture
def config(small_client: Path) -> ClientConfig:
    return load_client(small_client)


@pytest.fixture
def done(tmp_path: Path, config: ClientConfig) -> Step:
    """A step that is done: it looked at the section clusters, and wrote one file."""
    step = Step("41_clusters", Round(tmp_path / "round"), config, {"reads": {"customer_table": "abc"}})
    written = step.round.keep("plan", {"a": 1})
    step.keep([written], ("clusters",), {"status": "done", "reason": ""})
    return step


def with_settings(step: Step, **changed: object) -> Step:
    return Step(step.name, step.round, step.config.model_copy(update=changed), step.rests_on)


def test_a_step_stands_while_nothing_it_rests_on_changes(done: Step):
    record = standing_step(done)
    assert record is not None and record["ended"] == {"status": "done", "reason": ""}
    assert standing_step(with_settings(done, potential=None)), "a section it did not look at may change"


def test_a_step_does_not_stand_after_a_change(done: Step, config: ClientConfig, monkeypatch):
    assert standing_step(Step(done.name, done.round, config, {"reads": {"customer_table": "abd"}})) is None
    assert standing_step(with_settings(done, clusters=None)) is None
    assert standing_step(with_settings(done, seed=8)) is None, "every step may look at the seed"
    assert standing_step(Step("42_rfm_movement", done.round, config, done.rests_on)) is None, "it never was done"
    monkeypatch.setattr("helpers.running.freshness.code_hash", lambda: "another version")
    assert standing_step(done) is None


@pytest.mark.parametrize("harm", ["changed", "removed"])
def test_a_step_whose_file_was_touched_does_not_stand(done: Step, harm: str):
    path = done.round.artefacts / "plan.json"
    path.write_text("{}") if harm == "changed" else path.unlink()
    assert standing_step(done) is None


def test_a_step_that_is_forgotten_leaves_nothing(done: Step):
    done.forget()
    assert standing_step(done) is None and not done.round.has("plan")


def test_a_draft_stands_while_its_inputs_do(tmp_path: Path):
    draft = Round(tmp_path / "draft")
    assert not draft_stands(draft, {"orders.csv": "abc"})
    draft.keep("prepared", {"orders.csv": "abc"})
    assert draft_stands(draft, {"orders.csv": "abc"}) and not draft_stands(draft, {"orders.csv": "abd"})
    draft.keep("prepared", {"shop.duckdb": fingerprints.LIVE})
    assert not draft_stands(draft, {"shop.duckdb": fingerprints.LIVE}), "nothing says whether a database changed"


def test_a_round_is_closed_by_a_later_one_that_read_it(tmp_path: Path):
    first = finished_round(tmp_path, "2023-06-30")
    assert closed_by(tmp_path, first) == ""
    finished_round(tmp_path, "2023-12-31")
    assert closed_by(tmp_path, first) == "", "the later one was made without it"
    finished_round(tmp_path, "2024-06-30", **{"2023-06-30": {"plan": None}})
    assert closed_by(tmp_path, first) == "2024-06-30"
    assert closed_by(tmp_path, tmp_path / "2023-01-31") == "", "there is no such round"


def test_earlier_is_before_the_day_never_on_it(tmp_path: Path):
    for day in ("2023-06-30", "2023-12-31", "2024-01-01"):
        finished_round(tmp_path, day)
        Round(tmp_path / day).keep("plan", {"day": day})
    work = Round(tmp_path / ".2023-12-31.work")
    work.keep("as_of", {"as_of": "2023-12-31"})
    assert [round_.folder.name for round_ in earlier_rounds(work)] == ["2023-06-30"]
    hashes = fingerprints.earlier_hashes(tmp_path, "2023-12-31", ("plan", "assignment"))
    assert list(hashes) == ["2023-06-30"] and hashes["2023-06-30"]["assignment"] is None
    assert hashes["2023-06-30"]["plan"] == fingerprints.artefact_hash(tmp_path / "2023-06-30", "plan")


def test_only_what_a_finished_step_wrote_is_left_in_the_work(done: Step):
    before = file_states(done.round.folder)
    for name in ("artefacts/stray.json", "artefacts/.writing-x", "report.html"):
        write_atomic(done.round.folder / name, b"{}")
    names = {path.name for path in files_written_since(done.round.folder, before)}
    assert names == {"stray.json", ".writing-x"}, "the report is a step of its own"
    remove_strays(done.round.folder)
    assert {path.name for path in done.round.folder.rglob("*") if path.is_file()} == {"plan.json", "41_clusters.json"}


def test_settings_remember_what_was_looked_at(config: ClientConfig):
    watched = WatchedConfig(config)
    assert watched.seed == 7 and watched.looked_at == {"seed"}
    watched.model_dump()
    assert watched.looked_at == set(type(config).model_fields), "who takes all of them rests on all of them"


def fill_database(folder: Path, orders: int) -> None:
    with duckdb.connect(str(folder / "shop.duckdb")) as database:
        database.execute(
            "CREATE OR REPLACE TABLE orders AS SELECT 'o' || i AS order_id, 'c' || i AS customer_id, "
            f"DATE '2023-01-01' + CAST(i AS INTEGER) AS order_date, 10::DECIMAL(10, 2) AS order_amount FROM range({orders}) t(i)"
        )


@pytest.mark.slow
def test_a_database_is_read_anew_in_every_run(small_client: Path, tmp_path: Path, monkeypatch):
    for module in (runner, run_record, rendering):
        monkeypatch.setattr(module, "PHASES", ())
    monkeypatch.setattr(runner, "render_round", lambda folder, config: "a report")
    (small_client / "client.yml").write_text(FROM_DATABASE, encoding="utf-8")
    rows = []
    for orders in (5, 9):
        fill_database(small_client, orders)
        assert runner.run_round(RunRequest(small_client, tmp_path / "reports")).good
        rows.append(len(Round(tmp_path / "reports" / "small-shop" / "2023-12-31").frame("orders")))
    assert rows == [5, 9]
