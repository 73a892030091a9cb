"""The official suite's scenarios for authorisation servers, with a person who agrees."""

import json
import subprocess
import urllib.request
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.e2e.people import Person
from tests.e2e.server import Server
from tests.mcp.conformance.suite import SUITE, free_port, node

REVISIONS = ("2026-07-28", "2025-11-25")
SECONDS = 60


@pytest.fixture
def person_inside(page: Page, person: Person) -> Page:
    """Somebody whose proof is fresh."""
    person.register(page)
    person.verify(page)
    page.goto("/settings/mcp")
    person.prove(page)
    return page


def _register(base: str, callback: str) -> str:
    said = {"client_name": "Conformance", "redirect_uris": [callback]}
    request = urllib.request.Request(
        f"{base}/oauth/register", json.dumps(said).encode(), {"Content-Type": "application/json"}
    )
    with urllib.request.urlopen(request, timeout=SECONDS) as answer:
        return str(json.load(answer)["client_id"])


@pytest.mark.parametrize("revision", REVISIONS)
def test_it_conforms(person_inside: Page, server: Server, revision: str, tmp_path: Path) -> None:
    if not SUITE.exists():
        pytest.fail("the conformance suite is not installed: run `make setup`")
    port = free_port()
    client_id = _register(server.base, f"http://127.0.0.1:{port}/callback")
    command = [
        *(node(), str(SUITE), "authorization", "--url", server.base),
        *("--client-id", client_id, "--resource", f"{server.base}/mcp"),
        *("-p", str(port), "--spec-version", revision),
    ]
    said: list[str] = []
    process = subprocess.Popen(
        command, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    try:
        for line in process.stdout or ():
            said.append(line)
            if line.startswith(f"{server.base}/oauth/authorize"):
                person_inside.goto(line.strip())
                person_inside.get_by_role("button", name="Connect").click()
        assert process.wait(timeout=SECONDS) == 0, "".join(said)
    finally:
        process.kill()  # it waits for minutes where nobody agrees
        process.communicate()
    assert "Total: 3 passed, 0 failed" in "".join(said)
