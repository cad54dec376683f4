"""No client's values in another client's folder, whatever runs beside it."""

from __future__ import annotations

import dataclasses
import shutil
from pathlib import Path

import pytest

from helpers.running.batch import run_batch

pytestmark = [pytest.mark.slow, pytest.mark.drill]
CLIENTS, ROUNDS = 20, 10
# Writes wherever a notebook might: working folder, temporary folder, matplotlib's and IPython's folders, globals.
LEAK = """
    import builtins, os, random, tempfile
    import numpy as np
    import pandas as pd
    for place in (os.getcwd(), tempfile.gettempdir(), os.environ["MPLCONFIGDIR"], os.environ["IPYTHONDIR"]):
        foreign = [name for name in os.listdir(place) if name.startswith("canary-")]
        assert not foreign, foreign
        open(os.path.join(place, "canary-" + CANARY), "w").write(CANARY)
    assert not hasattr(builtins, "canary") and not hasattr(pd, "canary") and "AIM_CANARY" not in os.environ
    builtins.canary = pd.canary = os.environ["AIM_CANARY"] = CANARY
    phase.export("drawn.txt", f"{random.random()} {np.random.random()}".encode())
"""


def test_no_canary_in_another_clients_folder(request_for, template, tmp_path: Path):
    requests = [request_for(f"client-{n:02d}", canary=f"CANARY{n:02d}X", first=LEAK.strip()) for n in range(CLIENTS)]
    for _ in range(ROUNDS):
        records = run_batch([dataclasses.replace(request, force=("10_goals", "report")) for request in requests], 4)
        assert all(record.good for record in records), [record for record in records if not record.good][:1]
    for n, request in enumerate(requests):
        everything = b"".join(path.read_bytes() for path in request.home.rglob("*") if path.is_file())
        names = " ".join(str(path.relative_to(request.home)) for path in request.home.rglob("*"))
        assert everything.count(f"CANARY{n:02d}X".encode()) >= 5 and f"CANARY{n:02d}X" in names
        for foreign in range(CLIENTS):
            if foreign != n:
                canary = f"CANARY{foreign:02d}X"
                assert canary.encode() not in everything and canary not in names, (n, foreign)
    drawn = {(request.home / "2023-12-31" / "exports" / "drawn.txt").read_text() for request in requests}
    assert len(drawn) == 1, "seeded per notebook: the same for every client, and in every round"
    shutil.rmtree(tmp_path / "reports")
