"""What a change of one site's settings may say: a JSON merge patch on what the site overrides."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.utils.translation import gettext

from tocsin.probes.contract import Tool
from tocsin.sites.monitoring.cadence import beyond_plan, parts_of
from tocsin.sites.monitoring.errors import ROOT, Errors, refuse_if_any, require_object
from tocsin.sites.monitoring.layers import Layer, normalised, problems
from tocsin.sites.monitoring.merge_patch import merge_patch, without_empty
from tocsin.sites.monitoring.schema import DEFAULTS_AS_DATA
from tocsin.sites.urls import domain_of
from tocsin.teams.plans import Plan

SNOOZE = "snoozed_until"
_OF_TEAMS_ONLY = ("quiet_time", "escalation")
_PAGE_PATH = f"{ROOT}.tools.{Tool.PERFORMANCE}.settings.url"


@dataclass(frozen=True, slots=True)
class SiteSettings:
    """A site's own part as stored: sparse overrides, and until when it is snoozed."""

    overrides: Mapping[str, Any]
    snoozed_until: datetime | None = None


def patched(
    stored: SiteSettings, patch: object, *, plan: Plan, domain: str, now: datetime
) -> SiteSettings:
    """Return a site's settings as a merge patch changes them.

    An absent key keeps, a value overrides, null inherits again; a null patch drops all overrides.
    `domain` is the site's host. Raises InvalidInput.
    """
    if patch is None:
        return SiteSettings({}, stored.snoozed_until)
    changes = dict(require_object(patch, ROOT))
    snoozed_until, snooze_problems = stored.snoozed_until, Errors()
    if SNOOZE in changes:
        snoozed_until, snooze_problems = _read_snooze(changes.pop(SNOOZE), now)
    of_teams = {key: changes.pop(key) for key in _OF_TEAMS_ONLY if key in changes}
    # A patch of half a header is judged with the other half.
    header = {key: stored.overrides[key] for key in ("request_header",) if key in stored.overrides}
    refuse_if_any(
        problems(header, _values_of(changes, DEFAULTS_AS_DATA)),
        {f"{ROOT}.{key}": [gettext("Only a team can set it.")] for key in of_teams},
        beyond_plan(changes, plan),
        _elsewhere(changes, domain),
        snooze_problems,
    )
    overrides = without_empty(merge_patch(stored.overrides, changes))
    # A patch may leave half a header behind.
    refuse_if_any(problems(overrides))
    return SiteSettings(normalised(overrides), snoozed_until)


def without_foreign_page(overrides: Layer, domain: str) -> dict[str, Any]:
    """Drop a page to measure that lies on another host than the site's, after the site moved."""
    if not _elsewhere(overrides, domain):
        return dict(overrides)
    inherit = {"tools": {Tool.PERFORMANCE.value: {"settings": {"url": None}}}}
    return without_empty(merge_patch(overrides, inherit))


def read_moment(value: object, now: datetime) -> datetime:
    """Read a future moment: an aware datetime, or ISO 8601 text with its offset from UTC.

    Raises ValueError with a sentence for people.
    """
    moment = value
    if isinstance(value, str):
        try:
            moment = datetime.fromisoformat(value)
        except ValueError:
            moment = None
    if not isinstance(moment, datetime) or moment.tzinfo is None:
        raise ValueError(gettext("It must be a moment such as 2030-01-31T09:00:00+00:00, or null."))
    try:
        moment = moment.astimezone(UTC).replace(microsecond=0)
    except OverflowError:
        raise ValueError(gettext("It lies beyond the calendar.")) from None
    if moment <= now:
        raise ValueError(gettext("It must lie in the future."))
    return moment


def _read_snooze(value: object, now: datetime) -> tuple[datetime | None, Errors]:
    if value is None:
        return None, {}
    try:
        return read_moment(value, now), {}
    except ValueError as error:
        return None, {f"{ROOT}.{SNOOZE}": [str(error)]}


def _values_of(patch: Layer, known: Layer) -> dict[str, Any]:
    """Leave out nulls of known keys, which inherit; of unknown keys they stay, to be refused."""
    kept = {}
    for key, value in patch.items():
        if value is None and key in known:
            continue
        below = known.get(key)
        if isinstance(value, Mapping) and isinstance(below, Mapping):
            kept[key] = _values_of(value, below)
        else:
            kept[key] = value
    return kept


def _elsewhere(settings: Layer, domain: str) -> Errors:
    page = _page_of(settings)
    if page is None:
        return {}
    try:
        host = domain_of(page)
    except ValueError:
        return {}  # the schema says what is wrong with it
    return (
        {}
        if host == domain
        else {_PAGE_PATH: [gettext("It must be a page on %(host)s.") % {"host": domain}]}
    )


def _page_of(settings: Layer) -> str | None:
    judgement = dict(parts_of(settings)).get(Tool.PERFORMANCE, {}).get("settings")
    page = judgement.get("url") if isinstance(judgement, Mapping) else None
    return page if isinstance(page, str) else None
