"""The CI runner: what it makes of every end that checks can take."""

import json
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.client.conftest import Answer, Script
from tests.docs.conftest import Ran, Run, blocks

(RUNNER,) = blocks("ci-github-actions.md", "python")
(WORKFLOW,) = blocks("ci-github-actions.md", "yaml")
SITE = {"url": "https://shop.example.com"}
PENDING = {"uuid": "1", "type": "status", "status": "pending", "outcome": None, "error": None}


def _start(run: Run, variables: dict[str, str], *tools: str, **more: str) -> Ran:
    return run([sys.executable, "-", *tools], RUNNER, **variables, **more)


@pytest.fixture
def told(script: Script) -> dict[str, str]:
    """Settings that lead to a server which follows a script."""
    return {"TOCSIN_URL": script.url, "TOCSIN_TOKEN": "toc_pat_secret", "TOCSIN_SITE": "s"}


def _data(value: Any, status: int = 200) -> Answer:
    return Answer(status, json.dumps({"data": value}).encode())


def _check(**more: Any) -> dict[str, Any]:
    return {**PENDING, "site": SITE, **more}


@pytest.mark.django_db(transaction=True)
def test_it_passes_where_all_is_well(run: Run, tocsin: dict[str, str], tmp_path: Path) -> None:
    summary = tmp_path / "summary.md"
    ran = _start(run, tocsin, "status", "ssl", GITHUB_STEP_SUMMARY=str(summary))
    assert (ran.returncode, ran.stderr) == (0, "")
    assert "status: ok\nssl: ok\n" in ran.stdout
    assert "| ✅ | ssl | ok |  |" in summary.read_text(encoding="utf-8")


@pytest.mark.django_db(transaction=True)
def test_it_says_that_it_came_too_soon(run: Run, tocsin: dict[str, str]) -> None:
    assert _start(run, tocsin, "status").returncode == 0
    again = _start(run, tocsin, "status")
    assert again.returncode == 2
    assert "Tocsin queued nothing: status ran too recently; try again in" in again.stdout


@pytest.mark.django_db(transaction=True)
def test_it_fails_where_the_site_does(
    run: Run, tocsin: dict[str, str], ending: dict[str, Any]
) -> None:
    """With the reason, on one line whatever a site makes of it."""
    error = {"code": "dns", "message": "It does not\n::notice::resolve.", "data": {}}
    ending.update(status="failed", outcome="failing", error=error)
    ran = _start(run, tocsin, "dns")
    assert ran.returncode == 1
    assert "::error title=Tocsin::dns is failing. It does not ::notice::resolve.\n" in ran.stdout
    assert "\n::notice" not in ran.stdout


@pytest.mark.django_db(transaction=True)
def test_it_keeps_out_what_it_may_not_see(run: Run, tocsin: dict[str, str]) -> None:
    elsewhere = {**tocsin, "TOCSIN_SITE": "019a9f6e-2b4c-7d10-8a55-3f0c9e7b1d21"}
    ran = _start(run, elsewhere)
    assert ran.returncode == 2
    assert "::error title=Tocsin::404 not_found" in ran.stdout
    assert tocsin["TOCSIN_TOKEN"] not in ran.stdout + ran.stderr


def test_it_waits_as_long_as_it_is_told(run: Run, script: Script, told: dict[str, str]) -> None:
    """Then sends the same request again, under the same key."""
    script.answers = [
        Answer(429, b"{}", {"Retry-After": "1"}),
        _data([_check()], 202),
        _data(_check(status="skipped", outcome=None)),
    ]
    ran = _start(run, told)
    assert "Too many requests; waiting 1 s." in ran.stdout
    assert "status: skipped" in ran.stdout
    first, second, _ = script.requests
    assert first[0] == second[0] == "POST"
    assert first[2]["Idempotency-Key"] == second[2]["Idempotency-Key"]


@pytest.mark.parametrize("outcome", ["unknown", None])
def test_it_does_not_pass_what_nobody_knows(
    run: Run, script: Script, told: dict[str, str], outcome: str | None
) -> None:
    status = "skipped" if outcome is None else "failed"
    script.answers = [_data([_check(status=status, outcome=outcome)], 202)]
    assert _start(run, told).returncode == 2


def test_it_ends_at_its_deadline(run: Run, script: Script, told: dict[str, str]) -> None:
    script.answers = [_data([_check()], 202), _data(_check())]
    ran = _start(run, told, TOCSIN_DEADLINE="0.5")
    assert ran.returncode == 2
    assert "Still running at the deadline: status." in ran.stdout


def test_it_sends_the_token_nowhere_else(run: Run, script: Script, told: dict[str, str]) -> None:
    script.answers = [Answer(302, b"", {"Location": f"{script.url}/elsewhere"})]
    ran = _start(run, told)
    assert ran.returncode == 2
    assert "is this the address of Tocsin?" in ran.stdout
    assert [path for _, path, _ in script.requests] == ["/api/v1/sites/s/checks"]


def test_it_is_started_by_a_workflow() -> None:
    """With every variable that it reads, the token from a secret, and time enough."""
    job = yaml.safe_load(WORKFLOW)["jobs"]["check"]
    step = job["steps"][-1]
    assert step["run"].startswith("python3 .github/tocsin_check.py")
    assert step["env"]["TOCSIN_TOKEN"] == "${{ secrets.TOCSIN_TOKEN }}"
    assert {"TOCSIN_URL", "TOCSIN_SITE", "TOCSIN_DEADLINE"} < step["env"].keys()
    assert job["timeout-minutes"] * 60 > float(step["env"]["TOCSIN_DEADLINE"])
