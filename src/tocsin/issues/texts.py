"""Issues as texts, for faces that pass them on as they are stored; see `kit.texts`."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import F, QuerySet, Subquery

from tocsin.access.principal import Principal
from tocsin.checks.check_texts import CheckText, checks_named, counted
from tocsin.issues.models import Issue, Transition
from tocsin.issues.queries import IssueFilters, of_status, open_to
from tocsin.kit.among import Among
from tocsin.kit.pagination import PageRequest
from tocsin.kit.prepared import Keys, Kind, Prepared


class TransitionText(NamedTuple):
    """One thing that happened; no `user_name` where checks or settings decided."""

    issue_uuid: str
    key: str
    at: str
    user_id: int | None
    user_name: str | None


class IssueText(NamedTuple):
    """One issue with its site and people in short; `context` is JSON."""

    uuid: str
    team_id: int
    type: str
    status: str
    severity: str
    fingerprint: str
    summary: str
    context: str
    latest_check: str | None
    previous_check: str | None
    acknowledged_by_id: int | None
    acknowledged_by_name: str | None
    resolved_by_id: int | None
    resolved_by_name: str | None
    reopen_count: int
    opened_at: str
    first_opened_at: str
    acknowledged_at: str | None
    resolved_at: str | None
    last_evaluated_at: str
    created_at: str
    updated_at: str
    site_uuid: str
    site_name: str
    site_url: str
    site_domain: str


class IssueTexts(NamedTuple):
    """One page, newest opening first, of `total` issues, with their checks and timelines."""

    issues: Sequence[IssueText]
    total: int
    checks: Mapping[str, CheckText]
    timelines: Mapping[str, Sequence[TransitionText]]


_RELATED = {
    "acknowledged_by_name": "acknowledged_by__name",
    "resolved_by_name": "resolved_by__name",
    "site_uuid": "site_id",
    "site_name": "site__name",
    "site_url": "site__url",
    "site_domain": "site__domain",
}
_COLUMNS = tuple(_RELATED.get(name, name) for name in IssueText._fields)


def page_of_issues(
    principal: Principal, team_id: int | None, filters: IssueFilters, page: PageRequest
) -> IssueTexts:
    """List issues of a team whose gates let the principal pass, or of all teams that do for None.

    Four queries; one more without a team, and where the page lies past the end.
    """
    keys, total = _keys(principal, team_id, filters, page)
    if not keys:
        return IssueTexts((), total, {}, {})
    found = {row[0]: IssueText._make(row) for row in _BY_KEYS.texts(keys=keys)}
    issues = [found[key] for key in keys if key in found]
    timelines: defaultdict[str, list[TransitionText]] = defaultdict(list)
    for row in _TIMELINES.texts(keys=keys):
        timelines[row[0]].append(TransitionText._make(row))
    named = {each for issue in issues for each in (issue.latest_check, issue.previous_check)}
    return IssueTexts(issues, total, checks_named([each for each in named if each]), timelines)


def _keys(
    principal: Principal, team_id: int | None, filters: IssueFilters, page: PageRequest
) -> tuple[list[str], int]:
    if team_id is None or filters.search:
        found = open_to(principal, team_id, filters)
        every = found.order_by("-opened_at", "-uuid").values_list("pk", flat=True)
        return [str(key) for key in every[page.offset : page.offset + page.per_page]], found.count()
    values: dict[str, Any] = {
        "site": filters.site_id,
        "tool": filters.tool and filters.tool.value,
        "severity": filters.severity and filters.severity.value,
    }
    values = {name: value for name, value in values.items() if value is not None}
    query = _page(filters.status, frozenset(values))
    rows = query.texts(team=team_id, **values, limit=page.per_page, offset=page.offset)
    if rows or not page.offset:
        return [key for key, _ in rows], rows[0][1] if rows else 0
    first = query.texts(team=team_id, **values, limit=1, offset=0)
    return [], first[0][1] if first else 0


@cache
def _page(status: str, names: frozenset[str]) -> Prepared:
    fields = {"site": "site_id", "tool": "type", "severity": "severity"}

    def build(team: int, **values: Any) -> QuerySet[Issue, Any]:
        given = {fields[name]: value for name, value in values.items()}
        found = of_status(Issue.objects.filter(team_id=team, **given), status)
        ordered = found.order_by("-opened_at", "-uuid")
        return ordered.annotate(total=Subquery(counted(found))).values_list("uuid", "total")

    kinds: dict[str, Kind] = {name: UUID if name == "site" else str for name in sorted(names)}
    return Prepared(build, paged=True, team=int, **kinds)


def _build(keys: Any) -> "QuerySet[Issue, Any]":
    return Issue.objects.filter(Among(F("uuid"), keys)).values_list(*_COLUMNS)


def _build_timelines(keys: Any) -> "QuerySet[Transition, Any]":
    found = Transition.objects.filter(Among(F("issue_id"), keys)).order_by("pk")
    return found.values_list("issue_id", "key", "at", "user_id", "user__name")


_BY_KEYS = Prepared(_build, keys=Keys)
_TIMELINES = Prepared(_build_timelines, keys=Keys)
