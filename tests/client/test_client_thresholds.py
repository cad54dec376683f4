"""Every limit of what client.yml may hold, just below and just above."""

from __future__ import annotations

import pytest
from pydantic import BaseModel, Field

from helpers.client.answers.yaml_values import below, inline
from helpers.client.config import mistakes_in
from helpers.client.config.load import read_client
from helpers.client.config.yaml_text import parse_yaml, read_yaml
from helpers.client.forms.records import field_for
from helpers.core.errors import UserMistakes


def mistakes(**keys) -> list[str]:
    """Return what is expected where these keys are wrong."""
    return [problem.expected for _path, problem in mistakes_in({"as_of": "2024-06-30", **keys}, {})]


def test_days_lie_between_1990_and_2100():
    assert mistakes(as_of="1990-01-01") == mistakes(as_of="2100-12-31") == []
    for day in ("1989-12-31", "2101-01-01"):
        assert mistakes(as_of=day) == ["a day between 1990-01-01 and 2100-12-31"]


def test_numbers_are_at_most_a_million_billions():
    assert mistakes(pilot={"contact_cost": "1000000000000000"}) == []
    assert mistakes(pilot={"contact_cost": "1000000000000002"}) == ["a number of at most 1,000,000,000,000,000"]


def test_texts_have_a_longest_length():
    assert mistakes(client={"name": "x" * 120}) == []
    assert mistakes(client={"name": "x" * 121}) == ["a text of at most 120 characters"]
    assert mistakes(pilot={"variants": ["x" * 120]}) == []
    assert mistakes(pilot={"variants": ["x" * 121]}) == ["a text of at most 120 characters"]
    decision = {"what": "x" * 2_000, "about": "goals"}
    assert mistakes(decisions=[decision]) == []
    assert mistakes(decisions=[decision | {"what": "x" * 2_001}]) == ["a text of at most 2,000 characters"]
    assert mistakes(sources=[{"table": "orders", "file": "x" * 1_000}]) == []
    assert mistakes(sources=[{"table": "orders", "file": "x" * 1_001}]) == ["a text of at most 1,000 characters"]
    query = {"table": "orders", "url": "spark://local", "query": "x" * 20_000}
    assert mistakes(sources=[query]) == []
    assert mistakes(sources=[query | {"query": "x" * 20_001}]) == ["a text of at most 20,000 characters"]


def test_very_long_values_are_refused_at_once():
    address = {"table": "orders", "url": "spark://local/?" + "key" * 300_000, "sql_table": "t"}
    assert mistakes(sources=[address], seed="key" * 300_000) == ["a whole number"]
    assert mistakes(sources=[address]) == ["a text of at most 2,000 characters"]


def test_a_password_never_comes_back_in_a_message():
    for text in ("postgresql://me:hunter2@host", "my_password: hunter2", "apikey=hunter2"):
        ((_path, problem),) = mistakes_in({"as_of": "2024-06-30", "seed": text}, {})
        assert "hunter2" not in str(problem) and "…" in problem.got


def test_a_got_value_is_shown_up_to_sixty_letters():
    def got(text: str) -> str:
        ((_path, problem),) = mistakes_in({"as_of": "2024-06-30", "seed": text}, {})
        return problem.got

    assert got("x" * 60) == "x" * 60 and got("x" * 61) == "x" * 57 + "…"


def test_keys_stand_at_most_thirty_deep():
    assert parse_yaml("a: " + "[" * 29 + "]" * 29)[0]
    with pytest.raises(UserMistakes, match="at most 30 levels"):
        parse_yaml("a: " + "[" * 30 + "]" * 30)


def test_a_file_is_at_most_a_million_bytes(tmp_path):
    path = tmp_path / "client.yml"
    path.write_bytes(b"a: 1\n" + b"#" * 999_995)
    assert read_yaml(path)[0] == {"a": "1"}
    path.write_bytes(b"a: 1\n" + b"#" * 999_996)
    with pytest.raises(UserMistakes, match="a file under 1 MB"):
        read_yaml(path)


def test_a_record_stands_on_one_line_of_at_most_97_letters():
    assert len("key: " + inline({"a": "x" * 87})) == 97 and below({"key": {"a": "x" * 87}}, 0).count("\n") == 0
    assert below({"key": {"a": "x" * 88}}, 0).count("\n") == 1


class Steps(BaseModel):
    """Whole numbers with few steps, and with one too many."""

    few: int = Field(0, ge=0, le=10)
    many: int = Field(0, ge=0, le=11)
    open: int = Field(0, ge=0)


def test_a_whole_number_with_at_most_ten_steps_is_chosen():
    entries = {name: field_for(name, info, None, lambda: None).entry for name, info in Steps.model_fields.items()}
    assert len(entries["few"].options) == 12  # eleven numbers, and not answered
    assert not hasattr(entries["many"], "options") and not hasattr(entries["open"], "options")


@pytest.mark.parametrize(
    ("section", "name", "meant"),
    [
        ("pilot: {strata: [monetery]}", "monetery", "monetary"),
        ("evaluation: {segments: [segmnt]}", "segmnt", "segment"),
        ("clusters: {features: [frequency, contcats]}", "contcats", "contacts"),
        ("analyses: {wanted: [custers]}", "custers", "clusters"),
        ("pilot: {strata: [loyalty_tier_of_our_own]}", "", ""),
        ("pilot: {strata: [group, customer_code, revenue_class]}", "", ""),
    ],
)
def test_a_mistyped_name_is_a_mistake_and_a_new_one_is_not(tmp_path, section: str, name: str, meant: str):
    (tmp_path / "client.yml").write_text(f"as_of: 2024-12-31\n{section}\n")
    problems = read_client(tmp_path).problems
    assert [(problem.got, problem.fix) for problem in problems] == ([(name, f"Did you mean {meant!r}?")] if name else [])
