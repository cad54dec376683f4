"""A form filled in JupyterLab, in a real browser: client.yml changes, keeps its comments, and the next run shows it."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

from helpers.core.records import RunRequest
from helpers.running.runner import run_round
from tests.conftest import ROOT, SMALL_CLIENT, SMALL_ORDERS

CHROMIUM = Path("/usr/bin/chromium")
QUIET = (
    "--no-sandbox --headless --disable-gpu --disable-background-networking --disable-component-update "
    "--disable-sync --no-first-run --disable-dev-shm-usage"
).split()
PATIENCE_MS = 90_000  # a slow machine that does other things as well
ANSWERS = """
# ---- The workshop ----
goals:
  goals:
    # the board asked for this one
    - name: More customers who come back
      kpi: active_customers   # those who ordered
      target: 20
      owner: Els
"""

pytestmark = pytest.mark.drill
if not CHROMIUM.exists() and not shutil.which("chromium"):
    pytest.skip("no Chromium on this machine", allow_module_level=True)
sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    folder = tmp_path / "data" / "small-shop"
    folder.mkdir(parents=True)
    (folder / "client.yml").write_text(SMALL_CLIENT + ANSWERS, encoding="utf-8")
    (folder / "orders.csv").write_text(SMALL_ORDERS, encoding="utf-8")
    return folder


@pytest.fixture
def lab(shop: Path, tmp_path: Path):
    """JupyterLab on loopback, with a copy of the notebook and the client as its default."""
    notebooks = tmp_path / "notebooks"
    notebooks.mkdir()
    shutil.copy(ROOT / "notebooks" / "10_goals.ipynb", notebooks)
    tracker = tmp_path / "settings" / "@jupyterlab" / "notebook-extension" / "tracker.jupyterlab-settings"
    tracker.parent.mkdir(parents=True)
    tracker.write_text(json.dumps({"windowingMode": "none"}), encoding="utf-8")  # all cells stay on the page
    port = free_port()
    env = os.environ | {
        "AIM_CLIENT": str(shop),
        "AIM_REPORTS": str(tmp_path / "drafts"),
        "PYTHONPATH": str(ROOT),
        "JUPYTERLAB_SETTINGS_DIR": str(tmp_path / "settings"),
        "JUPYTERLAB_WORKSPACES_DIR": str(tmp_path / "workspaces"),
        "JUPYTER_CONFIG_DIR": str(tmp_path / "config"),
        "JUPYTER_RUNTIME_DIR": str(tmp_path / "runtime"),
        "IPYTHONDIR": str(tmp_path / "ipython"),
    }
    command = [
        sys.executable,
        "-m",
        "jupyterlab",
        "--no-browser",
        "--allow-root",
        "--ip=127.0.0.1",
        f"--port={port}",
        "--ServerApp.port_retries=0",
        "--IdentityProvider.token=",
        "--ServerApp.password=",
        f"--notebook-dir={notebooks}",
    ]
    log = open(tmp_path / "lab.log", "wb")
    server = subprocess.Popen(command, env=env, stdout=log, stderr=log)
    try:
        wait_for(f"http://127.0.0.1:{port}/api/status", server, tmp_path / "lab.log")
        yield f"http://127.0.0.1:{port}/lab/tree/10_goals.ipynb"
    finally:
        server.terminate()
        server.wait(20)
        log.close()


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def wait_for(url: str, server: subprocess.Popen, log: Path) -> None:
    until = time.monotonic() + PATIENCE_MS / 1000
    while time.monotonic() < until:
        try:
            with urllib.request.urlopen(url, timeout=5):
                return
        except OSError:
            assert server.poll() is None, log.read_text(encoding="utf-8")
            time.sleep(0.3)
    pytest.fail("JupyterLab did not start:\n" + log.read_text(encoding="utf-8"))


@pytest.fixture
def page():
    with sync_api.sync_playwright() as play:
        path = str(CHROMIUM) if CHROMIUM.exists() else shutil.which("chromium")
        browser = play.chromium.launch(executable_path=path, args=QUIET)
        opened = browser.new_page(viewport={"width": 1400, "height": 1000})
        opened.set_default_timeout(PATIENCE_MS)
        yield opened
        browser.close()


def test_a_form_filled_in_jupyterlab_changes_client_yml_and_the_next_run_shows_it(lab, page, shop, tmp_path):
    before = (shop / "client.yml").read_text(encoding="utf-8")
    page.goto(lab)
    page.locator(".jp-Notebook .jp-CodeCell").first.wait_for()
    page.locator("#jp-main-statusbar").get_by_text("Idle").first.wait_for()  # else it asks which kernel to start
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_role("menuitem", name="Run All Cells", exact=True).click()

    form = page.locator(".jp-OutputArea-output", has=page.get_by_role("button", name="Save in client.yml")).first
    target = form.get_by_label("target").first
    target.wait_for()
    target.fill("many")
    form.get_by_text("expected a number").first.wait_for()  # said while it is typed
    assert form.get_by_role("button", name="Save in client.yml").is_disabled()
    target.fill("31")
    form.get_by_text("expected a number").first.wait_for(state="detached")
    form.locator("button:enabled", has_text="Save in client.yml").click()
    form.get_by_text("Saved in client.yml").wait_for()

    assert (shop / "client.yml").read_text(encoding="utf-8") == before.replace("target: 20", "target: 31")
    record = run_round(RunRequest(shop, tmp_path / "reports"))
    assert record.good, record
    report = record.report.read_text(encoding="utf-8")
    assert "More customers who come back" in report and ">31<" in report
