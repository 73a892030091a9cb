"""What the browser's processes can see and reach, tried by programs confined as it is."""

import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tocsin.probes.contract import ProbeOptions
from tocsin.probes.performance import confine, processes
from tocsin.probes.performance.installation import Installation, find_installation


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server


def confined(shell: str, port: int = 1) -> subprocess.CompletedProcess[str]:
    """Run a line of shell exactly as the browser's worker is run."""
    installation = find_installation(ProbeOptions())
    assert isinstance(installation, Installation)
    directory = processes.make_directory()
    specification = processes.specification(installation, port, directory)
    try:
        return subprocess.run(
            [sys.executable, "-I", confine.__file__, json.dumps(specification),
             "/bin/bash", "-c", f"cd {directory}; {shell}"],
            capture_output=True, text=True, env={"PATH": "/usr/bin:/bin"}, timeout=30, check=False,
        )  # fmt: skip
    finally:
        directory.rmdir()


def port_of(server: socket.socket) -> int:
    return int(server.getsockname()[1])


def test_it_cannot_read_the_data_directory(tmp_path: Path) -> None:
    secret = tmp_path / "secret_key"
    secret.write_text("s3cret", encoding="utf-8")
    # As readable as can be: it is the confinement that must keep it closed.
    secret.chmod(0o644)
    for directory in (tmp_path, *tmp_path.parents[:-2]):
        if directory.stat().st_uid == os.geteuid():
            directory.chmod(0o755)
    seen = confined(f"cat {secret}; ls {tmp_path}; echo new > {tmp_path}/file")
    assert "s3cret" not in seen.stdout
    assert seen.stdout == ""
    assert seen.stderr.count("Permission denied") == 3
    assert not (tmp_path / "file").exists()


def test_it_cannot_read_our_environment_nor_signal_us() -> None:
    seen = confined(f"cat /proc/{os.getpid()}/environ; kill -0 {os.getpid()} || echo kept")
    assert "Permission denied" in seen.stderr
    assert seen.stdout == "kept\n"


def test_it_reaches_the_proxy_and_no_other_port(listener: socket.socket) -> None:
    port = port_of(listener)
    attempt = f"exec 3<>/dev/tcp/127.0.0.1/{port} && echo reached"
    assert confined(attempt, port=port).stdout == "reached\n"
    refused = confined(attempt, port=1)
    assert refused.stdout == ""
    assert "Permission denied" in refused.stderr


def test_it_writes_into_its_own_directory() -> None:
    assert confined("echo mine > file && cat file && rm file").stdout == "mine\n"


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")
def test_it_is_nobody_where_we_are_root() -> None:
    assert confined("id -un").stdout == "nobody\n"


def test_it_says_why_a_program_cannot_be_confined() -> None:
    specification = json.dumps({"read": [], "write": [], "connect": []})
    seen = subprocess.run(
        [sys.executable, "-I", confine.__file__, specification, "/nonexistent/program"],
        capture_output=True, text=True, timeout=30, check=False,
    )  # fmt: skip
    assert seen.returncode == confine.UNCONFINABLE
    assert "cannot be confined" in seen.stderr
