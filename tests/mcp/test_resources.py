"""Resources: a team, a site, an issue by address."""

from typing import Any

import pytest

from tests.mcp.conftest import principal_of
from tocsin.access.scopes import Scope
from tocsin.mcp import resources
from tocsin.mcp.operation import RefusedError


def test_it_reads_what_the_tools_read(vera: Any, named: dict[str, Any]) -> None:
    """The three kinds."""
    for uri, field in (
        (f"tocsin://teams/{named['team_id']}", "id"),
        (f"tocsin://sites/{named['site_uuid']}", "uuid"),
        (f"tocsin://issues/{named['issue_uuid']}", "uuid"),
    ):
        reading = resources.reading(uri)
        assert reading is not None
        _, answer = reading.operation.perform(principal_of(vera), reading.arguments)
        assert str(getattr(answer.data, field)) == uri.rpartition("/")[2]


def test_it_hides_what_belongs_to_others(mallory: Any, named: dict[str, Any]) -> None:
    """As every other door does."""
    reading = resources.reading(f"tocsin://sites/{named['site_uuid']}")
    assert reading is not None
    with pytest.raises(RefusedError) as refused:
        reading.operation.perform(principal_of(mallory), reading.arguments)
    assert refused.value.verdict.code == "not_found"


@pytest.mark.parametrize(
    "uri",
    [
        "",
        "tocsin://",
        "tocsin://teams/",
        "tocsin://teams/0",
        "tocsin://teams/-1",
        "tocsin://teams/1/2",
        "tocsin://teams/٣",
        f"tocsin://teams/{10**30}",
        "tocsin://sites/../teams/1",
        "tocsin://sites/x",
        "tocsin://checks/01890000-0000-7000-8000-000000000000",
        "https://example.com",
        "file:///etc/passwd",
    ],
)
def test_it_finds_nothing_under_other_addresses(uri: str) -> None:
    """Whatever they try to be."""
    assert resources.reading(uri) is None


def test_it_lists_teams_to_those_who_may_read_them(alice: Any, team: Any) -> None:
    """A token without the scope sees none."""
    listed = resources.resources(principal_of(alice))
    assert [each.uri for each in listed] == [f"tocsin://teams/{team.pk}"]
    assert resources.resources(principal_of(alice, [Scope.SITES_READ])) == []
