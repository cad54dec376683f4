"""client.yml: read as text, checked at once, documented in full."""

from __future__ import annotations

from pathlib import Path

import pytest

from helpers.client.config import load_client, read_client
from helpers.client.config.yaml_text import read_yaml
from helpers.commands.check import check_client
from helpers.core.errors import UserMistakes
from helpers.sources.draft.short_text import empty_client_yml
from tests.conftest import SAMPLES
from tests.support.seeds import every


def test_yaml_traps_stay_text(tmp_path: Path):
    file = tmp_path / "x.yml"
    file.write_text("country: NO\ncode: 007\ntime: 12:30\nversion: 1.10\nday: 2024-06-30\nbig: 1e3\nnone:\ntext: ''\n")
    content, lines = read_yaml(file)
    assert content == {
        "country": "NO",
        "code": "007",
        "time": "12:30",
        "version": "1.10",
        "day": "2024-06-30",
        "big": "1e3",
        "none": None,
        "text": "",
    }
    assert lines[("code",)] == 2


def test_a_folded_text_is_read_without_a_trace_of_its_folds(tmp_path: Path):
    file = tmp_path / "x.yml"
    file.write_text("why: >\n  in two\n  lines\nnext: |\n  in two\n  lines\n")
    assert read_yaml(file)[0] == {"why": "in two lines\n", "next": "in two\nlines\n"}


@pytest.mark.parametrize(
    ("text", "word"),
    [("a: 1\na: 2\n", "each key once"), ("a: &x 1\nb: *x\n", "aliases"), ("a: [1\n", "valid YAML"), ("- 1\n", "keys with values")],
)
def test_yaml_mistakes_are_named(tmp_path: Path, text: str, word: str):
    file = tmp_path / "x.yml"
    file.write_text(text)
    with pytest.raises(UserMistakes, match=word):
        read_yaml(file)


def test_value_maps_keep_norway(small_client: Path):
    text = (small_client / "client.yml").read_text()
    (small_client / "client.yml").write_text(text + "    values: {customer_id: {NO: '007'}}\n")
    assert load_client(small_client).sources[0].values == {"customer_id": {"NO": "007"}}


def test_five_mistakes_give_five_messages_at_once(office: Path):
    """A mistyped key, a wrong type, a missing file, a missing column and a bad date, each with a suggestion."""
    text = (office / "client.yml").read_text(encoding="utf-8")
    text = text.replace("  kind: b2b", "  kid: b2b")
    text = text.replace("seed: 2021", "seed: many")
    text = text.replace("file: crm_contacten.csv", "file: crm_contact.csv")
    text = text.replace("sector: Sector", "sector: Sektor")
    text = text.replace("as_of: 2021-06-30", "as_of: 2021-06-31")
    (office / "client.yml").write_text(text, encoding="utf-8")
    said = [str(problem) for problem in check_client(office).problems]
    assert len(said) == 5, said
    together = "\n".join(said)
    for part in (
        "key client.kid",
        "Did you mean 'kind'?",
        "key seed",
        "a whole number",
        "key as_of",
        "Write for example 2024-06-30.",
        "crm_contact.csv",
        "Did you mean 'crm_contacten.csv'?",
        "crm_klanten.csv",
        "Did you mean 'Sector'?",
    ):
        assert part in together
    assert all("client.yml" in line or "crm_klanten.csv" in line for line in said)


def test_check_names_line_column_and_value(office: Path):
    file = office / "erp_orders.csv"
    raw = file.read_bytes().replace(b"03/07/2017", b"2017-07-03", 1)
    file.write_bytes(raw)
    (problem,) = check_client(office).problems
    assert "line 2, column Orderdatum" in str(problem)
    assert "2017-07-03" in str(problem) and "%d/%m/%Y" in str(problem)


@pytest.mark.parametrize("name", every(sorted(path.parent.name for path in SAMPLES.glob("*/client.yml")), 3))
def test_samples_have_no_mistakes(name: str):
    assert check_client(SAMPLES / name).problems == ()


def test_a_new_client_is_valid_but_for_its_sources(tmp_path: Path):
    (tmp_path / "client.yml").write_text(empty_client_yml("My shop: #1"), encoding="utf-8")
    loaded = read_client(tmp_path)
    assert loaded.problems == ()
    assert loaded.config.client.name == "My shop: #1"
    assert [problem.place for problem in check_client(tmp_path).problems] == ["key sources"]
    assert 15 <= empty_client_yml("x").count("\n") <= 25 and "aim explain" in empty_client_yml("x")


def test_the_example_of_a_new_client_is_one(tmp_path: Path):
    lines = empty_client_yml("My shop").replace("sources: []", "sources:").splitlines()
    example = lines.index("sources:") + 1
    text = "\n".join([*lines[:example], *(line.replace("# ", "  ", 1) for line in lines[example:])])
    (tmp_path / "client.yml").write_text(text, encoding="utf-8")
    assert [source.table for source in load_client(tmp_path).sources] == ["orders"]
