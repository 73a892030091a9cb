"""What people do with the notices under their bell."""

from django.utils.translation import gettext

from tocsin.access.principal import Principal
from tocsin.kit import clock
from tocsin.kit.errors import NotFound
from tocsin.notifications.models import InAppNotice


def mark_read(principal: Principal, notice_id: int) -> None:
    """Mark one of the principal's notices as read; a second time changes nothing.

    Raises NotFound. No audit: it concerns nobody else.
    """
    found = InAppNotice.objects.visible_to(principal).filter(pk=notice_id).first()
    if found is None:
        raise NotFound(gettext("There is no such notice."))
    InAppNotice.objects.filter(pk=found.pk, read_at__isnull=True).update(read_at=clock.now())


def mark_all_read(principal: Principal) -> int:
    """Mark all of the principal's notices as read; return how many were not."""
    mine = InAppNotice.objects.visible_to(principal).filter(read_at__isnull=True)
    ids = mine.values("pk")
    return InAppNotice.objects.filter(pk__in=ids).update(read_at=clock.now())
