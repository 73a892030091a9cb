"""What a change of a site may say: the body of `PATCH /sites/{site}`."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext

from tocsin.kit.errors import InvalidInput, invalid
from tocsin.probes.egress import EgressPolicy
from tocsin.sites.egress import judge_when_saved
from tocsin.sites.models import Site
from tocsin.sites.monitoring.errors import (
    NOT_A_BOOLEAN,
    NOT_TEXT,
    UNKNOWN_FIELD,
    Errors,
    refuse_if_any,
    require_object,
)
from tocsin.sites.monitoring.expected_records import FIELD as RECORDS
from tocsin.sites.monitoring.expected_records import checked_records
from tocsin.sites.monitoring.overrides import SiteSettings, patched, without_foreign_page
from tocsin.sites.urls import canonical_url, domain_of
from tocsin.sites.words import clean_name, clean_notes
from tocsin.teams.plans import Plan

Columns = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Facts:
    """What a change is judged by besides itself; `policy` None is the operator's."""

    plan: Plan
    now: datetime
    policy: EgressPolicy | None = None


def changed_columns(site: Site, body: object, facts: Facts) -> Columns:
    """Return the columns of a site that a body changes, with their new values.

    Another address drops the expected records and a page on the host before, unless the body sets
    them too. Raises InvalidInput with everything that is wrong.
    """
    fields = require_object(body, "body")
    columns, errors = _read_all(site, fields, facts)
    refuse_if_any(errors)
    if columns.get("url", site.url) != site.url:
        columns.setdefault("dns_expected_records", None)
        overrides = columns.get("monitoring_overrides", site.monitoring_overrides)
        columns["monitoring_overrides"] = without_foreign_page(overrides, columns["domain"])
    return {name: value for name, value in columns.items() if value != getattr(site, name)}


def _read_all(site: Site, fields: Mapping[str, Any], facts: Facts) -> tuple[Columns, Errors]:
    """Read every field; the address first, because a page must lie on its host."""
    columns: Columns = {}
    errors: Errors = {}
    for name in sorted(fields, key=lambda name: name != "url"):
        domain = columns.get("domain", site.domain)
        try:
            columns |= _read(site, domain, name, fields[name], facts)
        except InvalidInput as error:
            errors |= error.errors
    return columns, errors


def _read(site: Site, domain: str, name: str, value: Any, facts: Facts) -> Columns:
    match name:
        case "url":
            return _address(_text(name, value), facts.policy)
        case "pinned":
            # Pinning again does not move a site to the top.
            return {"pinned_at": (site.pinned_at or facts.now) if _boolean(name, value) else None}
        case "monitoring_settings":
            stored = SiteSettings(site.monitoring_overrides, site.snoozed_until)
            return _settings(patched(stored, value, plan=facts.plan, domain=domain, now=facts.now))
    reader = _READERS.get(name)
    if reader is None:
        raise invalid(name, gettext(UNKNOWN_FIELD))
    return {name: reader(name, value)}


def _address(text: str, policy: EgressPolicy | None) -> Columns:
    url = canonical_url(text)
    judge_when_saved(url, policy)
    return {"url": url, "domain": domain_of(url)}


def _settings(settings: SiteSettings) -> Columns:
    return {
        "monitoring_overrides": settings.overrides,
        "snoozed_until": settings.snoozed_until,
    }


def _text(name: str, value: object) -> str:
    if not isinstance(value, str):
        raise invalid(name, gettext(NOT_TEXT))
    return value


def _boolean(name: str, value: object) -> bool:
    if not isinstance(value, bool):
        raise invalid(name, gettext(NOT_A_BOOLEAN))
    return value


def _name(name: str, value: object) -> str:
    return clean_name(_text(name, value))


def _notes(name: str, value: object) -> str:
    return "" if value is None else clean_notes(_text(name, value))


def _records(_name: str, value: object) -> Any:
    return checked_records(value)


_READERS: Mapping[str, Callable[[str, object], Any]] = {
    "name": _name,
    "notes": _notes,
    "js_rendered": _boolean,
    RECORDS: _records,
}
