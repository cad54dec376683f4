"""``open_phase``: the one call a notebook starts with, by hand in JupyterLab and in a batch alike."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

import pandas as pd

from helpers import charts
from helpers.client import decisions
from helpers.client.config import ClientConfig, load_client
from helpers.core import wording
from helpers.core.clients import SAMPLE, find_client, reports_folder
from helpers.core.errors import EndOfPhase
from helpers.core.files import json_bytes, write_atomic
from helpers.core.results import Finding, Gate, Refusal, RunContext, merged
from helpers.core.wording import _
from helpers.privacy import safe_csv, safe_xlsx
from helpers.privacy.serving import serving_files
from helpers.running.prepare import prepare
from helpers.running.rounds import Declared, Round
from helpers.sources.customers import PERSONAL
from helpers.sources.reading_report import merge_table, reading_table
from helpers.story import Page, Reasoned, Record, Sentence, Table, show_ids
from helpers.tables import TABLES, empty
from helpers.tables.receipts import Receipt
from helpers.workbook import GATED, PHASES, phase_named


class WatchedConfig:
    """A client's settings, which remember what was looked at: a change elsewhere needs no new run."""

    def __init__(self, config: ClientConfig):
        self._config = config
        self.looked_at: set[str] = set()

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._config, name)
        fields = type(self._config).model_fields
        self.looked_at |= {name} if name in fields else set(fields)
        return found


