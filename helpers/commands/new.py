"""``aim new``: from a folder of exports, or a system's name, to a client with a short client.yml."""

import os
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from helpers.commands.options import limit_options, limits_of
from helpers.core.clients import data_folder, name_refused
from helpers.core.errors import AimError, did_you_mean, printable
from helpers.core.records import Limits
from helpers.core.wording import plural
from helpers.sources.draft.drafting import Drafted, drafted_from
from helpers.sources.draft.records import Draft, Question

MOST_QUESTIONS = 5
_NO_DAY_YET = "2024-06-30"


@click.command()
@click.argument("name", required=False, default="")
@click.option(
    "--from",
    "origins",
    multiple=True,
    metavar="PATH_OR_SYSTEM",
    help="A folder of exports, one export, or a system such as shopify-orders; may be given several times.",
)
@click.option("--yes", is_flag=True, help="Ask nothing: take the usual answers, and write down what is doubtful.")
@click.option("--dry-run", is_flag=True, help="Say what is seen in the files and what client.yml would be; write nothing.")
@click.option("--list", "listed", is_flag=True, help="List the systems and exports there are.")
@limit_options("client")
def new(name: str, origins: tuple[str, ...], yes: bool, dry_run: bool, listed: bool, minutes: float, memory: int) -> None:
    """Make a client: its folder, its exports and a short client.yml.

    With --from a folder, every file is looked at, read with what was seen, and asked about where the files alone do not say: at
    most five questions, and none without a terminal. Nothing that is there is ever overwritten, and of a client that cannot be
    made nothing stays. Exit code 0 when it was made, 1 when it was refused, 2 for a wrong call.
    """
    if listed:
        from helpers.sources.presets import presets

        for key, preset in presets().items():
            click.echo(f"{key:<26} {preset.title}{' (doubtful)' if preset.sure != 'solid' else ''}")
        return
    if not name and not (dry_run and origins):
        raise click.UsageError("Say how the client is to be called: aim new NAME; aim new --list lists the systems.")
    if name:
        _refuse_taken(name, exports=bool(origins))
    systems, paths = _parted(origins)
    if paths:
        _make_from_exports(name or "my-client", systems, paths, limits_of(minutes, memory), not yes and _at_terminal(), dry_run)
    else:
        _make_empty(name or "my-client", systems, dry_run)


def _at_terminal() -> bool:
    return sys.stdin.isatty()


def _refuse_taken(name: str, exports: bool) -> None:
    if name_refused(name):
        raise AimError(name_refused(name))
    folder = data_folder() / name
    if (folder / "client.yml").exists() or folder.is_file():
        raise AimError(f"The client {name!r} is there already: {folder}. Choose another name.")
    if exports and folder.is_dir() and any(folder.iterdir()):
        raise AimError(f"{folder} is there already and not empty. Choose another name: aim new OTHER-NAME --from {folder}")


def _parted(origins: Sequence[str]) -> tuple[list[str], list[Path]]:
    """Return the systems and the paths among what was named; a path that is there is no system."""
    from helpers.sources.presets import presets

    systems, paths = [], []
    known = {word for key in presets() for word in (key, key.split("-")[0])}
    for origin in origins:
        path = Path(origin).expanduser()
        if os.path.lexists(path) or len(path.parts) > 1 or path.suffix:
            paths.append(path)
        elif origin in known:
            systems.append(origin)
        else:
            raise AimError(
                f"{printable(origin)!r} is no file or folder that is there, and no system. {did_you_mean(origin, sorted(known))}"
            )
    return systems, paths


def _make_empty(name: str, systems: Sequence[str], dry_run: bool) -> None:
    from helpers.core.files import write_atomic
    from helpers.sources.draft.short_text import client_yml, empty_client_yml

    text = client_yml(_with_systems(Draft({}, ()), systems), name) if systems else empty_client_yml(name)
    if dry_run:
        click.echo(text, nl=False)
        return
    path = data_folder() / name / "client.yml"
    write_atomic(path, text.encode())
    click.echo(f"Made {path}. Put the exports beside it, fill in 'sources', then: aim check {name}")
    click.echo("Shorter, where the exports are there: aim new OTHER-NAME --from FOLDER. What a key may hold: aim explain sources")


