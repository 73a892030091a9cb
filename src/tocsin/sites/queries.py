"""Reading sites, always through a principal."""

from typing import Any
from uuid import UUID

from django.db.models import F

from tocsin.access.gates import Standing
from tocsin.access.principal import Principal
from tocsin.sites.models import Site, SiteQuerySet
from tocsin.teams.queries import standing_as


def sites(principal: Principal, *, team_id: int | None = None) -> SiteQuerySet:
    """Return the sites that a principal may see: pinned first, newest pin first, then newest."""
    found = Site.objects.visible_to(principal).in_team_order()
    return found if team_id is None else found.filter(team_id=team_id)


def site(principal: Principal, uuid: UUID) -> Site | None:
    """Return one site with its team, or None where it does not exist or is another team's."""
    return Site.objects.visible_to(principal).select_related("team").filter(pk=uuid).first()


def site_of_team(principal: Principal, team_id: int, uuid: UUID) -> Site | None:
    """Return one site of a team with its team's settings, else None. One query."""
    found = Site.objects.visible_to(principal).select_related("team__monitoring")
    return found.filter(pk=uuid, team_id=team_id).first()


def site_and_standing(principal: Principal, uuid: UUID) -> tuple[Site, Standing] | None:
    """Return a site with its team's settings, and where the principal stands there. One query.

    None where it does not exist or is another team's; the system stands nowhere.
    """
    if principal.user_id is None:
        return None
    rows = Site.objects.visible_to(principal).select_related("team__monitoring")
    found: Any = rows.annotate(own_role=F("team__memberships__role")).filter(pk=uuid).first()
    return None if found is None else (found, standing_as(found.team, found.own_role))
