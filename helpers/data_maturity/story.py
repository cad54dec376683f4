"""What phase 3 says: claim beside evidence, what contradicts, and what to mend first."""

from __future__ import annotations

import pandas as pd

from helpers.data_maturity import words
from helpers.data_maturity.anchors import anchors, eu_mapping
from helpers.data_maturity.measures import Measure
from helpers.data_maturity.room import Maturity
from helpers.results import Action, Finding, KeyFigure, Verdict
from helpers.story import Actions, Answer, HowSure, KeyFigures, Sentence, Table
from helpers.wording import _, between, listing, number, percent, plural

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
    weakest = _weakest(result)
    if weakest is None:
        return _("The data cannot be measured yet")
    return _("Measured in the data: weakest is “{name}”, at level {level} of 4").format(
        name=words.dimension(weakest), level=words.level(result.shape.loc[weakest, "evidence"])
    )


def answer(result: Maturity) -> Answer:
    """Return the chapter's answer: the heading and the sentences under it."""
    return Answer(headline(result), why(result), _verdict(result))


def why(result: Maturity) -> tuple[str, ...]:
    """Return the sentences that support the headline."""
    said = [words.contradiction(one) for one in result.contradictions[:2]]
    first = fix_sentences(result)[:1]
    said += first if first else []
    if not result.respondents:
        said.append(
            _("What you say about your data is not answered yet: add people and their answers under "
              "data_maturity.respondents in client.yml.")
        )  # fmt: skip
    return tuple(said)


def sentences(result: Maturity) -> tuple[Sentence, ...]:
    """Return the sentences that read the claims, the contradictions, the sources and the change."""
    said = [claimed(result), *contradiction_sentences(result)[:5], sources(result), change(result)]
    return tuple(Sentence(text) for text in said if text)


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
    return tuple(words.contradiction(one) for one in result.contradictions)


def fix_sentences(result: Maturity) -> tuple[str, ...]:
    """Return every fix as a sentence, best first."""
    facts = result.evidence.drop_duplicates(["name", "table", "column"]).set_index(
        ["name", "table", "column"]
    )["facts"]
    rows = result.fixes.rename(columns={"name": "name_"})
    rows["facts"] = [facts[(row.name_, row.table, row.column)] for row in rows.itertuples(index=False)]
    return tuple(words.fix(row) for row in rows.itertuples(index=False))


def sources(result: Maturity) -> str:
    """Return how many systems there are and how many have an owner."""
    count = plural("{n} source of data is known", "{n} sources of data are known", len(result.systems))
    if not result.systems_answered:
        return _(
            "{count}; the list of your systems is not answered yet (data_maturity.systems in client.yml)."
        ).format(count=count)
    owned = int((result.systems["owner"] != "").sum())
    return _("{count}; with a named owner: {n}.").format(count=count, n=number(owned))


def change(result: Maturity) -> str:
    """Return what changed since the last round; empty in the first."""
    if result.change is None:
        return ""
    counts = result.change["direction"].value_counts()
    return _("Since the last round: better {better}, worse {worse}, the same {same}.").format(
        **{name: number(counts.get(name, 0)) for name in ("better", "worse", "same")}
    )


def profile_table(result: Maturity) -> Table:
    """Return claim and evidence per dimension."""
    rows = []
    for name, row in result.shape.iterrows():
        spread = (
            between(words.level(row["lowest"]), words.level(row["highest"])) if row["answers"] > 1 else ""
        )
        rows.append(
            {
                "dimension": words.dimension(name), "question": _(anchors()[name].question),
                "claimed": words.level(row["claimed"]) if row["answers"] else _("not answered yet"), "spread": spread,
                "evidence": words.level(row["evidence"]) if row["measures"] else _("not measurable"),
                "measures": row["measures"], "verdict": words.verdict(row["claimed"], row["evidence"], result.gap),
            }
        )  # fmt: skip
    columns = {
        "dimension": (_("Dimension"), "text"), "question": (_("Question"), "text"),
        "claimed": (_("Claimed, 0 to 4"), "text"), "spread": (_("Lowest to highest answer"), "text"),
        "evidence": (_("Measured, 0 to 4"), "text"), "measures": (_("Figures"), "number"),
        "verdict": (_("Together"), "verdict"),
    }  # fmt: skip
    return Table(pd.DataFrame(rows), _("Data maturity: claimed beside measured"), columns)


def evidence_table(result: Maturity) -> Table:
    """Return every measured figure with its rule and its rows."""
    rows = [
        {
            "dimension": words.dimension(one.dimension),
            "rule": words.rule(one),
            "place": words.place(one),
            "figure": words.figure(one),
            "rows": words.rows(one),
            "level": one.level,
        }
        for one in result.measures
    ]
    columns = {
        "dimension": (_("Dimension"), "text"), "rule": (_("Rule"), "text"), "place": (_("Where"), "text"),
        "figure": (_("Measured"), "text"), "rows": (_("Rows"), "text"), "level": (_("Level, 0 to 4"), "number"),
    }  # fmt: skip
    return Table(pd.DataFrame(rows, columns=list(columns)), _("What was measured in the data"), columns)


def fix_table(result: Maturity) -> Table:
    """Return the fix list as people read it."""
    frame = result.fixes.copy()
    shown = [Measure(row.name_, row.table, row.column, row.figure, row.rows_of, row.rows)
             for row in frame.rename(columns={"name": "name_"}).itertuples(index=False)]  # fmt: skip
    frame["now"] = [words.figure(one) for one in shown]
    frame["where"] = [words.place(one) or words.rule(one) for one in shown]
    frame["fix"], frame["unlocks"] = ([_(text) for text in frame[name]] for name in ("fix", "unlocks"))
    columns = {
        "place": (_("Rank"), "number"), "fix": (_("What to do"), "text"), "where": (_("Where"), "text"),
        "now": (_("Now"), "text"), "unlocks": (_("What it would let you do"), "text"),
        "effort": (_("Effort, 1 to 5"), "number"), "owner": (_("Owner"), "text"),
    }  # fmt: skip
    return Table(frame, _("What to mend, in order of what it would unlock"), columns)


