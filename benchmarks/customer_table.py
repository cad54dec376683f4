# ruff: noqa: E501 (SQL and tables read best on long lines)
"""From order lines to the customer table: ours beside plain pandas and hand-written DuckDB SQL.

    python benchmarks/customer_table.py              # 1M, 10M and 50M lines in parquet, 10M in CSV
    python benchmarks/customer_table.py 1 10         # only these (millions of lines)

Every run is a process of its own, imports included; wall and CPU seconds and the peak of memory are the
system's own count for that process. The three results are compared row for row. Writes its table into docs/performance.md.
"""

from __future__ import annotations

import argparse
import os
import platform
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
from benchmarks.page import write  # noqa: E402 (found from the project's own folder)

AS_OF = "2024-12-31"
WAYS = ("ours", "ours, checked", "pandas", "DuckDB SQL")
DDL = """
COPY (
    SELECT 'O' || lpad((i // 4)::VARCHAR, 9, '0') AS Order,
           'K' || lpad((hash(i // 4) % {customers})::VARCHAR, 8, '0') AS Customer,
           TIMESTAMP '2021-01-01' + INTERVAL 1 DAY * (hash(i // 4 + 7) % 1461)::INT AS Day,
           'P' || lpad((hash(i) % 5000)::VARCHAR, 5, '0') AS Product,
           (hash(i + 3) % 9 + 1)::DOUBLE AS Quantity,
           (hash(i + 5) % 20000)::DOUBLE / 100 AS Amount
    FROM range({lines}) t(i)
) TO '{path}' ({options})
"""
SQL = """
COPY (
    WITH orders AS (
        SELECT "Order", max(Customer) AS customer, min({day}) AS day, sum({amount}) AS amount
        FROM {read} GROUP BY "Order"
    ), customers AS (
        SELECT customer AS customer_id, min(day) AS first_order_date, max(day) AS last_order_date,
               count(*) AS frequency, round(sum(amount), 2) AS monetary
        FROM orders WHERE day < DATE '{as_of}' + 1 AND customer IS NOT NULL GROUP BY customer
    )
    SELECT customer_id, first_order_date, last_order_date, date_diff('day', last_order_date, DATE '{as_of}') AS recency_days,
           date_diff('day', first_order_date, DATE '{as_of}') AS tenure_days, frequency,
           frequency / greatest(tenure_days / (365.25 / 12), 1.0) AS frequency_per_month,
           monetary, monetary / frequency AS monetary_per_order
    FROM customers ORDER BY customer_id
) TO '{out}' (FORMAT parquet)
"""


@dataclass(frozen=True)
class Run:
    """What one process cost."""

    way: str
    wall: float
    cpu: float
    memory: float


