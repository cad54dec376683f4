"""Forms made from the models of client.yml: what is typed is checked at once, and written back by a button."""

from __future__ import annotations

import shutil
from pathlib import Path

import nbformat
import pytest

from helpers.client.config import ClientConfig, load_client
from helpers.client.decisions import Decision, figures, places
from helpers.client.forms.fields import SingleField
from helpers.client.forms.form import Form
from helpers.core.errors import AimError
from helpers.notebook import open_phase
from helpers.story import Page, Sentence
from tests.conftest import ROOT, SAMPLES

WHOLE = [name for name in ClientConfig.model_fields if name not in ("as_of", "history_from", "round_number", "seed")]


def text(folder: Path) -> str:
    return (folder / "client.yml").read_text(encoding="utf-8")


def said(field) -> str:
    return field.mistake.value


@pytest.mark.parametrize("section", WHOLE)
def test_every_section_has_a_form_that_gives_back_what_it_was_given(section, office):
    form = Form(office, [section])
    assert form.changes == {section: form.answers.at(section)} and not form.button.disabled
    before = text(office)
    form.save()
    assert text(office) == before


def test_what_is_typed_is_checked_and_saved_with_the_comments(office):
    before = text(office)
    form = Form(office, ["goals.goals"])
    target = form.fields["goals.goals"].items[0].fields["target"]
    target.entry.value = "a lot"
    assert "got &#x27;a lot&#x27;; expected a number" in said(target) and form.button.disabled
    target.entry.value = "18000"
    assert said(target) == "" and not form.button.disabled
    form.save()
    assert "Saved in client.yml" in form.message.value and load_client(office).goals.goals[0].target == 18000
    assert text(office) == before.replace("target: 17500", "target: 18000")


def test_a_rule_over_several_fields_is_said_where_it_belongs(office):
    form = Form(office, ["goals.business_case"])
    assumption = form.fields["goals.business_case"].fields["extra_orders"]
    assumption.fields["low"].entry.value = "5"
    assert "must not fall" in said(assumption) and form.button.disabled


def test_records_are_added_and_removed(office):
    form = Form(office, ["decisions"])
    decisions = form.fields["decisions"]
    number = len(decisions.items)
    rows, add = decisions.widget.children[2], decisions.widget.children[3]
    add.click()
    assert len(decisions.items) == number + 1 and form.button.disabled  # what and about are needed
    new = decisions.items[-1].fields
    assert "expected this key, which is needed" in said(new["what"])
    new["what"].entry.value, new["about"].entry.value, new["when"].entry.value = "Wait: see", "goals.case", "2021-09-01"
    form.save()
    assert load_client(office).decisions[-1].what == "Wait: see"
    rows.children[0].children[1].click()
    form.save()
    assert len(load_client(office).decisions) == number and load_client(office).decisions[0].about != "data_maturity.fixes"


def test_levels_are_chosen_by_their_written_meaning(office):
    form = Form(office, ["data_maturity.respondents"])
    clean = form.fields["data_maturity.respondents"].items[0].fields["answers"].fields["clean"].entry
    labels = [label for label, value in clean.options if value is not None]
    assert len(labels) == 5 and all(label[0] == str(at) and len(label) > 6 for at, label in enumerate(labels))
    clean.value = "4"
    form.save()
    assert load_client(office).data_maturity.respondents[0].answers["clean"] == 4


def test_a_use_case_is_chosen_by_its_title(office):
    form = Form(office, ["opportunities.chosen", "analyses.dilemmas"])
    options = {value: label for label, value in form.fields["opportunities.chosen"].entry.options}
    assert "Win back customers" in options["win_back_sleepers"]
    form.fields["opportunities.chosen"].entry.value = "win_back_sleepers"
    form.fields["analyses.dilemmas"].fields["agility_or_maintenance"].entry.value = "-2"
    form.save()
    config = load_client(office)
    assert (config.opportunities.chosen, config.analyses.dilemmas.agility_or_maintenance) == ("win_back_sleepers", -2)


