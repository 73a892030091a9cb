"""What a change of a team's settings does to what it is owed."""

from tocsin.kit import clock
from tocsin.notifications.actions import escalating
from tocsin.notifications.models import Delivery
from tocsin.notifications.vocabulary import DeliveryStatus, Reason
from tocsin.teams.models import Team


def follow_team(team: Team) -> None:
    """Look anew at what quiet time holds back, and count escalations anew; `TEAM_CHANGED`."""
    held = Delivery.objects.filter(
        team=team,
        status=DeliveryStatus.DEFERRED,
        reason=Reason.QUIET_TIME,
        next_attempt_at__isnull=False,
    )
    held.update(next_attempt_at=clock.now())
    escalating.follow_team(team)
