"""Telling active issues again, each interval once a cycle."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from tocsin.issues.models import Issue, Transition
from tocsin.issues.vocabulary import TransitionKey
from tocsin.kit import clock
from tocsin.notifications.actions.owing import owe, show
from tocsin.notifications.messages import MessageTransition
from tocsin.notifications.models import Escalation
from tocsin.notifications.rules.escalating import next_escalation
from tocsin.notifications.tellings import Telling, telling_of
from tocsin.sites.models import Site
from tocsin.sites.monitoring.queries import of_site, of_team
from tocsin.sites.monitoring.schema import Escalation as Wish
from tocsin.teams.models import Team

LIMIT = 100
MINUTE = timedelta(minutes=1)


def follow(transitions: Sequence[Transition], sites: Mapping[UUID, Site]) -> None:
    """Begin to count at openings that alert, stop at every end; at most two queries."""
    opened = [
        each.issue for each in transitions if each.alerts and each.key != TransitionKey.RESOLVED
    ]
    now = clock.now()
    _keep(
        (each, _next(each, of_site(sites[each.site_id]).escalation, None, now)) for each in opened
    )
    ended = [each.issue_id for each in transitions if each.key == TransitionKey.RESOLVED]
    if ended:
        Escalation.objects.filter(issue__in=ended).delete()


def follow_team(team: Team) -> None:
    """Count anew after a team changed its intervals; what has gone by is not told any more."""
    now = clock.now()
    wish = of_team(team).escalation
    # The issues are held, as by whoever opens, ends or escalates them.
    held = Issue.objects.select_for_update(of=("self",)).filter(team=team).active()
    issues = list(held.order_by("pk"))
    planned = [(issue, _next(issue, wish, now, now)) for issue in issues]
    _keep(planned)
    Escalation.objects.filter(issue__in=[issue.pk for issue, at in planned if at is None]).delete()


def fire(now: datetime, *, limit: int = LIMIT) -> int:
    """Owe the escalations that are due; return how many there were. Run it until there are none."""
    due = Escalation.objects.filter(next_at__lte=now).order_by("next_at")
    ids = list(due.values_list("pk", flat=True)[:limit])
    if not ids:
        return 0
    with transaction.atomic():
        held = Issue.objects.select_for_update(skip_locked=True, of=("self",))
        found = held.filter(pk__in=ids).active().select_related("site__team__monitoring")
        issues = {issue.pk: issue for issue in found}
        rows = [row for row in due.filter(pk__in=issues) if row.pk in issues]
        tellings = [_telling(issues[row.pk], row, now) for row in rows]
        owe(tellings, now)
        show(tellings)
        again = [(issues[row.pk], _after(issues[row.pk], row, now)) for row in rows]
        _keep(again)
        Escalation.objects.filter(pk__in=[issue.pk for issue, at in again if at is None]).delete()
    return len(rows)


def _telling(issue: Issue, row: Escalation, now: datetime) -> Telling:
    minutes = (row.next_at - issue.opened_at) // MINUTE
    return telling_of(
        issue,
        issue.site,
        MessageTransition.ESCALATE,
        key=f"escalation:{issue.pk}:{issue.reopen_count}:{minutes}",
        at=now,
        check=issue.latest_check,
    )


def _after(issue: Issue, row: Escalation, now: datetime) -> datetime | None:
    return _next(issue, of_site(issue.site).escalation, row.next_at, now)


def _next(issue: Issue, wish: Wish, after: datetime | None, now: datetime) -> datetime | None:
    if not wish.enabled:
        return None
    return next_escalation(wish.intervals, issue.opened_at, after=after, now=now)


def _keep(planned: Iterable[tuple[Issue, datetime | None]]) -> None:
    rows = [Escalation(issue=issue, next_at=at) for issue, at in planned if at is not None]
    if rows:
        Escalation.objects.bulk_create(
            rows, update_conflicts=True, unique_fields=("issue",), update_fields=("next_at",)
        )
