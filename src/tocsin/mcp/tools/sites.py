"""Sites."""

from tocsin.access.permissions import Permission
from tocsin.checks import site_list
from tocsin.checks.history import latest_checks
from tocsin.mcp.answers import Answer, ListAnswer, listed
from tocsin.mcp.arguments import SiteArguments, SitesArguments
from tocsin.mcp.finding import site_named, team_named
from tocsin.mcp.operation import Call, operation
from tocsin.mcp.rows import SiteRow, site_row
from tocsin.resources import site_shapes
from tocsin.resources.site_schemas import Site


@operation(title="List sites", permission=Permission.VIEW_SITES, find=team_named)
def list_sites(call: Call[SitesArguments]) -> ListAnswer[SiteRow]:
    """List a team's monitored sites, each with the state of its latest check of every tool.

    Pinned sites come first. Use `search` to find a site by a part of its name or URL.
    """
    asked, wanted = call.arguments, call.arguments.wanted()
    filters = site_list.SiteFilters(asked.search, asked.pinned, asked.tool)
    sites, total = site_list.list_sites(call.principal, asked.team_id, filters, wanted)
    latest = latest_checks(call.principal, (site.pk for site in sites))
    return listed(wanted, [site_row(site, latest.get(site.pk, {})) for site in sites], total)


@operation(title="Show a site", permission=Permission.VIEW_SITES, find=site_named)
def get_site(call: Call[SiteArguments]) -> Answer[Site]:
    """Show one site: its monitoring settings, thresholds, and the latest check of each tool."""
    return Answer(data=site_shapes.site(call.principal, call.thing))