class OpenPhase:
    """One notebook at work: its settings, what it may read, and where it keeps what it finds."""

    def __init__(self, name: str, config: ClientConfig, folder: Path):
        self.phase = phase_named(name)
        self.config = WatchedConfig(config)
        self.round = Round(folder)
        self.files = Declared(self.round, self.phase)
        self.settings: Any = getattr(self.config, self.phase.section, None)
        self.context = RunContext(config.as_of, config.seed)
        self.by_hand: Path | None = None  # the client's folder, where a person opened this notebook
        self._told: set[str] = set()
        self._shown: set[str] = set()

    def read(self, name: str) -> Any:
        """Return a table or record that this phase declares; None for an optional one not there."""
        return self.files.read(name)

    def tables(self, names: tuple[str, ...] | None = None) -> dict[str, pd.DataFrame]:
        """Return the declared tables that are there, by name."""
        wanted = names if names is not None else (*self.phase.reads, *self.phase.may_read)
        found = {name: self.read(name) for name in wanted}
        return {name: table for name, table in found.items() if isinstance(table, pd.DataFrame)}

    def receipts(self) -> tuple[Receipt, ...]:
        """Return what the reader did with each file."""
        return tuple(Receipt.from_json(one) for one in self.read("receipts")["receipts"])

    def orders(self) -> pd.DataFrame:
        """Return the orders; an empty table where the client has none."""
        found = self.read("orders")
        return empty(TABLES["orders"]) if found is None else found

    def titles(self) -> dict[str, str]:
        """Return the title of every analysis, and of the pilot, by section name."""
        return {phase.section: phase.title for phase in GATED}

    def findings(self) -> dict[str, Finding]:
        """Return what the notebooks before this one found, by notebook."""
        found = {phase.notebook: self.round.finding(phase.notebook) for phase in PHASES}
        return {name: finding for name, finding in found.items() if finding is not None}

    def gates(self) -> dict[str, Gate]:
        """Ask every analysis, and the pilot, whether it may run on this client's tables, by section name."""
        return {
            phase.section: phase.room.requires(self._tables_for(phase.room), getattr(self.config, phase.section), self.context)
            for phase in GATED
        }

    def run(self, room: ModuleType, earlier: Mapping[str, str] | None = None, **more: Any) -> Any:
        """Run an analysis; end the notebook with the reasoned section where it cannot answer.

        Parameters
        ----------
        room : the analysis, such as ``helpers.analyses.clusters``.
        earlier : tables of earlier rounds to add: their name for the analysis, and under which it was kept.
        more : what this analysis takes beside tables, settings and context, such as an earlier card.

        Returns
        -------
        Its result.
        """
        kept = {name: self.earlier(source) for name, source in (earlier or {}).items()}
        tables = self._tables_for(room) | {name: frame for name, frame in kept.items() if frame is not None}
        return self.answered(room.run(tables, self.settings, self.context, **more))

    def answered(self, result: Any) -> Any:
        """Return a result; end the notebook with the reasoned section where it is a refusal."""
        if isinstance(result, Refusal):
            self.refuse(result)
        return result

    def refuse(self, refusal: Refusal) -> None:
        """Show the reasoned section, keep it as the finding, and end the notebook here."""
        from IPython.display import display

        display(Page([Reasoned(refusal), *self.decisions().parts]))
        finding = Finding(refusal.heading, (refusal.gate.reason,), refusal.gate.verdict, rank=9)
        self.round.keep_finding(self.phase.notebook, finding)
        self.round.keep_end(self.phase.notebook, "not enough data", refusal.heading, self.config.looked_at)
        raise EndOfPhase(_("This notebook ends here: the section above says why."))

    def only(self, result: Any, tell: Callable[[Any], Any]) -> Any:
        """Return what is told of a part that may have been refused; None when it was."""
        return None if result is None or isinstance(result, Refusal) else tell(result)

    def tell(self, result: Any, *tellers: Callable[[Any], Any]) -> Page:
        """Show a part that may have been refused: what is told of it, or once why it is not there.

        Parameters
        ----------
        result : the part's result, a refusal, or None.
        tellers : functions of the result that give a record, several records, or None.
        """
        if isinstance(result, Refusal):
            said = f"{result.heading.rstrip('.')}. {result.gate.reason}"
            new = [Sentence(said)] if said not in self._told else []
            self._told.add(said)
            return Page(new)
        shown = [self.only(result, tell) for tell in tellers]
        return Page([one for part in shown for one in (part if isinstance(part, (tuple, list)) else [part]) if one])

    def show(self, *parts: Any) -> Page:
        """Show several parts in one output; None stands for a part that is not there."""
        return Page([one for one in parts if one is not None])

    def form(self, *keys: str) -> Any:
        """Return the form over keys of client.yml, such as "goals.goals"; None in a batch, where nobody types."""
        if self.by_hand is None:
            return None
        from helpers.client.forms import Form

        return Form(self.by_hand, keys)

    def beside(self, figure: str, shown: Record | None) -> Record | None:
        """Return what is shown, with the decisions that concern it below.

        Parameters
        ----------
        figure : its name in ``helpers/client/decisions/figures.yml``; in client.yml it is called "<chapter>.<figure>".
        shown : a table, picture or sentence; None for one that is not there.
        """
        self._shown.add(figure)
        mine = [one for one in self._decided() if one.figure == figure]
        return Page([*([shown] if shown else []), decisions.story.table(mine)]) if mine else shown

    def decisions(self) -> Page:
        """Return the decisions on this chapter that stand beside none of the figures shown so far."""
        mine = [one for one in self._decided() if one.figure not in self._shown]
        if mine:
            return Page([decisions.story.table(mine)])
        asked = self.phase.number == 1 and not self.config.decisions
        return Page([Sentence(decisions.story.none_yet())] if asked else [])

    def _decided(self) -> list[decisions.Decision]:
        return [one for one in self.config.decisions if one.chapter == self.phase.section]

    def keep(self, name: str, content: pd.DataFrame | Mapping[str, Any] | None) -> None:
        """Keep a result for the notebooks that follow; None, of a refused part, keeps nothing."""
        if content is not None:
            self.files.keep(name, content)

    def export(self, name: str, content: pd.DataFrame | bytes | None) -> None:
        """Write a list for the client's other tools into the round's exports, safe for spreadsheets."""
        if content is not None:
            written = safe_csv(content) if isinstance(content, pd.DataFrame) else content
            write_atomic(self.round.folder / "exports" / name, written)

    def earlier(self, name: str, /, **match: str) -> Any:
        """Return what the newest earlier round kept under a declared name; None where none did.

        Parameters
        ----------
        name : a frame or record.
        match : key or column and the text it must hold; an empty text matches everything.
        """
        return self.files.earlier(name, {key: text for key, text in match.items() if text})

    def written_pilot(self) -> dict[str, pd.DataFrame]:
        """Return the assignment that an earlier round wrote for a pilot of this name, so that nobody moves."""
        plan = self.earlier("plan", name=self.settings.name)
        found = self.earlier("assignment", pilot_id=plan["pilot_id"]) if plan else None
        return {} if found is None else {"assignment": found}

    def with_contact_details(self, people: pd.DataFrame) -> pd.DataFrame:
        """Return people with the name and addresses that a list may declare, where the client gives them."""
        listed = self.read("customers")
        held = [name for name in PERSONAL if listed is not None and name in listed]
        return people.merge(listed[["customer_id", *held]], on="customer_id", how="left") if held else people

    def chosen_analyses(self) -> tuple[str, ...]:
        """Return the analyses that the chosen use case needs."""
        choice = self.read("choice") or {}
        return tuple(choice.get("analyses", ()))

    def reading_table(self) -> Table:
        """Return what was read and what was set aside, file by file and rule by rule."""
        return reading_table(self.receipts())

    def merge_table(self) -> Page:
        """Return how the keys of the client's systems fit together; nothing where one table stands alone."""
        found = self.read("merge")
        return self.show(merge_table(found) if found and found["links"] else None)

    def export_lists(self, lists: Sequence[Any], serving: pd.DataFrame) -> None:
        """Write the target lists (CSV and xlsx) and the table customer → treatment (parquet, SQLite, JSON).

        Parameters
        ----------
        lists : the target lists of the pilot.
        serving : customer_id and treatment, for the systems that send.
        """
        for one in lists:
            self.export(f"{one.stem}.csv", one.frame)
            self.export(f"{one.stem}.xlsx", safe_xlsx(one.frame))
        self.export_serving("serving", serving)

    def export_serving(self, name: str, serving: pd.DataFrame) -> None:
        """Write a table prepared for the systems that send, as parquet, SQLite and JSON."""
        for ending, content in serving_files(serving).items():
            self.export(f"{name}.{ending}", content)

    def export_json(self, name: str, record: Mapping[str, Any]) -> None:
        """Write a record for a web site or mailing tool."""
        self.export(name, json_bytes(record))

    def finish(self, *findings: Finding | None) -> Page:
        """Keep the finding and the end marker; return the sentence that says what was written.

        Parameters
        ----------
        findings : what was found; of several the first leads, None stands for a refused part.
        """
        finding = merged([one for one in findings if one is not None])
        self.round.keep_finding(self.phase.notebook, finding)
        self.round.keep_end(self.phase.notebook, "done", settings=self.config.looked_at)
        kept = [name for name in self.phase.writes if self.round.has(name)]
        written = wording.listing(kept) if kept else _("its finding")
        return Page([Sentence(_("Kept for the next phases: {written}.").format(written=written))])

    def _tables_for(self, room: ModuleType) -> dict[str, pd.DataFrame]:
        found = {name: self.round.content(name) for name in room.READS if self.round.has(name)}
        return {name: table for name, table in found.items() if isinstance(table, pd.DataFrame)}


