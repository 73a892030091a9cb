"""How far the checks have come that somebody asked for and waits for."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import msgspec
from django.db.models import OuterRef, QuerySet, Subquery

from tocsin.checks.models import Check, ManualRun
from tocsin.probes.contract import CheckStatus, Progress, ProgressReport


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
    """Read with each check what `progress_of` needs."""
    runs = ManualRun.objects.filter(check_uuid=OuterRef("pk"))
    return checks.annotate(last_progress=Subquery(runs.values("progress")[:1]))


def progress_of(check: Any) -> Progress | None:
    """Return how far a check has come; None where it has ended or has not told."""
    if check.status != CheckStatus.PENDING or check.last_progress is None:
        return None
    return msgspec.convert(check.last_progress, Progress)
