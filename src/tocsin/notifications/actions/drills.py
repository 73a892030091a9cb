"""Fire drills: a made-up issue that opens and resolves, told by the whole path."""

from dataclasses import replace
from uuid import UUID

from django.db import transaction

from tocsin.access.principal import Principal
from tocsin.audit import actions as audit
from tocsin.issues.vocabulary import Fingerprint, IssueStatus, Severity
from tocsin.kit import clock, ids
from tocsin.notifications import notices
from tocsin.notifications.actions.owing import owe
from tocsin.notifications.messages import (
    IssueRef,
    Mark,
    MessageTransition,
    Notice,
    SiteRef,
)
from tocsin.notifications.models import Occurrence
from tocsin.notifications.tellings import Telling
from tocsin.probes.contract import Tool
from tocsin.teams.queries import get_team

SUMMARY = "This is a fire drill. Nothing is wrong."
STATUSES = {
    MessageTransition.OPEN: IssueStatus.OPEN,
    MessageTransition.RESOLVE: IssueStatus.RESOLVED,
}


@transaction.atomic
def begin(principal: Principal, team_id: int) -> UUID:
    """Owe the opening and the recovery of a made-up issue to every destination of a team.

    Neither tools nor quiet time hold a drill: who rehearses is awake. Returns the made-up issue's
    id, which is the deliveries' subject. Raises NotFound.
    """
    team = get_team(team_id)
    drill, now = ids.new_uuid(), clock.now()
    opening = _opening(drill)
    tellings = []
    for transition, status in STATUSES.items():
        notice = replace(
            opening,
            event=notices.EVENTS[transition],
            transition=transition,
            issue=replace(opening.issue, status=status),
        )
        occurrence = Occurrence(
            team=team,
            key=f"drill:{drill}:{transition}",
            event=notice.event,
            transition=transition,
            mark=Mark.DRILL,
            occurred_at=now,
            notice=notices.kept(notice),
        )
        tellings.append(Telling(occurrence, subject=drill, since=now))
    owe(tellings, now)
    audit.record(principal, "team.fire_drill", f"team:{team.pk}", team.pk)
    return drill


def _opening(drill: UUID) -> Notice:
    return Notice(
        delivery=notices.NO_DELIVERY,
        event=notices.EVENTS[MessageTransition.OPEN],
        transition=MessageTransition.OPEN,
        occurred_at=clock.now(),
        issue=IssueRef(
            id=drill,
            type=Tool.STATUS,
            status=IssueStatus.OPEN,
            severity=Severity.CRITICAL,
            fingerprint=Fingerprint.STATUS_DOWN,
            summary=SUMMARY,
            link=notices.link_of(drill),
        ),
        site=SiteRef(drill, "Fire drill", "https://example.com", "example.com"),
    )
