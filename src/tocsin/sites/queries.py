"""Reading sites, always through a principal."""

from uuid import UUID

from tocsin.access.principal import Principal
from tocsin.sites.models import Site, SiteQuerySet


def sites(principal: Principal, *, team_id: int | None = None) -> SiteQuerySet:
    """Return the sites that a principal may see: pinned first, newest pin first, then newest."""
    found = Site.objects.visible_to(principal).in_team_order()
    return found if team_id is None else found.filter(team_id=team_id)


def site(principal: Principal, uuid: UUID) -> Site | None:
    """Return one site with its team, or None where it does not exist or is another team's."""
    return Site.objects.visible_to(principal).select_related("team").filter(pk=uuid).first()
