"""What there is to tell before it is written down, with what decides about it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from tocsin.issues.models import Issue
from tocsin.notifications import notices
from tocsin.notifications.messages import MessageTransition
from tocsin.notifications.models import Occurrence
from tocsin.notifications.rules.deciding import NO_QUIET_TIME
from tocsin.sites.models import Site
from tocsin.sites.monitoring.queries import of_site
from tocsin.sites.monitoring.schema import QuietTime


@dataclass(frozen=True, slots=True)
class Telling:
    """An occurrence that is not written yet.

    `subject` is the issue whose messages arrive in order, `since` when its cycle began.
    """

    occurrence: Occurrence
    subject: UUID
    since: datetime
    tool: str | None = None
    snoozed_until: datetime | None = None
    quiet_time: QuietTime = NO_QUIET_TIME

    @property
    def transition(self) -> MessageTransition:
        """Return what is told."""
        return MessageTransition(self.occurrence.transition)


def telling_of(
    issue: Issue,
    site: Site,
    transition: MessageTransition,
    *,
    key: str,
    at: datetime,
    check: UUID | None = None,
) -> Telling:
    """Describe what happened to an issue; `site` was read with `team__monitoring`."""
    notice = notices.notice_of(issue, site, transition, at, check)
    occurrence = Occurrence(
        team_id=issue.team_id,
        issue=issue,
        key=key,
        event=notice.event,
        transition=transition,
        occurred_at=at,
        notice=notices.kept(notice),
    )
    return Telling(
        occurrence=occurrence,
        subject=issue.pk,
        since=issue.opened_at,
        tool=issue.type,
        snoozed_until=site.snoozed_until,
        quiet_time=of_site(site).quiet_time,
    )
