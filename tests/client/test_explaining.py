"""Every key of client.yml says what it may hold, and what it says is true."""

from __future__ import annotations

import typing

import pytest
from pydantic import BaseModel, ValidationError

from helpers.client.config import ClientConfig
from helpers.client.config.schema import model_in
from helpers.client.config.yaml_text import parse_yaml
from helpers.client.explaining import explained
from helpers.client.keys import Key, keys, keys_documentation
from helpers.core.errors import AimError
from helpers.tables import TABLES
from tests.conftest import ROOT

LEAVES = [key for key in keys() if model_in(key.field.annotation)[0] is None]
TEXTS = [key for key in LEAVES if key.field.annotation in (str, tuple[str, ...], list[str]) or key.kind == "text"]


def refused(key: Key, value: object) -> bool:
    """Tell whether client.yml refuses a value of a key because of that value."""
    content: object = {key.plain.rpartition(".")[2]: value}
    for part in reversed(key.around):
        content = [content] if part == "-" else {part: content}
    try:
        ClientConfig.model_validate({"as_of": "2024-06-30", **typing.cast(dict, content)})
    except ValidationError as error:
        # Siblings that are needed and missing are no mistake of this value; a rule over a whole section may be.
        return any(mistake["type"] != "missing" and names(mistake, key) for mistake in error.errors())
    return False


def names(mistake, key: Key) -> bool:
    location = ".".join(str(part) for part in mistake["loc"] if isinstance(part, str))
    return key.plain.rpartition(".")[2] in location or key.plain.rpartition(".")[2] in mistake["msg"]


def test_every_key_has_a_meaning_a_kind_what_it_may_hold_and_a_default():
    for key in keys():
        assert len(key.meaning) > 7 and key.kind and len(key.allowed) > 1 and key.default, key.name
        assert not {"typing.", "<class", "Literal"} & {*key.allowed.split(), *key.kind.split()}, key.name
    for key in keys()[::23]:
        said = explained(key.name)
        assert said.startswith(key.name) and ("Allowed:" in said or "Its keys:" in said)


def test_the_example_of_every_key_may_be_written():
    wrong = []
    for key in LEAVES:
        value: typing.Any = parse_yaml(key.example)[0]
        for part in key.around:
            value = value[0] if part == "-" else value[part]
        wrong += [key.name] if refused(key, value[key.plain.rpartition(".")[2]]) else []
    assert wrong == []


def test_a_key_that_takes_not_every_text_does_not_say_that_it_does():
    for key in TEXTS:
        several = typing.get_origin(key.field.annotation) in (list, tuple)
        if refused(key, ["Zq", "Zx"] if several else "Zq"):
            assert "any text" not in key.allowed, key.name


def test_both_ends_of_every_range_hold():
    ranges = [key for key in LEAVES if any(hasattr(rule, "ge") for rule in key.field.metadata)]
    assert len(ranges) > 100
    for key in ranges:
        limits = {name: getattr(rule, name) for rule in key.field.metadata for name in ("ge", "le") if hasattr(rule, name)}
        for end in limits.values():
            assert f"{end:,}" in key.allowed or f"{end:g}" in key.allowed, key.name
        assert refused(key, limits["ge"] - 1) and ("le" not in limits or refused(key, limits["le"] + 1)), key.name


@pytest.mark.parametrize("word", ["sources.decimal", "sources[].decimal", "sources.2.decimal", " sources[1].decimal ", "decimal"])
def test_a_key_is_found_as_people_and_aim_check_write_it(word: str):
    assert explained(word).startswith("sources[].decimal\n") and "Allowed: ',', '.'" in explained(word)


def test_sections_tables_and_columns_are_explained():
    contents = explained("")
    assert all(name in contents for name in (*ClientConfig.model_fields, *TABLES))
    assert all(name in explained("order_lines") for name in TABLES["order_lines"].names)
    assert "day or moment of the order (time, needed)" in explained("orders.order_date")
    assert "Settings of 48_quotes" in explained("quotes") and "Table quotes:" in explained("quotes"), "a section and a table"
    assert "recency_days" in explained("clusters.features") and "sources.extra" in explained("clusters.features")
    assert all(f"  {name} " in explained("sources") for name in ("sources.table", "sources.ids", "sources.duplicates"))
    assert "state of the order" in explained("order_status") and "A column of: orders\n" in explained("order_status") + "\n"
    assert "orders, order_lines" in explained("customer_id") and "visitor" not in explained("orders.customer_id")
    assert "Several keys are called name" in explained("name")


def test_a_mistyped_key_is_told_the_nearest():
    for word, near in (("pilot.holdoutshare", "pilot.holdout_share"), ("ordr_lines", "order_lines"), ("zeropad", "zero_pad")):
        with pytest.raises(AimError, match=near):
            explained(word)


def test_the_page_of_all_keys_is_printed_from_them():
    page = (ROOT / "docs" / "client-yml.md").read_text(encoding="utf-8")
    assert page == keys_documentation(), "run: make docs"
    rows = [line for line in page.splitlines() if line.startswith("| `")]
    assert len(rows) == len(keys()) > 400
    assert all(len(row.replace("\\|", "").split(" | ")) == 4 for row in rows)
    assert all(issubclass(model, BaseModel) for model in (model_in(key.field.annotation)[0] for key in keys()) if model)
