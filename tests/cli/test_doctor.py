"""`tocsin doctor`."""

import json
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Process
from tocsin.probes.contract import Tool

CHECKS = [
    "settings",
    "installation",
    "data_directory",
    "disk",
    "database",
    "migrations",
    "bus",
    "resolvers",
    "egress_policy",
    "clock",
    "mail",
    "lighthouse",
    "landlock",
    "browser",
    "tools",
]


@pytest.fixture
def silent_port() -> Iterator[int]:
    """A UDP port that nobody answers on."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as taken:
        taken.bind(("127.0.0.1", 0))
        yield taken.getsockname()[1]


def _findings(out: str) -> dict[str, dict[str, Any]]:
    return {finding["check"]: finding for finding in json.loads(out)}


def test_it_looks_at_everything_and_says_what_to_do(process: Process, silent_port: int) -> None:
    ran = process(
        "doctor",
        "--json",
        TOCSIN_DNS_RESOLVERS=f"udp://127.0.0.1:{silent_port}",
        TOCSIN_EGRESS_ALLOW="0.0.0.0/0",
        TOCSIN_EMAIL_URL=f"smtp://127.0.0.1:{silent_port}",
    )
    findings = _findings(ran.out)
    assert list(findings) == CHECKS
    assert (ran.code, ran.err) == (1, "")
    wrong = {check for check, finding in findings.items() if not finding["ok"]}
    assert wrong == {"resolvers", "egress_policy", "mail"}
    assert all(findings[check]["remedy"] for check in wrong)
    assert all(set(each) == {"check", "ok", "detail", "remedy"} for each in findings.values())
    assert "Chromium" in findings["browser"]["detail"]
    assert all(tool in findings["tools"]["detail"] for tool in Tool)


def test_it_says_which_tool_cannot_run_and_what_mends_it(process: Process, tmp_path: Path) -> None:
    ran = process("doctor", "--json", PATH=str(tmp_path), TOCSIN_DNS_RESOLVERS="udp://127.0.0.1:9")
    findings = _findings(ran.out)
    assert ran.code == 1
    assert not findings["browser"]["ok"]
    assert "apt-get install chromium" in findings["browser"]["remedy"]
    assert not findings["tools"]["ok"]
    assert "performance is skipped (browser_missing)" in findings["tools"]["detail"]
    assert findings["lighthouse"]["ok"]


def test_it_stops_at_settings_that_cannot_be_used(process: Process) -> None:
    ran = process("doctor", "--json", TOCSIN_EGRESS_ALLOW="10.0.0.0/99")
    assert ran.code == 1
    (finding,) = json.loads(ran.out)
    assert (finding["check"], finding["ok"]) == ("settings", False)
    assert "TOCSIN_EGRESS_ALLOW" in finding["detail"]
    assert "CIDR" in finding["remedy"]


def test_it_prints_for_people(process: Process, silent_port: int) -> None:
    ran = process("doctor", TOCSIN_DNS_RESOLVERS=f"udp://127.0.0.1:{silent_port}")
    assert ran.code == 1
    assert "FAIL" in ran.out
    assert "TOCSIN_DNS_RESOLVERS" in ran.out
