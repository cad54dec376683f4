"""Ids in one form: what no system means goes and is counted; what two systems write differently is searched for and proposed."""

from __future__ import annotations

import random
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.sources import read_sources
from helpers.sources.id_case import _form
from helpers.sources.ids import STEPS, hygienic, repaired, repaired_text
from helpers.sources.key_search import best_rules
from helpers.sources.store import Store
from helpers.tables.declared import IdRepair, Source
from tests.support.ids import as_an_id
from tests.support.seeds import seeds

SEEDS = seeds(5)


@pytest.fixture(scope="module")
def store():
    with Store() as opened:
        yield opened


# Letters, digits, marks, blanks of every kind, invisible signs, wide forms: every sign that becomes one sign.
signs = st.sampled_from("aZ09-_./ \u00a0\u2009\u200b\ufeff\u00ad\uff21\uff10éÖß²\t")


@settings(max_examples=20, deadline=None)
@given(st.lists(st.text(signs, max_size=8), min_size=1, max_size=30))
def test_an_id_is_cleaned_as_unicode_says_and_stays_clean(store, texts):
    held = store.add(pd.DataFrame({"ids": pd.array(texts, dtype="str")}))
    clean, steps = hygienic(held["ids"])
    read = held.select(clean=clean, steps=steps, again=hygienic(clean)[0]).to_pyarrow().to_pylist()
    expected = [as_an_id(text) for text in texts]
    assert [row["clean"] or None for row in read] == expected
    assert [row["again"] or None for row in read] == expected
    for text, row in zip(texts, read, strict=True):
        assert bool(row["steps"]) == (text != row["clean"]) or text == "", (text, row)


def dirty(id_: str, rng: random.Random) -> str:
    return rng.choice([f"{id_} ", f"\u00a0{id_}", f"{id_}\u200b", f"\ufeff{id_}", id_.lower(), id_])


@pytest.mark.parametrize("seed", SEEDS)
def test_two_hundred_customers_stay_two_hundred_however_their_ids_are_typed(tmp_path: Path, seed: int):
    rng = random.Random(seed)
    people = [f"K{rng.randrange(16):X}A{i:04}" for i in range(200)]
    nobody = ["NA", "null", "None", "-", "", " "]
    rows = [(who, dirty(who, rng)) for who in people for _ in range(4)] + [("", word) for word in nobody]
    lines = [f'{i};2024-01-{i % 28 + 1:02};"{typed}";10' for i, (_, typed) in enumerate(rows)]
    (tmp_path / "orders.csv").write_text("Nr;Dag;Klant;Bedrag\n" + "\n".join(lines) + "\n", encoding="utf-8")
    columns = {"order_id": "Nr", "order_date": "Dag", "customer_id": "Klant", "order_amount": "Bedrag"}
    with read_sources(tmp_path, [Source(table="orders", file="orders.csv", columns=columns)]) as intake:
        orders, decisions = intake.tables["orders"], {row["what"]: row["rows"] for row in intake.merge["decisions"]}
    assert orders["customer_id"].nunique() == 200 and int(orders["customer_id"].isna().sum()) == 6
    typed = [text for _, text in rows]
    blank = sum(text not in ("", " ") and text.strip("\u200b\ufeff\u00a0 ") != text for text in typed)
    low = sum(text.strip("\u200b\ufeff\u00a0 ").islower() for text in typed if text not in nobody)
    assert decisions == {"spaces": blank, "empty word": 4, "case": low}


@pytest.mark.parametrize("seed", SEEDS)
def test_codes_in_which_capitals_count_stay_apart(tmp_path: Path, seed: int):
    rng = random.Random(seed)
    codes = sorted({"".join(rng.choice("abcABC") for _ in range(6)) for _ in range(800)})
    lines = [f"{i};2024-01-01;{code};10" for i, code in enumerate(codes)]
    (tmp_path / "orders.csv").write_text("Nr;Dag;Klant;Bedrag\n" + "\n".join(lines) + "\n")
    columns = {"order_id": "Nr", "order_date": "Dag", "customer_id": "Klant", "order_amount": "Bedrag"}
    with read_sources(tmp_path, [Source(table="orders", file="orders.csv", columns=columns)]) as intake:
        assert intake.tables["orders"]["customer_id"].nunique() == len(codes) and not intake.merge["decisions"]


@pytest.mark.parametrize(("typed", "form"), [(19, "upper"), (18, "")])
def test_ids_are_one_when_nineteen_of_twenty_are_typed_as_people_type(typed: int, form: str):
    ids = [(f"k{i}z", id_) for i in range(typed) for id_ in (f"K{i}Z", f"k{i}z", f"K{i}z")]
    ids += [(f"k{i}z", id_) for i in range(typed, 20) for id_ in (f"k{i}Z", f"K{i}z", f"K{i}Z")]
    frame = pd.DataFrame(ids, columns=["low", "id"]).assign(n=1)
    assert _form(frame) == form


