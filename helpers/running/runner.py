"""One client's round from exports to report: prepare, run the notebooks in order, render, put in place.

Every step that rests on the same as last time is taken over instead of run (see ``resume``). All
work is done in a hidden folder beside the round; only a finished round takes its place.
"""

from __future__ import annotations

import contextlib
import errno
import shutil
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from helpers.client.config import ClientConfig, load_client
from helpers.core.clients import earlier_settings, notebooks_folder
from helpers.core.errors import AimError
from helpers.core.files import Busy, heal_folder, json_bytes, locked, read_json, replace_folder, write_atomic
from helpers.core.records import ROUNDS, NotebookRecord, Order, RoundRecord, Status
from helpers.core.wording import _, listing
from helpers.running.engine.apart import apart
from helpers.running.engine.limits import KernelEnded, over_memory
from helpers.running.execution import run_notebook
from helpers.running.fingerprints import notebook_hash
from helpers.running.history import LAST_ATTEMPT, LOCK, base_for, previous_report, rounds, write_status
from helpers.running.prepare import fill, input_hashes
from helpers.running.rendering import render_round
from helpers.running.resume import Step, drop_strays, files_since, seen, upstream
from helpers.running.rounds import Round
from helpers.running.runrecord import changes, run_record
from helpers.running.unchanged import taken_over
from helpers.workbook import PHASES, Phase, phase_named, writer_of

Progress = Callable[[str, NotebookRecord | None], None]
PREPARED, REPORT = "prepared", "report"


def round_job(frames: Any, order: dict[str, Any]) -> dict[str, Any]:
    """Run a round for another process: the words on every notebook go out, the record comes back."""

    def tell(notebook: str, record: NotebookRecord | None) -> None:
        frames.send({"notebook": notebook, "record": record.to_json() if record else None})

    return run_order(Order.from_json(order), tell).to_json()


def run_round(client: Path, reports: Path, progress: Progress = lambda name, record: None) -> RoundRecord:
    """Run one client's round with the usual engine and limits.

    Parameters
    ----------
    client : the client's folder.
    reports : folder of all reports.
    progress : called before (record None) and after every notebook.

    Returns
    -------
    How it ended. A failed round leaves the previous one as it was; what it did is kept in
    ``reports/<client>/last-attempt``.
    """
    return run_order(Order(Path(client), Path(reports)), progress)


def run_order(order: Order, progress: Progress = lambda name, record: None) -> RoundRecord:
    """Run one client's round as ordered; never an exception for what goes wrong with the client.

    Parameters
    ----------
    order : the client, and how to run it.
    progress : called before (record None) and after every notebook.
    """
    started = time.monotonic()
    try:
        with locked(order.home / LOCK):
            settled = _settled(order)
            if settled is not None:
                return settled
            record = _missing_round(order, progress) or _run(order, progress, started)
            write_status(order.home, record)
            return record
    except Busy:
        return _failed(order, started, "failed", _("Another process is running this client now."))
    except OSError as error:
        return _failed(order, started, "failed", _system_sentence(error))


def _missing_round(order: Order, progress: Progress) -> RoundRecord | None:
    """Run the earlier rounds whose settings are kept and that are not there; return the record of one that failed."""
    for folder in earlier_settings(order.client):
        before = replace(order, client=folder, force=())
        try:
            there = (_place(order, load_client(folder)) / "run.json").is_file()
        except AimError:
            there = False  # the run says what is wrong with these settings
        record = None if there else _run(before, progress, time.monotonic())
        if record is not None and not record.good:
            return record
    return None


def _place(order: Order, config: ClientConfig) -> Path:
    return order.home / config.as_of.isoformat()


def _settled(order: Order) -> RoundRecord | None:
    """Return the record of a round of kept settings that is closed: it stands, whatever has changed since."""
    if order.client.parent.name != ROUNDS:
        return None
    with contextlib.suppress(AimError):  # the run says what is wrong with these settings
        place = _place(order, load_client(order.client))
        if _reader_of(order.home, place):
            return taken_over(order, read_json(place / "run.json"), place)
    return None


def _refuse_closed(home: Path, place: Path) -> None:
    """A round that a later one has read is never written again: the later one rests on it."""
    later = _reader_of(home, place)
    if later:
        raise AimError(
            _(
                "The round of {day} is closed: the round of {later} has read it. Set as_of to a later day, or remove "
                "that later round first."
            ).format(day=place.name, later=later)
        )


def _reader_of(home: Path, place: Path) -> str:
    """Return the day of the round that has read a finished one; empty where none has."""
    if not (place / "run.json").is_file():
        return ""
    for later in rounds(home):
        record = read_json(later / "run.json") or {}
        if later.name > place.name and place.name in record.get("earlier", {}).get("rounds", {}):
            return later.name
    return ""


def _run(order: Order, progress: Progress, started: float) -> RoundRecord:
    try:
        config = load_client(order.client)
        place = _place(order, config)
        heal_folder(place)
        _refuse_closed(order.home, place)
        round_ = _open_work(order, place)
        records = _run_steps(order, config, round_, progress)
    except AimError as error:
        return _failed(order, started, "failed", str(error).splitlines()[0])
    except MemoryError:
        return _failed(order, started, "out of memory", over_memory(order.limits))
    except KernelEnded as ending:
        return _failed(order, started, ending.status, str(ending))
    return _deliver(order, config, place, round_, records, time.monotonic() - started)


