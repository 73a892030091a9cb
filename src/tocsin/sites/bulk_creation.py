"""Creating many sites at once, where one that cannot be created does not stop the others."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction

from tocsin.access.principal import Principal
from tocsin.kit.errors import DomainError
from tocsin.sites.actions import create_site
from tocsin.sites.errors import DuplicateSite
from tocsin.sites.models import Site
from tocsin.teams.models import Team


@dataclass(frozen=True, slots=True)
class Wanted:
    """One site to create; without a name it is called by its domain."""

    url: str
    name: str | None = None


@dataclass(frozen=True, slots=True)
class NotCreated:
    """An address as it was sent, and why it is not watched now."""

    url: str
    why: str


@dataclass(frozen=True, slots=True)
class Creation:
    """What became of each: `skipped` are watched already, `failed` cannot be watched."""

    created: list[Site]
    skipped: list[NotCreated]
    failed: list[NotCreated]


@transaction.atomic
def create_sites(principal: Principal, team: Team, wanted: Iterable[Wanted]) -> Creation:
    """Start watching many addresses, in their order until the plan is full."""
    creation = Creation([], [], [])
    for each in wanted:
        try:
            site = create_site(principal, team, url=each.url, name=each.name)
        except DuplicateSite as error:
            creation.skipped.append(NotCreated(each.url, error.reason))
        except DomainError as error:
            creation.failed.append(NotCreated(each.url, str(error)))
        else:
            creation.created.append(site)
    return creation