def main() -> None:
    """Generate, measure, compare and write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("millions", nargs="*", type=float, default=[1, 10, 50])
    parser.add_argument("--one", nargs=3, metavar=("WAY", "DATA", "OUT"), help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.one:
        one(*arguments.one)
        return
    cases = [(millions, "parquet") for millions in arguments.millions]
    cases += [(10, "csv")] if 10 in arguments.millions else []
    with tempfile.TemporaryDirectory(prefix="aim-bench-") as folder:
        found = {case: measured(Path(folder), *case) for case in cases}
    page = written(found)
    print(page)
    if list(arguments.millions) == [1, 10, 50]:
        write("customer_table", page)


def measured(folder: Path, millions: float, kind: str) -> list[Run]:
    """Make the data of one case, and run every way over it; the median of three where that is quick."""
    import duckdb

    lines, data = int(millions * 1e6), folder / f"lines.{kind}"
    options = "FORMAT parquet" if kind == "parquet" else "FORMAT csv, DELIMITER ';', HEADER"
    duckdb.sql(DDL.format(customers=max(lines // 50, 1), lines=lines, path=data, options=options))
    runs = []
    for way in WAYS:
        times = [process(way, data, folder / f"{way.replace(' ', '_')}.parquet") for _ in range(5 if millions <= 1 else 1)]
        runs.append(sorted(times, key=lambda run: run.wall)[len(times) // 2])
        print(kind, millions, runs[-1], flush=True)
    compare([folder / f"{way.replace(' ', '_')}.parquet" for way in WAYS])
    data.unlink()
    return runs


def process(way: str, data: Path, out: Path) -> Run:
    """Run one way in a process of its own."""
    environment = os.environ | {"OMP_NUM_THREADS": "1", "PYTHONWARNINGS": "ignore"}
    begun = time.perf_counter()
    child = subprocess.Popen([sys.executable, __file__, "--one", way, str(data), str(out)], env=environment)
    _, status, used = os.wait4(child.pid, 0)
    wall = time.perf_counter() - begun
    if status:
        raise SystemExit(f"{way} failed on {data.name}")
    scale = 1024 if sys.platform != "darwin" else 1
    return Run(way, wall, used.ru_utime + used.ru_stime, used.ru_maxrss * scale / 1e6)


def one(way: str, data: str, out: str) -> None:
    """Go one way from order lines to the customer table."""
    {"ours": ours, "ours, checked": checked, "pandas": plain_pandas, "DuckDB SQL": sql}[way](Path(data), Path(out))


def _source(data: Path):
    from helpers.tables.declared import Source

    columns = {
        "order_id": "Order",
        "customer_id": "Customer",
        "order_date": "Day",
        "product_id": "Product",
        "quantity": "Quantity",
        "line_amount": "Amount",
    }
    return Source(
        table="order_lines",
        file=data.name,
        format=data.suffix[1:],
        decimal=".",
        columns=columns,
        reader="engine",
        date_format="%Y-%m-%d %H:%M:%S",
    )


def ours(data: Path, out: Path) -> None:
    """The path of the workbook from the file to the table, without receipt and checks."""
    from datetime import date

    from helpers.sources.customers import customer_rows, orders_of
    from helpers.sources.files import open_file
    from helpers.sources.frames import keep_parquet
    from helpers.sources.store import Store
    from helpers.sources.typed import typed
    from helpers.tables import CUSTOMER_TABLE, ORDER_LINES, dtypes

    with Store() as store:
        source = _source(data)
        raw = open_file(data.parent, source, store)
        if raw.problems:
            raise SystemExit(str(raw.problems[0]))
        lines = typed(raw, source, ORDER_LINES, store).rows
        rows = customer_rows({"orders": orders_of(lines)}, date.fromisoformat(AS_OF), None, store)
        keep_parquet(rows, dtypes(CUSTOMER_TABLE), out)


def checked(data: Path, out: Path) -> None:
    """The same with everything a round does: receipt, every cell judged, one customer per order, contract."""
    from datetime import date

    from helpers.sources import read_sources
    from helpers.sources.customers import check_owners, customer_rows, orders_of
    from helpers.sources.frames import keep_parquet
    from helpers.tables import CUSTOMER_TABLE, dtypes

    with read_sources(data.parent, [_source(data)]) as intake:
        lines = intake.relations["order_lines"]
        check_owners(lines)
        rows = customer_rows({"orders": orders_of(lines)}, date.fromisoformat(AS_OF), None, intake.store)
        keep_parquet(rows, dtypes(CUSTOMER_TABLE), out)


def plain_pandas(data: Path, out: Path) -> None:
    """What one writes in pandas."""
    import pandas as pd

    names = ["Order", "Customer", "Day", "Amount"]
    if data.suffix == ".csv":
        lines = pd.read_csv(data, sep=";", usecols=names, parse_dates=["Day"])
    else:
        lines = pd.read_parquet(data, columns=names)
    orders = lines.groupby("Order").agg(customer_id=("Customer", "max"), day=("Day", "min"), amount=("Amount", "sum"))
    as_of = pd.Timestamp(AS_OF)
    orders = orders[orders["day"] < as_of + pd.Timedelta(days=1)].reset_index()
    table = orders.groupby("customer_id").agg(
        first_order_date=("day", "min"), last_order_date=("day", "max"), frequency=("Order", "size"), monetary=("amount", "sum")
    )
    table["monetary"] = table["monetary"].round(2)
    table["recency_days"] = (as_of - table["last_order_date"]).dt.days
    table["tenure_days"] = (as_of - table["first_order_date"]).dt.days
    table["frequency_per_month"] = table["frequency"] / (table["tenure_days"] / (365.25 / 12)).clip(lower=1.0)
    table["monetary_per_order"] = table["monetary"] / table["frequency"]
    table.reset_index().to_parquet(out, index=False)


def sql(data: Path, out: Path) -> None:
    """What one writes in SQL."""
    import duckdb

    read = f"read_parquet('{data}')"
    if data.suffix == ".csv":
        read = f"read_csv('{data}', delim=';', header=true)"
    duckdb.sql(SQL.format(read=read, day="Day", amount="Amount", out=out, as_of=AS_OF))


def compare(paths: list[Path]) -> None:
    """Fail unless all ways give the same table."""
    import pandas as pd

    first, *rest = [pd.read_parquet(path) for path in paths]
    for path, other in zip(paths[1:], rest, strict=True):
        for name in ("customer_id", "frequency", "monetary", "recency_days", "frequency_per_month"):
            same = first[name].astype("str" if name == "customer_id" else "float64").reset_index(drop=True)
            pd.testing.assert_series_equal(same, other[name].astype(same.dtype), check_names=False, rtol=1e-9, obj=f"{path}: {name}")


def written(found: dict[tuple[float, str], list[Run]]) -> str:
    """Return the section of the page."""
    import duckdb
    import ibis
    import pandas as pd

    parts = [
        f"The machine's load was {os.getloadavg()[2]:.0f} when the last run ended: on a busy machine CPU seconds say more than wall.",
        "",
        f"{platform.system()}, {os.cpu_count()} cores, Python {platform.python_version()}, DuckDB {duckdb.__version__},",
        f"ibis {ibis.__version__}, pandas {pd.__version__}.",
        "",
        "| order lines | way | wall, s | CPU, s | peak memory, MB | wall of ours / this | memory of ours / this |",
        "|---|---|---:|---:|---:|---:|---:|",
    ]
    for (millions, kind), runs in found.items():
        for run in runs:
            ratios = f"{runs[0].wall / run.wall:.2f} | {runs[0].memory / run.memory:.2f}"
            parts.append(f"| {millions:g}M, {kind} | {run.way} | {run.wall:.1f} | {run.cpu:.1f} | {run.memory:,.0f} | {ratios} |")
    steps = [(small, large) for small, large in zip(found, list(found)[1:], strict=False) if small[1] == large[1]]
    for small, large in steps:
        times = found[large][0].wall / found[small][0].wall
        parts += ["", f"{large[0] / small[0]:g} times the rows ({small[0]:g}M to {large[0]:g}M) cost ours {times:.1f} times the time."]
    return "\n".join(parts) + "\n"


if __name__ == "__main__":
    main()
