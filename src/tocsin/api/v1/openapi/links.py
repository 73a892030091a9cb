"""Where an answer leads: what the next request takes from it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Name:
    """A path parameter, where in an answer its value stands, and who takes it."""

    parameter: str
    pointer: str
    operations: tuple[str, ...]


_OF_TEAM = (
    "show_team",
    "show_team_monitoring",
    "update_monitoring",
    "list_sites",
    "create_site",
    "create_sites",
)
_OF_SITE = (
    "show_site",
    "update_site",
    "list_checks",
    "queue_checks",
    "show_slots",
    "report_uptime",
    "report_performance",
    "delete_site",
)
_OF_CHECK = ("show_check", "delete_check")
_OF_ISSUE = ("show_issue", "acknowledge_issue", "resolve_issue", "list_deliveries")

_NAMES: Mapping[str, tuple[Name, ...]] = {
    "show_me": (Name("team", "/data/teams/0/id", _OF_TEAM),),
    "list_teams": (Name("team", "/data/0/id", _OF_TEAM),),
    "list_sites": (Name("site", "/data/0/uuid", _OF_SITE),),
    "create_site": (Name("site", "/data/uuid", _OF_SITE),),
    "create_sites": (Name("site", "/data/created/0/uuid", _OF_SITE),),
    "list_checks": (Name("check", "/data/0/uuid", _OF_CHECK),),
    "queue_checks": (Name("check", "/data/0/uuid", _OF_CHECK),),
    "list_issues": (Name("issue", "/data/0/uuid", _OF_ISSUE),),
}


def links_of(operation: str) -> dict[str, dict[str, Any]]:
    """Return the links of an operation's success by the name of the operation they lead to."""
    return dict(_links(operation))


def _links(operation: str) -> Iterator[tuple[str, dict[str, Any]]]:
    for name in _NAMES.get(operation, ()):
        for target in name.operations:
            yield (
                target,
                {
                    "operationId": target,
                    "parameters": {name.parameter: f"$response.body#{name.pointer}"},
                },
            )
