"""Web logs and GA4 exports opened as sources: read in parts, every line accounted for."""

import csv
import gzip
import json
import re
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from helpers.core.errors import Problem
from helpers.core.wording import _
from helpers.privacy.pseudonyms import client_key
from helpers.sources.limits import TooMuch
from helpers.sources.raw import LINE, Raw, refused
from helpers.sources.store import Store, most_spilled
from helpers.sources.webevents.ga4 import from_ga4
from helpers.sources.webevents.log import LogRead, read_combined
from helpers.tables import WEB_EVENTS
from helpers.tables.declared import Source
from helpers.tables.receipts import SetAside

LINES_AT_ONCE = 200_000
EVENTS_AT_ONCE = 20_000  # an event of GA4 is a hundred times as large in memory as a line of a log
LONGEST_LINE = 1_000_000
_OBJECT = re.compile(r"[^\ufeff\s,\[]|$")  # where what stands between two objects ends
_REASONS = {
    "unreadable": lambda: _("The line has not the form of the log."),
    "not_pages": lambda: _("Pictures, styles, scripts and fonts are parts of a page."),
    "not_shown": lambda: _("Errors, redirects and what was sent, not shown."),
    "double": lambda: _("The event stands twice in the export."),
}


def open_web_export(path: Path, folder: Path, source: Source, store: Store) -> Raw:
    """Open a log in combined form, or GA4's export as JSON lines, one JSON array, parquet or flattened CSV.

    Returns
    -------
    The events in the columns of ``tables.WEB_EVENTS``, with every line that is no event set aside and counted; or the problem.
    """
    is_log = source.format == "combined_log"
    parts = _log_parts(path, folder, source) if is_log else _ga4_parts(path, source)
    counts: Counter[str] = Counter()
    bad_lines: list[int] = []
    kept = store.folder / f"{store.new_folder().name}.parquet"
    with pq.ParquetWriter(kept, _SCHEMA) as writer:
        try:
            for part in parts:
                bad_lines += part.unreadable_lines[: 3 - len(bad_lines)]
                counts.update(part.counts)
                counts["rows"] += len(part.events)
                events = part.events.reindex(columns=[name for name in _SCHEMA.names if name != LINE]).assign(**{LINE: None})
                writer.write_table(pa.Table.from_pandas(events, schema=_SCHEMA, preserve_index=False))
        except (EOFError, OSError, gzip.BadGzipFile, pa.ArrowException) as error:
            fix = f"It is damaged ({type(error).__name__}): export it again."
            return refused([Problem(source.file, "line 1", "", "a complete file", fix)])
    problem = _unfit(counts, bad_lines, source, path.stat().st_size)
    if problem:
        return refused([problem])
    table = store.backend.read_parquet(kept)
    if not is_log:  # in one order, whatever the engine's threads did
        table = store.keep(table.distinct().order_by(table.columns))
        counts["double"] = counts["rows"] - int(table.count().execute())
    apart = tuple(SetAside(name.replace("_", " "), reason(), counts[name]) for name, reason in _REASONS.items() if counts[name])
    return Raw(table, {name: name for name in source.theirs}, word="line", lasting=True, apart=apart)


def _unfit(counts: Counter[str], bad_lines: list[int], source: Source, size: int) -> Problem | None:
    """Return the problem of a file in which too many lines, or all, are no events."""
    form = "lines of a combined log" if source.format == "combined_log" else "events as GA4 exports them"
    places = f"lines {', '.join(map(str, bad_lines))}" if bad_lines else f"lines 1 to {counts['lines']}"
    if counts["unreadable"] > source.unreadable_share * max(counts["lines"], 1):
        share = f"{counts['unreadable']:,} of {counts['lines']:,} lines are not"
        return Problem(source.file, places, "", f"{form}: {share}", "Look at these lines, or allow more: unreadable_share.")
    if size and not counts["rows"]:
        kinds = ", ".join(f"{name.replace('_', ' ')}: {counts[name]:,}" for name in _REASONS if counts[name])
        return Problem(source.file, places, "", f"{form}, at least one a page that was shown ({kinds})", "Look at how it was exported.")
    return None


_SCHEMA = pa.schema(
    [(name, pa.timestamp("us") if name == WEB_EVENTS.when else pa.string()) for name in WEB_EVENTS.names] + [(LINE, pa.int64())]
)


def _lines(path: Path) -> Iterator[str]:
    left = most_spilled()
    with gzip.open(path, "rb") if path.suffix == ".gz" else path.open("rb") as stream:
        while line := stream.readline(LONGEST_LINE):  # a longer one comes in pieces, none of which is a line of a log
            left -= len(line)
            if left < 0:
                raise TooMuch("", "a log of less than AIM_SPILL", "Read less of it, or set AIM_SPILL on this machine.")
            yield line.decode("utf-8", errors="replace")


def _log_parts(path: Path, folder: Path, source: Source) -> Iterator[LogRead]:
    key, lines, first = client_key(folder), _lines(path), 1
    while chunk := list(islice(lines, LINES_AT_ONCE)):
        yield read_combined(chunk, source.time_zone, key, first)
        first += len(chunk)


def _ga4_parts(path: Path, source: Source) -> Iterator[LogRead]:
    with path.open("rb") as stream:
        start = stream.read(4)
    first_line = "" if start == b"PAR1" else next((line for line in _lines(path) if line.strip("\ufeff \t\r\n")), "").lstrip("\ufeff \t")
    if start == b"PAR1":
        rows: Iterator[dict[str, Any]] = (row for batch in pq.ParquetFile(path).iter_batches(5_000) for row in batch.to_pylist())
    elif first_line.startswith("{"):
        rows = (_json(line) for line in _lines(path) if line.strip())
    elif first_line.startswith("["):
        rows = _array(path)
    else:  # flattened by whoever exported it, with names such as device.category
        rows = ({name: cell or None for name, cell in row.items() if name} for row in csv.DictReader(_lines(path)))
    first = 1
    while chunk := list(islice(rows, EVENTS_AT_ONCE)):
        bad = [first + i for i, row in enumerate(chunk) if not row]
        events = from_ga4((row for row in chunk if row), source.time_zone)
        yield LogRead(events, {"lines": len(chunk), "unreadable": len(chunk) - len(events)}, tuple(bad))
        first += len(chunk)


def _array(path: Path) -> Iterator[dict[str, Any]]:
    """Yield the objects of one JSON array, however its lines are broken; what cannot be read ends it as one bad row."""
    decoder, text = json.JSONDecoder(), ""
    for block in _blocks(path):
        text += block
        at = _next_object(text, 0)
        while text.startswith("{", at):
            try:
                row, at = decoder.raw_decode(text, at)
            except ValueError:
                break  # the rest of it stands in the next block
            yield row
            at = _next_object(text, at)
        text = text[at:]
        if len(text) > 2 * LONGEST_LINE:
            break
    if text.strip() != "]":
        yield {}


def _next_object(text: str, at: int) -> int:
    sign = _OBJECT.search(text, at)
    return sign.start() if sign else len(text)


def _blocks(path: Path) -> Iterator[str]:
    """Yield lines put together to about a million characters: an object over many lines is then tried once, not once per line."""
    block, size = [], 0
    for line in _lines(path):
        block.append(line)
        size += len(line)
        if size >= LONGEST_LINE:
            yield "".join(block)
            block, size = [], 0
    yield "".join(block)


def _json(line: str) -> dict[str, Any]:
    try:
        row = json.loads(line)
    except ValueError:
        return {}
    return row if isinstance(row, dict) else {}
