"""A batch on more machines: whole clients as tasks of a Dask cluster.

A task is idempotent: the same client on the same data gives the same bytes, delivered in one step.
So when a worker is killed in the middle, the cluster simply gives its client to another one.

All machines reach the same folders: a shared path, or URLs that fsspec understands. Behind a URL
each task works on a copy of its own, and what it uploads is named by a manifest written last.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from helpers.core.errors import AimError
from helpers.core.files import scratch
from helpers.core.records import Order, RoundRecord
from helpers.core.wording import _
from helpers.running.batch import run_batch
from helpers.running.index_page import INDEX, page, write_index
from helpers.running.progress import Tell, Word
from helpers.running.remote import Store, is_url


def run_on_dask(
    address: str,
    orders: Sequence[Order],
    reports: str,
    tell: Tell = lambda word: None,
    tries: int = 3,
    wait_seconds: float = 30,
) -> list[RoundRecord]:
    """Run the rounds of many clients on a Dask cluster.

    Parameters
    ----------
    address : the scheduler's address, such as "tcp://10.0.0.5:8786".
    orders : one per client.
    reports : a folder or fsspec URL that all workers reach.
    tell : is called for every round that ends.
    tries : how many workers may die over one client before it counts as failed.
    wait_seconds : longest wait for the scheduler.

    Returns
    -------
    How each round ended, in the order of the orders.
    """
    try:
        from distributed import Client, as_completed
    except ImportError as error:
        raise AimError(_("For --dask install the optional part: pip install 'aim-workbook[dask]'.")) from error
    try:
        opened = Client(address, set_as_default=False, timeout=wait_seconds)
    except OSError as error:
        raise AimError(_("No Dask scheduler answers at {address}.").format(address=address)) from error
    with opened as cluster:
        names = {
            cluster.submit(run_task, order.to_json(), reports, key=f"aim-{order.home.name}", retries=tries, pure=False): order
            for order in orders
        }
        records: dict[Path, RoundRecord] = {}
        for future in as_completed(list(names), loop=cluster.loop):
            order = names[future]
            records[order.client] = _outcome(order, future)
            tell(Word(order.home.name, "", records[order.client], len(records), len(orders)))
    if is_url(reports):
        Store(reports).write(INDEX, page(Store(reports).statuses()).encode())
    else:
        write_index(Path(reports))
    return [records[order.client] for order in orders]


def run_task(order: dict[str, Any], reports: str) -> dict[str, Any]:
    """Run one client's round on this worker; what a Dask task calls.

    Parameters
    ----------
    order : the order, as plain JSON values; its client may be a URL.
    reports : folder or URL of all reports.
    """
    if not is_url(reports) and not is_url(order["client"]):
        return _run(Order.from_json({**order, "reports": reports}))
    with scratch("task") as folder:
        here, store = Path(folder), Store(reports)
        client = here / "data" / order["client"].rstrip("/").rsplit("/", 1)[-1]
        Store(order["client"]).download("", client)
        home = here / "reports" / client.name
        store.download_finished(client.name, home)
        record = _run(Order.from_json({**order, "client": str(client), "reports": str(here / "reports")}))
        store.upload_finished(home, client.name)
        report = record["report"] and f"{reports.rstrip('/')}/{Path(record['report']).relative_to(here / 'reports').as_posix()}"
        return record | {"report": report}


def _run(order: Order) -> dict[str, Any]:
    (record,) = run_batch([order], workers=1, warm=True)
    return record.to_json()


def _outcome(order: Order, future: Any) -> RoundRecord:
    if future.status == "finished":
        return RoundRecord.from_json(future.result())
    sentence = _("The cluster lost it: {error}.").format(error=type(future.exception()).__name__)
    return dataclasses.replace(RoundRecord(order.home.name, "kernel died", sentence, None))
