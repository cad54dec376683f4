"""The text of a drafted client.yml: short, reasoned, and read back as exactly what was drafted."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.client.answers.store import read_answers, save
from helpers.client.config import load_client, read_client
from helpers.client.config.yaml_text import parse_yaml
from helpers.client.next_round import next_round
from helpers.sources.draft.records import Draft, Question
from helpers.sources.draft.short_text import WIDTH, client_yml

# What columns of exports are called and what YAML takes for something else.
AWKWARD = [
    "Klant: nr", "naam #2", "#", "'", '"', "''", "a\"b'c", "yes", "no", "NO", "on", "null", "~", "", "007", "1e3", "12:30", "1.10", "true",
    "- a", "-", "?", "? x", "?0", ":", ": x", "x:", "[a", "b]", "{", "}", ",", "a, b", "&x", "*x", "!x", "|", ">", "%", "@", "`", "=", "<<",
    " voor", "achter ", "twee  blanks", "tab\tin", "line\nbreak", "é ü ß", "Bedrag €", "\u00a0", "\ufeffOrder", "日期", "back\\slash",
    "a" * 200, "woord " * 40, "\\" * 90, "\t" * 90, " " * 90, "x " * 3 + "y" * 130 + "  z", "#" * 130, ("q" * 31 + " ") * 6, "---", "...",
]  # fmt: skip
# No BEL: the reader takes it for the fold mark of ruamel.yaml, and refuses others unless they are escaped.
ANY = st.text(st.characters(exclude_characters="\a", exclude_categories=("Cs",)), max_size=150)
TEXT = st.one_of(st.sampled_from(AWKWARD), ANY)
COLUMNS = st.dictionaries(st.sampled_from([f"column_{n}" for n in range(40)]), TEXT, max_size=40)
VALUES = st.dictionaries(st.sampled_from(["consent", "opted_out"]), st.dictionaries(TEXT, TEXT, max_size=4), max_size=2)
RULES = st.lists(st.fixed_dictionaries({"name": TEXT, "equals": st.lists(TEXT, max_size=3), "apply": st.booleans()}), max_size=3)
SOURCE = st.fixed_dictionaries(
    {"table": st.just("orders"), "file": TEXT},
    optional={
        "columns": COLUMNS,
        "values": VALUES,
        "set_aside": RULES,
        "skip_lines": st.integers(0, 9),
        "unreadable_share": st.floats(0.1, 0.5),
    },
)
PLACES = ["as_of", "client.kind", "sources.0", "sources.0.columns", "sources.0.set_aside.0", "sources.1.values", "sources.1.file"]


def as_read(value: Any) -> Any:
    """Return plain values as the reader gives them: everything as the text that was written."""
    if isinstance(value, dict):
        return {str(key): as_read(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [as_read(item) for item in value]
    return str(value).lower() if isinstance(value, bool) else str(value)


@settings(max_examples=60, deadline=None)
@given(
    sources=st.lists(SOURCE, max_size=3),
    reasons=st.dictionaries(st.sampled_from(PLACES), TEXT, max_size=7),
    doubts=st.lists(TEXT, max_size=12),
    left_out=st.dictionaries(TEXT, TEXT, max_size=4),
    currency=TEXT,
)
def test_any_draft_is_read_back_as_it_is_in_lines_of_a_page(sources, reasons, doubts, left_out, currency):
    asked = tuple(Question(f"q{n}", doubt, {"a": doubt}, "a", doubt) for n, doubt in enumerate(doubts[:3]))
    settings_ = {"as_of": "2024-06-30", "client": {"currency": currency}, "confirmed": [{"kind": "cents", "reason": currency}]}
    text = client_yml(Draft(settings_, tuple(sources), reasons, asked, tuple(doubts), left_out), "my-shop")
    content, _lines = parse_yaml(text)
    assert content.pop("client") == {"name": "my-shop", "currency": currency}
    assert content == as_read({"as_of": "2024-06-30", "sources": sources, "confirmed": settings_["confirmed"]})
    assert list(content)[:2] == ["as_of", "sources"], "the order of the schema"
    assert max(map(len, text.splitlines())) <= WIDTH


def shop(files: int, columns: int = 12, doubts: int = 9) -> Draft:
    """A draft as a folder of exports gives it."""
    names = {f"column_{n}": f"Kolom nummer {n}" for n in range(columns)}
    block = {"table": "orders", "encoding": "cp1252", "delimiter": ",", "decimal": ".", "date_format": "%d/%m/%Y", "columns": names}
    rule = {"name": "no card", "column": "customer_id", "empty": True, "reason": "Sold at the till without a card."}
    sources = tuple({"file": f"f{n}.csv", **block, "set_aside": [rule]} for n in range(files))
    reasons = {
        f"sources.{n}.{key}": f"why {key} is so in file {n}" for n in range(files) for key in ("encoding", "date_format", "set_aside.0")
    }
    reasons |= {"as_of": "the last day in f0.csv", "client.kind": "customers have first names"}
    seen = tuple(f"Doubt {n}: " + "something that a person should look at before the report goes out " * 3 for n in range(doubts))
    question = Question("d", "Which form have the dates?", {"dm": "day first", "md": "month first"}, "dm", "more exports write so", 2)
    left_out = {f"notes{n}.txt": "it holds no table" for n in range(9)}
    return Draft({"client": {"kind": "b2c"}, "as_of": "2024-06-30"}, sources, reasons, (question,), seen, left_out)


@pytest.mark.parametrize("files", [1, 2, 3, 5, 9])
def test_a_folder_of_exports_takes_forty_lines_and_twelve_per_file_beyond_three(files: int, tmp_path: Path):
    text = client_yml(shop(files), "my-shop")
    assert len(text.splitlines()) <= 40 + 12 * max(0, files - 3)
    assert "# Look at these:\n# - Doubt 0" in text and "# the last day in f0.csv" in text
    (tmp_path / "client.yml").write_text(text, encoding="utf-8")
    assert not read_client(tmp_path).problems


def test_nothing_is_lost_where_there_is_room():
    text = client_yml(shop(1, doubts=2), "my-shop")
    assert "Doubt 1" in text and "# - Which form have the dates? Taken: day first (more exports write so)." in text
    assert "# why date_format is so in file 0" in text and "# why set_aside.0 is so in file 0" in text
    assert (
        len([line for line in text.splitlines() if line.startswith(("# Not used", "# notes"))]) <= 2
        and "# Not used: notes0.txt (it" in text
    )
    assert "  - table: orders\n    file: f0.csv\n" in text, "one key per line, as long as that fits"


def test_comments_give_way_to_values_and_never_the_other_way_round():
    draft = shop(1, columns=250)
    text = client_yml(draft, "my-shop")
    content, _lines = parse_yaml(text)
    assert content["sources"][0]["columns"] == draft.sources[0]["columns"]
    assert max(map(len, text.splitlines())) <= WIDTH and len(text.splitlines()) < 90
    assert "aim new --dry-run says it again" in text


@pytest.mark.parametrize(("files", "doubts"), [(1, 1), (3, 9)])
def test_a_drafted_client_can_open_its_next_round_and_take_answers(files: int, doubts: int, tmp_path: Path):
    """Both layouts, with comments between keys and inside braces, are files that the forms and aim next can change."""
    text = client_yml(shop(files, doubts=doubts), "my-shop")
    (tmp_path / "client.yml").write_text(text, encoding="utf-8")
    opened = next_round(tmp_path, date(2024, 9, 30))
    opened.open()
    assert load_client(tmp_path).as_of == date(2024, 9, 30)
    assert [source.file for source in load_client(opened.kept_at.parent).sources] == [f"../../f{n}.csv" for n in range(files)]
    save(read_answers(tmp_path), {"goals.goals": [{"name": "Grow", "target": "12"}]})
    assert load_client(tmp_path).goals.goals[0].name == "Grow"
    after = (tmp_path / "client.yml").read_text(encoding="utf-8")
    assert all(line in after for line in text.splitlines() if line.startswith("#"))
