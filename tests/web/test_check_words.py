"""Every kind of check on every page that shows it: in words, never as Python writes nothing."""

import re
from typing import Any

import pytest
from selectolax.lexbor import LexborHTMLParser

from tests.web.conftest import SignIn
from tests.web.results import RESULTS, check_of
from tests.web.watching import watch
from tocsin.checks.manual_runs import LOST
from tocsin.checks.models import Check, ManualRun
from tocsin.checks.summaries import in_words
from tocsin.kit import clock
from tocsin.probes.contract import Tool
from tocsin.sites.models import Site

BROKE = {"code": "broke", "message": "The check took too long.", "data": {}}
PLAIN = {"code": "no_tls", "message": "It has no certificate.", "data": {}}
BARE = {"code": "bare", "message": None}
BY_HAND = {"automatic": False, "run_reason": "", "scheduled_for": None}
PENDING = {"status": "pending", "outcome": "", "result": None, "completed_at": None, **BY_HAND}
# What a check's row holds, and what its line in the history then says.
KINDS: dict[str, tuple[dict[str, Any], str]] = {
    "queued": (PENDING, "No answer yet"),
    "running": (PENDING, "No answer yet"),
    "ran": ({}, ""),
    "problem": ({"outcome": "failing"}, ""),
    "unknown": ({"outcome": "unknown", "error": BROKE}, "The check took too long."),
    "failed": ({"status": "failed", "outcome": "failing", "result": None, "error": BROKE},
               "The check took too long."),
    "lost": ({"status": "failed", "outcome": "unknown", "result": None, "error": LOST, **BY_HAND},
             "No worker answered before the check's deadline."),
    "skipped": ({"status": "skipped", "outcome": "unknown", "result": None, "error": PLAIN},
                "It has no certificate."),
    "mute": ({"status": "failed", "outcome": "", "result": None}, "It left no result"),
    "bare": ({"status": "failed", "outcome": "", "result": None, "error": BARE},
             "It left no result"),
    "mute skip": ({"status": "skipped", "outcome": "unknown", "result": None},
                  "No reason was recorded"),
    "hollow": ({"outcome": "unknown"}, ""),
}  # fmt: skip
PROGRESS = {"stage": "crawling", "done": 3, "total": None, "links": None, "found": None}
NOTHING = re.compile(r".*\bNone\b.*")
SAID = ("aria-label", "title", "alt", "placeholder")


def _hollow(value: Any) -> Any:
    """Keep the form of a result, with nothing in it."""
    if isinstance(value, dict):
        return {name: _hollow(each) for name, each in value.items()}
    return [_hollow(each) for each in value] if isinstance(value, list) else None


def _record(site: Site, tool: Tool, kind: str) -> Check:
    fields, _words = KINDS[kind]
    if kind == "hollow":
        fields = fields | {"result": _hollow(RESULTS[tool])}
    check = check_of(site, tool, **fields)
    if not check.automatic:
        ManualRun.objects.create(
            team_id=site.team_id, site_uuid=site.pk, tool=tool.value, check_uuid=check.pk,
            asked_at=check.created_at, deadline=clock.now(), is_priority=False,
            finished_at=check.completed_at, progress=PROGRESS if kind == "running" else None,
        )  # fmt: skip
    return check


def _words_of(page: str) -> str:
    """Return all that a page shows or says, also what it says of pictures."""
    tree = LexborHTMLParser(page)
    tree.strip_tags(["script", "style"])
    said = [node.attributes.get(name) or "" for node in tree.css("*") for name in SAID]
    assert tree.body is not None
    return "\n".join([tree.body.text(separator="\n"), *said])


@pytest.mark.parametrize("kind", list(KINDS))
def test_no_page_shows_nothing_as_python_writes_it(
    sign_in: SignIn, alice: Any, team: Any, kind: str
) -> None:
    site = watch(team, outcome="", summary="")
    checks = [_record(site, tool, kind) for tool in Tool]
    paths = ["", "panels", "pulse", "runs", "checks", *(f"checks/{check.pk}" for check in checks)]
    client = sign_in(alice)
    for path in paths:
        answer = client.get(f"/teams/{team.pk}/sites/{site.pk}/{path}")
        assert answer.status_code == 200, path
        words = _words_of(answer.content.decode())
        assert NOTHING.findall(words) == [], path


@pytest.mark.parametrize("kind", list(KINDS))
def test_each_line_of_the_history_says_what_is_true(
    sign_in: SignIn, alice: Any, team: Any, kind: str
) -> None:
    site = watch(team, outcome="", summary="")
    for tool in Tool:
        _record(site, tool, kind)
    page = sign_in(alice).get(f"/teams/{team.pk}/sites/{site.pk}/checks").content
    lines = LexborHTMLParser(page).css(".check-row")
    assert len(lines) == len(Tool)
    for line in lines:
        summary = line.css_first(".check-summary").text().strip()
        assert summary == (KINDS[kind][1] or summary)
        assert summary
        if "skip" in kind:
            assert line.css_first(".check-look").text().strip() == "Skipped"


@pytest.mark.parametrize("tool", list(Tool))
def test_a_summary_of_nothing_is_empty(tool: Tool) -> None:
    for found in (None, {}):
        assert in_words(tool, found) == ""
    assert "None" not in in_words(tool, _hollow(RESULTS[tool]))
    assert in_words(tool, RESULTS[tool])
