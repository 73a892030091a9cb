"""Remember when grants were last used without a write for each request."""

from collections.abc import Mapping
from datetime import datetime

from django.db.models import Q

from tocsin.access.last_used import UseBuffer
from tocsin.oauth.models import Grant


def write(noted: Mapping[int, datetime]) -> None:
    """Store uses, cut to the minute: one statement for each."""
    by_minute: dict[datetime, list[int]] = {}
    for grant_id, used in noted.items():
        by_minute.setdefault(used.replace(second=0, microsecond=0), []).append(grant_id)
    for minute, grant_ids in by_minute.items():
        earlier = Q(last_used_at__isnull=True) | Q(last_used_at__lt=minute)
        Grant.objects.filter(earlier, id__in=grant_ids).update(last_used_at=minute)


uses = UseBuffer(write)
