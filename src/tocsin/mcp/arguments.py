"""What tools take. An argument that does not exist is an error, not overlooked."""

from typing import Annotated, Literal
from uuid import UUID

import msgspec

from tocsin.checks.report_queries import MOST_DAYS, PERFORMANCE_DAYS, UPTIME_DAYS
from tocsin.issues.vocabulary import Severity
from tocsin.kit.pagination import DEFAULT_PER_PAGE, MOST_PER_PAGE, PageRequest
from tocsin.probes.contract import CheckStatus, Tool
from tocsin.probes.target import MAX_URL_LENGTH
from tocsin.sites.words import NAME_LENGTH

MOST_ID = 2**63 - 1
MOST_TOOLS = 5

TeamId = Annotated[
    int, msgspec.Meta(gt=0, le=MOST_ID, description="A team's `id`, as list_teams shows it.")
]
SiteUuid = Annotated[UUID, msgspec.Meta(description="A site's `uuid`, as list_sites shows it.")]
CheckUuid = Annotated[UUID, msgspec.Meta(description="A check's `uuid`, as list_checks shows it.")]
IssueUuid = Annotated[UUID, msgspec.Meta(description="An issue's `uuid`, as list_issues shows it.")]
Page = Annotated[int, msgspec.Meta(ge=1, description="Which page; one past the end is empty.")]
PerPage = Annotated[
    int, msgspec.Meta(ge=1, le=MOST_PER_PAGE, description="How many items a page holds.")
]
Days = Annotated[
    int, msgspec.Meta(ge=1, le=MOST_DAYS, description="How many UTC days, today included.")
]
IssueStatusWord = Literal["active", "open", "acknowledged", "resolved", "all"]
Moment = Annotated[str, msgspec.Meta(max_length=64, description="A UTC date or a timestamp.")]


class Nothing(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """No arguments."""


class TeamArguments(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One team."""

    team_id: TeamId


class SiteArguments(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One site."""

    site_uuid: SiteUuid


class CheckArguments(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One check."""

    check_uuid: CheckUuid


class IssueArguments(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One issue."""

    issue_uuid: IssueUuid


class PageArguments(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Which page of a list."""

    page: Page = 1
    per_page: PerPage = DEFAULT_PER_PAGE

    def wanted(self) -> PageRequest:
        """Return what to ask the query for."""
        return PageRequest(self.page, self.per_page)


class SitesArguments(PageArguments, frozen=True, kw_only=True):
    """Which sites of a team."""

    team_id: TeamId
    search: (
        Annotated[str, msgspec.Meta(max_length=NAME_LENGTH, description="A part of name or URL.")]
        | None
    ) = None
    pinned: bool | None = None
    tool: Tool | None = None


class ChecksArguments(
    PageArguments, frozen=True, kw_only=True, rename={"first": "from", "last": "to"}
):
    """Which checks of a site; `from` and `to` are included."""

    site_uuid: SiteUuid
    type: Tool | None = None
    status: CheckStatus | None = None
    automatic: bool | None = None
    first: Moment | None = None
    last: Moment | None = None


class IssuesArguments(PageArguments, frozen=True, kw_only=True):
    """Which issues; `active`, the default, are those that are open or acknowledged."""

    team_id: TeamId | None = None
    site_uuid: SiteUuid | None = None
    tool: Tool | None = None
    severity: Severity | None = None
    status: IssueStatusWord = "active"


class RunArguments(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What to run now."""

    site_uuid: SiteUuid
    tools: (
        Annotated[
            list[Tool],
            msgspec.Meta(
                min_length=1, max_length=MOST_TOOLS, description="By default all that are enabled."
            ),
        ]
        | None
    ) = None
    url: (
        Annotated[
            str,
            msgspec.Meta(
                max_length=MAX_URL_LENGTH,
                description="A page on the site's own host, for the tool `performance` only.",
            ),
        ]
        | None
    ) = None
    wait: Annotated[
        bool,
        msgspec.Meta(
            description="Wait for the results (needs checks:read too), at most two minutes."
        ),
    ] = False


class UptimeArguments(SiteArguments, frozen=True):
    """How far back."""

    days: Days = UPTIME_DAYS


class PerformanceArguments(SiteArguments, frozen=True):
    """How far back."""

    days: Days = PERFORMANCE_DAYS