rules = st.fixed_dictionaries(
    {
        "after": st.sampled_from(["", "-"]),
        "after_times": st.integers(1, 2),
        "strip_prefix": st.sampled_from(["", "A", ("A", "AB")]),
        "drop": st.sampled_from(["", "-."]),
        "digits_only": st.booleans(),
        "strip_zeros": st.booleans(),
        "zero_pad": st.sampled_from([0, 5]),
        "upper": st.booleans(),
        "add_prefix": st.sampled_from(["", "B-"]),
    }
)


@settings(max_examples=20, deadline=None)
@given(rules, st.lists(st.text(st.sampled_from("AB01-.b"), min_size=1, max_size=7), min_size=1, max_size=12))
def test_a_rule_does_in_the_engine_what_the_search_tried(store, rule, ids):
    repair = IdRepair.model_validate(rule)
    held = store.add(pd.DataFrame({"ids": pd.array(ids, dtype="str")}))
    done = held.select(ids=repaired(held["ids"], repair)).to_pyarrow().column("ids").to_pylist()
    assert done == [repaired_text(i, repair) for i in ids]


def spellings(rng: random.Random) -> dict[str, tuple[list[str], list[str]]]:
    """Return nine ways in which two systems write the same numbers: those of the one, those of the other."""
    numbers = [str(n) for n in rng.sample(range(11_000, 99_000), 1_500)]
    letters = "".join(rng.sample("BCDFGHJKLMNPRSTVWZ", 2))
    some = [f"NAS{letters}{n}" if rng.random() < 0.6 else f"{letters}{n}" for n in numbers]
    return {
        "prefix": ([f"{letters}-{n}" for n in numbers], numbers),
        "prefix and zeros": ([f"{letters}000{n}" for n in numbers], numbers),
        "prefix of some": (some, [letters + n for n in numbers]),
        "prefixes of both": ([f"{letters}-000{n}" for n in numbers], [f"C{n}" for n in numbers]),
        "zeros": ([n.zfill(10) for n in numbers], numbers),
        "punctuation": ([f"{n[:2]}.{n[2:]}" for n in numbers], numbers),
        "case": ([f"ab{n}" for n in numbers], [f"AB{n}" for n in numbers]),
        "behind a mark": ([f"{rng.choice('XYZ')}{i % 7}-{n}" for i, n in enumerate(numbers)], numbers),
        "behind two marks": (numbers, [f"{rng.choice('AB')}-{i % 9}-{n}" for i, n in enumerate(numbers)]),
    }


@pytest.mark.parametrize("seed", SEEDS)
def test_nine_spellings_are_found_and_the_rule_makes_them_meet(seed: int):
    rng = random.Random(seed)
    for name, (ids, listed) in spellings(rng).items():
        (rule, list_rule), met, tried = best_rules(ids, set(listed))
        assert met >= 0.99 * tried, name
        ours, theirs = IdRepair.model_validate(rule), IdRepair.model_validate(list_rule)
        mine = {repaired_text(i, ours) for i in ids}
        assert len(mine) == len(ids) and len(mine & {repaired_text(i, theirs) for i in listed}) >= 0.99 * len(ids), name


@pytest.mark.parametrize("seed", SEEDS)
def test_ids_of_other_people_are_given_no_rule(seed: int):
    rng = random.Random(seed)
    ids = [f"A{rng.randrange(10**9)}" for _ in range(2_000)]
    assert best_rules(ids, {f"{rng.randrange(10**9):010}" for _ in range(2_000)})[1] == 0


def test_every_step_has_a_bit_of_its_own():
    assert sorted(STEPS.values()) == [1, 2, 4]


def test_whole_numbers_that_became_fractions_meet_their_list():
    """Both sides: the ".0" goes from the orders or from the list, and from nothing where a single id lacks it."""
    whole = [str(number) for number in range(100_000, 100_900, 9)]
    (own, theirs), met, tried = best_rules([f"{id_}.0" for id_ in whole], set(whole))
    assert (own, theirs, met) == ({"strip_suffix": ".0"}, {}, tried)
    assert best_rules(whole, {f"{id_}.0" for id_ in whole})[0] == ({}, {"strip_suffix": ".0"})
    assert best_rules([f"{id_}.0" for id_ in whole[:-1]] + ["A"], set(whole))[0][0] != {"strip_suffix": ".0"}
