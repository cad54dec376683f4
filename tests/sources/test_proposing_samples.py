"""From the exports alone of each sample client: the draft reads to the same tables as the committed client.yml."""

from __future__ import annotations

import shutil
from pathlib import Path

import pandas as pd
import pytest

from helpers.client.config import read_client
from helpers.sources import read_sources
from helpers.sources.draft.looking import looked_at
from helpers.sources.draft.proposing import drafted
from helpers.tables.declared import Source
from tests.conftest import SAMPLES

NAMES = sorted(path.parent.name for path in SAMPLES.glob("*/client.yml"))
# Each takes a quarter of a minute: the smallest runs in ``make test``, the others in the drills, of which ``.ci/run`` takes this file.
# What only a person can say, with the reason.
EXCEPTIONS = {
    # The shop calls its channels in English; other samples keep the words of their exports.
    ("shoe-webshop", "campaigns", "channel"): {"Säljbrev": "sales letter", "E-post": "e-mail", "Vykort": "postcard", "Ingen": "none"}
}


def exports_only(name: str, folder: Path) -> Path:
    own = ("client.yml", "TRUTH*", "truth_*", "rounds")
    shutil.copytree(SAMPLES / name, folder / name, ignore=shutil.ignore_patterns(*own))
    return folder / name


def draft_of(folder: Path, answers: dict[str, str] | None = None):
    paths = sorted(path for path in folder.iterdir() if path.suffix != ".key")
    return drafted(folder, [seen for path in paths for seen in looked_at(path)], answers or {})


def rows(table: pd.DataFrame) -> list[tuple]:
    in_order = table[sorted(table.columns)].astype(object).where(table[sorted(table.columns)].notna(), None)
    return sorted(in_order.itertuples(index=False, name=None), key=repr)


@pytest.mark.drill
@pytest.mark.parametrize("name", NAMES)
def test_the_exports_alone_give_the_tables_of_the_committed_client(name: str, tmp_path: Path):
    folder = exports_only(name, tmp_path)  # with its key: web addresses are then replaced by the same hashes
    draft = draft_of(folder)
    with read_sources(folder, [Source.model_validate(block) for block in draft.sources]) as intake:
        drafted_tables = intake.tables
    config = read_client(SAMPLES / name).config
    with read_sources(SAMPLES / name, config.sources) as intake:
        committed = intake.tables
    assert sorted(drafted_tables) == sorted(committed), draft.left_out
    for table, wanted in committed.items():
        given = drafted_tables[table]
        for (client, of, column), words in EXCEPTIONS.items():
            if (client, of) == (name, table):
                given = given.assign(**{column: given[column].replace(words)})
        if table in ("orders", "order_lines"):  # a till that the committed client sets aside keeps its revenue in a draft, for no customer
            given, wanted = (bought[bought["customer_id"].notna()] for bought in (given, wanted))
        assert sorted(given.columns) == sorted(wanted.columns), table
        assert rows(given) == rows(wanted), table
    assert draft.settings["as_of"] == config.as_of
    assert draft.settings.get("client", {}).get("kind", "b2c") == config.client.kind
    assert not draft.left_out
