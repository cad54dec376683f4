"""The command: user mistakes end in one sentence, never in a traceback."""

from __future__ import annotations

import json
import random
import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from helpers.__main__ import main
from helpers.commands.check import checked
from helpers.commands.options import exit_code
from helpers.core.records import Limits, RoundRecord, Status
from helpers.tables.doubts import doubts_of, to_json
from helpers.tables.shapes import Shape, TableShape


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
        (("check", "nowhere", ""), "Make a new one with: aim new nowhere"),
        (("check", ""), "The name of the client is empty."),
        (("check", " "), "The name of the client is empty."),
        (("lab", "nowhere"), "There is no client"),
        (("new", "../etc"), "is no folder name"),
        (("explain", "pilot.holdout_shar"), "Did you mean 'pilot.holdout_share'?"),
        (("new", "shop", "--from", "nowhere.csv"), "there is no such file or folder"),
        (("new", "shop", "--from", "shopifi"), "Did you mean 'shopify'?"),
        (("rnu",), "No such command"),
    ],
)
def test_mistakes_are_one_sentence(aim, words, sentence):
    result = aim(*words)
    assert result.exit_code != 0 and sentence in result.output
    assert "Traceback" not in result.output and isinstance(result.exception, SystemExit)


@pytest.mark.parametrize("name", ["sample", "Sample", "office-interiors", "CON", "nul", "Com7", "lpt¹", "-x", "a b", "..", "x" * 61])
def test_a_name_that_cannot_be_a_folder_of_ones_own_is_refused_and_never_advised(aim, tmp_path: Path, name: str):
    made = aim("new", "--", name)
    assert made.exit_code == 1 and len(made.output.splitlines()) == 1 and repr(name[:60]) in made.output
    assert not (tmp_path / "data").exists()
    if name.casefold() != "office-interiors":  # that one is there
        assert "aim new" not in aim("check", "--", name).output


@pytest.mark.parametrize("name", ["my-shop", "con-fection", "com", "com10", "nulla", "samples", "2nd_shop", "Bücher"])
def test_a_name_that_only_looks_like_a_reserved_one_is_free(aim, name: str):
    assert aim("new", name).exit_code == 0


def test_mistakes_are_counted_in_words(aim, tmp_path: Path):
    aim("new", "my-shop")
    text = (tmp_path / "data" / "my-shop" / "client.yml").read_text()
    (tmp_path / "data" / "my-shop" / "client.yml").write_text(text + "sedd: 3\nlangage: en\n")
    assert "my-shop: 2 mistakes.\n" in aim("check", "my-shop").output


@pytest.mark.drill
def test_check_of_a_sample_is_clean(aim):
    result = aim("check", "office-interiors")
    assert result.exit_code == 0 and "no mistakes found" in result.output


def test_list_names_the_samples(aim):
    result = aim("list")
    assert "office-interiors" in result.output and "not run yet" in result.output


def test_the_systems_are_listed_without_a_name(aim):
    result = aim("new", "--list")
    assert result.exit_code == 0 and "shopify" in result.output
    assert aim("new").exit_code == 2


def record(status: Status) -> RoundRecord:
    return RoundRecord("a", status, "", None)


@pytest.mark.parametrize(
    ("statuses", "code"),
    [
        (["done"], 0),
        (["done", "refused"], 3),
        (["refused", "held back"], 4),
        (["held back", "kernel died", "refused"], 1),
        (["timed out"], 1),
    ],
)
def test_the_gravest_client_gives_the_exit_code(statuses: list[Status], code: int):
    assert exit_code([record(status) for status in statuses]) == code


def personal_values(seed: int) -> list[str]:
    rng = random.Random(seed)
    names = ["".join(rng.choice("abcdefghijklmnoprstu") for _ in range(9)) for _ in range(100)]
    return [
        *(f"{name}@{name[::-1]}.be" for name in names),
        *(f"{name.title()} Van{name}" for name in names),
        *(f"04{n}" for n in _phones(rng)),
    ]


def _phones(rng: random.Random) -> list[str]:
    return [f"{rng.randrange(10**8):08}" for _ in range(100)]