def _make_from_exports(name: str, systems: Sequence[str], paths: Sequence[Path], limits: Limits, asks: bool, dry_run: bool) -> None:
    from helpers.core.files import write_atomic
    from helpers.sources.draft.gathering import brought_together, gathered
    from helpers.sources.draft.short_text import client_yml

    exports = gathered(paths)
    with brought_together(exports.files, None if dry_run else data_folder()) as folder:
        drafted = _asked(lambda answers: _drafted(folder, list(exports.files), answers, limits), asks)
        used = {str(source["file"]) for source in drafted.draft.sources}
        draft = _with_systems(replace(drafted.draft, left_out={**exports.left_out, **drafted.draft.left_out}), systems)
        text = client_yml(draft, name)
        if dry_run:
            _say_what_is_seen(replace(drafted, draft=draft), text)
            return
        for file in set(exports.files) - used:
            (folder / file).unlink()
        write_atomic(folder / "client.yml", text.encode())
        place = data_folder() / name
        try:
            if place.is_dir():
                place.rmdir()  # it was empty a moment ago
            os.rename(folder, place)
        except OSError:
            raise AimError(f"{place} was made by somebody else in the meantime. Choose another name.") from None
    _say_what_was_made(draft, name, place, len(used))


def _with_systems(draft: Draft, systems: Sequence[str]) -> Draft:
    """Return a draft with the source blocks of systems whose exports are still to come."""
    from helpers.sources.presets import presets_for

    chosen = {preset.name: preset for system in systems for preset in presets_for(system)}  # each once, also when named twice
    sources, reasons, doubts = list(draft.sources), dict(draft.reasons), list(draft.doubts)
    for preset in chosen.values():
        form = preset.source.get("format", "csv")
        file = f"{preset.name}.{ {'combined_log': 'log.gz', 'ga4': 'jsonl'}.get(form, form) }"
        doubts += [f"{file} is still to be put here.", *(f"{preset.title}: {trap}" for trap in preset.traps)]
        reasons[f"sources.{len(sources)}"] = preset.title + ("" if preset.sure == "solid" else " (doubtful: check every column)")
        sources.append(preset.block(file))
    settings = {"as_of": _NO_DAY_YET, **draft.settings}
    if "as_of" not in draft.settings:
        reasons["as_of"] = "write here up to which day the exports go; nothing after it is used"
    return replace(draft, settings=settings, sources=tuple(sources), reasons=reasons, doubts=tuple(doubts))


def _drafted(folder: Path, files: list[str], answers: Mapping[str, str], limits: Limits) -> Drafted:
    """Have a draft made in a process of its own; a file that takes too much to be looked at is left out and named."""
    from helpers.running.engine.job_process import run_limited_job
    from helpers.running.engine.limits import KernelEnded

    too_much: dict[str, str] = {}
    while len(too_much) < len(files):
        reading, ended = "", dict[str, Any]()
        arguments: dict[str, Any] = {
            "folder": str(folder),
            "files": [file for file in files if file not in too_much],
            "answers": dict(answers),
        }
        try:
            for record in run_limited_job("helpers.sources.draft.drafting:draft_job", arguments, limits):
                reading = record.get("reading", reading)
                ended = record.get("end", ended)
        except KernelEnded as ending:
            if ending.status == "kernel died" and ending.code == 1:
                what = f"while {printable(reading)} was looked at" if reading else "while the exports were read together"
                raise AimError(
                    f"The workbook itself failed {what}; this is a fault of ours, not of the exports. Please report it."
                ) from None
            if not reading:
                raise AimError(
                    f"The exports could not be read together. {ending} Name fewer with --from, or allow more time and memory."
                ) from None
            too_much[reading] = f"it could not be looked at to its end: {ending}"
            continue
        drafted = drafted_from(ended)
        return replace(drafted, draft=replace(drafted.draft, left_out={**too_much, **drafted.draft.left_out}))
    raise AimError("None of the files could be looked at to its end: allow more with --minutes and --memory.")


