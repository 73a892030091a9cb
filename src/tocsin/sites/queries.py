"""Reading sites, always through a principal."""

from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import F, QuerySet

from tocsin.access.gates import Standing
from tocsin.access.principal import Principal, PrincipalKind
from tocsin.kit.prepared import Prepared
from tocsin.sites.models import Site, SiteQuerySet
from tocsin.teams.queries import standing_as, standing_by

_TEAM = ("team__require_two_factor", "team__plan_state", "team__plan_state_since")


class SiteSummary(NamedTuple):
    """Which site something belongs to."""

    uuid: UUID
    name: str
    url: str
    domain: str


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


def summary_and_standing(principal: Principal, uuid: UUID) -> tuple[SiteSummary, Standing] | None:
    """Return a site in short, and where the principal stands in its team. One query.

    None where it does not exist or is another team's; the system stands nowhere.
    """
    if principal.user_id is None:
        return None
    row = _SUMMARY.first(site=uuid, user=principal.user_id)
    if row is None:
        return None
    two_factor, *plan = (row[column] for column in _TEAM)
    standing = standing_by(
        row["team_id"],
        row["team__memberships__role"],
        requires_two_factor=two_factor,
        plan=(plan[0], plan[1]),
    )
    return SiteSummary(uuid, row["name"], row["url"], row["domain"]), standing


def _summary(site: UUID, user: int) -> "QuerySet[Site, Any]":
    principal = Principal(kind=PrincipalKind.SESSION, user_id=user)
    found = Site.objects.visible_to(principal).filter(pk=site)
    columns = ("name", "url", "domain", "team_id", "team__memberships__role", *_TEAM)
    rows: QuerySet[Site, Any] = found.values(*columns)
    return rows


_SUMMARY = Prepared(_summary, site=UUID, user=int)
