"""What is told, and how an attempt to tell it ended. Plain values: no Django, no database.

A ledger row keeps a `Notice` as JSON; `msgspec` writes and reads all of these.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from tocsin.issues.vocabulary import IssueStatus, Severity


class Event(StrEnum):
    """What a message is about; `X-Tocsin-Event`."""

    OPENED = "issue.opened"
    RECOVERED = "issue.recovered"
    ESCALATED = "issue.escalated"
    TEST = "notification.test"


class MessageTransition(StrEnum):
    """The transition that is told."""

    OPEN = "open"
    RESOLVE = "resolve"
    ESCALATE = "escalate"


class Mark(StrEnum):
    """What sets a message apart from the real thing; every channel shows it."""

    TEST = "test"
    DRILL = "drill"


class Gathering(StrEnum):
    """Why one message tells several things."""

    STORM = "storm"
    QUIET_TIME = "quiet_time"


@dataclass(frozen=True, slots=True)
class TeamRef:
    """The team that owns the issue."""

    id: int
    name: str


@dataclass(frozen=True, slots=True)
class IssueRef:
    """The issue as it was at that moment. `link` is its page in the dashboard."""

    id: UUID
    type: str
    status: IssueStatus
    severity: Severity
    fingerprint: str
    summary: str
    link: str


@dataclass(frozen=True, slots=True)
class SiteRef:
    """The site of the issue."""

    uuid: UUID
    name: str
    url: str
    domain: str


@dataclass(frozen=True, slots=True)
class Fact:
    """One more number or name that explains, such as “Expires” and a date."""

    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Explanation:
    """The numbers behind it, as far as they are known.

    `since`: when it began to fail. `code`: the HTTP status that was seen. `checks_in_a_row`: how
    many checks agreed (failing ones of an opening, good ones of a recovery).
    """

    since: datetime | None = None
    code: int | None = None
    checks_in_a_row: int | None = None
    facts: tuple[Fact, ...] = ()


@dataclass(frozen=True, slots=True)
class Notice:
    """One thing to tell: what happened to which issue of which site.

    `delivery` is the ledger's UUID of it. `check` is None where no check decided.
    """

    delivery: UUID
    event: Event
    transition: MessageTransition
    occurred_at: datetime
    issue: IssueRef
    site: SiteRef
    check: UUID | None = None
    explanation: Explanation = Explanation()

    @property
    def lasted(self) -> timedelta | None:
        """Return how long it has failed (or had, at a recovery), None where that is unknown."""
        since = self.explanation.since
        if since is None or self.transition is MessageTransition.OPEN:
            return None
        return max(self.occurred_at - since, timedelta())


@dataclass(frozen=True, slots=True)
class Message:
    """What goes to one destination at once: one notice, or several that were gathered.

    `delivery` is the id that stays the same across retries. `gathering` is None exactly where
    there is one notice and nothing was held back. `notices` is never empty; the first one leads:
    its event stands in the headers, its colour and words in the title.
    """

    delivery: UUID
    team: TeamRef
    notices: tuple[Notice, ...]
    gathering: Gathering | None = None
    mark: Mark | None = None

    @property
    def lead(self) -> Notice:
        """Return the notice that leads."""
        return self.notices[0]

    @property
    def is_gathered(self) -> bool:
        """Tell whether it tells several things."""
        return len(self.notices) > 1


class Verdict(StrEnum):
    """What follows from an attempt: done, again later, or never again."""

    DELIVERED = "delivered"
    RETRY = "retry"
    FINAL = "final"


class AttemptError(StrEnum):
    """Why an attempt did not succeed; the first ten are the words that checks use too."""

    DNS = "dns"
    TIMEOUT = "timeout"
    CONNECT_REFUSED = "connect_refused"
    UNREACHABLE = "unreachable"
    TLS = "tls"
    CONNECTION_LOST = "connection_lost"
    BAD_RESPONSE = "bad_response"
    EGRESS_REFUSED = "egress_refused"
    INVALID_URL = "invalid_url"
    INTERNAL_ERROR = "internal_error"
    REDIRECTED = "redirected"
    REFUSED = "refused"
    RATE_LIMITED = "rate_limited"
    RECEIVER_FAILED = "receiver_failed"


@dataclass(frozen=True, slots=True)
class Attempt:
    """How one attempt ended.

    `status_code` is HTTP's or SMTP's, None without an answer. `detail` says it in words for
    people. `address` is the one connected to (or refused). `answer` is the first KiB of what was
    answered, as safe text. `retry_after`: seconds that the receiver asks to wait, from now.
    `reached`: marks of the mail addresses that have it; the next attempt leaves them out.
    """

    verdict: Verdict
    duration_ms: int
    status_code: int | None = None
    error: AttemptError | None = None
    detail: str = ""
    address: str | None = None
    answer: str = ""
    retry_after: float | None = None
    reached: tuple[str, ...] = ()

    @property
    def ok(self) -> bool:
        """Tell whether the receiver has it."""
        return self.verdict is Verdict.DELIVERED