def _asked(draft_with: Callable[[Mapping[str, str]], Drafted], asks: bool) -> Drafted:
    """Return the draft after what a person answered; without questions, the draft with the usual answers."""
    answers: dict[str, str] = {}
    drafted = draft_with(answers)
    while asks and len(answers) < MOST_QUESTIONS:
        question = next((question for question in drafted.draft.questions if question.name not in answers), None)
        if question is None:
            break
        answers[question.name] = _answer(question, len(answers) + 1)
        # The draft rests on the usual answer already.
        drafted = drafted if answers[question.name] == question.usual else draft_with(answers)
    unanswered = tuple(question for question in drafted.draft.questions if question.name not in answers)
    return replace(drafted, draft=replace(drafted.draft, questions=unanswered))


def _answer(question: Question, number: int) -> str:
    click.echo(f"\nQuestion {number} of at most {MOST_QUESTIONS}. {printable(question.text)}")
    values = list(question.choices)
    for n, value in enumerate(values, 1):
        usual = f"   <- usual: {question.reason}" if value == question.usual else ""
        click.echo(printable(f"  {n}. {question.choices[value]}{usual}"))
    chosen = click.prompt(
        "Number, or Enter for the usual one", type=click.IntRange(1, len(values)), default=values.index(question.usual) + 1
    )
    return values[chosen - 1]


def _say_what_is_seen(drafted: Drafted, text: str) -> None:
    for sight in drafted.seen:
        click.echo(printable(f"{sight.file}: {sight.rows:,} rows looked at{', which is all of them' if sight.whole else ''}"))
        if sight.preset:
            click.echo(printable(f"  - Looks like: {sight.preset}"))
        for sentence in sight.evidence:
            click.echo(printable(f"  - {sentence}"))
    click.echo(f"\nclient.yml would be:\n\n{text}")
    asked, rest = drafted.draft.questions[:MOST_QUESTIONS], drafted.draft.questions[MOST_QUESTIONS:]
    for question in asked:
        click.echo(printable(f"Would be asked: {question.text}"))
        for value, meaning in question.choices.items():
            click.echo(printable(f"  - {meaning}{f' (usual: {question.reason})' if value == question.usual else ''}"))
    _say_the_rest(replace(drafted.draft, questions=rest))
    click.echo("Nothing was written.")


def _say_what_was_made(draft: Draft, name: str, place: Path, files: int) -> None:
    click.echo(f"\nMade {place}: client.yml and {plural('{n} export', '{n} exports', files)}.")
    for n, source in enumerate(draft.sources):
        rows = f"  {draft.rows[n]:,} rows" if n < len(draft.rows) else ""
        sheet = f", sheet {source['sheet']}" if source.get("sheet") else ""
        click.echo(printable(f"  {source['file']}{sheet} -> {source['table']}{rows}"))
    _say_the_rest(draft)
    click.echo(f"Next: read {place / 'client.yml'}, then\n  aim check {name}\n  aim run {name}")


def _say_the_rest(draft: Draft) -> None:
    """Say everything that client.yml may have no room for."""
    from helpers.sources.draft.short_text import taken

    parts = {
        "Decided without you": [taken(question) for question in draft.questions],
        "Look at these": list(draft.doubts),
        "Not used": [f"{what}: {why}" for what, why in draft.left_out.items()],
    }
    for title, sentences in parts.items():
        if sentences:
            click.echo("\n".join([f"{title}:", *(printable(f"  - {sentence}") for sentence in sentences)]))
