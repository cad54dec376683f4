"""What several tests share: the sample client, and small clients made on the spot."""

from __future__ import annotations

import gc
import os
import shutil
from pathlib import Path

import pytest

for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(_name, "1")

ROOT = Path(__file__).resolve().parent.parent
SAMPLES = ROOT / "data" / "sample"
SHARED = ROOT.parent / "shared" / "data"
os.environ.setdefault("AIM_FOLDERS", str(SHARED))  # the client on public data reads it from there

SMALL_ORDERS = """Order;Datum;Klant;Bedrag
1;01/02/2023;00012;1.250,50
2;15/03/2023;00012;100,00
3;01/04/2023;7E5;80,25
4;02/05/2023;00099;-20,00
5;31/12/2023;7E5;10,00
"""

SMALL_CLIENT = """
client: {name: Small shop}
as_of: 2023-12-31
seed: 7
sources:
  - table: orders
    file: orders.csv
    delimiter: ;
    decimal: ","
    thousands: .
    date_format: "%d/%m/%Y"
    columns: {order_id: Order, order_date: Datum, customer_id: Klant, order_amount: Bedrag}
"""


def pytest_collection_finish() -> None:
    """Take modules and thousands of collected tests, which stay to the end, out of what every collection of garbage walks through."""
    gc.collect()
    gc.freeze()


@pytest.fixture
def office(tmp_path: Path) -> Path:
    """A copy of the sample client office-interiors that a test may harm."""
    return Path(shutil.copytree(SAMPLES / "office-interiors", tmp_path / "office-interiors"))


@pytest.fixture
def small_client(tmp_path: Path) -> Path:
    """A client of five orders, in a Belgian export."""
    folder = tmp_path / "small-shop"
    folder.mkdir()
    (folder / "client.yml").write_text(SMALL_CLIENT, encoding="utf-8")
    (folder / "orders.csv").write_text(SMALL_ORDERS, encoding="utf-8")
    return folder


def shared_data(name: str) -> Path:
    """Return a folder of the public data, or skip the test where it is missing."""
    folder = SHARED / name
    if not folder.is_dir():
        pytest.skip(f"the public data {name} is not in ../shared/data")
    return folder
