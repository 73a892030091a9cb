"""Creating and deleting sites."""

import unicodedata
from typing import Any

from django.db import transaction

from tocsin.access.principal import Principal
from tocsin.audit import actions as audit
from tocsin.probes.egress import EgressPolicy
from tocsin.sites import hooks
from tocsin.sites.egress import judge_when_saved
from tocsin.sites.errors import DuplicateSite, InvalidName, InvalidNotes
from tocsin.sites.models import Site
from tocsin.sites.urls import canonical_url, domain_of
from tocsin.teams.limits import require_room
from tocsin.teams.locking import locked_team
from tocsin.teams.models import Team
from tocsin.teams.usage import Resource

NAME_LENGTH = 255
NOTES_LENGTH = 10_000


def create_site(
    principal: Principal,
    team: Team,
    *,
    url: str,
    name: str | None = None,
    notes: str = "",
    js_rendered: bool = False,
    policy: EgressPolicy | None = None,
    force: bool = False,
    **fields: Any,
) -> Site:
    """Start watching an address; the first check of each enabled tool is due at once.

    `name` defaults to the domain; `fields` are further columns of the model; `policy` defaults to
    the operator's; `force` passes over the plan's limit. Raises the errors of
    `sites.errors`, and LimitReached where the plan is full.
    """
    url = canonical_url(url)
    judge_when_saved(url, policy)
    domain = domain_of(url)
    site = Site(
        team=team,
        url=url,
        domain=domain,
        name=_clean_name(name) if name else domain,
        notes=_clean_notes(notes),
        js_rendered=js_rendered,
        **fields,
    )
    with transaction.atomic():
        # Held to the end, so that two requests at once cannot both find room or no duplicate.
        locked_team(team.pk)
        if Site.objects.filter(team=team, url=url).exists():
            raise DuplicateSite(f"This team watches {url} already.")
        if not force:
            require_room(team.pk, Resource.SITES)
        site.save(force_insert=True)
        hooks.run(hooks.HOOKS.created, site)
        _record(principal, "site.created", site, after={"url": url, "name": site.name})
    return site


def delete_site(principal: Principal, site: Site) -> None:
    """Stop watching and forget a site with everything recorded about it."""
    with transaction.atomic():
        hooks.run(hooks.HOOKS.deleting, site)
        _record(principal, "site.deleted", site, before={"url": site.url, "name": site.name})
        site.delete()


def _record(principal: Principal, action: str, site: Site, **change: dict[str, str]) -> None:
    audit.record(principal, action, f"site:{site.pk}", site.team_id, **change)


def _clean_name(name: str) -> str:
    name = name.strip()
    if not name or len(name) > NAME_LENGTH:
        raise InvalidName(f"The name must have 1 to {NAME_LENGTH} characters.")
    if any(unicodedata.category(character) in {"Cc", "Cs", "Zl", "Zp"} for character in name):
        raise InvalidName("The name must not contain control characters.")
    return name


def _clean_notes(notes: str) -> str:
    if len(notes) > NOTES_LENGTH:
        raise InvalidNotes(f"The notes must not be longer than {NOTES_LENGTH} characters.")
    if "\x00" in notes:
        raise InvalidNotes("The notes must not contain a null character.")
    return notes
