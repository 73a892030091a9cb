"""Turning verdicts into rows: issues and their transitions, in one commit with what decided."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

import msgspec

from tocsin.checks.columns import json_column
from tocsin.issues import hooks
from tocsin.issues.models import Issue, Transition
from tocsin.issues.rules import Opening, Resolution, Sighting, Verdict
from tocsin.issues.vocabulary import IssueStatus, TransitionKey
from tocsin.kit import clock

Key = tuple[UUID, str]
Plain = TypeVar("Plain", str, dict[str, Any])

UPDATED_FIELDS = (
    "status", "severity", "summary", "context", "latest_check", "previous_check", "opened_at",
    "acknowledged_at", "acknowledged_by", "resolved_at", "resolved_by", "resolve_reason",
    "reopen_count", "last_evaluated_at", "updated_at",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Change:
    """What a verdict means for the issues of one tool at one site.

    `check` decided it, or `user_id`, or neither where settings did.
    """

    site_id: UUID
    team_id: int
    tool: str
    verdict: Verdict
    check: UUID | None = None
    user_id: int | None = None

    @property
    def keys(self) -> list[Key]:
        """Name the issues concerned."""
        verdict = self.verdict
        concerned: tuple[Opening | Sighting | Resolution, ...] = (
            *verdict.openings,
            *verdict.sightings,
            *verdict.resolutions,
        )
        return [(self.site_id, each.fingerprint) for each in concerned]


def write(changes: Sequence[Change], *, now: float) -> None:
    """Write what the verdicts say, then tell `hooks.TRANSITIONED`; at most four queries."""
    keys = {key for change in changes for key in change.keys}
    if not keys:
        return
    page = _Page(_load(keys), clock.from_timestamp(now))
    for change in changes:
        page.apply(change)
    page.save()


def _load(keys: Iterable[Key]) -> dict[Key, Issue]:
    keys = set(keys)
    found = Issue.objects.select_for_update().filter(
        site_id__in={site_id for site_id, _ in keys},
        fingerprint__in={fingerprint for _, fingerprint in keys},
    )
    return {(issue.site_id, issue.fingerprint): issue for issue in found.order_by("pk")}


class _Page:
    """The issues of one batch while they are changed."""

    def __init__(self, known: dict[Key, Issue], now: datetime) -> None:
        self._known = known
        self._now = now
        self._changed: dict[UUID, Issue] = {}
        self._transitions: list[Transition] = []

    def apply(self, change: Change) -> None:
        for opening in change.verdict.openings:
            self._open(change, opening)
        for sighting in change.verdict.sightings:
            self._see(change, sighting)
        for resolution in change.verdict.resolutions:
            self._resolve(change, resolution)

    def save(self) -> None:
        # One upsert for new and known ones: several times cheaper than an update by cases.
        Issue.objects.bulk_create(
            self._changed.values(),
            update_conflicts=True,
            unique_fields=("uuid",),
            update_fields=UPDATED_FIELDS,
        )
        if not self._transitions:
            return
        rows = Transition.objects.bulk_create(self._transitions)
        for hook in hooks.TRANSITIONED:
            hook(rows)

    def _open(self, change: Change, opening: Opening) -> None:
        known = self._known.get((change.site_id, opening.fingerprint))
        if known is None:
            issue = self._create(change, opening)
            self._record(change, issue, TransitionKey.OPENED, alerts=True)
            return
        reopen(known, self._now)
        known.severity, known.summary = opening.severity, _storable(opening.summary)
        known.context = _storable(dict(opening.context))
        self._touch(change, known)
        self._record(change, known, TransitionKey.REOPENED, alerts=True)

    def _create(self, change: Change, opening: Opening) -> Issue:
        issue = Issue(
            team_id=change.team_id,
            site_id=change.site_id,
            type=change.tool,
            fingerprint=opening.fingerprint,
            status=IssueStatus.OPEN,
            severity=opening.severity,
            summary=_storable(opening.summary),
            context=_storable(dict(opening.context)),
            latest_check=change.check,
            opened_at=self._now,
            first_opened_at=self._now,
            last_evaluated_at=self._now,
            created_at=self._now,
            updated_at=self._now,
        )
        self._changed[issue.pk] = issue
        return issue

    def _see(self, change: Change, sighting: Sighting) -> None:
        issue = self._known.get((change.site_id, sighting.fingerprint))
        if issue is None:
            return
        if sighting.severity is not None and sighting.summary is not None:
            issue.severity, issue.summary = sighting.severity, _storable(sighting.summary)
        issue.context = {**issue.context, **_storable(dict(sighting.context or {}))}
        self._touch(change, issue)

    def _resolve(self, change: Change, resolution: Resolution) -> None:
        issue = self._known.get((change.site_id, resolution.fingerprint))
        if issue is None or not issue.is_active:
            return
        issue.status = IssueStatus.RESOLVED
        issue.resolved_at = self._now
        issue.resolved_by_id = change.user_id
        issue.resolve_reason = resolution.reason
        issue.context = {**issue.context, **resolution.context}
        self._touch(change, issue)
        self._record(
            change,
            issue,
            TransitionKey.RESOLVED,
            alerts=resolution.alerts,
            reason=resolution.reason,
        )

    def _touch(self, change: Change, issue: Issue) -> None:
        if change.check is not None:
            issue.previous_check, issue.latest_check = issue.latest_check, change.check
            issue.last_evaluated_at = self._now
        issue.updated_at = self._now
        self._changed[issue.pk] = issue

    def _record(
        self, change: Change, issue: Issue, key: TransitionKey, *, alerts: bool, reason: str = ""
    ) -> None:
        self._transitions.append(
            Transition(
                issue=issue,
                key=key,
                at=self._now,
                user_id=change.user_id,
                reason=reason,
                check_uuid=change.check,
                severity=issue.severity,
                summary=issue.summary,
                alerts=alerts,
            )
        )


def _storable(value: Plain) -> Plain:
    """Return text or plain data as both databases take it, whatever a site sent."""
    stored: Plain = msgspec.json.decode(json_column(value) or "null", type=type(value))
    return stored


def reopen(issue: Issue, now: datetime) -> None:
    """Begin another cycle of a resolved issue: nobody has acknowledged this one."""
    issue.status = IssueStatus.OPEN
    issue.opened_at = now
    issue.reopen_count += 1
    issue.acknowledged_at = None
    issue.acknowledged_by = None
    issue.resolved_at = None
    issue.resolved_by = None
    issue.resolve_reason = ""
