"""Addresses without people: nothing planted stays, and what is no person's stays as it is."""

from __future__ import annotations

from urllib.parse import unquote

import pandas as pd
import pytest

from helpers.tables import web
from tests.support.seeds import seeds
from tests.support.web_addresses import BY_PLACE, VALUES, bare, clean_paths, personal_addresses

MOST_ALTERED = 0.01


def _shown(addresses: list[str]) -> list[str]:
    """Return all that is kept of each address, as whoever reads it could make of it."""
    parts = web.split_pages(pd.Series(addresses)).fillna("")
    return [bare(unquote(unquote(unquote(" ".join(row))))) for row in parts.itertuples(index=False)]


@pytest.mark.parametrize("seed", seeds(20, 2))
def test_no_planted_value_stays_in_an_address(seed: int):
    planted = personal_addresses(6_000 + seed)
    assert len({value.kind for value in planted}) == len(VALUES) + len(BY_PLACE) >= 30
    shown = _shown([value.address for value in planted])
    assert [value.kind for value, text in zip(planted, shown, strict=True) if any(piece in text for piece in value.pieces)] == []


@pytest.mark.parametrize("seed", seeds(20, 2))
def test_pages_that_name_nobody_stay_as_they_are(seed: int):
    paths = clean_paths(6_000 + seed)
    kept = web.split_pages(pd.Series(paths))["page_path"]
    altered = [path for path, page in zip(paths, kept, strict=True) if page != path.rstrip("/")]
    assert len(altered) <= MOST_ALTERED * len(paths)


def test_the_planted_values_would_be_seen():
    planted = personal_addresses(7)
    undone = [bare(unquote(unquote(unquote(value.address)))) for value in planted]
    seen = [all(piece in text for piece in value.pieces) for value, text in zip(planted, undone, strict=True)]
    assert sum(seen) >= 0.95 * len(planted)  # the others hold signs that stand for others, such as + for a blank


@pytest.mark.parametrize(
    ("address", "page"),
    [
        ("/nl/zoek?q=rode+jurk&page=2", "/nl/zoek"),  # what was typed is never kept
        ("/a/b;v=1;naam=jan/c", "/a/b"),
        ("/a#/klant/jan", "/a"),
        ("/a%3Fnaam=jan", "/a"),
        ("/filter/kleur=rood/maat=38", "/filter/kleur=rood/maat=38"),
        ("/filter/prijs=10-20", "/filter/prijs={value}"),
        ("/klant/1234567/orders", "/klant/{number}/orders"),
        ("/product/1234567", "/product/1234567"),
        ("/jas-van-wol-3f2a9c71b04d", "/jas-van-wol-{token}"),
    ],
)
def test_what_is_kept_of_an_address(address: str, page: str):
    assert web.split_pages(pd.Series([address]))["page_path"].tolist() == [page]
