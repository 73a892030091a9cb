"""Changing a site: its address, its words, and what it is watched by."""

from typing import Any

from django.db import transaction

from tocsin.access.principal import Principal
from tocsin.audit.actions import record
from tocsin.kit import clock
from tocsin.kit.errors import NotFound
from tocsin.probes.egress import EgressPolicy
from tocsin.sites import hooks
from tocsin.sites.errors import DuplicateSite
from tocsin.sites.models import Site
from tocsin.sites.monitoring.site_body import Columns, Facts, changed_columns
from tocsin.teams.locking import locked_team
from tocsin.teams.plans import plan_of

# What checks and issues depend on: these raise the site's settings revision.
_WATCHED = frozenset({"url", "js_rendered", "monitoring_overrides", "dns_expected_records"})


@transaction.atomic
def update_site(
    principal: Principal, site: Site, body: object, *, policy: EgressPolicy | None = None
) -> Site:
    """Change a site as a request body says; see `site_body`. Return it as it then is.

    Another address keeps the history and drops the expected DNS records. The schedules follow in
    the same transaction. `policy` defaults to the operator's. Raises InvalidInput, DuplicateSite,
    NotFound.
    """
    # Held to the end: patches at once are merged one after the other, and two sites cannot take
    # the same address.
    team = locked_team(site.team_id)
    held = _locked_site(site)
    facts = Facts(plan_of(team.plan), clock.now(), policy)
    columns = changed_columns(held, body, facts)
    if "url" in columns and Site.objects.filter(team=team, url=columns["url"]).exists():
        raise DuplicateSite(f"This team watches {columns['url']} already.")
    if columns:
        _write(principal, held, columns)
    return held


def _locked_site(site: Site) -> Site:
    # Not FOR UPDATE: that would hold up whoever files a check of the site.
    rows = Site.objects.select_for_update(no_key=True, of=("self",)).select_related("team")
    held = rows.filter(pk=site.pk).first()
    if held is None:
        raise NotFound("There is no such site.")
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
    _record(principal, site, before, columns)
    if is_watched_otherwise:
        hooks.run(hooks.HOOKS.changed, site)
    if "url" in columns:
        hooks.run(hooks.HOOKS.moved, site)


def _record(
    principal: Principal, site: Site, before: dict[str, Any], after: dict[str, Any]
) -> None:
    target = f"site:{site.pk}"
    record(principal, "site.changed", target, site.team_id, before=before, after=after)
