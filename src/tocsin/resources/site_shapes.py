"""From sites and checks to what version 1 answers."""

from collections.abc import Iterable

import msgspec
from django.conf import settings

from tocsin.access.principal import Principal
from tocsin.checks.check_view import CheckView
from tocsin.checks.history import LatestChecks, latest_checks
from tocsin.probes.contract import CheckStatus, Outcome, RunReason, Tool
from tocsin.resources import site_schemas as schemas
from tocsin.resources.moments import moment, timestamp
from tocsin.resources.monitoring_schemas import IssueSettings, SiteMonitoring
from tocsin.sites.models import Site
from tocsin.sites.monitoring.queries import view_of_site


def sites(principal: Principal, found: Iterable[Site]) -> list[schemas.Site]:
    """Shape sites with their latest checks, for two queries in all."""
    found = list(found)
    latest = latest_checks(principal, (site.pk for site in found))
    return [_site(each, latest.get(each.pk, {})) for each in found]


def site(principal: Principal, found: Site) -> schemas.Site:
    """Shape one site with its latest checks."""
    return sites(principal, [found])[0]


def new_site(found: Site) -> schemas.Site:
    """Shape a site that was created just now, so that nothing has been checked."""
    return _site(found, {})


def check(view: CheckView) -> schemas.Check:
    """Shape a check."""
    return schemas.Check(
        uuid=view.uuid,
        type=Tool(view.type),
        status=CheckStatus(view.status),
        outcome=None if view.outcome is None else Outcome(view.outcome),
        automatic=view.automatic,
        run_reason=None if view.run_reason is None else RunReason(view.run_reason),
        scheduled_for=moment(view.scheduled_for),
        site=schemas.SiteSummary(view.site.uuid, view.site.name, view.site.url, view.site.domain),
        vantage=view.vantage,
        result=view.result,
        error=None if view.error is None else msgspec.convert(view.error, schemas.CheckError),
        created_at=timestamp(view.created_at),
        updated_at=timestamp(view.updated_at),
        completed_at=moment(view.completed_at),
    )


def check_detail(view: CheckView) -> schemas.CheckDetail:
    """Shape a check that is shown by itself."""
    return schemas.CheckDetail(
        **msgspec.structs.asdict(check(view)), progress=view.progress or msgspec.UNSET
    )


def _site(found: Site, latest: LatestChecks) -> schemas.Site:
    view = view_of_site(found)
    reports = f"{settings.BASE_URL}/api/v1/sites/{found.pk}/reports"
    return schemas.Site(
        uuid=found.pk,
        team_id=found.team_id,
        name=found.name,
        url=found.url,
        domain=found.domain,
        notes=found.notes,
        js_rendered=found.js_rendered,
        is_pinned=found.pinned_at is not None,
        enabled_checks=[Tool(tool) for tool in view.enabled_checks],
        monitoring=msgspec.convert({"settings": view.settings}, SiteMonitoring),
        monitoring_overrides=view.overrides,
        issue_settings=msgspec.convert(view.issue_settings, IssueSettings),
        latest_checks=_latest(latest),
        reports=schemas.ReportLinks(f"{reports}/uptime", f"{reports}/performance"),
        created_at=timestamp(found.created_at),
        updated_at=timestamp(found.updated_at),
    )


def _latest(latest: LatestChecks) -> schemas.LatestChecks:
    shaped = {tool: check(latest[tool]) if tool in latest else None for tool in Tool}
    return schemas.LatestChecks(
        status=shaped[Tool.STATUS],
        ssl=shaped[Tool.SSL],
        dns=shaped[Tool.DNS],
        broken_links=shaped[Tool.BROKEN_LINKS],
        performance=shaped[Tool.PERFORMANCE],
    )
