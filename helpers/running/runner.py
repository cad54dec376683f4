"""One client's round from exports to report: prepare, run the notebooks in order, render, put in place.

Every step that rests on the same as last time is taken over instead of run (see ``freshness``). All
work is done in a hidden folder beside the round; only a finished round takes its place.
"""

import contextlib
import errno
import shutil
import time
from collections.abc import Callable
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from helpers.client.config import ClientConfig, load_client
from helpers.core.clients import earlier_settings, notebooks_folder
from helpers.core.errors import AimError, HeldBack, UserMistakes
from helpers.core.files import Busy, heal_folder, json_bytes, locked, read_json, replace_folder, write_atomic
from helpers.core.records import ROUNDS, NotebookRecord, RoundRecord, RunRequest, Status, client_home
from helpers.core.wording import _, listing, plural
from helpers.running.engine.channel import Channel
from helpers.running.engine.in_child import run_in_child
from helpers.running.engine.job import Lines
from helpers.running.engine.limits import KernelEnded, over_memory
from helpers.running.execution import run_notebook
from helpers.running.export_changes import hold_back
from helpers.running.fingerprints import input_hashes, notebook_hash, read_hashes
from helpers.running.freshness import (
    PREPARED,
    REPORT,
    Step,
    closed_by,
    exports_overwritten,
    file_states,
    files_written_since,
    remove_strays,
    standing_step,
    taken_over,
)
from helpers.running.past_runs import LAST_ATTEMPT, LOCK, previous_report, resume_from, write_status
from helpers.running.prepare import fill
from helpers.running.rendering import render_round
from helpers.running.rounds import Round
from helpers.running.run_record import changes, run_record
from helpers.tables.shapes import Change
from helpers.workbook import PHASES, Phase, phase_named, writer_of

NotebookListener = Callable[[NotebookRecord], None]


def round_job(channel: Channel | Lines, request: dict[str, Any]) -> dict[str, Any]:
    """Run a round for another process: a message on every notebook goes out, the record comes back."""
    return run_round(RunRequest.from_json(request), lambda record: channel.send({"record": asdict(record)})).to_json()


def run_round(request: RunRequest, listener: NotebookListener = lambda record: None) -> RoundRecord:
    """Run one client's round as asked for, and tell of every notebook that ended.

    Returns
    -------
    How it ended; never an exception for what goes wrong with the client. A failed round leaves the previous one as it
    was; what it did is kept in ``reports/<client>/last-attempt``.
    """
    started = time.monotonic()
    try:
        with locked(request.home / LOCK):
            closed = _closed_round(request)
            if closed is not None:
                return closed
            record = _missing_round(request, listener) or _run(request, listener, started)
            write_status(request.home, record)
            return record
    except Busy:
        return _failed(request, started, "failed", _("Another process is running this client now."))
    except OSError as error:
        return _failed(request, started, "failed", _system_sentence(error))


def _missing_round(request: RunRequest, listener: NotebookListener) -> RoundRecord | None:
    """Run the earlier rounds whose settings are kept and that are not there; return the record of one that failed."""
    for folder in earlier_settings(request.client):
        # Not forced: the wish is about the round of now.
        earlier = replace(request, client=folder, force=())
        try:
            there = (_place(request, load_client(folder)) / "run.json").is_file()
        except AimError:
            there = False  # the run says what is wrong with these settings
        record = None if there else _run(earlier, listener, time.monotonic())
        if record is not None and not record.good:
            return record
    return None


def _place(request: RunRequest, config: ClientConfig) -> Path:
    return request.home / config.as_of.isoformat()


