"""``open_phase``: the one call a notebook starts with, by hand in JupyterLab and in a batch alike."""

import os
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import Any

import pandas as pd
from threadpoolctl import threadpool_limits

from helpers import charts
from helpers.analyses import halves
from helpers.client import decisions
from helpers.client.config import ClientConfig, load_client
from helpers.client.decisions import Decision
from helpers.core import wording
from helpers.core.clients import SAMPLE, find_client, reports_folder
from helpers.core.errors import EndOfPhase
from helpers.core.files import json_bytes, write_atomic
from helpers.core.results import Finding, Refusal, RunContext, merged
from helpers.core.wording import _
from helpers.privacy import safe_csv
from helpers.privacy.serving import serving_files
from helpers.running.engine.workspace import ONE_THREAD
from helpers.running.freshness import WatchedConfig
from helpers.running.prepare import prepare
from helpers.running.rounds import FINDINGS, DeclaredAccess, Round
from helpers.story import Page, Reasoned, Record, Sentence, show_ids
from helpers.tables.doubts import Doubt, about, doubts_of, resting_on
from helpers.workbook import PHASES, phase_named


class OpenPhase:
    """One notebook at work: its settings, what it may read, and where it keeps what it finds."""

    def __init__(self, name: str, config: ClientConfig, folder: Path):
        self.phase = phase_named(name)
        self.config = WatchedConfig(config)
        self.round = Round(folder)
        self.files = DeclaredAccess(self.round, self.phase)
        self.settings: Any = getattr(self.config, self.phase.section, None)
        self.context = RunContext(config.as_of, config.seed)
        self.by_hand: Path | None = None  # the client's folder, where a person opened this notebook
        self._reasons_shown: set[str] = set()
        self._figures_shown: set[str] = set()

    # ---- Load ----

    def read(self, name: str) -> Any:
        """Return a table or record that ``helpers/workbook.py`` declares for this phase; None for an optional one not there.

        "findings" gives what every notebook found, by notebook.
        """
        return self.files.read(name)

    def tables(self, **more: pd.DataFrame | None) -> dict[str, pd.DataFrame]:
        """Return the declared tables that are there, by name, and those given from elsewhere, such as an earlier round's."""
        contents = {name: self.read(name) for name in (*self.phase.reads, *self.phase.may_read)} | more
        return {name: content for name, content in contents.items() if isinstance(content, pd.DataFrame)}

    def tables_for(self, room: ModuleType) -> dict[str, pd.DataFrame]:
        """Return the tables that an analysis reads (its ``READS``) and that are there, by name."""
        contents = {name: self.read(name) for name in room.READS if self.round.has(name)}
        return {name: content for name, content in contents.items() if isinstance(content, pd.DataFrame)}

    def earlier(self, name: str, /, **match: str) -> Any:
        """Return what the newest earlier round kept under a name, where a key or column holds a text (empty: any); None where none did."""
        return self.files.earlier(name, {key: text for key, text in match.items() if text})

    # ---- Process ----

    def run(self, room: ModuleType, earlier: Mapping[str, str] | None = None, **more: Any) -> Any:
        """Run an analysis and return its result; end the notebook with the reasoned section where it cannot answer.

        Parameters
        ----------
        room : the analysis, such as ``helpers.analyses.clusters``.
        earlier : tables of earlier rounds to add: their name for the analysis, and under which it was kept.
        more : what this analysis takes beside tables, settings and context, such as an earlier card.
        """
        return self.answered(self.part(room, earlier, **more))

    def part(self, room: ModuleType, earlier: Mapping[str, str] | None = None, **more: Any) -> Any:
        """Run an analysis that is a part of its chapter only: as ``run``, but a refusal is returned, for ``present``, and ends nothing."""
        kept = {name: self.earlier(source) for name, source in (earlier or {}).items()}
        tables = self.tables_for(room) | {name: table for name, table in kept.items() if table is not None}
        result = room.run(tables, self.settings, self.context, **more)
        return self._with_true_ground(result) if isinstance(result, Refusal) else result

    def either(self, part: Any, other: Any) -> Any:
        """Return a part; None where it was refused and another part was answered; where neither was, end the notebook with its ground."""
        if not isinstance(part, Refusal):
            return part
        if other is None or isinstance(other, Refusal):
            self.refuse(part)
        return None

    def _with_true_ground(self, refusal: Refusal) -> Refusal:
        heading, gate = halves.true_ground(refusal.gate, self.tables_for(halves) if self.phase.halves else {}, self.phase.halves)
        return Refusal(heading or refusal.heading, gate)

    def answered(self, result: Any) -> Any:
        """Return a result; end the notebook with the reasoned section where it is a refusal."""
        if isinstance(result, Refusal):
            self.refuse(result)
        return result

    def refuse(self, refusal: Refusal) -> None:
        """Show the reasoned section, keep it as the finding, and end the notebook here."""
        from IPython.display import display

        refusal = self._with_true_ground(refusal)
        display(Page([Reasoned(refusal), *self.decisions().parts]))
        finding = Finding(refusal.heading, (refusal.gate.reason,), refusal.gate.verdict, rank=9)
        self.round.keep_finding(self.phase.notebook, finding)
        self.round.keep_end(self.phase.notebook, "not enough data", refusal.heading, self.config.looked_at)
        raise EndOfPhase(_("This notebook ends here: the section above says why."))

    # ---- Show ----

    def optional(self, result: Any, function: Callable[[Any], Any]) -> Any:
        """Return a function of a part that may have been refused; None when it was."""
        return None if result is None or isinstance(result, Refusal) else function(result)

    def present(self, result: Any, *functions: Callable[[Any], Any]) -> Page:
        """Show what functions give of a part (a record, several, or None); of a refusal, once why the part is not there."""
        if isinstance(result, Refusal):
            reason = f"{result.heading.rstrip('.')}. {result.gate.reason}"
            sentences = [Sentence(reason)] if reason not in self._reasons_shown else []
            self._reasons_shown.add(reason)
            return Page(sentences)
        records: list[Record] = []
        for function in functions:
            part = self.optional(result, function)
            records += [record for record in (part if isinstance(part, (tuple, list)) else [part]) if record]
        return Page(records)

    def show(self, *parts: Record | None) -> Page:
        """Show several parts in one output; None stands for a part that is not there."""
        return Page([part for part in parts if part is not None])

    def form(self, *keys: str) -> Any:
        """Return the form over keys of client.yml, such as "goals.goals"; None in a batch, where nobody types."""
        if self.by_hand is None:
            return None
        try:
            from helpers.client.forms.form import Form
        except ModuleNotFoundError:  # ipywidgets, which a package installed without its extra does without
            return self.show(
                Sentence(_("Forms need JupyterLab: pip install '….whl[lab]', the wheel with its extra. Or type into client.yml."))
            )

        return Form(self.by_hand, keys)

    def beside(self, figure: str, shown: Record | None) -> Record | None:
        """Return what is shown, with the decisions that concern it below.

        Parameters
        ----------
        figure : its name in ``helpers/client/figures.yml``; in client.yml it is called "<chapter>.<figure>".
        shown : a table, picture or sentence; None for one that is not there.
        """
        self._figures_shown.add(figure)
        taken = [decision for decision in self._decisions_here() if decision.figure == figure]
        return Page([*([shown] if shown else []), decisions.table(taken)]) if taken else shown

    def decisions(self) -> Page:
        """Return the decisions on this chapter that stand beside none of the figures shown so far."""
        remaining = [decision for decision in self._decisions_here() if decision.figure not in self._figures_shown]
        if remaining:
            return Page([decisions.table(remaining)])
        # Only the first chapter says that nothing was decided yet, and only where that holds for all of them.
        none_at_all = self.phase.number == 1 and not self.config.decisions
        return Page([Sentence(decisions.none_yet())] if none_at_all else [])

    def _decisions_here(self) -> list[Decision]:
        return [decision for decision in self.config.decisions if decision.chapter == self.phase.section]

    def doubts(self) -> tuple[Doubt, ...]:
        """Return what is doubtful in the client's exports."""
        return doubts_of(self.read("doubts"))

    def show_doubts(self) -> None:
        """Show, once above everything else, on which doubted data the figures of this chapter rest; nothing where there is none."""
        doubted = about(self.doubts(), self.phase.section)
        if doubted:
            from IPython.display import display

            display(Page([Sentence(resting_on(doubted))]))

    # ---- Save ----

    def keep(self, name: str, content: pd.DataFrame | Mapping[str, Any] | None) -> None:
        """Keep a result for the notebooks that follow; None, of a refused part, keeps nothing."""
        if content is not None:
            self.files.keep(name, content)

    def export(self, name: str, content: pd.DataFrame | Mapping[str, Any] | bytes | None) -> None:
        """Write a list (CSV that is safe for spreadsheets), a record (JSON) or bytes into the round's exports; None writes nothing."""
        if content is None:
            return
        if isinstance(content, pd.DataFrame):
            content = safe_csv(content)
        elif isinstance(content, Mapping):
            content = json_bytes(content)
        write_atomic(self.round.folder / "exports" / name, content)

    def export_serving(self, name: str, serving: pd.DataFrame | None) -> None:
        """Write a table prepared for the systems that send, as parquet, SQLite and JSON; None, of a refused part, writes nothing."""
        for ending, content in serving_files(serving).items() if serving is not None else ():
            self.export(f"{name}.{ending}", content)

    def finish(self, *findings: Finding | None) -> Page:
        """Keep what was found, of which the first leads (None is a refused part), and the end marker; say what was written."""
        finding = merged([finding for finding in findings if finding is not None])
        doubted = about(self.doubts(), self.phase.section)
        if doubted:  # page 1 takes the finding's sentences, and must say so too
            finding = replace(finding, why=(resting_on(doubted), *finding.why))
        self.round.keep_finding(self.phase.notebook, finding)
        self.round.keep_end(self.phase.notebook, "done", settings=self.config.looked_at)
        names = [name for name in self.phase.writes if self.round.has(name)]
        written = wording.listing(names) if names else _("its finding")
        return Page([Sentence(_("Kept for the next phases: {written}.").format(written=written))])


