"""``aim new --from``: from files to a client that is there whole or not at all, with at most five questions."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import types
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from helpers.__main__ import main
from helpers.client.config import load_client
from helpers.core.errors import AimError
from helpers.core.records import Limits
from helpers.running.engine.limits import KernelEnded
from helpers.sources.draft.drafting import draft_job
from helpers.sources.draft.gathering import MOST_FILES, brought_together, gathered
from helpers.sources.draft.records import Draft, Question, SeenFile

ORDERS = "Nr;Dag;Klant;Bedrag\n1;01/02/2024;A;10,50\n2;03/02/2024;B;20,00\n"
COLUMNS = {"order_id": "Nr", "order_date": "Dag", "customer_id": "Klant", "order_amount": "Bedrag"}
FORMS = {"%d/%m/%Y": "day first: 1 February", "%m/%d/%Y": "month first: 2 January"}
# In the package the name stands for the command.
MODULE = sys.modules["helpers.commands.new"]


def looked_at(path: Path) -> tuple[SeenFile, ...]:
    """A stand-in that knows a table by its first line."""
    text = path.read_text(encoding="utf-8")
    if ";" not in text:
        raise AimError(f"{path.name}: its lines hold no columns.")
    return (SeenFile(path, {"file": path.name}, (), text.count("\n") - 1, True, ("lines with semicolons",)),)


def drafted(folder: Path, files: Sequence[SeenFile], answers: Mapping[str, str]) -> Draft:
    """A stand-in with one question per file, the heaviest first, and one that only some answers bring."""
    sources, questions = [], []
    for n, file in enumerate(files):
        name = f"date_format {file.path.name}"
        form = answers.get(name, "%d/%m/%Y")
        sources.append({"table": "orders", "file": file.path.name, "date_format": form, "columns": COLUMNS})
        if name not in answers:
            questions.append(Question(name, f"Which form have the dates of {file.path.name}?", FORMS, "%d/%m/%Y", "usual here", 9 - n))
        elif form == "%m/%d/%Y" and f"zone {name}" not in answers:
            questions.append(Question(f"zone {name}", "Is it an American shop?", {"y": "yes", "n": "no"}, "y", "so are its dates", 99))
    questions.sort(key=lambda question: -question.weight)
    settings = {"client": {"kind": "b2c"}, "as_of": "2024-02-03"}
    reasons = {"as_of": "the last day in the orders"}
    return Draft(settings, tuple(sources), reasons, tuple(questions), ("Two customers are few.",), {}, tuple(2 for _ in sources))


@pytest.fixture
def jobs(monkeypatch, tmp_path: Path) -> list[dict]:
    """The jobs that were run, in this process and with the stand-ins."""
    ran: list[dict] = []

    def run(call: str, arguments: dict, limits: Limits):
        assert call == "helpers.sources.draft.drafting:draft_job"
        ran.append(json.loads(json.dumps(arguments)))
        sent: list[dict] = []
        end = draft_job(types.SimpleNamespace(send=sent.append), **ran[-1])
        for record in [*sent, {"end": end}]:
            yield json.loads(json.dumps(record))
            if "trap" in record.get("reading", ""):
                raise KernelEnded("out of memory", "it needed more than it may")

    monkeypatch.setattr("helpers.running.engine.job_process.run_limited_job", run)
    for name, function in (("looking", looked_at), ("proposing", drafted)):
        module = types.ModuleType(name)
        setattr(module, function.__name__, function)
        monkeypatch.setitem(sys.modules, f"helpers.sources.draft.{name}", module)
    monkeypatch.setenv("AIM_DATA", str(tmp_path / "data"))
    return ran


@pytest.fixture
def exports(tmp_path: Path) -> Path:
    folder = tmp_path / "exports"
    folder.mkdir()
    (folder / "orders.csv").write_text(ORDERS, encoding="utf-8")
    (folder / "letter.txt").write_text("Dear all\n", encoding="utf-8")
    return folder


def aim(*words: object, keys: str = "", terminal: bool = False, monkeypatch: pytest.MonkeyPatch | None = None) -> Result:
    if terminal and monkeypatch:
        monkeypatch.setattr(MODULE, "_at_terminal", lambda: True)
    return CliRunner().invoke(main, [str(word) for word in words], input=keys)


def tree(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*"))


def test_a_folder_becomes_a_client_and_says_what_it_did(jobs, exports: Path, tmp_path: Path):
    before = {path: path.read_bytes() for path in exports.iterdir()}
    result = aim("new", "shop", "--from", exports)
    assert result.exit_code == 0, result.output
    assert tree(tmp_path / "data") == ["shop", "shop/client.yml", "shop/orders.csv"], "only what is used is copied"
    config = load_client(tmp_path / "data" / "shop")
    assert config.sources[0].date_format == "%d/%m/%Y" and str(config.as_of) == "2024-02-03" and config.client.name == "shop"
    for part in (
        "orders.csv -> orders  2 rows",
        "Which form have the dates of orders.csv? Taken: day first: 1 February (usual here).",
        "- Two customers are few.",
        "- letter.txt: its lines hold no columns.",
        "aim check shop\n",
        "aim run shop\n",
    ):
        assert part in result.output, part
    text = (tmp_path / "data" / "shop" / "client.yml").read_text(encoding="utf-8")
    assert "# - Two customers are few." in text and "Taken: day first" in text and "# Not used: letter.txt" in text
    assert {path: path.read_bytes() for path in exports.iterdir()} == before
    assert len(jobs) == 1


def test_a_dry_run_writes_nothing_and_says_everything(jobs, exports: Path, tmp_path: Path):
    result = aim("new", "--from", exports / "orders.csv", "--from", exports, "--dry-run")
    assert result.exit_code == 0 and not (tmp_path / "data").exists(), result.output
    for part in (
        "orders.csv: 2 rows looked at, which is all of them",
        "- lines with semicolons",
        "table: orders",
        "Would be asked: Which",
        "letter",
    ):
        assert part in result.output, part
    assert result.output.endswith("Nothing was written.\n") and tree(exports) == ["letter.txt", "orders.csv"]


def test_enter_takes_the_usual_answer_and_a_number_another(jobs, exports: Path, tmp_path: Path, monkeypatch):
    usual = aim("new", "one", "--from", exports, keys="\n", terminal=True, monkeypatch=monkeypatch)
    assert usual.exit_code == 0 and "Question 1 of at most 5. Which form" in usual.output and len(jobs) == 1, usual.output
    assert "Taken:" not in (tmp_path / "data" / "one" / "client.yml").read_text(encoding="utf-8"), "a person said so"
    other = aim("new", "two", "--from", exports, keys="7\n2\n\n", terminal=True, monkeypatch=monkeypatch)
    assert other.exit_code == 0 and "7 is not in the range 1<=x<=2" in other.output, other.output
    assert "Is it an American shop?" in other.output, "what an answer brings up is asked next"
    assert load_client(tmp_path / "data" / "two").sources[0].date_format == "%m/%d/%Y"
    assert [job["answers"] for job in jobs[1:]] == [{}, {"date_format orders.csv": "%m/%d/%Y"}]
    without = aim("new", "three", "--from", exports, "--yes", terminal=True, monkeypatch=monkeypatch)
    assert without.exit_code == 0 and "Question" not in without.output


def test_at_most_five_questions_are_asked_and_the_others_are_written_down(jobs, exports: Path, tmp_path: Path, monkeypatch):
    for n in range(7):
        (exports / f"more{n}.csv").write_text(f"{ORDERS}{n}", encoding="utf-8")
    result = aim("new", "shop", "--from", exports, keys="\n" * 9, terminal=True, monkeypatch=monkeypatch)
    assert result.exit_code == 0 and result.output.count("of at most 5.") == 5 and result.output.count("Taken:") == 3, result.output


def test_a_dry_run_would_ask_five_questions_and_says_what_it_would_take_for_the_others(jobs, exports: Path):
    for n in range(7):
        (exports / f"more{n}.csv").write_text(f"{ORDERS}{n}", encoding="utf-8")
    said = aim("new", "--from", exports, "--dry-run").output
    assert said.count("Would be asked:") == 5 and said.split("Nothing was")[0].split("Decided without you:")[1].count("Taken:") == 3, said


def test_whoever_stops_at_a_question_leaves_nothing_behind(jobs, exports: Path, tmp_path: Path, monkeypatch):
    result = aim("new", "shop", "--from", exports, keys="", terminal=True, monkeypatch=monkeypatch)
    assert result.exit_code == 1 and "Aborted" in result.output and tree(tmp_path / "data") == []


def test_a_file_that_takes_too_much_is_left_out_and_the_others_are_read(jobs, exports: Path, tmp_path: Path):
    (exports / "a-trap.csv").write_text(f"{ORDERS}9", encoding="utf-8")
    result = aim("new", "shop", "--from", exports)
    assert result.exit_code == 0 and "a-trap.csv: it could not be looked at to its end" in result.output, result.output
    assert tree(tmp_path / "data" / "shop") == ["client.yml", "orders.csv"]


def test_of_two_files_that_are_the_same_one_is_used(jobs, exports: Path, tmp_path: Path):
    (exports / "orders(1).csv").write_text(ORDERS, encoding="utf-8")
    result = aim("new", "shop", "--from", exports)
    assert "orders(1).csv: it is the same file as orders.csv" in result.output, result.output
    assert [source.file for source in load_client(tmp_path / "data" / "shop").sources] == ["orders.csv"]


def test_a_system_may_stand_beside_exports(jobs, exports: Path, tmp_path: Path):
    result = aim("new", "shop", "--from", exports, "--from", "shopify-customers")
    assert result.exit_code == 0, result.output
    assert [source.file for source in load_client(tmp_path / "data" / "shop").sources] == ["orders.csv", "shopify-customers.csv"]
    assert "shopify-customers.csv is still to be put here." in result.output


def linked_out(folder: Path) -> None:
    (folder / "secrets.csv").symlink_to("/etc/passwd")


def without_tables(folder: Path) -> None:
    (folder / "orders.csv").unlink()


def emptied(folder: Path) -> None:
    for path in folder.iterdir():
        path.unlink()


def crowded(folder: Path) -> None:
    for n in range(MOST_FILES):
        (folder / f"{n}.csv").touch()


@pytest.mark.parametrize(
    ("spoil", "sentence"),
    [
        (linked_out, "secrets.csv in {folder} is a link that leads out of the folder: put the file itself there."),
        (without_tables, "None of the files is a table that can be read."),
        (emptied, "there is no file in it."),
        (crowded, "at most 100."),
    ],
)
def test_what_cannot_become_a_client_is_refused_in_one_sentence_and_leaves_nothing(jobs, exports, tmp_path, spoil, sentence):
    spoil(exports)
    for extra in ((), ("--dry-run",)):
        result = aim("new", "shop", "--from", exports, *extra)
        assert result.exit_code == 1 and sentence.format(folder=exports) in result.output.replace("\n", " "), result.output
        assert len(result.output.splitlines()) == 1 and "Traceback" not in result.output
    assert not (tmp_path / "data").exists() or tree(tmp_path / "data") == []


def test_nothing_that_is_there_is_overwritten(jobs, exports: Path, tmp_path: Path):
    place = tmp_path / "data" / "shop"
    place.mkdir(parents=True)
    assert aim("new", "shop", "--from", exports).exit_code == 0, "an empty folder is free"
    (place / "client.yml").write_text("mine", encoding="utf-8")
    assert "there already" in aim("new", "shop", "--from", exports).output and (place / "client.yml").read_text() == "mine"
    (tmp_path / "data" / "other").mkdir()
    (tmp_path / "data" / "other" / "notes.txt").write_text("mine", encoding="utf-8")
    refused = aim("new", "other", "--from", exports)
    assert refused.exit_code == 1 and "there already and not empty" in refused.output and tree(tmp_path / "data" / "other") == ["notes.txt"]


def test_a_client_that_somebody_makes_meanwhile_stays_as_it_is(jobs, exports: Path, tmp_path: Path, monkeypatch):
    def meanwhile(*_arguments: object) -> str:
        place = tmp_path / "data" / "shop"
        place.mkdir()
        (place / "theirs.csv").write_text("1", encoding="utf-8")
        return "as_of: 2024-01-01\n"

    monkeypatch.setattr("helpers.sources.draft.short_text.client_yml", meanwhile)
    result = aim("new", "shop", "--from", exports)
    assert result.exit_code == 1 and "meantime" in result.output and tree(tmp_path / "data") == ["shop", "shop/theirs.csv"]


def test_two_files_of_one_name_and_what_is_no_export(exports: Path, tmp_path: Path):
    other = tmp_path / "other"
    other.mkdir()
    (other / "orders.csv").write_text("x", encoding="utf-8")
    with pytest.raises(AimError, match="Two files are called orders.csv"):
        gathered([exports, other])
    (exports / "within").mkdir()
    (exports / "client.yml").touch()
    (exports / ".hidden").touch()
    (exports / "again.csv").symlink_to("orders.csv")
    os.mkfifo(exports / "pipe")
    (exports / "bad\nname.csv").touch()
    found = gathered([exports, exports / "orders.csv"])
    assert list(found.files) == ["letter.txt", "orders.csv"]
    assert {name.replace("�", "?") for name in found.left_out} == {"again.csv", "bad?name.csv", "client.yml", "pipe", "within/"}


def test_a_killed_process_leaves_nothing_that_counts_as_a_client_and_the_next_one_sweeps(exports: Path, tmp_path: Path, monkeypatch):
    code = (
        "import os, sys; from pathlib import Path; from helpers.sources.draft.gathering import brought_together as together\n"
        "with together({'a.csv': Path(sys.argv[1])}, Path(sys.argv[2])) as folder: (folder / 'client.yml').touch(); os._exit(9)"
    )
    data = tmp_path / "data"
    subprocess.run([sys.executable, "-c", code, str(exports / "orders.csv"), str(data)], check=False)
    assert len(list(data.iterdir())) == 1
    monkeypatch.setenv("AIM_DATA", str(data))
    assert "aim-new" not in aim("list").output
    with brought_together({}, data):
        assert len(list(data.iterdir())) == 1
    assert list(data.iterdir()) == []


@pytest.mark.drill
def test_the_real_thing_reads_a_folder_in_a_process_of_its_own(exports: Path, tmp_path: Path, monkeypatch):
    pytest.importorskip("helpers.sources.draft.looking")
    pytest.importorskip("helpers.sources.draft.proposing")
    monkeypatch.setenv("AIM_DATA", str(tmp_path / "data"))
    rows = "".join(f"{1000 + n};{1 + n % 28:02}/{1 + n % 12:02}/2023;K{n % 40:03};{10 + n % 90},{n % 10}5\n" for n in range(400))
    (exports / "orders.csv").write_text("Ordernr;Datum;Klantnr;Bedrag\n" + rows, encoding="utf-8")
    result = aim("new", "shop", "--from", exports, "--yes")
    assert result.exit_code == 0, result.output
    (source,) = load_client(tmp_path / "data" / "shop").sources
    assert source.table == "orders" and source.decimal == "," and source.date_format == "%d/%m/%Y"
    assert "Not used" in result.output and "letter.txt" in result.output
    assert aim("check", "shop").exit_code == 0
