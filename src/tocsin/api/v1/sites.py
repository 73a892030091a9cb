"""Sites."""

from typing import cast
from uuid import UUID

from ninja import Query, Router

from tocsin.access.permissions import Permission
from tocsin.api.guards import ApiRequest, guarded, team_in_path
from tocsin.api.pages import Page, page_of
from tocsin.api.v1 import site_bodies as bodies
from tocsin.api.v1.finding import site_in_path, team_standing_in_path
from tocsin.checks.site_texts import page_of_sites
from tocsin.resources import site_schemas as schemas
from tocsin.resources import site_shapes as shapes
from tocsin.resources import texts
from tocsin.resources.schemas import Data
from tocsin.sites import actions, bulk_creation
from tocsin.sites.models import Site
from tocsin.teams.queries import get_team

router = Router(tags=["Sites"])


@router.get("/teams/{int:team}/sites")
@guarded(permission=Permission.VIEW_SITES, find=team_standing_in_path)
def list_sites(
    request: ApiRequest, team: int, query: Query[bodies.SiteQuery]
) -> Page[schemas.Site]:
    """List a team's sites with the latest check of each tool."""
    wanted = query.wanted()
    found, total = page_of_sites(team, query.filters(), wanted)
    return page_of(request, wanted, texts.sites(found), total)


@router.post("/teams/{int:team}/sites")
@guarded(permission=Permission.CREATE_SITE, find=team_in_path, success=201)
def create_site(request: ApiRequest, team: int, body: bodies.NewSite) -> Data[schemas.Site]:
    """Start watching a site; the first check of each enabled tool is due at once."""
    site = actions.create_site(
        request.principal,
        get_team(team),
        url=body.url,
        name=body.name,
        notes=body.notes or "",
        js_rendered=body.js_rendered,
        monitoring_settings=body.monitoring_settings,
        dns_expected_records=body.dns_expected_records,
    )
    return Data(shapes.new_site(site))


@router.post("/teams/{int:team}/sites/bulk")
@guarded(permission=Permission.CREATE_SITE, find=team_in_path)
def create_sites(
    request: ApiRequest, team: int, body: bodies.BulkSites
) -> Data[schemas.BulkCreation]:
    """Start watching up to 100 sites; one that cannot be watched does not stop the others."""
    wanted = [bulk_creation.Wanted(each.url, each.name) for each in body.sites]
    result = bulk_creation.create_sites(request.principal, get_team(team), wanted)
    return Data(
        schemas.BulkCreation(
            created=[shapes.new_site(site) for site in result.created],
            skipped=[schemas.SkippedSite(each.url, each.why) for each in result.skipped],
            failed=[schemas.FailedSite(each.url, each.why) for each in result.failed],
        )
    )


@router.get("/sites/{uuid:site}")
@guarded(permission=Permission.VIEW_SITES, find=site_in_path)
def show_site(request: ApiRequest, site: UUID) -> Data[schemas.Site]:
    """Show one site with the latest check of each tool."""
    return Data(shapes.site(request.principal, _found(request)))


@router.patch("/sites/{uuid:site}")
@guarded(permission=Permission.UPDATE_SITE, find=site_in_path)
def update_site(request: ApiRequest, site: UUID, body: bodies.SiteChange) -> Data[schemas.Site]:
    """Change a site; another URL keeps the history and drops the expected DNS records."""
    changed = actions.update_site(request.principal, _found(request), body.sent())
    return Data(shapes.site(request.principal, changed))


@router.delete("/sites/{uuid:site}")
@guarded(permission=Permission.DELETE_SITE, find=site_in_path, success=204)
def delete_site(request: ApiRequest, site: UUID) -> None:
    """Stop watching a site and forget everything recorded about it."""
    actions.delete_site(request.principal, _found(request))


def _found(request: ApiRequest) -> Site:
    return cast("Site", request.found.thing)