def system_table(result: Maturity) -> Table:
    """Return the systems and sources with ease, size and owner."""
    frame = result.systems.copy()
    for name in ("ease", "size"):
        frame[name] = [words.size(text) for text in frame[name]]
    frame["owner"] = [text or _("nobody named") for text in frame["owner"]]
    frame["tables"] = [words.named(text) for text in frame["tables"]]
    for name in ("rows", "retention_months"):
        frame[name] = pd.to_numeric(frame[name])
    columns = {
        "system": (_("Source"), "text"), "tables": (_("Holds"), "text"), "rows": (_("Rows read"), "number"),
        "ease": (_("Ease"), "text"), "size": (_("Size"), "text"), "owner": (_("Owner"), "text"),
        "aggregated": (_("Totals only"), "yesno"), "retention_months": (_("Deleted after, in months"), "number"),
    }  # fmt: skip
    return Table(frame, _("Systems and sources of data"), columns)


def change_table(result: Maturity) -> Table | None:
    """Return what changed since the last round; None in the first."""
    if result.change is None:
        return None
    rows = []
    for row in result.change[result.change["direction"] != "same"].itertuples(index=False):
        then, now = (
            Measure(row.name, row.table, row.column, amount, 0, 0) for amount in (row.before, row.now)
        )
        rows.append(
            {
                "rule": words.rule(now),
                "place": words.place(now),
                "before": _or_dash(then),
                "now": _or_dash(now),
                "direction": words.direction(row.direction),
            }
        )
    columns = {
        "rule": (_("Rule"), "text"), "place": (_("Where"), "text"), "before": (_("Last round"), "text"),
        "now": (_("Now"), "text"), "direction": (_("Change"), "text"),
    }  # fmt: skip
    return Table(pd.DataFrame(rows, columns=list(columns)), _("What changed since the last round"), columns)


def _or_dash(one: Measure) -> str:
    return words.figure(one) if one.figure == one.figure else "–"


def eu_table() -> Table:
    """Return our dimensions beside those of the EU Digital Maturity Assessment, by name."""
    frame = eu_mapping()
    frame["dimension"] = [words.dimension(name) for name in frame["dimension"]]
    columns = {
        "dimension": (_("Here"), "text"), "eu_dimension": (_("EU Digital Maturity Assessment (SMEs)"), "text"),
    }  # fmt: skip
    caption = _("How the dimensions map on those of the EU assessment; by name only, not a score of it")
    return Table(frame, caption, columns)


def how_sure(result: Maturity) -> HowSure:
    """Return how claims and evidence were made, and what they cannot tell."""
    method = [
        _("Claimed: median of the answers on levels described in words, with lowest and highest."),
        _("Measured: every figure counts rows by a rule; the level follows from cuts declared beforehand."),
        _("A dimension's measured level is the median of its figures; a claim is held against each of them."),
        _(
            "Rank of a fix: worth of what it unlocks times the levels to gain; of equals the one with less effort."
        ),
    ]
    limits = [
        _("Cuts, worth and effort are our convention (rubric.yml and unlocks.yml), to be argued with."),
        _("What the figures show is the export; what the system holds besides cannot be seen."),
        _("Culture is asked only: no data shows it."),
    ]
    checks = [_("{n} figures measured on {files}.").format(
        n=number(len(result.measures)), files=plural("{n} file", "{n} files", len(result.receipts)))
        if result.receipts else
        _("{n} figures measured; the reader left no receipts, so rows set aside are not known.").format(
        n=number(len(result.measures)))]  # fmt: skip
    return HowSure({_("Method"): method, _("Checks"): checks, _("Limits"): limits})


def key_figures(result: Maturity) -> KeyFigures:
    """Return the figures that may reach the summary."""
    return KeyFigures(_figures(result))


def actions(result: Maturity) -> Actions:
    """Return what to do with it."""
    return Actions(_actions(result))


def finding(result: Maturity) -> Finding:
    """Return the record that the summary, the report and the next round read."""
    return Finding(
        headline(result), why(result), _verdict(result), _figures(result), _actions(result), rank=4
    )


def _weakest(result: Maturity) -> str | None:
    measured = result.shape["evidence"].dropna()
    return None if measured.empty else str(measured.idxmin())


def _verdict(result: Maturity) -> Verdict:
    if not result.respondents:
        return Verdict("not_yet", _("not answered yet"))
    if any(one.kind == "claim_above" for one in result.contradictions):
        return Verdict("caution", _("contradictions"))
    return Verdict("go", _("claim and data agree"))


def _figures(result: Maturity) -> tuple[KeyFigure, ...]:
    found = []
    for name, meaning in (("revenue_with_customer", _("of the revenue has a known customer")),
                          ("orders_matched", _("of the ordering customers are in the customer list"))):  # fmt: skip
        one = next((each for each in result.measures if each.name == name), None)
        if one is not None:
            found.append(
                KeyFigure(
                    percent(one.figure), meaning, _("counted, {rows}").format(rows=words.rows(one)), rank=6
                )
            )
    return tuple(found)


def _actions(result: Maturity) -> tuple[Action, ...]:
    return tuple(
        Action(
            f"{_(row.fix)}.",
            _("certain"),
            _("it would mean: {unlocks}").format(unlocks=_(row.unlocks)),
            rank=3 + place,
        )
        for place, row in enumerate(result.fixes.head(SHOWN).itertuples(index=False))
    )
