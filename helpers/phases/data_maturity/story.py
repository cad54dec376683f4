"""What phase 3 says: claim beside evidence, what contradicts, and what to mend first."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from helpers.core.results import Action, Finding, KeyFigure, Verdict
from helpers.core.wording import _, listing, number, percent, plural
from helpers.phases.data_maturity import words
from helpers.phases.data_maturity.analysis import Maturity
from helpers.story import Actions, Answer, HowSure, Page, Sentence
from helpers.tables.receipts import Receipt

SHOWN = 3


def headline(result: Maturity) -> str:
    """Return the finding of phase 3 as one sentence with its number."""
    if not result.measures and not result.respondents:
        return _("Data maturity is not answered yet, and there is no data to measure it on")
    if result.respondents and result.contradictions:
        count = plural("{n} point", "{n} points", len(result.contradictions))
        return _("What is said about the data does not hold on {count}").format(count=count)
    if result.respondents:
        return _("What is said about the data agrees with what the data shows")
    measured = result.profile["evidence"].dropna()
    if measured.empty:
        return _("The data cannot be measured yet")
    weakest = str(measured.idxmin())
    return _("Measured in the data: weakest is “{name}”, at level {level} of 4").format(
        name=words.dimension(weakest), level=words.level(result.profile.loc[weakest, "evidence"])
    )


def answer(result: Maturity) -> Answer:
    """Return the chapter's answer: the heading and the sentences under it."""
    return Answer(headline(result), why(result), _verdict(result))


def why(result: Maturity) -> tuple[str, ...]:
    """Return the sentences that support the headline."""
    sentences = [*contradiction_sentences(result)[:2], *fix_sentences(result)[:1]]
    if not result.respondents:
        sentences.append(
            _(
                "What you say about your data is not answered yet: add people and their answers under "
                "data_maturity.respondents in client.yml."
            )
        )
    return tuple(sentences)


def sentences(result: Maturity) -> tuple[Sentence, ...]:
    """Return the sentences that read the claims, the contradictions, the sources and the change."""
    texts = [claimed(result), *contradiction_sentences(result)[:5], sources(result), change(result)]
    return tuple(Sentence(text) for text in texts if text)


def claimed(result: Maturity) -> str:
    """Return how many people answered, and what is still open."""
    if not result.respondents:
        return _("Nobody has answered yet, so only the measured side is shown.")
    text = plural("{n} person answered.", "{n} people answered.", result.respondents)
    if not result.unanswered:
        return text
    open_ = listing([f"“{words.dimension(name)}”" for name in result.unanswered])
    return text + " " + _("Not answered yet: {names}.").format(names=open_)


def contradiction_sentences(result: Maturity) -> tuple[str, ...]:
    """Return every contradiction as a sentence, largest first."""
    return tuple(words.contradiction_sentence(contradiction) for contradiction in result.contradictions)


def fix_sentences(result: Maturity) -> tuple[str, ...]:
    """Return every fix as a sentence, best first."""
    facts = result.evidence.drop_duplicates(["name", "table", "column"]).set_index(["name", "table", "column"])["facts"]
    rows = result.fixes.copy()
    rows["facts"] = [facts[(row.name, row.table, row.column)] for row in rows.itertuples(index=False)]
    return tuple(words.fix_sentence(row) for row in rows.itertuples(index=False))


def sources(result: Maturity) -> str:
    """Return how many systems there are and how many have an owner."""
    count = plural("{n} source of data is known", "{n} sources of data are known", len(result.systems))
    if not result.systems_answered:
        return _("{count}; the list of your systems is not answered yet (data_maturity.systems in client.yml).").format(count=count)
    owned = int((result.systems["owner"] != "").sum())
    return _("{count}; with a named owner: {n}.").format(count=count, n=number(owned))


def put_together(receipts: Sequence[Receipt], merge: Mapping[str, Any] | None) -> Page | None:
    """Return one sentence for every table of several sources (joined by key, or put below each other) and for every note of the reader.

    The decisions of the artefact "merge" say which sources were joined. None where there is nothing to say.
    """
    keys = {(row["table"], row["file"]): row["column"] for row in (merge or {}).get("decisions", ()) if row["what"] == "joined"}
    by_table: dict[str, list[Receipt]] = {}
    for receipt in receipts:
        by_table.setdefault(receipt.table, []).append(receipt)
    texts = [_together(given, [keys.get((table, one.file), "") for one in given]) for table, given in by_table.items() if len(given) > 1]
    for note in dict.fromkeys(note for receipt in receipts for note in receipt.notes):
        files = [Path(receipt.file).name for receipt in receipts if note in receipt.notes]
        rest = [_("{n} more").format(n=number(len(files) - SHOWN))] if len(files) > SHOWN else []
        texts.append(_("{file}: {note}").format(file=listing([*files[:SHOWN], *rest]), note=note))
    return Page([Sentence(text) for text in texts]) if texts else None


