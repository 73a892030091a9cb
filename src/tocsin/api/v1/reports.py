"""Reports of a site."""

from uuid import UUID

from ninja import Query, Router

from tocsin.access.permissions import Permission
from tocsin.api.guards import ApiRequest, guarded
from tocsin.api.v1.check_bodies import PerformanceQuery, UptimeQuery
from tocsin.api.v1.finding import site_in_path, site_summary_in_path
from tocsin.checks import report_queries
from tocsin.resources.reports import Performance, Uptime, performance, uptime
from tocsin.resources.schemas import Data

router = Router(tags=["Reports"])


@router.get("/sites/{uuid:site}/reports/uptime")
@guarded(permission=Permission.VIEW_REPORTS, find=site_summary_in_path)
def report_uptime(request: ApiRequest, site: UUID, query: Query[UptimeQuery]) -> Data[Uptime]:
    """Report how much of the last days a site was up."""
    return Data(uptime(report_queries.uptime_of_site(site, days=query.days)))


@router.get("/sites/{uuid:site}/reports/performance")
@guarded(permission=Permission.VIEW_REPORTS, find=site_in_path)
def report_performance(
    request: ApiRequest, site: UUID, query: Query[PerformanceQuery]
) -> Data[Performance]:
    """Report how fast a site was in the last days."""
    found = report_queries.performance_report(request.principal, site, days=query.days)
    return Data(performance(found))
