"""Order lines of orders that a later source holds in a newer state: they count once, and what is not declared is doubted."""

from collections.abc import Sequence
from dataclasses import replace

import ibis

from helpers.core.errors import Problem
from helpers.core.wording import _
from helpers.sources.asking import counts
from helpers.sources.doubts.repeats import Repeated, orders_of_lines, repeat_doubts, repeated
from helpers.sources.money import amount_of, exact_sum
from helpers.sources.raw import Part
from helpers.tables.doubts import Doubt
from helpers.tables.receipts import SetAside


def without_repeats(parts: Sequence[Part]) -> tuple[list[Part], list[Problem], list[Repeated], tuple[Doubt, ...]]:
    """Set aside what ``repeated_in`` declares, and look for orders that count twice all the same.

    Parameters
    ----------
    parts : the sources of order lines, in the order of client.yml, in one engine.

    Returns
    -------
    The sources, the problems of what is declared, the pairs that still hold the same orders, and the doubt of them.
    """
    origins = [part.source.origin for part in parts]
    problems = [_problem(part, name) for i, part in enumerate(parts) for name in part.source.repeated_in if name not in origins[i + 1 :]]
    orders = [orders_of_lines(part.rows, i) for i, part in enumerate(parts)]
    left = list(parts)
    for i, part in enumerate(parts):
        later = [orders[n] for n in range(i + 1, len(parts)) if origins[n] in part.source.repeated_in]
        left[i] = _set_aside(part, orders[i], ibis.union(*later) if len(later) > 1 else later[0]) if later else part
    # Numbers of rows, where an export has no id, mean nothing to another file.
    remaining = [orders_of_lines(part.rows, i) for i, part in enumerate(left) if not part.source.number_rows]
    if len(remaining) < 2:
        return left, problems, [], ()
    together = ibis.union(*remaining, distinct=False)
    pairs = repeated(together)
    of = int(counts(together, n=together.count())["n"]) if pairs else 0
    return left, problems, pairs, repeat_doubts(pairs, origins, of)


def _set_aside(part: Part, orders: ibis.Table, later: ibis.Table) -> Part:
    names = later.select("order_id", "day", customer_later="customer")
    both = orders.inner_join(names, ["order_id", "day"])
    same = (both["customer"] == both["customer_later"]).fill_null(True)
    twice = part.rows["order_id"].isin(both.filter(same)["order_id"]).fill_null(False)
    lost = part.rows.filter(twice)
    counted = lost.get_backend().to_pyarrow(lost.aggregate(rows=lost.count(), money=exact_sum(lost["line_amount"]))).to_pylist()[0]
    reason = _("A later file ({files}) holds the same orders.").format(files=", ".join(part.source.repeated_in))
    gone = SetAside(_("repeated later"), reason, int(counted["rows"]), amount_of(counted["money"]))
    receipt = replace(
        part.receipt,
        rows_used=part.receipt.rows_used - gone.rows,
        amount_used=round(part.receipt.amount_used - gone.amount, 2),
        set_aside=(*part.receipt.set_aside, gone),
    )
    return replace(part, rows=part.rows.filter(~twice), receipt=receipt)


def _problem(part: Part, name: str) -> Problem:
    fix = "Name the file, table or query of a source of order_lines that stands further down, or move this block up."
    return Problem("client.yml", f"repeated_in of {part.source.origin}", name, "a later source of order_lines", fix)
