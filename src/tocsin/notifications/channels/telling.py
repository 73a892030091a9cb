"""What a message says to people, before any channel gives it its form. All text is plain."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from tocsin.issues.vocabulary import Fingerprint, Severity
from tocsin.notifications.channels.text import duration, fit, moment, one_line
from tocsin.notifications.messages import (
    Event,
    Fact,
    Gathering,
    Mark,
    Message,
    MessageTransition,
    Notice,
)


class Tone(StrEnum):
    """How it looks: every channel has its own red, amber and green."""

    BAD = "bad"
    WORRYING = "worrying"
    GOOD = "good"


SYMBOLS = {Tone.BAD: "🔴", Tone.WORRYING: "🟠", Tone.GOOD: "🟢"}
# At the opening, at an escalation, and when it is over.
_WORDS: dict[str, tuple[str, str, str]] = {
    Fingerprint.STATUS_DOWN: ("Down", "Still down", "Up again"),
    Fingerprint.SSL_INVALID: (
        "Certificate invalid",
        "Certificate still invalid",
        "Certificate valid again",
    ),
    Fingerprint.SSL_EXPIRING: (
        "Certificate expiring",
        "Certificate still expiring",
        "Certificate renewed",
    ),
    Fingerprint.DNS_LOOKUP_FAILED: (
        "DNS lookup failing",
        "DNS lookup still failing",
        "DNS answers again",
    ),
    Fingerprint.DNS_RECORDS_CHANGED: (
        "DNS records changed",
        "DNS records still differ",
        "DNS records as expected again",
    ),
    Fingerprint.BROKEN_LINKS_FOUND: ("Broken links", "Links still broken", "Links repaired"),
    Fingerprint.PERFORMANCE_DEGRADED: ("Slow", "Still slow", "Fast again"),
}
_ANY_WORDS = ("Problem", "Still a problem", "Resolved")
_MARK_WORDS = {Mark.TEST: "Test", Mark.DRILL: "Drill"}


@dataclass(frozen=True, slots=True)
class Item:
    """One notice in words.

    `state` is what is the matter (“Down”), `place` where, `summary` what was seen. `line` says it
    in one line.
    """

    tone: Tone
    state: str
    place: str
    summary: str
    facts: tuple[Fact, ...]
    link: str
    site_url: str

    @property
    def line(self) -> str:
        """Return “Down: shop.example.com”."""
        return f"{self.state}: {self.place}"


@dataclass(frozen=True, slots=True)
class Telling:
    """A whole message in words.

    `title` is the first and, at night, often the only line that is read. `mark` (“Drill”) and
    `preface` say why this is no everyday message: empty otherwise. `items` are never empty.
    """

    tone: Tone
    title: str
    mark: str
    preface: str
    team: str
    items: tuple[Item, ...]

    @property
    def lead(self) -> Item:
        """Return the item that leads."""
        return self.items[0]

    @property
    def symbol(self) -> str:
        """Return the tone as one character, for where there is no colour."""
        return SYMBOLS[self.tone]


def tell(message: Message) -> Telling:
    """Put a message into words."""
    items = tuple(_item(notice) for notice in message.notices)
    mark = "" if message.mark is None else _MARK_WORDS[message.mark]
    title = _title(items)
    return Telling(
        tone=items[0].tone,
        title=f"{mark} · {title}" if mark else title,
        mark=mark,
        preface=_preface(message),
        team=one_line(message.team.name),
        items=items,
    )


def tone_of(notice: Notice) -> Tone:
    """Return red for what is critical, amber for what warns, green for what is well."""
    if notice.transition is MessageTransition.RESOLVE or notice.event is Event.TEST:
        return Tone.GOOD
    return Tone.BAD if notice.issue.severity is Severity.CRITICAL else Tone.WORRYING


def _title(items: tuple[Item, ...]) -> str:
    more = len(items) - 1
    return f"{items[0].line} and {more} more" if more else items[0].line


def _preface(message: Message) -> str:
    parts = []
    if message.mark is not None:
        kind = "test" if message.mark is Mark.TEST else "fire drill"
        parts.append(f"This is a {kind}. Nothing is wrong.")
    if message.gathering is not None:
        parts.append(_why_gathered(message.gathering, len(message.notices)))
    return " ".join(parts)


def _why_gathered(gathering: Gathering, count: int) -> str:
    if gathering is Gathering.STORM:
        return f"{count} messages were due at once; here they are in one."
    if count == 1:
        return "Quiet time is over. This came up meanwhile and is still so."
    return f"Quiet time is over. {count} things came up meanwhile and are still so."


def _item(notice: Notice) -> Item:
    return Item(
        tone=tone_of(notice),
        state=_state(notice),
        place=_place(notice),
        summary=_summary(notice),
        facts=tuple(_facts(notice)),
        link=notice.issue.link,
        site_url=notice.site.url,
    )


def _state(notice: Notice) -> str:
    if notice.event is Event.TEST:
        return "Tocsin can reach you"
    opened, still, over = _WORDS.get(notice.issue.fingerprint, _ANY_WORDS)
    lasted = "" if notice.lasted is None else f" after {duration(notice.lasted)}"
    match notice.transition:
        case MessageTransition.OPEN:
            return opened
        case MessageTransition.ESCALATE:
            return still + lasted
        case MessageTransition.RESOLVE:
            return over + lasted


def _place(notice: Notice) -> str:
    name, domain = one_line(notice.site.name), one_line(notice.site.domain)
    return domain if not name or name == domain else f"{name} ({domain})"


def _summary(notice: Notice) -> str:
    summary = fit(notice.issue.summary).strip()
    if notice.transition is MessageTransition.RESOLVE and summary:
        return f"It was: {summary}"
    return summary


def _facts(notice: Notice) -> Iterator[Fact]:
    if notice.event is Event.TEST:
        return
    known = notice.explanation
    if known.since is not None:
        yield Fact("Since", moment(known.since))
    if notice.transition is MessageTransition.RESOLVE:
        yield Fact("Until", moment(notice.occurred_at))
    if notice.lasted is not None:
        yield Fact("Lasted", duration(notice.lasted))
    if known.code:
        yield Fact("Status code", str(known.code))
    if known.checks_in_a_row:
        yield Fact("Checks in a row", str(known.checks_in_a_row))
    for fact in known.facts:
        yield Fact(one_line(fact.label), one_line(fact.value))
    yield Fact("Severity", notice.issue.severity.value)
