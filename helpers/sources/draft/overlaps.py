"""Order lines exported twice, in files that overlap: what the newer file holds too is left out of the older one."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from helpers.sources.doubts.repeats import SAME_ORDERS
from helpers.sources.draft.proof import Mended, read


def oldest_first(proofs: Sequence[tuple[str, Mended]]) -> list[tuple[str, Mended]]:
    """Return files with those of order lines, among themselves, in the order of their last day: a later one knows of corrections."""
    lines = [i for i, (_label, proof) in enumerate(proofs) if (proof.block or {})["table"] == "order_lines"]
    in_order = sorted(lines, key=lambda i: (proofs[i][1].last_day, i))
    moved = dict(zip(lines, in_order, strict=True))
    return [proofs[moved.get(i, i)] for i in range(len(proofs))]


def repeated_files(folder: Path, blocks: Sequence[Mapping[str, Any]]) -> dict[int, tuple[str, ...]]:
    """Return the later files that hold some of the same orders, by the place of the block (``repeated_in``).

    Parameters
    ----------
    folder : where the files are.
    blocks : source blocks that read by themselves, with the rules for their ids.
    """
    lines = [i for i, block in enumerate(blocks) if block["table"] == "order_lines"]
    if len(lines) < 2:
        return {}
    intake, _problems = read(folder, [{**blocks[i], "repeated_in": ()} for i in lines])
    if intake is None:
        return {}
    with intake:
        pairs = [pair for pair in intake.repeated if pair.agreement >= SAME_ORDERS]
    later: dict[int, tuple[str, ...]] = {}
    for pair in pairs:
        file = str(blocks[lines[pair.later]]["file"])
        later[lines[pair.earlier]] = tuple(dict.fromkeys((*later.get(lines[pair.earlier], ()), file)))
    return later
