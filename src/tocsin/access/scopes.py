"""What a token may be allowed to do; contract, section 1."""

from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation import gettext_noop


class Scope(StrEnum):
    """Write does not imply read."""

    TEAMS_READ = "teams:read"
    TEAMS_WRITE = "teams:write"
    SITES_READ = "sites:read"
    SITES_WRITE = "sites:write"
    SITES_DELETE = "sites:delete"
    CHECKS_READ = "checks:read"
    CHECKS_RUN = "checks:run"
    CHECKS_DELETE = "checks:delete"
    ISSUES_READ = "issues:read"
    ISSUES_WRITE = "issues:write"


# Messages of the catalogue: programs read them as they are, pages translate them.
DESCRIPTIONS: dict[Scope, str] = {
    Scope.TEAMS_READ: gettext_noop("Read teams, plan limits and team monitoring defaults"),
    Scope.TEAMS_WRITE: gettext_noop(
        "Update cadence, thresholds, escalation and quiet time of a team"
    ),
    Scope.SITES_READ: gettext_noop("Read sites, site monitoring data and reports"),
    Scope.SITES_WRITE: gettext_noop("Create and update sites"),
    Scope.SITES_DELETE: gettext_noop("Delete sites"),
    Scope.CHECKS_READ: gettext_noop("Read check runs and results"),
    Scope.CHECKS_RUN: gettext_noop("Queue manual check runs"),
    Scope.CHECKS_DELETE: gettext_noop("Delete manual check runs"),
    Scope.ISSUES_READ: gettext_noop("Read issues"),
    Scope.ISSUES_WRITE: gettext_noop("Acknowledge and resolve issues"),
}

READ_SCOPES = frozenset({Scope.TEAMS_READ, Scope.SITES_READ, Scope.CHECKS_READ, Scope.ISSUES_READ})

# What the tools of the MCP server can use; a token for it offers nothing else.
MCP_SCOPES = READ_SCOPES | {Scope.CHECKS_RUN, Scope.ISSUES_WRITE}
MCP_DEFAULT_SCOPES = READ_SCOPES | {Scope.CHECKS_RUN}


@dataclass(frozen=True, slots=True)
class Preset:
    """A recommended set of scopes, offered with one click where tokens are made."""

    key: str
    label: str
    scopes: frozenset[Scope]


PRESETS: tuple[Preset, ...] = (
    Preset("read-only", gettext_noop("Read-only monitoring"), READ_SCOPES),
    Preset(
        "configure-team",
        gettext_noop("Configure team monitoring"),
        frozenset({Scope.TEAMS_READ, Scope.TEAMS_WRITE}),
    ),
    Preset("deploy", gettext_noop("Deploy / provision sites"), READ_SCOPES | {Scope.SITES_WRITE}),
    Preset(
        "ci",
        gettext_noop("CI check runner"),
        frozenset({Scope.TEAMS_READ, Scope.SITES_READ, Scope.CHECKS_READ, Scope.CHECKS_RUN}),
    ),
)
