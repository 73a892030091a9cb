"""Doing one thing to many sites; those that are gone meanwhile stop nothing."""

from collections.abc import Collection
from uuid import UUID

from django.utils.translation import gettext

from tocsin.access.principal import Principal
from tocsin.kit.errors import NotFound, invalid
from tocsin.sites import queries
from tocsin.sites.actions import delete_site, update_site
from tocsin.sites.models import Site

MOST = 100


def chosen_sites(principal: Principal, team_id: int, uuids: Collection[UUID]) -> list[Site]:
    """Return those of some sites that are the team's, in its order. Raises InvalidInput.

    Up to 100 may be named; names that are no site's of this team are passed over.
    """
    if len(uuids) > MOST:
        raise invalid("sites", gettext("Choose at most %(most)s sites at once.") % {"most": MOST})
    found = queries.sites(principal, team_id=team_id).filter(pk__in=uuids)
    return list(found.select_related("team"))


def pin_sites(principal: Principal, team_id: int, uuids: Collection[UUID], *, pinned: bool) -> int:
    """Pin sites, or no longer; return how many there were. Raises InvalidInput."""
    done = 0
    for site in chosen_sites(principal, team_id, uuids):
        try:
            update_site(principal, site, {"pinned": pinned})
        except NotFound:
            continue
        done += 1
    return done


def delete_sites(principal: Principal, team_id: int, uuids: Collection[UUID]) -> int:
    """Forget sites with everything recorded about them; return how many. Raises InvalidInput.

    Each in a transaction of its own: a site may hold much, and others must not wait for all.
    """
    done = 0
    for site in chosen_sites(principal, team_id, uuids):
        try:
            delete_site(principal, site)
        except NotFound:
            continue
        done += 1
    return done
