"""The body of our webhooks; contract, section 8."""

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from tocsin.notifications.channels.text import clip, encodable
from tocsin.notifications.messages import Mark, Message, Notice

MOST_IN_TEXT = 10_000
MOST_MEMBERS, MOST_BRIEF_MEMBERS = 100, 10

Json = dict[str, Any]
Shorten = Callable[[str], str]


def text_of(text: str) -> str:
    """Return the text as it is, save what cannot be encoded or is longer than anybody reads."""
    return clip(encodable(text), MOST_IN_TEXT)


def body_of(message: Message, shorten: Shorten = text_of, *, brief: bool = False) -> Json:
    """Write a message as the contract has it.

    What is no everyday message says so: `test` or `drill`, and `gathering` with all its `members`,
    the leading one included; `members_left_out` counts those for which there is no room. `brief`
    names members by their ids only.
    """
    member = _brief_member if brief else _member
    body = {
        **_happening(message.lead),
        "team": {"id": message.team.id, "name": shorten(message.team.name)},
        **_subject(message.lead, shorten),
    }
    if message.mark is not None:
        body["drill" if message.mark is Mark.DRILL else "test"] = True
    if message.gathering is not None:
        body["gathering"] = message.gathering.value
        most = MOST_BRIEF_MEMBERS if brief else MOST_MEMBERS
        body["members"] = [member(notice, shorten) for notice in message.notices[:most]]
        if len(message.notices) > most:
            body["members_left_out"] = len(message.notices) - most
    return body


def flat(value: Any, name: str = "") -> Iterator[tuple[str, str]]:
    """Yield the names and values of a query string: nested keys in brackets, nothing for null."""
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from flat(inner, f"{name}[{key}]" if name else str(key))
    elif isinstance(value, list):
        for position, inner in enumerate(value):
            yield from flat(inner, f"{name}[{position}]")
    elif isinstance(value, bool):
        yield name, str(value).lower()
    else:
        yield name, "" if value is None else str(value)


def _happening(notice: Notice) -> Json:
    return {
        "event": notice.event.value,
        "transition": notice.transition.value,
        "occurred_at": _timestamp(notice.occurred_at),
    }


def _subject(notice: Notice, shorten: Shorten) -> Json:
    issue, site = notice.issue, notice.site
    return {
        "issue": {
            "id": str(issue.id),
            "type": issue.type,
            "status": issue.status.value,
            "severity": issue.severity.value,
            "fingerprint": issue.fingerprint,
            "summary": shorten(issue.summary),
            "link": encodable(issue.link),
        },
        "site": {
            "uuid": str(site.uuid),
            "name": shorten(site.name),
            "url": encodable(site.url),
            "domain": encodable(site.domain),
        },
        "check": {"uuid": None if notice.check is None else str(notice.check)},
    }


def _member(notice: Notice, shorten: Shorten) -> Json:
    delivery = {"delivery": str(notice.delivery)}
    return {**delivery, **_happening(notice), **_subject(notice, shorten)}


def _brief_member(notice: Notice, _shorten: Shorten) -> Json:
    return {
        "delivery": str(notice.delivery),
        "event": notice.event.value,
        "issue": {"id": str(notice.issue.id)},
        "site": {"uuid": str(notice.site.uuid)},
    }


def _timestamp(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds")
