"""What people do with issues."""

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext

from tocsin.access.principal import Principal
from tocsin.audit import actions as audit
from tocsin.issues import hooks, states
from tocsin.issues.actions.writing import Change, write
from tocsin.issues.models import Issue, Transition
from tocsin.issues.rules import QUIET, Resolution, Verdict, forget
from tocsin.issues.vocabulary import IssueStatus, ResolveReason, TransitionKey
from tocsin.kit import clock
from tocsin.kit.errors import Conflict, NotFound


@transaction.atomic
def acknowledge(principal: Principal, uuid: UUID) -> Issue:
    """Say that somebody takes care of an issue; a second time changes nothing.

    Raises NotFound, and Conflict for a resolved issue.
    """
    issue = _locked(principal, uuid)
    if issue.status == IssueStatus.RESOLVED:
        raise Conflict(gettext("A resolved issue cannot be acknowledged."))
    if issue.status == IssueStatus.ACKNOWLEDGED:
        return issue
    now = clock.now()
    issue.status = IssueStatus.ACKNOWLEDGED
    issue.acknowledged_at = issue.updated_at = now
    issue.acknowledged_by_id = principal.user_id
    issue.save(update_fields=("status", "acknowledged_at", "acknowledged_by", "updated_at"))
    row = Transition.objects.create(
        issue=issue,
        key=TransitionKey.ACKNOWLEDGED,
        at=now,
        user_id=principal.user_id,
        severity=issue.severity,
        summary=issue.summary,
        alerts=False,
    )
    for hook in hooks.TRANSITIONED:
        hook([row])
    _record(principal, "issue.acknowledged", issue)
    return issue


@transaction.atomic
def resolve(principal: Principal, uuid: UUID) -> Issue:
    """End an issue by hand, without an alert; one that is resolved stays as it is.

    The next failing check may reopen it. Raises NotFound.
    """
    issue = _found(principal, uuid)
    _end(issue)
    issue = _locked(principal, uuid)
    if issue.status == IssueStatus.RESOLVED:
        return issue
    by_hand = Resolution(issue.fingerprint, ResolveReason.MANUAL, {})
    change = Change(
        site_id=issue.site_id,
        team_id=issue.team_id,
        tool=issue.type,
        verdict=Verdict(QUIET, resolutions=(by_hand,)),
        user_id=principal.user_id,
    )
    write([change], now=clock.timestamp())
    _record(principal, "issue.resolved", issue)
    return _found(principal, uuid)


@transaction.atomic
def delete(principal: Principal, uuid: UUID) -> None:
    """Remove an issue with its history. Raises NotFound."""
    issue = _found(principal, uuid)
    _end(issue)
    issue = _locked(principal, uuid)
    _record(principal, "issue.deleted", issue)
    issue.delete()


def _end(issue: Issue) -> None:
    """Let the rules know. Takes the counters' lock, which comes before the issue's."""
    key = (issue.site_id, issue.type)
    state = states.load([issue.site_id]).get(key)
    if state is not None:
        states.keep({key: forget(state, issue.fingerprint)})


def _found(principal: Principal, uuid: UUID) -> Issue:
    issue = Issue.objects.visible_to(principal).filter(pk=uuid).first()
    if issue is None:
        raise NotFound(gettext("There is no such issue."))
    return issue


def _locked(principal: Principal, uuid: UUID) -> Issue:
    rows = Issue.objects.visible_to(principal).select_for_update(of=("self",))
    issue = rows.filter(pk=uuid).first()
    if issue is None:
        raise NotFound(gettext("There is no such issue."))
    return issue


def _record(principal: Principal, action: str, issue: Issue) -> None:
    facts = {"site": str(issue.site_id), "fingerprint": issue.fingerprint}
    audit.record(principal, action, f"issue:{issue.pk}", issue.team_id, after=facts)
