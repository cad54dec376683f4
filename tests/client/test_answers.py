"""client.yml written back: comments and every other sign kept, checked with the same models and messages."""

from __future__ import annotations

import difflib
from copy import deepcopy
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from helpers.client.answers.rewriting import rewritten
from helpers.client.answers.store import read_answers, save
from helpers.client.answers.yaml_values import below, inline
from helpers.client.config import load_client, read_client
from helpers.client.config.yaml_text import parse_yaml
from helpers.core.errors import AimError
from helpers.sources.draft.short_text import empty_client_yml
from tests.conftest import SAMPLES
from tests.support.seeds import seeds

TEXT = """# The client, in our own words
as_of: 2021-06-30   # a Wednesday

goals:   # filled in with Els
  goals:
    # the first came from the board
    - name: 'Grow: fast'   # her words
      target: 007

    # agreed in May
    - name: Keep
      owner: "Els"
  culture:
    urgency: {level: 4, note: It burns.}  # measured twice
    outsourced: [print, web]
pilot:
  message: |
    Dear customer,
    come and see.
  # the last word
"""


def with_value(text: str, path: tuple, value) -> str:
    """Return the text with one value of its content set; what is missing on the way is made."""
    old = parse_yaml(text)[0]
    new = deepcopy(old)
    inside = new
    for step in path[:-1]:
        if isinstance(inside, dict) and inside.get(step) is None:
            inside[step] = {}
        inside = inside[step]
    inside[path[-1]] = value
    return rewritten(text, old, new)


def with_item(text: str, path: tuple, at: int, value) -> str:
    """Return the text with an item put into a list."""
    items = list(value_at(text, path) or [])
    return with_value(text, path, [*items[:at], value, *items[at:]])


def without(text: str, path: tuple) -> str:
    """Return the text without a key or an item."""
    *above, last = path
    inside = value_at(text, tuple(above))
    del inside[last]
    return with_value(text, tuple(above), inside)


def value_at(text: str, path: tuple):
    """Return what stands in the text at a path."""
    inside = parse_yaml(text)[0]
    for step in path:
        inside = inside[step]
    return inside


COMMENTS = [line[line.index("#") :] for line in TEXT.splitlines() if "#" in line]


def changed(old: str, new: str) -> list[str]:
    lines = difflib.ndiff(old.splitlines(), new.splitlines())
    return [line for line in lines if line[0] in "+-"]


def comments(text: str) -> list[str]:
    return [line[line.index("#") :] for line in text.splitlines() if "#" in line]


@pytest.mark.parametrize(
    ("path", "value", "lines"),
    [
        (("as_of",), "2022-06-30", ["- as_of: 2021-06-30   # a Wednesday", "+ as_of: 2022-06-30   # a Wednesday"]),
        (
            ("goals", "goals", 0, "name"),
            "Grow: slow",
            ["-     - name: 'Grow: fast'   # her words", "+     - name: 'Grow: slow'   # her words"],
        ),
        (("goals", "goals", 0, "target"), "8", ["-       target: 007", "+       target: 8"]),
        (("goals", "goals", 1, "why"), "no: colons", ["+       why: 'no: colons'"]),
        (
            ("goals", "culture", "urgency", "level"),
            "3",
            [
                "-     urgency: {level: 4, note: It burns.}  # measured twice",
                "+     urgency: {level: 3, note: It burns.}  # measured twice",
            ],
        ),
        (("goals", "culture", "testing"), {"level": "1"}, ["+     testing: {level: 1}"]),
        (("pilot", "message"), "Hello", ["-   message: |", "-     Dear customer,", "-     come and see.", "+   message: Hello"]),
        (("pilot", "days"), "30", ["+   days: 30"]),
        (("seed",), "5", ["+ ", "+ seed: 5"]),
    ],
)
def test_a_value_changes_its_own_line_only(path, value, lines):
    new = with_value(TEXT, path, value)
    assert sorted(changed(TEXT, new)) == sorted(lines)
    assert comments(new) == COMMENTS


def test_items_come_and_go_and_leave_the_comments_of_others():
    more = with_item(TEXT, ("goals", "goals"), 2, {"name": "Third", "kpi": "revenue"})
    assert changed(TEXT, more) == ["+     - name: Third", "+       kpi: revenue"]
    first = with_item(TEXT, ("goals", "goals"), 0, {"name": "Zeroth"})
    assert changed(TEXT, first) == ["+     - name: Zeroth"]
    fewer = without(TEXT, ("goals", "goals", 1))
    assert changed(TEXT, fewer) == ["-     - name: Keep", '-       owner: "Els"'] and comments(fewer) == COMMENTS
    none = without(fewer, ("goals", "goals", 0))
    assert parse_yaml(none)[0]["goals"]["goals"] == [] and "# agreed in May" not in none.split("goals: []")[0]
    assert parse_yaml(with_item(none, ("goals", "goals"), 0, {"name": "Back"}))[0]["goals"]["goals"] == [{"name": "Back"}]
    flow = with_item(TEXT, ("goals", "culture", "outsourced"), 1, "code, all")
    assert changed(TEXT, flow)[1] == "+     outsourced: [print, 'code, all', web]"
    assert "outsourced: [web]" in without(TEXT, ("goals", "culture", "outsourced", 0))
    assert "outsourced: [print]" in without(TEXT, ("goals", "culture", "outsourced", 1))


