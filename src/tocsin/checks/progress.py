"""How far the checks have come that somebody asked for and waits for."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import msgspec
from django.db.models import OuterRef, QuerySet, Subquery

from tocsin.checks.check_view import CheckView, view_of
from tocsin.checks.models import Check, ManualRun
from tocsin.checks.tools import EFFORTS, Weight
from tocsin.kit import clock
from tocsin.probes.contract import CheckStatus, Progress, ProgressReport, Tool


def note(reports: Sequence[ProgressReport]) -> None:
    """Keep the latest news of each check; news of what has ended changes nothing."""
    for report in reports:
        try:
            uuid = UUID(report.check_id)
        except ValueError:
            continue
        waiting = ManualRun.objects.filter(check_uuid=uuid, finished_at__isnull=True)
        waiting.update(progress=msgspec.to_builtins(report.progress))


def with_progress(checks: "QuerySet[Check]") -> "QuerySet[Check]":
    """Read with each check what `followed` needs."""
    runs = ManualRun.objects.filter(check_uuid=OuterRef("pk"))
    return checks.annotate(
        last_progress=Subquery(runs.values("progress")[:1]),
        leased_until=Subquery(runs.values("leased_until")[:1]),
    )


def followed(check: Any) -> CheckView:
    """Show a check with how far it has come."""
    progress = _progress(check)
    return view_of(check, progress, has_begun=_has_begun(check, progress))


def _progress(check: Any) -> Progress | None:
    """Return how far a check has come; None where it has ended or has not told."""
    if check.status != CheckStatus.PENDING or check.last_progress is None:
        return None
    return msgspec.convert(check.last_progress, Progress)


def _has_begun(check: Any, progress: Progress | None) -> bool:
    """Tell whether a worker is at a check.

    What is light begins as soon as a worker holds it. A crawl or a measurement may still wait for
    the one before it then, and tells of itself when it begins.
    """
    if check.status != CheckStatus.PENDING or check.leased_until is None:
        return False
    is_held = check.leased_until > clock.now()
    is_light = EFFORTS[Tool(check.type)].weight is Weight.LIGHT
    return is_held and (is_light or progress is not None)
