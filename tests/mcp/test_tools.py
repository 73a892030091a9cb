"""What the tools answer."""

from typing import Any

import msgspec
import pytest
from jsonschema import Draft202012Validator

from tests.api.conftest import make_check, make_issue
from tests.mcp.conftest import CallTool
from tocsin.access.scopes import Scope
from tocsin.kit.errors import InvalidInput
from tocsin.mcp import results
from tocsin.mcp.answers import NOTICE
from tocsin.mcp.operation import RefusedError
from tocsin.mcp.registry import TOOLS
from tocsin.mcp.server import described

ORDER = [
    "list_teams",
    "list_sites",
    "get_site",
    "list_checks",
    "get_check",
    "list_issues",
    "get_issue",
    "run_check",
    "get_uptime_report",
    "get_performance_report",
    "acknowledge_issue",
]
WRITING = {"run_check", "acknowledge_issue"}


def answered(answer: Any) -> dict[str, Any]:
    structured: dict[str, Any] | None = results.answered(answer).structured_content
    assert structured is not None
    return structured


def test_it_lists_the_tools_in_one_order() -> None:
    """The contract's eleven, list_teams first."""
    assert list(TOOLS) == ORDER


@pytest.mark.parametrize("tool", ORDER)
def test_it_describes_itself(tool: str) -> None:
    """Schemas are objects and valid; only two tools write."""
    shown = described(TOOLS[tool])
    for schema in (shown.input_schema, shown.output_schema):
        assert schema is not None
        assert schema["type"] == "object"
        Draft202012Validator.check_schema(schema)
    assert shown.input_schema["additionalProperties"] is False
    assert shown.annotations is not None
    assert shown.annotations.read_only_hint is (tool not in WRITING)
    assert shown.annotations.destructive_hint is False
    assert shown.description


@pytest.mark.parametrize("tool", ORDER)
def test_it_answers_within_its_schema(
    tool: str, bob: Any, site: Any, named: dict[str, Any], call: CallTool
) -> None:
    """What is answered is what was described, marked as other people's words."""
    make_check(site)
    fields = TOOLS[tool].arguments.__struct_fields__
    arguments = {name: value for name, value in named.items() if name in fields}
    structured = answered(call(bob, tool, **arguments))
    schema = described(TOOLS[tool]).output_schema
    assert schema is not None
    Draft202012Validator(schema).validate(structured)
    assert structured["notice"] == NOTICE
    assert structured["data"]


def test_it_pages_lists(alice: Any, site: Any, call: CallTool) -> None:
    """Pages of checks, newest first, and one past the end."""
    checks = [make_check(site) for _ in range(3)]
    first = answered(call(alice, "list_checks", site_uuid=str(site.pk), per_page=2))
    assert [row["uuid"] for row in first["data"]] == [str(check.pk) for check in checks[:0:-1]]
    assert first["meta"] == {"current_page": 1, "last_page": 2, "per_page": 2, "total": 3}
    past = answered(call(alice, "list_checks", site_uuid=str(site.pk), per_page=2, page=3))
    assert past["data"] == []


def test_it_filters_checks(alice: Any, site: Any, call: CallTool) -> None:
    """By tool, by kind, and by time."""
    manual = make_check(site, automatic=False)
    make_check(site, type="ssl")
    found = answered(call(alice, "list_checks", site_uuid=str(site.pk), type="status"))
    assert [row["uuid"] for row in found["data"]] == [str(manual.pk)]
    none = call(alice, "list_checks", site_uuid=str(site.pk), **{"from": "2999-01-01"})
    assert answered(none)["data"] == []
    with pytest.raises(InvalidInput):
        call(alice, "list_checks", site_uuid=str(site.pk), **{"from": "tomorrow"})


def test_it_finds_sites_by_a_part_of_their_name(alice: Any, site: Any, call: CallTool) -> None:
    """Search and latest state."""
    make_check(site, automatic=False)
    found = answered(call(alice, "list_sites", team_id=site.team_id, search="xampl"))
    assert [row["uuid"] for row in found["data"]] == [str(site.pk)]
    assert answered(call(alice, "list_sites", team_id=site.team_id, search="zzz"))["data"] == []


def test_it_lists_issues_of_all_open_teams(alice: Any, site: Any, call: CallTool) -> None:
    """Active ones by default, others by status."""
    opened = make_issue(site)
    make_issue(site, fingerprint="ssl:invalid", type="ssl", status="resolved")
    assert [row["uuid"] for row in answered(call(alice, "list_issues"))["data"]] == [str(opened.pk)]
    everything = call(alice, "list_issues", status="all", site_uuid=str(site.pk))
    assert answered(everything)["meta"]["total"] == 2


def test_it_acknowledges_in_the_users_name(bob: Any, named: dict[str, Any], call: CallTool) -> None:
    """The issue says who."""
    issue = answered(call(bob, "acknowledge_issue", issue_uuid=named["issue_uuid"]))["data"]
    assert (issue["status"], issue["acknowledged_by"]["id"]) == ("acknowledged", bob.pk)


def test_it_queues_manual_checks(bob: Any, site: Any, call: CallTool) -> None:
    """Pending, as the API answers them."""
    queued = answered(call(bob, "run_check", site_uuid=str(site.pk), tools=["status"]))["data"]
    assert [(check["type"], check["status"], check["automatic"]) for check in queued] == [
        ("status", "pending", False)
    ]


def test_it_needs_to_read_checks_to_wait_for_them(bob: Any, site: Any, call: CallTool) -> None:
    """Write does not imply read."""
    with pytest.raises(RefusedError) as refused:
        call(bob, "run_check", [Scope.CHECKS_RUN], site_uuid=str(site.pk), wait=True)
    assert refused.value.verdict.required_scope == Scope.CHECKS_READ


@pytest.mark.parametrize(
    ("tool", "arguments"),
    [
        ("get_site", {}),
        ("get_site", {"site_uuid": "not one"}),
        ("get_site", {"site_uuid": "01890000-0000-7000-8000-000000000000", "more": 1}),
        ("list_sites", {"team_id": "1"}),
        ("list_sites", {"team_id": True}),
        ("list_sites", {"team_id": 2**63}),
        ("list_sites", {"team_id": 1, "per_page": 101}),
        ("list_issues", {"status": "gone"}),
        ("run_check", {"site_uuid": "01890000-0000-7000-8000-000000000000", "tools": []}),
        ("get_uptime_report", {"site_uuid": "01890000-0000-7000-8000-000000000000", "days": 366}),
    ],
)
def test_it_refuses_arguments_that_cannot_be_used(tool: str, arguments: dict[str, Any]) -> None:
    """Before anything is looked up."""
    with pytest.raises(msgspec.ValidationError):
        TOOLS[tool].read(arguments)
