"""Manual runs of a site that somebody may be waiting for: pending, or ended a moment ago."""

from datetime import timedelta
from uuid import UUID

from django.db.models import Q

from tocsin.access.principal import Principal
from tocsin.checks.check_view import CheckView
from tocsin.checks.models import Check, ManualRun
from tocsin.checks.progress import followed, with_progress
from tocsin.kit import clock

# What ended longer ago is history, and stands there.
RECENT = timedelta(minutes=10)
MOST = 10


def recent_runs(principal: Principal, site_uuid: UUID) -> list[CheckView]:
    """Return the checks of runs that wait, or ended within ten minutes, newest first.

    Two queries, however long the site's history.
    """
    now = clock.now()
    asked = ManualRun.objects.filter(site_uuid=site_uuid, check_uuid__isnull=False).filter(
        Q(finished_at__isnull=True) | Q(finished_at__gte=now - RECENT),
    )
    keys = list(asked.order_by("-asked_at", "-pk").values_list("check_uuid", flat=True)[:MOST])
    checks = with_progress(Check.objects.visible_to(principal)).select_related("site")
    seen = checks.in_bulk(keys)
    return [followed(seen[key]) for key in keys if key in seen]
