"""All files read together: ids in one form, what does not fit the others left out, orders of nobody set aside, doubts found."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from math import floor
from pathlib import Path
from typing import Any

from helpers.core.errors import Problem
from helpers.core.wording import _
from helpers.sources.asking import counts, frame
from helpers.sources.customers import with_orders
from helpers.sources.doubts import find_doubts
from helpers.sources.draft.keys import BUYING, nobody, renamed, repairs
from helpers.sources.draft.last_day import last_day
from helpers.sources.draft.overlaps import oldest_first, repeated_files
from helpers.sources.draft.proof import Mended, read
from helpers.sources.draft.records import Question
from helpers.sources.intake import Intake
from helpers.tables.doubts import Doubt

_LEAST_MET = 0.1  # of ids that must meet a list for it to be kept at all


@dataclass
class Joint:
    """Blocks that read together, and what was found when they did; by their place where ``reasons`` name one."""

    labels: list[str] = field(default_factory=list)
    blocks: list[dict[str, Any]] = field(default_factory=list)
    left_out: dict[str, str] = field(default_factory=dict)
    reasons: dict[str, str] = field(default_factory=dict)
    questions: list[Question] = field(default_factory=list)
    doubts: list[str] = field(default_factory=list)
    rows: tuple[int, ...] = ()
    as_of: date | None = None
    as_of_reason: str = ""
    currencies: tuple[str, ...] = ()
    arms: tuple[str, ...] = ()
    tests: int = 0


def joint(folder: Path, proofs: Sequence[tuple[str, Mended]], answers: Mapping[str, str]) -> Joint:
    """Return what of files that each read by themselves also reads together.

    Parameters
    ----------
    folder : where the files are.
    proofs : the files' labels and their blocks.
    answers : what a person has said.
    """
    proofs = oldest_first(proofs)
    result = Joint([label for label, _proof in proofs], [dict(proof.block or {}) for _label, proof in proofs])
    ids = {i: proof.ids for i, (_label, proof) in enumerate(proofs)}
    for i, rules in repairs(result.blocks, ids).items():
        result.blocks[i]["ids"] = {**result.blocks[i].get("ids", {}), **rules}
    because = {id(block): _("So the ids meet those of the other files.") for block in result.blocks if "ids" in block}
    repeats = repeated_files(folder, result.blocks)
    buyers = {table: _buyers(table, result.blocks, proofs) for table in BUYING}
    listed = frozenset().union(*(_listed(proof, block) for (_label, proof), block in zip(proofs, result.blocks, strict=True)))
    tills = {table: till for table in BUYING if (till := nobody(buyers[table], listed))}
    _emptied(result, tills, _("One number on many orders that is not in the list of customers, as a till has."), because)
    _with_repeats(result, repeats)
    while (intake := _all_that_reads(folder, result)) is not None:
        with intake:
            day, why, apart = last_day(intake, _exported(folder))
            doubts = _doubts(intake, day)
            guests = _guests(result, buyers, doubts, answers)
            if not _emptied(result, guests, _("One number on many orders, as a till or a guest checkout has."), because):
                result.doubts += apart
                return _with_reasons(_judged(result, intake, doubts, (day, why)), because)
    return result


def _with_repeats(result: Joint, repeats: Mapping[int, tuple[str, ...]]) -> None:
    doubt = _("{file}: orders that stand in {files} too count once, as they stand there; look whether they were exported twice.")
    for i, files in repeats.items():
        result.blocks[i]["repeated_in"] = files
        result.doubts.append(doubt.format(file=result.labels[i], files=", ".join(files)))


def _guests(result: Joint, buyers: Mapping[str, Mapping[str, Any]], doubts: Sequence[Doubt], answers: Mapping[str, str]) -> dict[str, str]:
    """Return the number that seems to be a till or guest account although no list tells, by table, and ask about it."""
    guests: dict[str, str] = {}
    for doubt in doubts:
        for table in BUYING if doubt.kind == "guest_account" else ():
            name = f"guest {table}"
            if not doubt.act_on or doubt.act_on not in buyers[table] or answers.get(name) == "keep":
                continue
            guests[table] = doubt.act_on
            text = _("{table}: customer number {number} stands on {orders} orders. Is it a till or a guest account?").format(
                table=table, number=doubt.act_on, orders=f"{buyers[table][doubt.act_on][0]:,}"
            )
            choices = {"nobody": _("yes: its revenue counts, for no customer"), "keep": _("no: it is one customer")}
            if name not in answers and name not in {question.name for question in result.questions}:
                result.questions.append(Question(name, text, choices, "nobody", _("It stands on far more orders than any other."), 8.5))
    return guests


def _buyers(table: str, blocks: Sequence[Mapping[str, Any]], proofs: Sequence[tuple[str, Mended]]) -> dict[str, tuple[int, int]]:
    """Return how many orders and rows each customer has in all files of a table, by the ids that the list uses."""
    together: dict[str, tuple[int, int]] = {}
    for block, (_label, proof) in zip(blocks, proofs, strict=True):
        of_table = proof.buyers if block["table"] == table else {}
        for id_, (orders, rows) in renamed(of_table, block.get("ids", {}).get("customer_id", {})).items():
            before = together.get(id_, (0, 0))
            together[id_] = before[0] + orders, before[1] + rows
    return together


def _listed(proof: Mended, block: Mapping[str, Any]) -> frozenset[str]:
    ids = proof.ids.get("customer_id", frozenset()) if block["table"] == "customers" else frozenset()
    return frozenset(renamed(dict.fromkeys(ids, (0, 0)), block.get("ids", {}).get("customer_id", {})))


def _emptied(result: Joint, tills: Mapping[str, str], why: str, because: dict[int, str]) -> bool:
    """Let a number name nobody in the files of its table that do not say so yet; return whether any did not."""
    added = False
    for block in result.blocks:
        till, rules = tills.get(block["table"], ""), block.get("ids", {})
        rule = rules.get("customer_id", {})
        if not till or "customer_id" not in block.get("columns", {}) or till in rule.get("nobody", ()):
            continue
        block["ids"] = rules | {"customer_id": rule | {"nobody": (*rule.get("nobody", ()), till)}}
        reason = _("{why} Its revenue counts, for no customer.").format(why=why)
        because[id(block)] = " ".join(filter(None, (because.get(id(block)), reason)))
        added = True
    return added


def _judged(result: Joint, intake: Intake, doubts: Sequence[Doubt], day: tuple[date | None, str]) -> Joint:
    result.rows = tuple(receipt.rows_used for receipt in intake.receipts)
    result.as_of, result.as_of_reason = day
    result.currencies = _currencies(intake)
    if "test_assignment" in intake.relations:
        people = intake.relations["test_assignment"]
        result.arms = tuple(frame(people.select("arm").distinct().order_by("arm").limit(20))["arm"])
        result.tests = int(counts(people, n=people["test_id"].nunique())["n"]) if "test_id" in people.columns else 1
    result.doubts += _without_customer(intake, "order_lines" if "order_lines" in intake.relations else "orders")
    result.doubts += [f"{doubt.seen} {doubt.effect}" for doubt in doubts]
    return result


def _without_customer(intake: Intake, table: str) -> list[str]:
    """Return what to say of rows that stay although nobody is known in them; all rows without a customer need no words."""
    rows = intake.relations.get(table)
    if rows is None or "customer_id" not in rows.columns:
        return []
    seen = counts(rows, empty=rows["customer_id"].isnull().sum(), of=rows.count())
    if not 0 < seen["empty"] < seen["of"]:
        return []
    return [
        _("{table}: {rows} of {of} rows name no customer. They stay: revenue and baskets count them, customers do not.").format(
            table=table, rows=f"{int(seen['empty']):,}", of=f"{int(seen['of']):,}"
        )
    ]


def _with_reasons(result: Joint, because: Mapping[int, str]) -> Joint:
    for i, block in enumerate(result.blocks):
        if id(block) in because:
            result.reasons[f"sources.{i}.ids"] = because[id(block)]
        if "repeated_in" in block:
            result.reasons[f"sources.{i}.repeated_in"] = _("The newer file holds some of the same orders.")
        for n, rule in enumerate(block.get("set_aside", ())):
            result.reasons[f"sources.{i}.set_aside.{n}"] = rule["reason"]
    return result


def _all_that_reads(folder: Path, result: Joint) -> Intake | None:
    for _round in range(3 * len(result.blocks) + 1):
        if not result.blocks:
            return None
        intake, problems = read(folder, result.blocks)
        if intake is not None:
            return intake
        _without(result, problems[0])
    return None


def _without(result: Joint, problem: Problem) -> None:
    """Let a few ids be enough where few meet, else leave out the file that does not fit the others: a list before the orders."""
    at = [i for i, block in enumerate(result.blocks) if block.get("file") == problem.file]
    listed = re.match(r"ids that meet those of (.+?): ([0-9,]+) of ([0-9,]+) do", problem.expected)
    gone = at[-1] if at else len(result.blocks) - 1
    if listed and at:
        met, of = (int(number.replace(",", "")) for number in listed.groups()[1:])
        if met >= _LEAST_MET * of and "least_met" not in result.blocks[gone]:
            result.blocks[gone]["least_met"] = floor(100 * met / of) / 100
            doubt = _("{file}: only {met} of {of} ids meet those of {list}.")
            result.doubts.append(doubt.format(file=problem.file, met=met, of=of, list=listed.group(1)))
            return
        buying = result.blocks[gone]["table"] in ("orders", "order_lines")
        lists = [i for i, block in enumerate(result.blocks) if block.get("file") == listed.group(1)]
        if buying and lists and result.blocks[lists[-1]]["table"] not in ("orders", "order_lines"):
            gone = lists[-1]
    result.left_out[result.labels.pop(gone)] = problem.safe
    file = result.blocks.pop(gone).get("file")
    for block in result.blocks:
        if left := tuple(name for name in block.pop("repeated_in", ()) if name != file):
            block["repeated_in"] = left


def _doubts(intake: Intake, day: date | None) -> tuple[Doubt, ...]:
    return find_doubts(with_orders(intake.relations), day, "EUR", intake.doubts) if day else intake.doubts


def _currencies(intake: Intake) -> tuple[str, ...]:
    for name in ("orders", "order_lines"):
        if name in intake.relations and "currency" in intake.relations[name].columns:
            rows = intake.relations[name]
            counted = rows.filter(rows["currency"].notnull()).group_by("currency").aggregate(n=lambda t: t.count())
            return tuple(frame(counted.order_by(counted["n"].desc(), "currency").limit(5))["currency"])
    return ()


def _exported(folder: Path) -> date:
    """Return the day on which the newest file was written: days after it are plans."""
    return max((date.fromtimestamp(path.stat().st_mtime) for path in folder.iterdir()), default=date.max)