def test_a_key_behind_a_dash_can_go():
    new = without(TEXT, ("goals", "goals", 1, "name"))
    assert parse_yaml(new)[0]["goals"]["goals"][1] == {"owner": "Els"}


def test_an_empty_key_is_filled_and_a_new_section_stands_apart():
    text = "as_of: 2024-01-01\ngoals:   # to do\n  # example below\nclient: {name: A}\n"
    new = with_value(text, ("goals", "goals"), [{"name": "One"}])
    assert parse_yaml(new)[0]["goals"] == {"goals": [{"name": "One"}]} and comments(new) == comments(text)
    assert with_value(text, ("client", "kind"), "b2b").endswith("client: {name: A, kind: b2b}\n")


def test_a_removed_item_takes_no_other_items_comments():
    old = parse_yaml(TEXT)[0]
    new = {**old, "goals": {**old["goals"], "goals": [{**old["goals"]["goals"][1], "owner": "Jan"}, {"name": "New"}]}}
    text = rewritten(TEXT, old, new)
    assert parse_yaml(text)[0] == new
    assert "# her words" not in text and "# agreed in May\n    - name: Keep\n" in text


ODD = """# laid out by hand
client:   {  name:  "A b" , kind : b2b }
goals:
-   name:   x    # said so
    kpi: [ a,b,
       c ]   # three
    # deeper

-   name: 'y'
    owner:
    why: >
      folded
      text
pilot: {days: 1, # one
  looks: 2}
"""


@pytest.mark.parametrize(
    ("path", "value", "lines"),
    [
        (("client", "name"), "C", ['- client:   {  name:  "A b" , kind : b2b }', "+ client:   {  name:  C , kind : b2b }"]),
        (("goals", 0, "name"), "z", ["- -   name:   x    # said so", "+ -   name:   z    # said so"]),
        (("goals", 0, "kpi", 2), "d", ["-        c ]   # three", "+        d ]   # three"]),
        (("goals", 1, "owner"), "Els", ["-     owner:", "+     owner: Els"]),
        (("goals", 1, "why"), "short", ["-     why: >", "-       folded", "-       text", "+     why: short"]),
        (("pilot", "looks"), "3", ["-   looks: 2}", "+   looks: 3}"]),
        (("pilot", "alpha"), "0.1", ["-   looks: 2}", "+   looks: 2, alpha: 0.1}"]),
    ],
)
def test_what_somebody_laid_out_by_hand_stays_laid_out(path, value, lines):
    assert sorted(changed(ODD, with_value(ODD, path, value))) == sorted(lines)


def texts_in(content, path=()):
    """Yield the path of every text in the content."""
    inside = content.items() if isinstance(content, dict) else enumerate(content) if isinstance(content, list) else ()
    for step, value in inside:
        yield from [(*path, step)] if isinstance(value, str) else texts_in(value, (*path, step))


@pytest.mark.parametrize("part", seeds(8))
@pytest.mark.parametrize("file", sorted(SAMPLES.glob("**/client.yml")), ids=lambda file: file.parent.name)
def test_any_answer_of_any_sample_changes_its_own_line_only(file: Path, part: int):
    text = file.read_text(encoding="utf-8")
    content = parse_yaml(text)[0]
    for path in list(texts_in(content))[part::8]:
        answered = deepcopy(content)
        inside = answered
        for step in path[:-1]:
            inside = inside[step]
        inside[path[-1]] = "another: answer"
        new = rewritten(text, content, answered)
        before, after = text.splitlines(), new.splitlines()
        pairs = [(line, now) for line, now in zip(before, after, strict=True) if line != now]
        assert len(pairs) == 1 and "'another: answer'" in pairs[0][1], path


# ---- Whatever is typed ----

TYPED = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), max_size=20) | st.sampled_from(
    ["No", "007", "12:30", "null", "~", "- x", "a: b", "a #b", "{", "[", "*x", "&y", "!z", "'", '"', "%", "@", "1.", "é", "x:", "?"]
)
PLAIN = TYPED.filter(lambda text: text.strip() != "")
CONTENT = st.recursive(
    PLAIN, lambda inside: st.lists(inside, max_size=3) | st.dictionaries(st.sampled_from("abcdef"), inside, max_size=3), max_leaves=8
)


def bare(content):
    """Return the content without empty keys, as the reader takes them."""
    if isinstance(content, dict):
        found = {key: bare(one) for key, one in content.items()}
        return {key: one for key, one in found.items() if one not in (None, {}, [])}
    return [bare(one) for one in content] if isinstance(content, list) else content


