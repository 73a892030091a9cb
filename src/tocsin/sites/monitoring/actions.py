"""Changing a team's settings, and snoozing a site."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext

from tocsin.access.principal import Principal
from tocsin.audit.actions import record
from tocsin.kit import clock
from tocsin.kit.errors import NotFound, invalid
from tocsin.sites.models import Site
from tocsin.sites.monitoring.hooks import team_changed
from tocsin.sites.monitoring.models import TeamMonitoring
from tocsin.sites.monitoring.overrides import read_moment
from tocsin.sites.monitoring.team_body import changed_team_settings
from tocsin.teams.locking import locked_team
from tocsin.teams.models import Team
from tocsin.teams.plans import plan_of


@transaction.atomic
def update_team_monitoring(principal: Principal, team: Team, body: object) -> TeamMonitoring:
    """Change a team's settings as a request body says; see `team_body`.

    The schedules of all the team's sites follow in the same transaction. Raises InvalidInput,
    NotFound.
    """
    # Held to the end: two changes at once are merged one after the other, and none is lost.
    held = locked_team(team.pk)
    monitoring, _ = TeamMonitoring.objects.get_or_create(team=held)
    before = monitoring.settings
    after = changed_team_settings(before, body, plan_of(held.plan))
    if after == before:
        return monitoring
    monitoring.settings = after
    monitoring.revision += 1
    monitoring.save()
    record(
        principal,
        "team.monitoring_changed",
        f"team:{held.pk}",
        held.pk,
        before=before,
        after=after,
    )
    team_changed(held)
    return monitoring


@transaction.atomic
def snooze(principal: Principal, site: Site, until: datetime | None) -> Site:
    """Open nothing new and send nothing for a site until a moment ahead; None ends it at once.

    Raises InvalidInput on `snoozed_until`, NotFound.
    """
    held = Site.objects.select_for_update(no_key=True).filter(pk=site.pk).first()
    if held is None:
        raise NotFound(gettext("There is no such site."))
    before = held.snoozed_until
    try:
        held.snoozed_until = None if until is None else read_moment(until, clock.now())
    except ValueError as error:
        raise invalid("snoozed_until", str(error)) from None
    if held.snoozed_until != before:
        held.save(update_fields=("snoozed_until", "updated_at"))
        record(
            principal,
            "site.snoozed" if held.snoozed_until else "site.snooze_ended",
            f"site:{held.pk}",
            held.team_id,
            before={"snoozed_until": before},
            after={"snoozed_until": held.snoozed_until},
        )
    return held
