"""Reading when an issue is told again, through a principal."""

from datetime import datetime
from uuid import UUID

from tocsin.access.principal import Principal
from tocsin.issues.models import Issue
from tocsin.notifications.models import Escalation


def next_escalation_of(principal: Principal, issue: UUID) -> datetime | None:
    """Return when it is told again next if it stays active; None for never. One query."""
    seen = Issue.objects.visible_to(principal).filter(pk=issue)
    return Escalation.objects.filter(issue__in=seen).values_list("next_at", flat=True).first()
