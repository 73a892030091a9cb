"""How much of its limits a team uses. What is counted in higher apps, they tell how to count.

A counter returns an ORM expression that yields a whole number for the team in the outer query
(`OuterRef("pk")`), so that any number of teams is counted in one query. It is told the moment and
must not ask the clock, because the query is composed once and kept.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from django.db.models import Count, IntegerField, OuterRef, QuerySet, Subquery, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce

from tocsin.teams.models import Invitation, Membership


class Resource(StrEnum):
    """Something a plan limits."""

    SITES = "sites"
    SEATS = "seats"
    MANUAL_CHECKS = "manual_checks"


@dataclass(frozen=True, slots=True)
class Period:
    """The moment of counting, and when its calendar month (UTC) began."""

    now: datetime
    month: datetime

    @classmethod
    def at(cls, now: datetime) -> "Period":
        """Return the period of a moment."""
        return cls(now, now.replace(day=1, hour=0, minute=0, second=0, microsecond=0))


Counter = Callable[[Period], Combinable]


def counted(rows: QuerySet[Any], team_field: str = "team") -> Combinable:
    """Count the rows of each outer team; `rows` must be filtered by `OuterRef("pk")`."""
    groups = rows.order_by().values(team_field).annotate(number=Count("*")).values("number")
    return Coalesce(Subquery(groups, output_field=IntegerField()), Value(0))


def members() -> Combinable:
    """Count a team's members, the owner included."""
    return counted(Membership.objects.filter(team=OuterRef("pk")))


def pending_invitations(period: Period) -> Combinable:
    """Count the invitations that hold a seat."""
    return counted(Invitation.objects.open(period.now).filter(team=OuterRef("pk")))


def _nothing(_: Period) -> Combinable:
    return Value(0, output_field=IntegerField())


counters: dict[Resource, Counter] = {Resource.SITES: _nothing, Resource.MANUAL_CHECKS: _nothing}
