"""Whether a team's sites are being watched at all, told from its slots."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Min

from tocsin.access.principal import Principal
from tocsin.checks import heartbeats
from tocsin.checks.models import Schedule
from tocsin.kit import clock
from tocsin.sites import queries as sites

# A slot is taken within seconds; what nobody has taken for this long is not being watched.
PATIENCE = 120


@dataclass(frozen=True, slots=True)
class Watch:
    """`behind_since` is the oldest slot that is due and that nobody took; None: all is on time.

    `anybody` tells whether some worker lives, so that being behind is a matter of load.
    """

    behind_since: datetime | None
    anybody: bool


def watch_of_team(principal: Principal, team_id: int) -> Watch:
    """Tell whether a team's slots are taken in time. One query, two where they are not."""
    # Read from the queue's own index on `next_slot`: where all is on time it holds nothing so old.
    due = Schedule.objects.filter(next_slot__lt=int(clock.timestamp()) - PATIENCE)
    oldest = due.filter(site__in=sites.sites(principal, team_id=team_id)).aggregate(
        slot=Min("next_slot")
    )["slot"]
    if oldest is None:
        return Watch(None, anybody=True)
    return Watch(clock.from_timestamp(oldest), anybody=heartbeats.anybody())
