"""Issues: what is wrong, who takes care of it, and who was told."""

from enum import StrEnum
from uuid import UUID

from ninja import Field, Query, Router

from tocsin.access.gates import judge
from tocsin.access.permissions import Permission
from tocsin.access.scopes import Scope
from tocsin.api import errors
from tocsin.api.bodies import NOTHING, NoFields, PageQuery
from tocsin.api.guards import MOST_ID, ApiRequest, guarded
from tocsin.api.pages import Page, page_of
from tocsin.api.v1.finding import issue_in_path
from tocsin.issues import actions, queries
from tocsin.issues.queries import IssueFilters
from tocsin.issues.texts import page_of_issues
from tocsin.issues.vocabulary import Severity
from tocsin.kit.errors import NotFound
from tocsin.notifications.queries import deliveries_of_issue
from tocsin.probes.contract import Tool
from tocsin.resources import issue_schemas as schemas
from tocsin.resources import issue_shapes as shapes
from tocsin.resources import issue_texts
from tocsin.resources.schemas import Data
from tocsin.teams.queries import standing_of

router = Router(tags=["Issues"])


class StatusWord(StrEnum):
    """What `status` may say; a test holds it to what the query takes."""

    ACTIVE = "active"
    OPEN = "open"
    ACKNOWLEDGED = "acknowledged"
    RESOLVED = "resolved"
    ALL = "all"


class IssueQuery(PageQuery):
    """Which issues; `active` are those that are open or acknowledged."""

    team: int | None = Field(None, description="Of one team.")
    site: UUID | None = Field(None, description="Of one site.")
    tool: Tool | None = Field(None, description="Found by one tool.")
    severity: Severity | None = Field(None, description="How bad.")
    status: StatusWord = Field(StatusWord.ACTIVE, description="`active` is open or acknowledged.")

    def filters(self) -> IssueFilters:
        """Return what to ask for. Raises NotFound for a number that no team can have."""
        if self.team is not None and not 0 < self.team <= MOST_ID:
            raise NotFound("There is no such team.")
        return IssueFilters(self.team, self.site, self.tool, self.severity, self.status.value)


@router.get("/issues")
@guarded(scope=Scope.ISSUES_READ)
def list_issues(request: ApiRequest, query: Query[IssueQuery]) -> Page[schemas.Issue]:
    """List issues, newest opening first; without `team` or `site` those of all open teams."""
    wanted, filters = query.wanted(), query.filters()
    team_id = _team_concerned(request, filters)
    found = page_of_issues(request.principal, team_id, filters, wanted)
    return page_of(request, wanted, issue_texts.issues(found), found.total)


@router.get("/issues/{uuid:issue}")
@guarded(permission=Permission.VIEW_ISSUES, find=issue_in_path)
def show_issue(request: ApiRequest, issue: UUID) -> Data[schemas.Issue]:
    """Show one issue with its timeline."""
    return _shown(request, issue)


@router.post("/issues/{uuid:issue}/acknowledge")
@guarded(permission=Permission.TRIAGE_ISSUES, find=issue_in_path)
def acknowledge_issue(
    request: ApiRequest, issue: UUID, body: NoFields = NOTHING
) -> Data[schemas.Issue]:
    """Say that somebody takes care of an issue; a second time changes nothing."""
    actions.acknowledge(request.principal, issue)
    return _shown(request, issue)


@router.post("/issues/{uuid:issue}/resolve")
@guarded(permission=Permission.TRIAGE_ISSUES, find=issue_in_path)
def resolve_issue(
    request: ApiRequest, issue: UUID, body: NoFields = NOTHING
) -> Data[schemas.Issue]:
    """End an issue by hand, without telling anybody; the next failing check may reopen it."""
    actions.resolve(request.principal, issue)
    return _shown(request, issue)


@router.get("/issues/{uuid:issue}/deliveries")
@guarded(permission=Permission.VIEW_ISSUES, find=issue_in_path)
def list_deliveries(
    request: ApiRequest, issue: UUID, query: Query[PageQuery]
) -> Page[schemas.Delivery]:
    """List what was sent about an issue, where, when, or why not."""
    wanted = query.wanted()
    found = deliveries_of_issue(request.principal, issue, wanted)
    return page_of(request, wanted, map(shapes.delivery, found.items), found.total)


def _shown(request: ApiRequest, issue: UUID) -> Data[schemas.Issue]:
    return Data(shapes.issue(queries.issue(request.principal, issue)))


def _team_concerned(request: ApiRequest, filters: IssueFilters) -> int | None:
    """Return the team that the query names, by itself or by a site, once its gates were asked.

    Raises NotFound, and RefusedError.
    """
    principal, team_id = request.principal, filters.team_id
    if filters.site_id is not None:
        team_id = queries.team_concerned(principal, filters)
    if team_id is None:
        return None
    standing = standing_of(principal, team_id)
    verdict = judge(principal, permission=Permission.VIEW_ISSUES, standing=standing)
    if not verdict.allowed:
        raise errors.RefusedError(verdict)
    return team_id
