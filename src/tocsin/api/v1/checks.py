"""Checks: what ran, what to run now, and what became of every slot."""

from typing import cast
from uuid import UUID

from ninja import Query, Router

from tocsin.access.permissions import Permission
from tocsin.api.guards import ApiRequest, guarded
from tocsin.api.limits import check_runs_a_token
from tocsin.api.pages import Page, page_of
from tocsin.api.v1 import check_bodies as bodies
from tocsin.api.v1.finding import check_in_path, site_in_path, site_summary_in_path
from tocsin.checks import manual
from tocsin.checks.check_texts import page_of_checks
from tocsin.checks.check_view import CheckView
from tocsin.checks.slot_queries import SlotAccount, slots_of_site
from tocsin.resources import site_schemas as schemas
from tocsin.resources import texts
from tocsin.resources.moments import timestamp
from tocsin.resources.schemas import Data
from tocsin.resources.site_shapes import check as shaped
from tocsin.resources.site_shapes import check_detail
from tocsin.sites.models import Site
from tocsin.sites.queries import SiteSummary

router = Router(tags=["Checks"])


@router.get("/sites/{uuid:site}/checks")
@guarded(permission=Permission.VIEW_CHECKS, find=site_summary_in_path)
def list_checks(
    request: ApiRequest, site: UUID, query: Query[bodies.CheckQuery]
) -> Page[schemas.Check]:
    """List a site's checks with their full results, newest first."""
    wanted = query.wanted()
    found, total = page_of_checks(site, query.filters(), wanted)
    summary = texts.summary(cast("SiteSummary", request.found.thing))
    return page_of(request, wanted, (texts.check(each, summary) for each in found), total)


@router.post("/sites/{uuid:site}/checks")
@guarded(permission=Permission.RUN_CHECK, find=site_in_path, limit=check_runs_a_token, success=202)
def queue_checks(
    request: ApiRequest, site: UUID, body: bodies.NewChecks = bodies.ALL_TOOLS
) -> Data[list[schemas.Check]]:
    """Queue one manual check of each tool, of all or of none; 10 requests a minute."""
    checks = manual.queue_checks(
        request.principal, cast("Site", request.found.thing), tools=body.tools, url=body.url
    )
    return Data([shaped(check) for check in checks])


@router.get("/checks/{uuid:check}")
@guarded(permission=Permission.VIEW_CHECKS, find=check_in_path)
def show_check(request: ApiRequest, check: UUID) -> Data[schemas.CheckDetail]:
    """Show one check with its full result, or how far it has come."""
    return Data(check_detail(cast("CheckView", request.found.thing)))


@router.delete("/checks/{uuid:check}")
@guarded(permission=Permission.DELETE_CHECK, find=check_in_path, success=204)
def delete_check(request: ApiRequest, check: UUID) -> None:
    """Delete a manual check that has ended; the quota stays used."""
    manual.delete_check(request.principal, check)


@router.get("/sites/{uuid:site}/slots")
@guarded(permission=Permission.VIEW_CHECKS, find=site_in_path)
def show_slots(
    request: ApiRequest, site: UUID, query: Query[bodies.SlotQuery]
) -> Data[schemas.Slots]:
    """Account for every slot of a tool, by default of the last 7 days."""
    account = slots_of_site(request.principal, site, query.tool, query.period())
    return Data(_slots(account))


def _slots(account: SlotAccount) -> schemas.Slots:
    gaps = [
        schemas.SlotGap(timestamp(gap.first), timestamp(gap.last), gap.count, gap.reason)
        for gap in account.gaps
    ]
    return schemas.Slots(
        tool=account.tool,
        first=timestamp(account.first),
        last=timestamp(account.last),
        expected=account.expected,
        ran=account.ran,
        late=account.late,
        skipped=dict(account.skipped),
        lost=dict(account.lost),
        unknown=account.unknown,
        gaps=gaps,
    )
