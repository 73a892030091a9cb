"""`tocsin up` from the outside."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest

from tests.runtime.conftest import environment, rows, until, write

UP = (sys.executable, "-m", "tocsin.cli.main", "up")


@pytest.fixture
def port() -> int:
    """A port that was free a moment ago."""
    return free_port()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def fails(data_dir: Path, port: int) -> str:
    """Start in vain; return the one line that it says."""
    done = subprocess.run(
        [*UP, "--port", str(port)],
        env=environment(data_dir), capture_output=True, text=True, timeout=30, check=False,
    )  # fmt: skip
    assert done.returncode == 1
    assert done.stdout == ""
    (line,) = done.stderr.splitlines()
    return line


def answers(port: int, path: str) -> int:
    try:
        with urlopen(f"http://127.0.0.1:{port}{path}", timeout=5) as answer:
            return int(answer.status)
    except HTTPError as error:
        with error:
            return error.code
    except OSError:
        return 0


def worker_pid(data_dir: Path) -> int:
    found = rows(data_dir, "SELECT worker FROM checks_heartbeat")
    return int(found[0][0].rpartition(":")[2]) if found else 0


@pytest.fixture
def metrics_port() -> int:
    """Another."""
    return free_port()


@pytest.fixture
def supervisor(data_dir: Path, port: int, metrics_port: int) -> "Iterator[subprocess.Popen[str]]":
    """`tocsin up` on the data directory and port of the test."""
    process = subprocess.Popen(
        [*UP, "--port", str(port)],
        env={**environment(data_dir), "TOCSIN_METRICS_PORT": str(metrics_port)},
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
    )  # fmt: skip
    yield process
    process.kill()
    process.communicate()


def test_it_serves_restarts_its_worker_and_ends_cleanly(
    supervisor: "subprocess.Popen[str]", data_dir: Path, port: int, metrics_port: int
) -> None:
    until(lambda: answers(port, "/healthz") == 200, "health")
    first = until(lambda: worker_pid(data_dir), "a worker")
    assert answers(port, "/readyz") == 200
    assert answers(metrics_port, "/metrics") == 200

    os.kill(first, signal.SIGKILL)
    write(data_dir, "DELETE FROM checks_heartbeat")
    assert answers(port, "/readyz") == 503
    assert answers(port, "/healthz") == 200
    assert until(lambda: worker_pid(data_dir), "another worker") != first
    assert answers(port, "/readyz") == 200

    assert "running already" in fails(data_dir, free_port())
    supervisor.send_signal(signal.SIGINT)
    printed, _ = supervisor.communicate(timeout=30)
    assert supervisor.returncode == 0
    assert f"http://127.0.0.1:{port}" in printed
    assert "create-user" in printed
    assert answers(port, "/healthz") == 0
    assert worker_pid(data_dir) == 0


def test_it_says_that_the_port_is_in_use(data_dir: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert "--port" in fails(data_dir, port)


def test_it_says_that_the_data_directory_cannot_be_used(tmp_path: Path, port: int) -> None:
    (tmp_path / "file").write_text("")
    assert "TOCSIN_DATA_DIR" in fails(tmp_path / "file" / "data", port)


def test_it_says_that_the_database_is_newer(data_dir: Path, port: int) -> None:
    write(
        data_dir,
        "INSERT INTO django_migrations (app, name, applied) "
        "VALUES ('checks', '9999_from_the_future', '2030-01-01')",
    )
    assert "newer" in fails(data_dir, port)