def test_a_file_with_a_mistake_elsewhere_says_so_and_is_not_saved(office):
    path = office / "client.yml"
    path.write_text(text(office).replace("seed: 2021", "seed: many"), encoding="utf-8")
    form = Form(office, ["goals.culture"])
    assert form.button.disabled and "key seed" in form.message.value


def test_an_unknown_key_is_named(office):
    with pytest.raises(AimError, match="Did you mean 'goals'"):
        Form(office, ["gaols.goals"])


def test_the_form_of_an_empty_client_has_fields_to_fill(small_client):
    form = Form(small_client, ["goals.culture", "goals.business_case"])
    assert form.changes == {"goals.culture": None, "goals.business_case": None}
    level = form.fields["goals.culture"].fields["urgency"].fields["level"]
    assert isinstance(level, SingleField) and [value for _label, value in level.entry.options][1:] == list("01234")
    level.entry.value = "3"
    form.save()
    assert load_client(small_client).goals.culture.urgency.level == 3


# ---- Decisions ----


def test_decisions_name_a_chapter_or_a_figure():
    assert Decision(what="x", about="goals.kpis").figure == "kpis" and Decision(what="x", about="clusters").figure == ""
    with pytest.raises(ValueError, match="Did you mean 'goals.kpis'"):
        Decision(what="x", about="goals.kpi")
    with pytest.raises(ValueError, match="Did you mean 'clusters'"):
        Decision(what="x", about="cluster")


def test_every_figure_of_the_list_is_shown_by_a_notebook_and_the_other_way_round():
    shown = set()
    for path in (ROOT / "notebooks").glob("*.ipynb"):
        section = path.stem.split("_", 1)[1]
        for cell in nbformat.read(path, as_version=4).cells:
            for part in cell.source.split('phase.beside("')[1:]:
                shown.add(f"{section}.{part.split(chr(34))[0]}")
    listed = {f"{section}.{figure}" for section, named in figures().items() for figure in named}
    assert shown == listed == {place for place in places() if "." in place}


def test_every_chapter_shows_its_decisions_before_it_closes():
    for path in (ROOT / "notebooks").glob("[1-9]*.ipynb"):
        sources = [cell.source for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "code"]
        assert "phase.decisions()" in sources[-2:], path.stem


@pytest.fixture(scope="module")
def read_once(tmp_path_factory) -> tuple[Path, Path]:
    """The sample client and the folder of its reports, in which its exports have been read."""
    folder = Path(shutil.copytree(SAMPLES / "office-interiors", tmp_path_factory.mktemp("data") / "office-interiors"))
    reports = tmp_path_factory.mktemp("reports")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AIM_REPORTS", str(reports))
        open_phase("10_goals", str(folder))
    return folder, reports


@pytest.fixture
def opened(read_once, monkeypatch):
    folder, reports = read_once
    monkeypatch.setenv("AIM_REPORTS", str(reports))
    return open_phase("10_goals", str(folder))


def test_a_decision_stands_beside_its_figure_and_the_rest_at_the_end(opened):
    beside = opened.beside("kpis", Sentence("the figure"))
    assert isinstance(beside, Page) and "Revenue per customer is the figure we steer on" in beside.to_text()
    assert "Repeat buyers bring most" in beside.to_html()  # why
    assert isinstance(opened.beside("case", Sentence("alone")), Sentence)
    assert opened.decisions().to_text() == ""


def test_a_decision_whose_figure_is_not_shown_is_not_lost(opened):
    assert "Revenue per customer is the figure we steer on" in opened.decisions().to_text()


def test_without_any_decision_the_first_chapter_says_how(small_client, tmp_path, monkeypatch):
    monkeypatch.setenv("AIM_REPORTS", str(tmp_path / "reports"))
    said_ = open_phase("10_goals", str(small_client)).decisions().to_text()
    assert "not answered yet" in said_ and "under decisions in client.yml" in said_


def test_a_batch_shows_no_form(read_once, opened):
    assert isinstance(opened.form("goals.goals"), Form)
    batch = open_phase("10_goals", str(read_once[0]), str(opened.round.folder))
    assert batch.form("goals.goals") is None