def _closed_round(request: RunRequest) -> RoundRecord | None:
    """Return the record of a round of kept settings that is closed: it stands, whatever has changed since."""
    if request.client.parent.name != ROUNDS:
        return None
    with contextlib.suppress(AimError):  # the run says what is wrong with these settings
        place = _place(request, load_client(request.client))
        # Its exports may have been overwritten by those of the next month: what is finished stays as it is.
        run = read_json(place / "run.json")
        if run and (closed_by(request.home, place) or run["status"] == "done"):
            record = taken_over(request, run, place)
            if not exports_overwritten(client_home(request.client), run):
                return record
            left = _("Left as it stands: its exports have been overwritten since.")
            return replace(record, reason=" ".join(filter(None, (record.reason, left))))
    return None


def _refuse_closed(home: Path, place: Path) -> None:
    """A round that a later one has read is never written again: the later one rests on it."""
    later = closed_by(home, place)
    sentence = _(
        "The round of {day} is closed: the round of {later} has read it. Set as_of to a later day, or remove that later round first."
    )
    if later:
        raise AimError(sentence.format(day=place.name, later=later))


def _run(request: RunRequest, listener: NotebookListener, started: float) -> RoundRecord:
    try:
        config = load_client(request.client)
        place = _place(request, config)
        heal_folder(place)
        _refuse_closed(request.home, place)
        round_ = _open_work(request, place)
        _prepare(request, config, round_)
        changed = hold_back([Change(**change) for change in round_.record("export_changes")["changes"]], config.accept_changes)
        records = _run_steps(request, config, round_, listener)
    except UserMistakes as error:
        return _refused(request, started, error)
    except HeldBack as error:
        return _failed(request, started, "held back", str(error))
    except AimError as error:
        return _failed(request, started, "failed", str(error).splitlines()[0])
    except MemoryError:
        return _failed(request, started, "out of memory", over_memory(request.limits))
    except KernelEnded as ending:
        return _failed(request, started, ending.status, str(ending))
    return _deliver(request, config, place, round_, records, changed, time.monotonic() - started)


def _open_work(request: RunRequest, place: Path) -> Round:
    """Return the round at work: what was left in the middle, else a copy of the last one to go on from."""
    work = request.home / f".{place.name}.work"
    if not work.is_dir():
        copy = request.home / f".{place.name}.copy"
        shutil.rmtree(copy, ignore_errors=True)
        base = resume_from(request.home, place)
        if base is None:
            copy.mkdir(parents=True)
        else:
            shutil.copytree(base, copy)
        copy.replace(work)  # in one step: a copy that was killed is never taken for work to go on with
    remove_strays(work)
    return Round(work)


def _run_steps(request: RunRequest, config: ClientConfig, round_: Round, listener: NotebookListener) -> list[NotebookRecord]:
    records: list[NotebookRecord] = []
    for phase in PHASES:
        records.append(_notebook(request, config, round_, phase, records))
        listener(records[-1])
    # A report with a hole is none: after a failure the previous one stays.
    if all(record.good for record in records):
        _render(request, config, round_)
    return records


def _prepare(request: RunRequest, config: ClientConfig, round_: Round) -> None:
    # What client.yml says of the input files is the step's section "sources".
    step = Step(PREPARED, round_, config, {"inputs": input_hashes(request.client, config)})
    if standing_step(step) and not request.forces(PREPARED):
        return
    step.forget()
    before = file_states(round_.folder)
    run_in_child(lambda: fill(request.client, config, round_), request.limits)
    step.keep(files_written_since(round_.folder, before), ("sources",), {})


