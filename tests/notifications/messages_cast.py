"""Messages for tests of channels and sending: one of each kind, and text that hopes to do harm."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

from tocsin.issues.vocabulary import IssueStatus, Severity
from tocsin.notifications.messages import (
    Event,
    Explanation,
    Fact,
    Gathering,
    IssueRef,
    Mark,
    Message,
    MessageTransition,
    Notice,
    SiteRef,
    TeamRef,
)

AT = datetime(2026, 11, 24, 3, 12, tzinfo=UTC)
DELIVERY = UUID("01990000-0000-7000-8000-000000000001")
TEAM = TeamRef(7, "Harbour")
NASTY = (
    "<!channel> @everyone @here <script>alert(1)</script> *bold* _it_ `code` ~x~ ||spoiler|| "
    "[click](https://evil.example) & \u202egnp.exe\u202c مرحبا שלום \x00\x07\x1b[31m\x9b \ud800 "
    "\r\nBcc: mallory@evil.example\r\n\r\nbody 👩‍👩‍👧 \u2028 {{ 7|add:7 }} {% now %} ${x} \uffff"
)
LONG = "ж🔥" * 5_000


def notice(number: int = 1) -> Notice:
    """Say that a site is down."""
    return Notice(
        delivery=UUID(int=DELIVERY.int + number),
        event=Event.OPENED,
        transition=MessageTransition.OPEN,
        occurred_at=AT,
        issue=IssueRef(
            id=UUID(int=0x0199_0000_0000_7000_8000_0000_0000_1000 + number),
            type="status",
            status=IssueStatus.OPEN,
            severity=Severity.CRITICAL,
            fingerprint="status:down",
            summary="The site answers with status 503.",
            link=f"https://tocsin.example/issues/01990000-0000-7000-8000-{number:012d}",
        ),
        site=SiteRef(
            uuid=UUID(int=0x0199_0000_0000_7000_8000_0000_0000_2000 + number),
            name="Shop" if number == 1 else f"Shop {number}",
            url=f"https://shop{number}.example.com",
            domain=f"shop{number}.example.com",
        ),
        check=UUID(int=0x0199_0000_0000_7000_8000_0000_0000_3000 + number),
        explanation=Explanation(AT - timedelta(minutes=3), 503, 3),
    )


def opened() -> Message:
    """Tell of one site that is down."""
    return Message(DELIVERY, TEAM, (notice(),))


def recovered() -> Message:
    """Tell that it is up again."""
    well = replace(
        notice(),
        event=Event.RECOVERED,
        transition=MessageTransition.RESOLVE,
        occurred_at=AT + timedelta(minutes=72),
        issue=replace(notice().issue, status=IssueStatus.RESOLVED),
        explanation=Explanation(AT - timedelta(minutes=3), None, 1),
    )
    return Message(DELIVERY, TEAM, (well,))


def escalated() -> Message:
    """Tell that it is still down."""
    still = replace(
        notice(),
        event=Event.ESCALATED,
        transition=MessageTransition.ESCALATE,
        occurred_at=AT + timedelta(minutes=27),
    )
    return Message(DELIVERY, TEAM, (still,))


def expiring() -> Message:
    """Tell of a certificate that expires."""
    issue = replace(
        notice().issue,
        type="ssl",
        severity=Severity.WARNING,
        fingerprint="ssl:expiring",
        summary="The certificate expires in 12 days.",
    )
    facts = (Fact("Valid to", "6 Dec 2026, 23:59 UTC"),)
    return Message(
        DELIVERY, TEAM, (replace(notice(), issue=issue, explanation=Explanation(facts=facts)),)
    )


def drill() -> Message:
    """Tell of a fire drill."""
    return replace(opened(), mark=Mark.DRILL)


def trial() -> Message:
    """Tell that a destination works."""
    issue = replace(notice().issue, summary="Notifications of Harbour arrive here.")
    one = replace(notice(), event=Event.TEST, issue=issue)
    return Message(DELIVERY, TEAM, (one,), mark=Mark.TEST)


def storm(count: int) -> Message:
    """Tell of many sites at once."""
    notices = tuple(notice(number) for number in range(1, count + 1))
    return Message(DELIVERY, TEAM, notices, Gathering.STORM)


def with_text(message: Message, text: str) -> Message:
    """Put the same text wherever users and sites may put theirs."""
    return replace(
        message,
        team=TeamRef(7, text),
        notices=tuple(
            replace(
                each,
                issue=replace(each.issue, summary=text),
                site=replace(each.site, name=text),
                explanation=replace(each.explanation, facts=(Fact(text, text),)),
            )
            for each in message.notices
        ),
    )


MESSAGES = {
    "opened": opened(),
    "recovered": recovered(),
    "escalated": escalated(),
    "expiring": expiring(),
    "drill": drill(),
    "test": trial(),
    "storm": storm(4),
}
