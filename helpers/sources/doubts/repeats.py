"""Orders whose lines stand in two exports: the same order exported twice, or two tills that both number from 1?"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import ibis
import pandas as pd

from helpers.core.errors import Problem
from helpers.core.wording import _
from helpers.sources.asking import counts, frame, records, some
from helpers.sources.money import amount_of, exact_sum
from helpers.sources.raw import Part
from helpers.tables.doubts import Doubt
from helpers.tables.receipts import SetAside

# Agreement beyond chance from which two exports hold the same orders, and from which it is doubtful; so many orders must agree,
# but where customers agree one is enough (our convention).
SAME_ORDERS, DOUBTFUL_ORDERS, LEAST_AGREEING = 0.5, 0.2, 3


@dataclass(frozen=True)
class Repeated:
    """Two sources that share orders.

    Parameters
    ----------
    earlier, later : their places.
    orders : numbers of the orders that stand in both: same number, day and, where both name one, customer.
    amount : their net amount in the earlier one.
    agreement : share that agrees in customer, or in lines and amount, beyond chance (Cohen's kappa, 1960); 1 is all.
    """

    earlier: int
    later: int
    orders: pd.Series
    amount: float
    agreement: float


def orders_of_lines(lines: Any, source: int) -> Any:
    """Return the orders of an ibis table of order lines: source, number, day, customer, lines and amount of each."""
    customer = lines["customer_id"].min() if "customer_id" in lines.columns else ibis.null("string")
    amount = lines["line_amount"].cast("float64").sum().round(2)
    day = lines["order_date"].min().strftime("%Y-%m-%d")
    return (
        lines.group_by("order_id")
        .aggregate(day=day, customer=customer, rows=lines.count(), amount=amount)
        .mutate(source=ibis.literal(source))
    )


def repeated(orders: Any) -> list[Repeated]:
    """Return the pairs of sources that seem to hold some of the same orders: those of ``orders_of_lines``, of all below each other."""
    shared = orders.group_by("order_id", "day").aggregate(sources=orders["source"].nunique())
    there = frame(orders.semi_join(shared.filter(shared["sources"] > 1), ["order_id", "day"]))
    both = there.merge(there, on=["order_id", "day"], suffixes=("", "_later"))
    pairs = [_pair(pair) for _places, pair in both[both["source"] < both["source_later"]].groupby(["source", "source_later"])]
    return [pair for pair in pairs if pair is not None and pair.agreement >= DOUBTFUL_ORDERS]


def _pair(both: pd.DataFrame) -> Repeated | None:
    named = both.dropna(subset=["customer", "customer_later"])
    known = named["customer"] == named["customer_later"]
    content = pd.DataFrame({end: both[f"rows{end}"].astype(str) + "/" + both[f"amount{end}"].astype(str) for end in ("", "_later")})
    alike = content[""] == content["_later"]
    by_customer = _beyond_chance(named["customer"], named["customer_later"]) if known.any() else 0.0
    by_content = _beyond_chance(content[""], content["_later"]) if alike.sum() >= LEAST_AGREEING else 0.0
    same = both[~both.index.isin(named.index[~known])].sort_values("order_id")
    if same.empty:
        return None
    earlier, later = (int(both[name].iloc[0]) for name in ("source", "source_later"))
    return Repeated(earlier, later, same["order_id"], float(same["amount"].sum()), max(by_customer, by_content))


def _beyond_chance(first: pd.Series, second: pd.Series) -> float:
    """Return how far two columns agree beyond what the values of other rows do; 0 where every row is alike."""
    n, agreeing = len(first), int((first == second).sum())
    pairs = float(first.value_counts().mul(second.value_counts(), fill_value=0).sum()) - agreeing
    chance = pairs / (n * (n - 1)) if n > 1 else 0.0
    return (agreeing / n - chance) / (1 - chance) if chance < 1 else 0.0


def repeat_doubts(pairs: Sequence[Repeated], files: Sequence[str], orders: int) -> tuple[Doubt, ...]:
    """Return the doubt of orders that count twice, one for all pairs that client.yml does not declare; ``orders`` counts all orders."""
    if not pairs:
        return ()
    numbers = pd.concat([pair.orders for pair in pairs]).drop_duplicates()
    names = "; ".join(f"{files[pair.earlier]} + {files[pair.later]}" for pair in pairs[:3])
    amount = sum(pair.amount for pair in pairs)
    return (Doubt("orders_twice", "order_lines", len(numbers), orders, amount, names, act_on=some(numbers)),)


def without_repeats(parts: Sequence[Part]) -> tuple[list[Part], list[Problem], list[Repeated], tuple[Doubt, ...]]:
    """Set aside what ``repeated_in`` declares of sources of order lines, and look for orders that count twice all the same.

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
        left[i] = _set_aside(part, orders[i], ibis.union(*later)) if later else part
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
    (counted,) = records(lost.aggregate(rows=lost.count(), money=exact_sum(lost["line_amount"])))
    reason = _("A later file ({files}) holds the same orders.").format(files=", ".join(part.source.repeated_in))
    gone = SetAside(_("repeated later"), reason, int(counted["rows"]), amount_of(counted["money"]))
    return replace(part, rows=part.rows.filter(~twice), receipt=part.receipt.without(gone))


def _problem(part: Part, name: str) -> Problem:
    fix = "Name the file, table or query of a source of order_lines that stands further down, or move this block up."
    return Problem("client.yml", f"repeated_in of {part.source.origin}", name, "a later source of order_lines", fix)