def _together(given: Sequence[Receipt], keys: Sequence[str]) -> str:
    first, *others = given
    key = next(filter(None, keys), "")
    facts = {"table": words.plain_name(first.table).capitalize(), "key": words.plain_name(key), "first": Path(first.file).name}
    if key and len(others) == 1:
        (last,) = others
        facts |= {"last": Path(last.file).name, "both": number(last.rows_joined), "only_last": number(last.rows_used)}
        facts["only_first"] = number(first.rows_used - last.rows_joined)
        return _(
            "{table}: joined by {key}. {both} are in {first} and {last}, {only_first} only in {first}, {only_last} only in {last}."
        ).format(**facts)
    shown = [_("{file} ({n})").format(file=Path(one.file).name, n=number(one.rows_used)) for one in given[:SHOWN]]
    if len(given) > SHOWN:
        rest = number(sum(one.rows_used for one in given[SHOWN:]))
        shown.append(_("{n} more ({rows})").format(n=number(len(given) - SHOWN), rows=rest))
    facts |= {"sources": listing(shown), "both": number(sum(one.rows_joined for one in given))}
    if key:
        return _("{table}: joined by {key}. {both} rows met a record of an earlier source; new records by source: {sources}.").format(
            **facts
        )
    return _("{table}: put below each other, each source with its own rows: {sources}.").format(**facts)


def change(result: Maturity) -> str:
    """Return what changed since the last round; empty in the first."""
    if result.change is None:
        return ""
    counts = result.change["direction"].value_counts()
    return _("Since the last round: better {better}, worse {worse}, the same {same}.").format(
        **{name: number(counts.get(name, 0)) for name in ("better", "worse", "same")}
    )


def how_sure(result: Maturity) -> HowSure:
    """Return how claims and evidence were made, and what they cannot tell."""
    method = [
        _("Claimed: median of the answers on levels described in words, with lowest and highest."),
        _("Measured: every figure counts rows by a rule; the level follows from cuts declared beforehand."),
        _(
            "A dimension's measured level is the median of its figures, and no higher than the worst of those that all else rests on: "
            "keys that meet, rows used, possible dates. A claim is held against each figure."
        ),
        _("Rank of a fix: worth of what it unlocks times the levels to gain; of equals the one with less effort."),
    ]
    limits = [
        _("Cuts, worth and effort are our convention (rubric.yml and unlocks.yml), to be argued with."),
        _("What the figures show is the export; what the system holds besides cannot be seen."),
        _("Culture is asked only: no data shows it."),
    ]
    checks = [
        _("{n} figures measured on {files}.").format(
            n=number(len(result.measures)), files=plural("{n} file", "{n} files", len(result.receipts))
        )
        if result.receipts
        else _("{n} figures measured; the reader left no receipts, so rows set aside are not known.").format(n=number(len(result.measures)))
    ]
    return HowSure({_("Method"): method, _("Checks"): checks, _("Limits"): limits})


def finding(result: Maturity) -> Finding:
    """Return the record that the summary, the report and the next round read."""
    return Finding(headline(result), why(result), _verdict(result), _figures(result), tuple(actions(result).actions), rank=4)


def _verdict(result: Maturity) -> Verdict:
    if not result.respondents:
        return Verdict("not_yet", _("not answered yet"))
    if any(contradiction.kind == "claim_above" for contradiction in result.contradictions):
        return Verdict("caution", _("contradictions"))
    return Verdict("go", _("claim and data agree"))


def _figures(result: Maturity) -> tuple[KeyFigure, ...]:
    figures = []
    for name, meaning in (
        ("revenue_with_customer", _("of the revenue has a known customer")),
        ("orders_matched", _("of the ordering customers are in the customer list")),
    ):
        measure = next((measure for measure in result.measures if measure.name == name), None)
        if measure is not None:
            figures.append(KeyFigure(percent(measure.figure), meaning, _("counted, {rows}").format(rows=words.rows(measure)), rank=6))
    return tuple(figures)


def actions(result: Maturity) -> Actions:
    """Return what to do with it."""
    return Actions(
        [
            Action(f"{_(row.fix)}.", _("certain"), _("it would mean: {unlocks}").format(unlocks=_(row.unlocks)), rank=3 + place)
            for place, row in enumerate(result.fixes.head(SHOWN).itertuples(index=False))
        ]
    )