def open_phase(name: str, client: str = "", run_dir: str = "") -> OpenPhase:
    """Open a phase of a client's round.

    Parameters
    ----------
    name : the notebook, such as "41_clusters".
    client : name or path of the client; empty for the client of ``aim lab``, else the sample.
    run_dir : folder of the round; empty for the client's draft round, which is prepared here, and
        completed with the notebooks before this one where their results are missing.
    """
    from sklearn import set_config

    # On one thread, also in a kernel that somebody started by hand.
    os.environ.update(ONE_THREAD)  # heeded by the libraries that are loaded from now on
    threadpool_limits(1)  # heeded by those that are loaded already
    set_config(display="text")  # the default repr of an estimator is 62 kB of HTML
    folder = find_client(client or os.environ.get("AIM_CLIENT", "") or SAMPLE)
    config = load_client(folder)
    wording.use(config.client.language, config.client.currency)
    charts.use_accent(config.client.accent)
    show_ids(config.privacy.show_ids)
    by_hand = None if run_dir else folder
    if not run_dir:
        run_dir = str(reports_folder() / folder.name / "draft")
        prepare(folder, config, Round(Path(run_dir)))
        _complete_draft(name, folder, Path(run_dir))
    phase = OpenPhase(name, config, Path(run_dir))
    phase.by_hand = by_hand
    phase.round.forget_end(phase.phase.notebook)
    phase.show_doubts()
    return phase


def _complete_draft(name: str, folder: Path, run_dir: Path) -> None:
    """Run the notebooks before this one whose end marker is missing in the draft round."""
    from helpers.running.execution import run_notebook

    opened = phase_named(name)
    draft = Round(run_dir)
    needs_all = FINDINGS in opened.reads
    wanted = {*opened.reads, *opened.may_read}
    for phase in PHASES[: PHASES.index(opened)]:
        if (needs_all or wanted & set(phase.writes)) and draft.ended(phase.notebook) is None:
            run_notebook(phase, folder, run_dir)