def _open_work(order: Order, place: Path) -> Round:
    """Return the round at work: what was left in the middle, else a copy of the last one to go on from."""
    work = order.home / f".{place.name}.work"
    if not work.is_dir():
        copy = order.home / f".{place.name}.copy"
        shutil.rmtree(copy, ignore_errors=True)
        base = base_for(order.home, place)
        if base is None:
            copy.mkdir(parents=True)
        else:
            shutil.copytree(base, copy)
        copy.replace(work)
    drop_strays(work)
    return Round(work)


def _run_steps(order: Order, config: ClientConfig, round_: Round, progress: Progress) -> list[NotebookRecord]:
    _prepare(order, config, round_)
    records: list[NotebookRecord] = []
    for phase in PHASES:
        progress(phase.notebook, None)
        records.append(_notebook(order, config, round_, phase, records))
        progress(phase.notebook, records[-1])
    if all(record.good for record in records):
        _render(order, config, round_)
    return records


def _prepare(order: Order, config: ClientConfig, round_: Round) -> None:
    step = Step(PREPARED, round_, config, {"inputs": _inputs(order, config)})
    if step.recorded() and not order.forces(PREPARED):
        return
    step.forget()
    before = seen(round_.folder)
    apart(lambda: fill(order.client, config, round_), order.limits)
    step.keep(files_since(round_.folder, before), ("sources",), {})


def _inputs(order: Order, config: ClientConfig) -> dict[str, str]:
    """Return the hashes of the input files; what client.yml says of them is the step's section "sources"."""
    return {name: one for name, one in input_hashes(order.client, config).items() if name != "client.yml"}


def _notebook(order: Order, config: ClientConfig, round_: Round, phase: Phase, earlier: list[NotebookRecord]) -> NotebookRecord:
    blocked = _blocked_by(phase, earlier)
    if blocked:
        sentence = _("It needs what {notebook} did not give.").format(notebook=blocked)
        return NotebookRecord(phase.notebook, "not run", sentence)
    source = notebooks_folder() / f"{phase.notebook}.ipynb"
    step = Step(phase.notebook, round_, config, {"notebook": notebook_hash(source), "reads": upstream(phase, round_)})
    recorded = step.recorded()
    if recorded and not order.forces(phase.notebook):
        return NotebookRecord(phase.notebook, **recorded["ended"], taken_over=True)
    step.forget()
    before = seen(round_.folder)
    record = run_notebook(phase, order.client, round_.folder, order.limits, order.engine)
    if record.good:
        settings = (round_.ended(phase.notebook) or {}).get("settings")
        looked_at = tuple(type(config).model_fields if settings is None else settings)
        ended = {"status": record.status, "reason": record.reason}
        step.keep(files_since(round_.folder, before), looked_at, ended)
    return record


def _render(order: Order, config: ClientConfig, round_: Round) -> None:
    step = Step(REPORT, round_, config, {"shown": seen(round_.folder, content=True)})
    if step.recorded() and not order.forces(REPORT):
        return
    step.forget()
    path = round_.folder / "report.html"

    def work() -> None:
        write_atomic(path, render_round(round_.folder, config).encode())

    apart(work, order.limits)
    step.keep([path], (), {})


def _blocked_by(phase: Phase, records: list[NotebookRecord]) -> str:
    """Name the failed notebook whose result this phase may not do without."""
    bad = {record.notebook for record in records if not record.good}
    if "findings" in phase.reads and bad:
        return min(bad)
    writers = [writer_of(name) for name in (*phase.reads, *phase.may_read)]
    return next((writer.notebook for writer in writers if writer and writer.notebook in bad), "")


def _deliver(order: Order, config: ClientConfig, place: Path, round_: Round, records: list[NotebookRecord], seconds: float) -> RoundRecord:
    """Put the finished round in its place; a failed one beside it."""
    bad = next((record for record in records if not record.good), None)
    read = run_record(order, config, round_, records)
    record = RoundRecord(
        order.home.name,
        bad.status if bad else "done",
        f"{bad.notebook}: {bad.reason}" if bad else _said(records),
        previous_report(order.home) if bad else place / "report.html",
        tuple(records),
        round(seconds, 2),
        changes(order.home, read),
    )
    said = {"status": record.status, "reason": record.reason, "seconds": record.seconds}
    write_atomic(round_.folder / "run.json", json_bytes(read | said))
    replace_folder(round_.folder, order.home / LAST_ATTEMPT if bad else place)
    if not bad:
        shutil.rmtree(order.home / LAST_ATTEMPT, ignore_errors=True)
    return record


def _said(records: list[NotebookRecord]) -> str:
    short = [phase_named(record.notebook).title for record in records if record.status == "not enough data"]
    return _("Not enough data for {chapters}.").format(chapters=listing(short)) if short else ""


def _failed(order: Order, started: float, status: Status, reason: str) -> RoundRecord:
    seconds = round(time.monotonic() - started, 2)
    record = RoundRecord(order.home.name, status, reason, previous_report(order.home), seconds=seconds)
    write_status(order.home, record)
    return record


def _system_sentence(error: OSError) -> str:
    """Say what the system refused; where is for the log, since paths may name a person."""
    # copying a folder reports all its errors as one text
    if error.errno == errno.ENOSPC or f"[Errno {errno.ENOSPC}]" in str(error):
        return _("The disk is full.")
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return _("The reports folder cannot be written.")
    return _("The system refused: {error}.").format(error=error.strerror or type(error).__name__)
