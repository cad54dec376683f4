"""The bytes of a text file that are looked at: all of a small one; of a large one its head, pieces all through it, and its end."""

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from helpers.core.errors import AimError
from helpers.core.wording import _
from helpers.sources.draft.shapes import source_like
from helpers.sources.packed import pieces

WHOLE = 6_000_000  # bytes up to which everything is looked at
_HEAD, _SLICE, _STEP, _SLICES = 1_000_000, 1 << 15, 1 << 19, 96
_SCANNED = 300_000_000  # bytes up to which a file is run through; of a larger one pieces are fetched
_EUROPEAN = "àáâäãåæçèéêëìíîïñòóôöõøœùúûüýÿßÀÁÂÄÅÆÇÈÉÊËÍÎÏÑÓÔÖØŒÙÚÜ€£§°²³µ½’‘“”–—…•«»\u00a0"
_SINGLE_BYTE = ("cp1252", "cp850", "mac-roman")


@dataclass(frozen=True)
class Excerpt:
    """What was taken of a file: ``texts`` are whole lines, in its order; the last is its end, where ``ends`` says so."""

    texts: tuple[str, ...]
    encoding: str
    evidence: str
    whole: bool
    ends: bool


def excerpt(path: Path, packed: str) -> Excerpt:
    """Return the part of a text file that is looked at.

    Parameters
    ----------
    path : the file.
    packed : "no", "gz" or "zip".

    Raises
    ------
    AimError : it holds no text in lines.
    """
    body, slices, tail, odd = bytearray(), [], b"", b""
    utf8, size, steps, every = codecs.getincrementaldecoder("utf-8")("strict"), 0, 0, 1
    valid = True
    for piece in _pieces(path, packed):
        if size < WHOLE:
            body += piece
        for at in range(0, len(piece), _STEP):
            if steps % every == 0:
                slices.append((size + at, piece[at : at + _SLICE]))
            if len(slices) > _SLICES:
                slices, every = slices[::2], every * 2
            steps += 1
        try:
            valid and utf8.decode(piece)
        except UnicodeDecodeError as error:
            valid, odd = False, piece[max(0, error.start - 500) : error.start + 2_000]
        size, tail = size + len(piece), (tail + piece)[-_SLICE:]
    whole = size <= WHOLE
    start = bytes(body[:_HEAD])
    jumped = packed == "no" and path.stat().st_size > _SCANNED
    ends = whole or packed == "no" or size < _SCANNED
    encoding, evidence = _encoding(start, valid or jumped, odd)
    raw = [bytes(body)] if whole else [start, *(part for at, part in slices if _HEAD <= at < size - 2 * _SLICE), tail]
    texts = [part.decode(encoding if i == 0 or encoding != "utf-16" else _byte_order(start), "replace") for i, part in enumerate(raw)]
    texts[0] = texts[0].removeprefix("\ufeff")
    if not texts[0].strip("\0 \r\n") or "\0" in texts[0]:
        what = _("a program or another binary file") if "\0" in texts[0] else _("empty inside")
        raise AimError(_("{file}: expected text in lines; it is {what}.").format(file=path.name[:60], what=what))
    if not whole:
        last = len(texts) - 1
        texts = [_whole_lines(text, first=i == 0, last=ends and i == last) for i, text in enumerate(texts)]
        if not texts[0]:
            raise AimError(_("{file}: expected lines; its beginning holds no line break.").format(file=path.name[:60]))
    return Excerpt(tuple(filter(None, texts)), encoding, evidence, whole, ends)


def _pieces(path: Path, packed: str) -> Iterator[bytes]:
    size = path.stat().st_size
    if packed == "no" and size > _SCANNED:
        with path.open("rb") as file:
            yield file.read(WHOLE + 2)
            for i in range(1, _SLICES):
                file.seek(i * size // _SLICES // 2 * 2)
                yield file.read(_SLICE)
            file.seek((size - _SLICE) // 2 * 2)
            yield file.read(_SLICE)
        return
    seen = 0
    for piece in pieces(path, source_like(packed=packed)):
        yield piece
        seen += len(piece)
        if seen > _SCANNED:
            return


def _whole_lines(text: str, first: bool, last: bool) -> str:
    mark = "\n" if "\n" in text else "\r"
    begin = 0 if first else text.find(mark) + 1
    end = len(text) if last else text.rfind(mark) + 1
    return text[begin:end]


def _byte_order(start: bytes) -> str:
    return "utf-16-be" if start.startswith(b"\xfe\xff") else "utf-16-le"


def _encoding(start: bytes, utf8: bool, odd: bytes) -> tuple[str, str]:
    if start[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return "utf-16", _("The mark of UTF-16 stands at the start.")
    for encoding, zeros in (("utf-16-le", start[1:2_000:2]), ("utf-16-be", start[0:2_000:2])):
        if zeros.count(0) > 0.7 * len(zeros) > 0:
            return encoding, _("Every second byte is zero, as in UTF-16 without a mark.")
    if utf8:
        return "utf-8-sig", ""
    text = odd.decode("utf-8", "ignore")
    foreign = [part for part in re.findall(rb"[\x80-\xff]+", odd + start)]
    scores = {}
    for encoding in _SINGLE_BYTE:
        letters = b"".join(foreign).decode(encoding, "replace")
        scores[encoding] = sum(letter in _EUROPEAN for letter in letters)
    best = max(_SINGLE_BYTE, key=lambda encoding: scores[encoding])
    best = "cp1252" if scores["cp1252"] >= 0.9 * scores[best] else best
    sentence = _("It is not UTF-8; its accents fit {encoding}.").format(encoding=best)
    if any(not letter.isascii() for letter in text):
        sentence += " " + _("Some lines seem to be UTF-8 all the same: such a file must be exported again.")
    return best, sentence