@pytest.mark.drill
def test_a_refused_client_says_so_to_a_scheduler_and_names_nobody(aim, tmp_path: Path):
    values = personal_values(7)
    for number, column in enumerate(("Dag", "Bedrag", "Nr")):
        folder = tmp_path / "data" / f"shop-{number}"
        folder.mkdir(parents=True)
        rows = [dict(zip(("Nr", "Dag", "Klant", "Bedrag"), (str(i), "2024-01-01", "K", "1"), strict=True)) for i in range(300)]
        lines = [
            ";".join((row | {column: value if column != "Nr" else f"Totaal {value}"}).values())
            for row, value in zip(rows, values, strict=True)
        ]
        (folder / "orders.csv").write_text("Nr;Dag;Klant;Bedrag\n" + "\n".join(lines) + "\n")
        columns = "{order_id: Nr, order_date: Dag, customer_id: Klant, order_amount: Bedrag}"
        block = f"  - {{table: orders, file: orders.csv, columns: {columns}}}"
        (folder / "client.yml").write_text(f"as_of: 2024-12-31\nclient: {{name: {values[number]}, langage: en}}\nsources:\n{block}\n")
    wrong_keys = aim("run", "--all", "--json")
    assert wrong_keys.exit_code == 3
    for folder in (tmp_path / "data").iterdir():
        text = (folder / "client.yml").read_text()
        (folder / "client.yml").write_text(text.replace(", langage: en", ""))
    ran = aim("run", "--all", "--json")
    outcome = json.loads(ran.stdout)
    assert ran.exit_code == outcome["exit_code"] == 3 and outcome["counts"] == {"refused": 3}
    assert [entry["mistakes"] for entry in outcome["rounds"]] == [300, 200, 300]  # a phone number is a number
    written = [path.read_bytes() for path in (tmp_path / "reports").rglob("*") if path.is_file()]
    said = b"\n".join([ran.output.encode(), wrong_keys.output.encode(), *written])
    assert [value for value in values if value.encode() in said] == []
    assert "orders.csv, lines 2, 3, 4 and 297 more, column Dag" in outcome["rounds"][0]["reason"]
    assert values[0] in aim("check", "shop-0").output  # the person at the terminal has the file open


def shop_with_a_till(folder: Path, more: str = "") -> Path:
    """A shop of crowns, half of whose orders are on the number 0; and what else its client.yml says."""
    folder.mkdir(parents=True)
    rng = random.Random(2)
    rows = [(i, 1 + i % 28, "0" if i % 2 else f"K{rng.randrange(90)}", rng.randrange(900, 9_000) / 10) for i in range(400)]
    lines = [f"{number};2024-{1 + number // 36:02}-{day:02};{who};{paid}" for number, day, who, paid in rows]
    (folder / "orders.csv").write_text("Nr;Dag;Klant;Bedrag\n" + "\n".join(lines) + "\n")
    columns = "{order_id: Nr, order_date: Dag, customer_id: Klant, order_amount: Bedrag}"
    block = f"  - {{table: orders, file: orders.csv, decimal: ., columns: {columns}}}"
    (folder / "client.yml").write_text(f"as_of: 2024-12-31\nclient: {{currency: SEK}}\n{more}sources:\n{block}\n")
    return folder


def test_check_names_the_number_to_act_on_in_the_clients_money_and_keeps_neither(aim, tmp_path: Path):
    folder = shop_with_a_till(tmp_path / "data" / "till")
    result = aim("check", "till")
    assert result.exit_code == 0 and "(guest_account): One customer number stands on 200 of 400 orders" in result.output
    assert "ids: {customer_id: {nobody: ['0']}}" in result.output
    assert "€" not in result.output and ("SEK" in result.output or "kr" in result.output)
    (doubt,) = [doubt for doubt in checked(folder, Limits()).doubts if doubt.kind == "guest_account"]
    assert doubt.act_on == "0" and "act_on" not in to_json([doubt])["doubts"][0]
    assert doubts_of(to_json([doubt])) == (doubt,) and "'0'" not in repr(doubt)


@pytest.mark.drill
def test_check_ends_as_run_does_where_a_client_is_held_back(aim, tmp_path: Path):
    folder = shop_with_a_till(tmp_path / "data" / "till")
    shape = Shape({"orders": TableShape(600, {f"2024-{month:02}": 100 for month in range(1, 7)}, last_day="2024-06-30")})
    kept = tmp_path / "reports" / "till" / "2024-06-30"
    (kept / "artefacts").mkdir(parents=True)
    (kept / "run.json").write_text(json.dumps({"status": "ok"}))
    (kept / "artefacts" / "shape.json").write_text(json.dumps(shape.to_json()))
    held = aim("check", "till")
    assert held.exit_code == 4 and "holds the client back unless accept_changes: [" in held.output, held.output
    kinds = ", ".join(re.findall(r"accept_changes: \[(\w+)\]", held.output))
    text = (folder / "client.yml").read_text()
    (folder / "client.yml").write_text(f"accept_changes: [{kinds}]\n{text}")
    assert aim("check", "till").exit_code == 0
    (folder / "client.yml").write_text(f"accept_changes: [{kinds}]\nnonsense: 1\n{text}")
    assert aim("check", "till").exit_code == 1
