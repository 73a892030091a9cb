"""Read the record."""

from django.db.models import QuerySet

from tocsin.audit.actions import Actor
from tocsin.audit.models import Entry


def entries_for(principal: Actor, team_id: int) -> QuerySet[Entry]:
    """Return a team's entries, newest first; none for somebody outside the team.

    Whether the role may read them (`viewAudit`) is for the gates to say before.
    """
    entries = Entry.objects.filter(team_id=team_id).order_by("-id")
    if principal.user_id is None:
        return entries if principal.kind == "system" else entries.none()
    return entries.filter(team__memberships__user_id=principal.user_id)
