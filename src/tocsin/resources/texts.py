"""From texts to what version 1 answers: lists pass on what is stored without reading it.

The structs are the same as elsewhere; what they hold as objects there stands here as JSON, and
words as they are stored. All of it was judged when it was stored.
"""

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec
from django.conf import settings

from tocsin.checks.check_texts import CheckText, latest_checks
from tocsin.checks.site_texts import SiteText
from tocsin.probes.contract import Tool
from tocsin.resources import site_schemas as schemas
from tocsin.resources.site_settings import settings_texts
from tocsin.sites.queries import SiteSummary

_NOTHING: Mapping[str, CheckText] = {}


def sites(found: Iterable[SiteText]) -> list[schemas.Site]:
    """Shape sites with their latest checks, for two queries in all."""
    found = list(found)
    latest = latest_checks([site.uuid for site in found])
    return [_site(each, latest.get(each.uuid, _NOTHING)) for each in found]


def summary(site: SiteSummary | SiteText) -> schemas.SiteSummary:
    """Shape a site in short."""
    return schemas.SiteSummary(as_is(site.uuid), site.name, site.url, site.domain)


def check(found: CheckText, site: schemas.SiteSummary) -> schemas.Check:
    """Shape a check of a site."""
    return schemas.Check(
        uuid=as_is(found.uuid),
        type=as_is(found.type),
        status=as_is(found.status),
        outcome=as_is(found.outcome or None),
        automatic=found.automatic,
        run_reason=as_is(found.run_reason or None),
        scheduled_for=found.scheduled_for,
        site=site,
        vantage=found.vantage or None,
        result=json(found.result),
        error=json(found.error),
        created_at=found.created_at,
        updated_at=found.updated_at,
        completed_at=found.completed_at,
    )


def json(text: str | None) -> Any:
    """Let JSON stand as it is stored."""
    return None if text is None else msgspec.Raw(text)


def _site(found: SiteText, latest: Mapping[str, CheckText]) -> schemas.Site:
    reports = f"{settings.BASE_URL}/api/v1/sites/{found.uuid}/reports"
    own = settings_texts(
        found.team_settings, found.overrides, found.expected_records, found.snoozed_until
    )
    return schemas.Site(
        uuid=as_is(found.uuid),
        team_id=found.team_id,
        name=found.name,
        url=found.url,
        domain=found.domain,
        notes=found.notes,
        js_rendered=found.js_rendered,
        is_pinned=found.pinned_at is not None,
        enabled_checks=own.enabled_checks,
        monitoring=as_is(own.monitoring),
        monitoring_overrides=json(found.overrides),
        issue_settings=as_is(own.issue_settings),
        latest_checks=_latest(found, latest),
        reports=schemas.ReportLinks(f"{reports}/uptime", f"{reports}/performance"),
        created_at=found.created_at,
        updated_at=found.updated_at,
    )


def _latest(site: SiteText, latest: Mapping[str, CheckText]) -> schemas.LatestChecks:
    own = summary(site)
    shaped = [check(latest[tool], own) if tool in latest else None for tool in _TOOLS]
    return schemas.LatestChecks(*shaped)


def as_is(value: object) -> Any:
    """Take a text for what it says."""
    return value


# In the order of the fields of LatestChecks.
_TOOLS = (Tool.STATUS, Tool.SSL, Tool.DNS, Tool.BROKEN_LINKS, Tool.PERFORMANCE)
