"""The official suite's server scenarios, for both revisions, through our gate and transport."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.mcp.conformance.suite import HERE, free_port, run_suite, wait_for

REVISIONS = ("2026-07-28", "2025-11-25")


@contextmanager
def serving(kind: str, data: Path) -> Iterator[int]:
    """Serve one kind of server for a while."""
    port = free_port()
    with (data / "server.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.mcp.conformance.serve", str(port), kind],
            env=os.environ | {"TOCSIN_DATA_DIR": str(data), "TOCSIN_DATABASE_URL": ""},
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    try:
        wait_for(port, process)
        yield port
    finally:
        process.terminate()
        process.wait(timeout=20)


@pytest.mark.sqlite_only
@pytest.mark.parametrize("kind", ["own", "fixtures"])
def test_it_conforms(kind: str, tmp_path: Path) -> None:
    """All that a revision requires, but for what a list beside this file gives a reason for."""
    with serving(kind, tmp_path) as port:
        for revision in REVISIONS:
            done = run_suite(
                "server",
                *("--url", f"http://127.0.0.1:{port}/mcp"),
                *("--requirements", revision),
                *("--timeout", "90000"),
                *("--expected-failures", str(HERE / f"{kind}-{revision}.yaml")),
                cwd=tmp_path,
            )
            assert done.returncode == 0, done.stdout.partition("=== SUMMARY")[2]
            assert "Total:" in done.stdout
