"""From issues as texts to what version 1 answers."""

from collections.abc import Iterator
from typing import Any

from tocsin.issues.texts import IssueText, IssueTexts, TransitionText
from tocsin.issues.vocabulary import ACTIVE
from tocsin.resources import issue_schemas as schemas
from tocsin.resources import site_schemas
from tocsin.resources.texts import as_is, check, json


def issues(found: IssueTexts) -> Iterator[schemas.Issue]:
    """Shape a page of issues."""
    for issue in found.issues:
        yield _issue(issue, found)


def _issue(issue: IssueText, found: IssueTexts) -> schemas.Issue:
    site = site_schemas.SiteSummary(
        as_is(issue.site_uuid), issue.site_name, issue.site_url, issue.site_domain
    )

    def shaped(uuid: str | None) -> site_schemas.Check | None:
        own = None if uuid is None else found.checks.get(uuid)
        return None if own is None else check(own, site)

    return schemas.Issue(
        uuid=as_is(issue.uuid),
        team_id=issue.team_id,
        type=as_is(issue.type),
        status=as_is(issue.status),
        severity=as_is(issue.severity),
        fingerprint=as_is(issue.fingerprint),
        summary=issue.summary,
        context=json(issue.context),
        site=site,
        check=shaped(issue.latest_check),
        previous_check=shaped(issue.previous_check),
        acknowledged_by=_person(issue.acknowledged_by_id, issue.acknowledged_by_name),
        resolved_by=_person(issue.resolved_by_id, issue.resolved_by_name),
        timeline=[_entry(each) for each in found.timelines.get(issue.uuid, ())],
        is_active=issue.status in ACTIVE,
        reopen_count=issue.reopen_count,
        opened_at=issue.opened_at,
        first_opened_at=issue.first_opened_at,
        acknowledged_at=issue.acknowledged_at,
        resolved_at=issue.resolved_at,
        last_evaluated_at=issue.last_evaluated_at,
        created_at=issue.created_at,
        updated_at=issue.updated_at,
    )


def _entry(entry: TransitionText) -> schemas.TimelineEntry:
    who: Any = _person(entry.user_id, entry.user_name)
    return schemas.TimelineEntry(as_is(entry.key), entry.at, who)


def _person(key: int | None, name: str | None) -> schemas.Person | None:
    return None if key is None or name is None else schemas.Person(key, name)
