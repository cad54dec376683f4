"""Small questions to whatever engine holds a table, and the words that they ask for."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd
from ruamel.yaml import YAML

_MANY = 6  # with more channels, none is looked at alone
_WORDS = Path(__file__).with_name("words.yml")


def frame(relation: Any) -> pd.DataFrame:
    """Return an ibis table of a few rows in memory."""
    return relation.get_backend().to_pyarrow(relation).to_pandas()


def records(relation: Any) -> list[dict[str, Any]]:
    """Return the rows of a small ibis table as plain values: whole numbers stay whole, however large."""
    return relation.get_backend().to_pyarrow(relation).to_pylist()


def counts(relation: Any, **aggregates: Any) -> dict[str, float]:
    """Return aggregates of an ibis table as plain numbers; 0 where there was nothing to add."""
    row = frame(relation.aggregate(**aggregates)).iloc[0]
    return {name: 0.0 if pd.isna(value) else float(value) for name, value in row.items()}


def channel_parts(rows: Any) -> Iterator[Any]:
    """Yield all rows of an ibis table, then those of each channel where it names a few: what one channel hides the sum may not show."""
    yield rows
    if "channel" in rows.columns:
        named = rows.filter(rows["channel"].notnull()).select("channel").distinct()
        channels = frame(named.order_by("channel").limit(_MANY + 1))
        for channel in channels["channel"] if 1 < len(channels) <= _MANY else ():
            yield rows.filter(rows["channel"] == channel)


def some(ids: pd.Series) -> str:
    """Return up to twenty ids as text, for ``Doubt.act_on``."""
    return ", ".join(ids.head(20))


@cache
def words(kind: str) -> str:
    """Return a group of a regular expression that finds any word of a kind, a key of ``words.yml``."""
    return "(" + "|".join(map(str, YAML(typ="safe").load(_WORDS)[kind])) + ")"
