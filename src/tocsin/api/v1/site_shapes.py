"""From sites and checks to what version 1 answers."""

from collections.abc import Iterable, Mapping
from datetime import datetime

import msgspec
from django.conf import settings

from tocsin.api.responses import timestamp
from tocsin.api.v1 import site_schemas as schemas
from tocsin.api.v1.monitoring_schemas import IssueSettings, SiteMonitoring
from tocsin.checks.models import Check
from tocsin.checks.site_list import latest_checks
from tocsin.probes.contract import CheckStatus, Outcome, RunReason, Tool
from tocsin.sites.models import Site
from tocsin.sites.monitoring.queries import view_of_site


def sites(found: Iterable[Site]) -> list[schemas.Site]:
    """Shape sites with their latest checks, for two queries in all."""
    found = list(found)
    latest = latest_checks(site.pk for site in found)
    return [_site(each, latest.get(each.pk, {})) for each in found]


def site(found: Site) -> schemas.Site:
    """Shape one site with its latest checks."""
    return sites([found])[0]


def new_site(found: Site) -> schemas.Site:
    """Shape a site that was created just now, so that nothing has been checked."""
    return _site(found, {})


def check(row: Check) -> schemas.Check:
    """Shape a check; its site must have been read with it."""
    return schemas.Check(
        uuid=row.pk,
        type=Tool(row.type),
        status=CheckStatus(row.status),
        outcome=Outcome(row.outcome) if row.outcome else None,
        automatic=row.automatic,
        run_reason=RunReason(row.run_reason) if row.run_reason else None,
        scheduled_for=_moment(row.scheduled_for),
        site=summary(row.site),
        vantage=row.vantage or None,
        result=row.result,
        error=None if row.error is None else msgspec.convert(row.error, schemas.CheckError),
        created_at=timestamp(row.created_at),
        updated_at=timestamp(row.updated_at),
        completed_at=_moment(row.completed_at),
    )


def summary(found: Site) -> schemas.SiteSummary:
    """Shape which site something belongs to."""
    return schemas.SiteSummary(found.pk, found.name, found.url, found.domain)


def _site(found: Site, latest: Mapping[str, Check]) -> schemas.Site:
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


def _latest(latest: Mapping[str, Check]) -> schemas.LatestChecks:
    shaped = {tool: check(latest[tool]) if tool in latest else None for tool in Tool}
    return schemas.LatestChecks(
        status=shaped[Tool.STATUS],
        ssl=shaped[Tool.SSL],
        dns=shaped[Tool.DNS],
        broken_links=shaped[Tool.BROKEN_LINKS],
        performance=shaped[Tool.PERFORMANCE],
    )


def _moment(moment: datetime | None) -> str | None:
    return None if moment is None else timestamp(moment)
