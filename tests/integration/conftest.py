"""PostgreSQL started for the tests on loopback, and Spark in local mode; both in temporary folders."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

_DEBIAN = Path("/usr/lib/postgresql")


@pytest.fixture(scope="session")
def postgres() -> Iterator[dict[str, str]]:
    """A PostgreSQL server of an unprivileged user; yields what its address needs."""
    programs = _programs()
    if programs is None:
        pytest.skip("PostgreSQL is not installed (on Debian: apt-get install postgresql)")
    folder = Path(tempfile.mkdtemp(prefix="aim-postgres-"))
    data, port, word = folder / "data", _free_port(), "s3cret-word"
    (folder / "pw").write_text(word)
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres")
        shutil.chown(folder / "pw", "postgres")
    _as_user(programs / "initdb", "-D", data, "-U", "aim", "-A", "scram-sha-256", f"--pwfile={folder / 'pw'}", "-E", "UTF8")
    options = f"-c listen_addresses=127.0.0.1 -c port={port} -c unix_socket_directories={folder} -c fsync=off"
    _as_user(programs / "pg_ctl", "-D", data, "-w", "-l", folder / "log", "-o", options, "start")
    try:
        yield {"host": "127.0.0.1", "port": str(port), "user": "aim", "password": word, "dbname": "postgres"}
    finally:
        _as_user(programs / "pg_ctl", "-D", data, "-m", "immediate", "stop")
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def spark(tmp_path_factory):
    """Spark in local mode, as spark://local makes it."""
    pytest.importorskip("pyspark")
    if shutil.which("java") is None:
        pytest.skip("Java 17 is not installed (on Debian: apt-get install openjdk-17-jre-headless)")
    os.chdir(tmp_path_factory.mktemp("spark"))  # Spark writes its folders where it stands
    from helpers.sources.database import spark_session

    session = spark_session("local", "")
    yield session
    session.stop()


def _programs() -> Path | None:
    versions = sorted(_DEBIAN.glob("*/bin/initdb"), key=lambda path: int(path.parent.parent.name)) if _DEBIAN.is_dir() else []
    found = versions[-1] if versions else shutil.which("initdb")
    return Path(found).parent if found else None


def _as_user(*command: object) -> None:
    words = [str(one) for one in command]
    if os.geteuid() == 0:  # initdb refuses root
        words = ["runuser", "-u", "postgres", "--", *words]
    subprocess.run(words, check=True, cwd="/", stdout=subprocess.DEVNULL, stdin=subprocess.DEVNULL, timeout=120)


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]
