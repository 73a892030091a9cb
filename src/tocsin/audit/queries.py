"""Read the record."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from tocsin.audit.actions import Actor
from tocsin.audit.models import Entry


@dataclass(frozen=True, slots=True)
class EntryFilters:
    """Which entries are asked for; None and no actions: any.

    `by_system` asks for what nobody did, whatever `user_id` says. `start` is included, `end` not.
    """

    user_id: int | None = None
    by_system: bool = False
    actions: tuple[str, ...] = ()
    start: datetime | None = None
    end: datetime | None = None


ALL_ENTRIES = EntryFilters()


def entries_for(
    principal: Actor, team_id: int, filters: EntryFilters = ALL_ENTRIES
) -> QuerySet[Entry]:
    """Return a team's entries, newest first; none for somebody outside the team.

    Whether the role may read them (`viewAudit`) is for the gates to say before.
    """
    entries = _narrowed(Entry.objects.filter(team_id=team_id), filters).order_by("-id")
    if principal.user_id is None:
        return entries if principal.kind == "system" else entries.none()
    return entries.filter(team__memberships__user_id=principal.user_id)


def _narrowed(entries: QuerySet[Entry], filters: EntryFilters) -> QuerySet[Entry]:
    if filters.by_system:
        entries = entries.filter(user_id__isnull=True)
    elif filters.user_id is not None:
        entries = entries.filter(user_id=filters.user_id)
    if filters.actions:
        entries = entries.filter(action__in=filters.actions)
    if filters.start is not None:
        entries = entries.filter(at__gte=filters.start)
    if filters.end is not None:
        entries = entries.filter(at__lt=filters.end)
    return entries
