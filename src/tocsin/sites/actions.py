"""Creating, changing and deleting sites."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext

from tocsin.access.principal import Principal
from tocsin.audit import actions as audit
from tocsin.kit import clock
from tocsin.kit.errors import NotFound
from tocsin.probes.egress import EgressPolicy
from tocsin.sites import hooks
from tocsin.sites.changes import Columns, Facts, changed_columns
from tocsin.sites.egress import judge_when_saved
from tocsin.sites.errors import DuplicateSite
from tocsin.sites.models import Site
from tocsin.sites.monitoring.expected_records import checked_records
from tocsin.sites.monitoring.overrides import SiteSettings, patched
from tocsin.sites.urls import canonical_url, domain_of
from tocsin.sites.words import clean_name, clean_notes
from tocsin.teams.limits import require_room
from tocsin.teams.locking import locked_team
from tocsin.teams.models import Team
from tocsin.teams.plans import plan_of
from tocsin.teams.usage import Resource

# What checks and issues depend on: these raise the site's settings revision.
_WATCHED = frozenset({"url", "js_rendered", "monitoring_overrides", "dns_expected_records"})


def create_site(
    principal: Principal,
    team: Team,
    *,
    url: str,
    name: str | None = None,
    notes: str = "",
    js_rendered: bool = False,
    monitoring_settings: object = None,
    dns_expected_records: object = None,
    policy: EgressPolicy | None = None,
    force: bool = False,
) -> Site:
    """Start watching an address; the first check of each enabled tool is due at once.

    `name` defaults to the domain; `monitoring_settings` and `dns_expected_records` are as in a
    request body; `policy` defaults to the operator's; `force` passes over the plan's limit. Raises
    the errors of `sites.errors`, InvalidInput, and LimitReached where the plan is full.
    """
    url = canonical_url(url)
    judge_when_saved(url, policy)
    site = Site(
        url=url,
        domain=domain_of(url),
        name=clean_name(name) if name else domain_of(url),
        notes=clean_notes(notes),
        js_rendered=js_rendered,
        dns_expected_records=checked_records(dns_expected_records),
    )
    with transaction.atomic():
        # Held to the end, so that two requests at once cannot both find room or no duplicate.
        site.team = locked_team(team.pk)
        _set_up(site, monitoring_settings)
        _require_own_address(site.team, url)
        if not force:
            require_room(team.pk, Resource.SITES)
        site.save(force_insert=True)
        hooks.run(hooks.HOOKS.created, site)
        _record(principal, "site.created", site, after={"url": url, "name": site.name})
    return site


@transaction.atomic
def update_site(
    principal: Principal, site: Site, body: object, *, policy: EgressPolicy | None = None
) -> Site:
    """Change a site as a request body says; see `changes`. Return it as it then is.

    Another address keeps the history and drops the expected DNS records. The schedules follow in
    the same transaction. `policy` defaults to the operator's. Raises InvalidInput, DuplicateSite,
    NotFound.
    """
    # Held to the end: patches at once are merged one after the other, and two sites cannot take
    # the same address.
    team = locked_team(site.team_id)
    held = _locked_site(site, team)
    columns = changed_columns(held, body, Facts(plan_of(team.plan), clock.now(), policy))
    if "url" in columns:
        _require_own_address(team, columns["url"])
    if columns:
        _write(principal, held, columns)
    return held


def delete_site(principal: Principal, site: Site) -> None:
    """Stop watching and forget a site with everything recorded about it. Raises NotFound."""
    with transaction.atomic():
        # A change of the team's settings must not give a schedule to a site that is going, and of
        # two deletions at once only one is a deletion.
        _locked_site(site, locked_team(site.team_id))
        hooks.run(hooks.HOOKS.deleting, site)
        _record(principal, "site.deleted", site, before={"url": site.url, "name": site.name})
        site.delete()


def _set_up(site: Site, monitoring_settings: object) -> None:
    """Give a new site its own settings."""
    settings = patched(
        SiteSettings({}),
        monitoring_settings,
        plan=plan_of(site.team.plan),
        domain=site.domain,
        now=clock.now(),
    )
    site.monitoring_overrides = settings.overrides
    site.snoozed_until = settings.snoozed_until


def _require_own_address(team: Team, url: str) -> None:
    if Site.objects.filter(team=team, url=url).exists():
        raise DuplicateSite(gettext("This team watches %(url)s already.") % {"url": url})


def _locked_site(site: Site, team: Team) -> Site:
    # Not FOR UPDATE: that would hold up whoever files a check of the site.
    held = Site.objects.select_for_update(no_key=True).filter(pk=site.pk).first()
    if held is None:
        raise NotFound(gettext("There is no such site."))
    held.team = team
    return held


def _write(principal: Principal, site: Site, columns: Columns) -> None:
    before = {name: getattr(site, name) for name in columns}
    is_watched_otherwise = not _WATCHED.isdisjoint(columns)
    if is_watched_otherwise:
        hooks.run(hooks.HOOKS.changing, site)
        site.settings_revision += 1
    for name, value in columns.items():
        setattr(site, name, value)
    site.save(update_fields=(*columns, "settings_revision", "updated_at"))
    _record(principal, "site.changed", site, before=before, after=columns)
    if "url" in columns:
        hooks.run(hooks.HOOKS.moved, site)
    if is_watched_otherwise:
        hooks.run(hooks.HOOKS.changed, site)


def _record(principal: Principal, action: str, site: Site, **change: dict[str, Any]) -> None:
    audit.record(principal, action, f"site:{site.pk}", site.team_id, **change)