@given(TYPED)
def test_every_text_reads_back_as_itself(text):
    assert parse_yaml(f"k: {inline(text)}\n")[0]["k"] == text
    assert parse_yaml(f"k: [{inline(text)}, x]\n")[0]["k"][0] == text


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.dictionaries(st.sampled_from("abcdef"), CONTENT, min_size=1, max_size=4),
    st.dictionaries(st.sampled_from("abcdef"), CONTENT, max_size=4),
)
def test_any_content_becomes_any_other(old, new):
    text = f"# top\n{below(old, 0)}\n# end\n"
    held = parse_yaml(text)[0]
    found = rewritten(text, held, new)
    assert bare(parse_yaml(found)[0]) == bare(new)
    assert found.startswith("# top\n") and found.rstrip().endswith("# end")


# ---- The file of a client ----


def test_saving_what_was_read_changes_no_sign(office: Path):
    before = (office / "client.yml").read_bytes()
    answers = read_answers(office)
    save(answers, {key: answers.at(key) for key in ("goals", "data_maturity", "decisions", "sources")})
    assert (office / "client.yml").read_bytes() == before


def test_an_answer_is_saved_with_all_comments_and_the_report_reads_it(office: Path):
    before = (office / "client.yml").read_text(encoding="utf-8")
    answers = read_answers(office)
    goals = answers.at("goals.goals")
    goals[2]["owner"] = "service manager"
    after = save(answers, {"goals.goals": goals})
    assert load_client(office).goals.goals[2].owner == "service manager"
    assert changed(before, after.text) == ["+       owner: service manager"]


def test_the_template_of_a_new_client_can_be_filled_in(tmp_path: Path):
    (tmp_path / "client.yml").write_text(empty_client_yml("Bakery"), encoding="utf-8")
    before = comments((tmp_path / "client.yml").read_text(encoding="utf-8"))
    people = [{"name": "A", "role": "marketing", "answers": {"clean": "2"}}]
    decided = [{"what": "Start small", "about": "goals.kpis", "when": "2024-05-01"}]
    save(
        read_answers(tmp_path),
        {
            "goals.goals": [{"name": "Grow", "target": "12"}],
            "data_maturity.respondents": people,
            "decisions": decided,
            "analyses.dilemmas.ease_or_influence": "-2",
        },
    )
    config = load_client(tmp_path)
    assert (config.goals.goals[0].target, config.analyses.dilemmas.ease_or_influence) == (12, -2)
    assert config.data_maturity.respondents[0].answers == {"clean": 2} and config.decisions[0].figure == "kpis"
    assert comments((tmp_path / "client.yml").read_text(encoding="utf-8")) == before


def test_mistakes_are_those_of_the_file_itself(office: Path):
    answers = read_answers(office)
    goals = answers.at("goals.goals")
    goals[1]["kpi"] = "new_customer"
    ((path, problem),) = answers.mistakes({"goals.goals": goals})
    assert path == ("goals", "goals", 1, "kpi")
    with pytest.raises(AimError, match="Did you mean 'new_customers'"):
        save(answers, {"goals.goals": goals})
    text = (office / "client.yml").read_text(encoding="utf-8").replace("kpi: new_customers", "kpi: new_customer")
    (office / "client.yml").write_text(text, encoding="utf-8")
    assert read_client(office).problems == (problem,)


def test_a_file_changed_by_somebody_else_is_not_overwritten(office: Path):
    answers = read_answers(office)
    path = office / "client.yml"
    path.write_text(path.read_text(encoding="utf-8") + "\n# typed by hand\n", encoding="utf-8")
    with pytest.raises(AimError, match="changed in the meantime"):
        save(answers, {"seed": "7"})
    assert path.read_text(encoding="utf-8").endswith("# typed by hand\n")


def test_a_form_that_cannot_be_changed_is_left_alone(tmp_path: Path):
    path = tmp_path / "client.yml"
    path.write_text("as_of: 2024-01-01\nclient: {name: A, kind, currency: EUR}\n", encoding="utf-8")
    before = path.read_bytes()
    with pytest.raises(AimError, match="edit it by hand"):
        save(read_answers(tmp_path), {"client.kind": "b2b"})
    assert path.read_bytes() == before


def test_line_ends_and_the_mark_of_other_editors_stay(tmp_path: Path):
    path = tmp_path / "client.yml"
    path.write_bytes("\ufeff# é\r\nas_of: 2024-01-01\r\nseed: 3  # ours\r\n".encode())
    save(read_answers(tmp_path), {"seed": "4"})
    assert path.read_bytes() == "\ufeff# é\r\nas_of: 2024-01-01\r\nseed: 4  # ours\r\n".encode()


@pytest.mark.parametrize("client", sorted(path.parent.name for path in SAMPLES.glob("*/client.yml")))
def test_every_sample_client_can_be_answered(client, tmp_path: Path):
    path = tmp_path / "client.yml"
    path.write_bytes((SAMPLES / client / "client.yml").read_bytes())
    before = path.read_text(encoding="utf-8")
    answers = read_answers(tmp_path)
    decided = [*(answers.at("decisions") or []), {"what": "Go on", "about": "pilot"}]
    after = save(answers, {"decisions": decided, "goals.goals": [{"name": "Only one"}]})
    assert [line for line in comments(before) if line not in comments(after.text)] == []
    assert load_client(tmp_path).decisions[-1].what == "Go on"