def open_phase(name: str, client: str = "", run_dir: str = "") -> OpenPhase:
    """Open a phase of a client's round.

    Parameters
    ----------
    name : the notebook, such as "41_clusters".
    client : name or path of the client; empty for the client of ``aim lab``, else the sample.
    run_dir : folder of the round; empty for the client's draft round, which is prepared here, and
        completed with the notebooks before this one where their results are missing.

    Returns
    -------
    The open phase.
    """
    folder = find_client(client or os.environ.get("AIM_CLIENT", "") or SAMPLE)
    config = load_client(folder)
    _set_house_style(config)
    by_hand = None if run_dir else folder
    if not run_dir:
        run_dir = str(reports_folder() / folder.name / "draft")
        prepare(folder, config, Round(Path(run_dir)))
        _complete_draft(name, folder, Path(run_dir))
    opened = OpenPhase(name, config, Path(run_dir))
    opened.by_hand = by_hand
    opened.round.forget_end(opened.phase.notebook)
    return opened


def _set_house_style(config: ClientConfig) -> None:
    from sklearn import set_config

    wording.use(config.client.language, config.client.currency)
    charts.use_accent(config.client.accent)
    show_ids(config.privacy.show_ids)
    set_config(display="text")  # the default repr of an estimator is 62 kB of HTML


def _complete_draft(name: str, folder: Path, run_dir: Path) -> None:
    """Run the notebooks before this one whose end marker is missing in the draft round."""
    from helpers.running.execution import run_notebook

    here = phase_named(name)
    draft = Round(run_dir)
    before = PHASES[: PHASES.index(here)]
    needs_all = "findings" in here.reads
    wanted = {*here.reads, *here.may_read}
    for phase in before:
        if (needs_all or wanted & set(phase.writes)) and draft.ended(phase.notebook) is None:
            run_notebook(phase, folder, run_dir)