def _notebook(request: RunRequest, config: ClientConfig, round_: Round, phase: Phase, earlier: list[NotebookRecord]) -> NotebookRecord:
    blocked = _blocked_by(phase, earlier)
    if blocked:
        sentence = _("It needs what {notebook} did not give.").format(notebook=blocked)
        return NotebookRecord(phase.notebook, "not run", sentence)
    source = notebooks_folder() / f"{phase.notebook}.ipynb"
    step = Step(phase.notebook, round_, config, {"notebook": notebook_hash(source), "reads": read_hashes(phase, round_)})
    standing = standing_step(step)
    if standing and not request.forces(phase.notebook):
        return NotebookRecord(phase.notebook, **standing["ended"], taken_over=True)
    step.forget()
    before = file_states(round_.folder)
    record = run_notebook(phase, request.client, round_.folder, request.limits, request.engine)
    if record.good:
        # A notebook that does not say which settings it looked at rests on all of them.
        settings = (round_.ended(phase.notebook) or {}).get("settings")
        looked_at = tuple(type(config).model_fields if settings is None else settings)
        ended = {"status": record.status, "reason": record.reason}
        step.keep(files_written_since(round_.folder, before), looked_at, ended)
    return record


def _render(request: RunRequest, config: ClientConfig, round_: Round) -> None:
    step = Step(REPORT, round_, config, {"shown": file_states(round_.folder, content=True)})
    if standing_step(step) and not request.forces(REPORT):
        return
    step.forget()
    path = round_.folder / "report.html"
    run_in_child(lambda: write_atomic(path, render_round(round_.folder, config).encode()), request.limits)
    step.keep([path], (), {})


def _blocked_by(phase: Phase, records: list[NotebookRecord]) -> str:
    """Name the failed notebook whose result this phase may not do without."""
    bad = {record.notebook for record in records if not record.good}
    if "findings" in phase.reads and bad:
        return min(bad)
    writers = [writer_of(name) for name in (*phase.reads, *phase.may_read)]
    return next((writer.notebook for writer in writers if writer and writer.notebook in bad), "")


def _deliver(
    request: RunRequest, config: ClientConfig, place: Path, round_: Round, records: list[NotebookRecord], changed: list[str], seconds: float
) -> RoundRecord:
    """Put the finished round in its place; a failed one beside it."""
    bad = next((record for record in records if not record.good), None)
    short = [phase_named(record.notebook).title for record in records if record.status == "not enough data"]
    run = run_record(request, config, round_, records)
    record = RoundRecord(
        request.home.name,
        bad.status if bad else "done",
        f"{bad.notebook}: {bad.reason}" if bad else _("Not enough data for {chapters}.").format(chapters=listing(short)) if short else "",
        previous_report(request.home) if bad else place / "report.html",
        tuple(records),
        round(seconds, 2),
        (*changes(request.home, run), *changed),
    )
    ended = {"status": record.status, "reason": record.reason, "seconds": record.seconds}
    write_atomic(round_.folder / "run.json", json_bytes(run | ended))
    replace_folder(round_.folder, request.home / LAST_ATTEMPT if bad else place)
    if not bad:
        shutil.rmtree(request.home / LAST_ATTEMPT, ignore_errors=True)
    return record


def _refused(request: RunRequest, started: float, error: UserMistakes) -> RoundRecord:
    count = sum(problem.count for problem in error.problems)
    one, many = " And {n} more mistake: aim check {{client}} lists it.", " And {n} more mistakes: aim check {{client}} lists them."
    more = plural(one, many, count - error.problems[0].count).format(client=request.home.name) if len(error.problems) > 1 else ""
    return _failed(request, started, "refused", error.problems[0].safe + more, count)


def _failed(request: RunRequest, started: float, status: Status, reason: str, mistakes: int = 0) -> RoundRecord:
    seconds = round(time.monotonic() - started, 2)
    record = RoundRecord(request.home.name, status, reason, previous_report(request.home), seconds=seconds, mistakes=mistakes)
    write_status(request.home, record)
    return record


def _system_sentence(error: OSError) -> str:
    """Say what the system refused; where is for the log, since paths may name a person."""
    # copying a folder reports all its errors as one text
    if error.errno == errno.ENOSPC or f"[Errno {errno.ENOSPC}]" in str(error):
        return _("The disk is full.")
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return _("The reports folder cannot be written.")
    return _("The system refused: {error}.").format(error=error.strerror or type(error).__name__)
