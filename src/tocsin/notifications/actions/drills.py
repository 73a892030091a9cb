"""Fire drills: a made-up issue that opens and resolves, told by the whole path."""

from uuid import UUID

from django.db import transaction

from tocsin.access.principal import Principal
from tocsin.audit import actions as audit
from tocsin.kit import clock, ids
from tocsin.notifications import notices
from tocsin.notifications.actions.owing import owe
from tocsin.notifications.made_up import made_up
from tocsin.notifications.messages import Mark, MessageTransition
from tocsin.notifications.models import Occurrence
from tocsin.notifications.tellings import Telling
from tocsin.teams.queries import get_team

NAME, SUMMARY = "Fire drill", "This is a fire drill. Nothing is wrong."


@transaction.atomic
def begin(principal: Principal, team_id: int) -> UUID:
    """Owe the opening and the recovery of a made-up issue to every destination of a team.

    Neither tools nor quiet time hold a drill: who rehearses is awake. Returns the made-up issue's
    id, which is the deliveries' subject. Raises NotFound.
    """
    team = get_team(team_id)
    drill, now = ids.new_uuid(), clock.now()
    tellings = []
    for transition in (MessageTransition.OPEN, MessageTransition.RESOLVE):
        event = notices.EVENTS[transition]
        notice = made_up(drill, event, transition, name=NAME, summary=SUMMARY)
        occurrence = Occurrence(
            team=team,
            key=f"drill:{drill}:{transition}",
            event=event,
            transition=transition,
            mark=Mark.DRILL,
            occurred_at=now,
            notice=notices.kept(notice),
        )
        tellings.append(Telling(occurrence, subject=drill, since=now))
    owe(tellings, now)
    audit.record(principal, "team.fire_drill", f"team:{team.pk}", team.pk)
    return drill
