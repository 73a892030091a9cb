"""The story of one issue: what happened, which checks decided, and everything since."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.timesince import timesince
from django.utils.translation import gettext, ngettext

from tocsin.checks.check_view import CheckView
from tocsin.checks.queries import ToolState
from tocsin.issues.views import IssueView, TimelineEntry
from tocsin.issues.vocabulary import TransitionKey
from tocsin.kit import clock
from tocsin.probes.contract import Tool
from tocsin.web.board import Look, look_of
from tocsin.web.check_words import summary_of
from tocsin.web.issues import words

MINUTE_SECONDS = 60
_BEGINNINGS = frozenset({TransitionKey.OPENED, TransitionKey.REOPENED})


@dataclass(frozen=True, slots=True)
class CheckLine:
    """One check that decided something; `look` None where it is no longer kept."""

    uuid: UUID
    at: datetime | None
    look: Look | None
    summary: str
    reason: str


@dataclass(frozen=True, slots=True)
class Decision:
    """Which checks opened or ended an issue, by which settings; `sentence` counts them."""

    sentence: str
    checks: list[CheckLine]
    since: datetime | None
    settings_revision: int | None
    team_settings_revision: int | None


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that happened."""

    look: Look
    at: datetime
    who: str
    why: str


@dataclass(frozen=True, slots=True)
class Cycle:
    """What happened from an opening to its end; numbers count from 1."""

    number: int
    entries: list[Entry]
    lasted: str


def named_checks(context: Mapping[str, Any]) -> set[UUID]:
    """Return the checks that a context names."""
    parts = [_part(context, name) for name in ("opening", "resolution")]
    texts = [text for part in parts for text in part.get("checks") or ()]
    texts.append(_part(context, "latest").get("check"))
    return {uuid for text in texts if (uuid := _uuid(text)) is not None}


def opening_of(issue: IssueView, checks: Mapping[UUID, CheckView]) -> Decision | None:
    """Say what opened the current cycle."""
    part = _part(issue.context, "opening")
    if not part:
        return None
    count, needed = _number(part, "breaches_in_a_row"), _number(part, "breaches_to_open")
    sentence = ngettext(
        "%(count)s check in a row found it; %(needed)s opens an issue.",
        "%(count)s checks in a row found it; %(needed)s open an issue.",
        count,
    )
    return _decision(part, checks, sentence % {"count": count, "needed": needed})


def ending_of(issue: IssueView, checks: Mapping[UUID, CheckView]) -> Decision | None:
    """Say which checks ended it; None where none did, or it is active."""
    part = _part(issue.context, "resolution")
    if issue.is_active or not part:
        return None
    count, needed = _number(part, "goods_in_a_row"), _number(part, "goods_to_resolve")
    sentence = ngettext(
        "%(count)s good check in a row; %(needed)s resolves it.",
        "%(count)s good checks in a row; %(needed)s resolve it.",
        count,
    )
    return _decision(part, checks, sentence % {"count": count, "needed": needed})


def sentence_of(issue: IssueView) -> str:
    """Say how long it has been, or was, open, and how it ended."""
    if issue.resolved_at is None:
        return gettext("It has been open for %(time)s.") % {"time": _lasting(issue.opened_at)}
    lasted = _lasting(issue.opened_at, issue.resolved_at)
    if issue.resolved_by is not None:
        return gettext("It was open for %(time)s, until %(person)s resolved it by hand.") % {
            "time": lasted,
            "person": issue.resolved_by.name,
        }
    why = words.ENDINGS.get(issue.resolve_reason or "")
    if why is None:
        return gettext("It was open for %(time)s.") % {"time": lasted}
    return gettext("It was open for %(time)s, until %(reason)s.") % {"time": lasted, "reason": why}


def cycles_of(issue: IssueView) -> list[Cycle]:
    """Cut the timeline into cycles, the newest first."""
    runs: list[list[TimelineEntry]] = []
    for entry in issue.timeline:
        if entry.key in _BEGINNINGS or not runs:
            runs.append([])
        runs[-1].append(entry)
    cycles = [_cycle(number, run) for number, run in enumerate(runs, start=1)]
    return cycles[::-1]


def check_line(uuid: UUID, check: CheckView | None) -> CheckLine:
    """Show a check in one line."""
    if check is None:
        return CheckLine(uuid, None, None, gettext("No longer kept"), "")
    summary = summary_of(check)
    state = ToolState(check.status, check.outcome, check.completed_at, summary)
    at = check.completed_at or check.created_at
    return CheckLine(uuid, at, look_of(Tool(check.type), state), summary, _reason(check))


def _decision(part: Mapping[str, Any], checks: Mapping[UUID, CheckView], sentence: str) -> Decision:
    named = [uuid for text in part.get("checks") or () if (uuid := _uuid(text)) is not None]
    return Decision(
        sentence=sentence,
        checks=[check_line(uuid, checks.get(uuid)) for uuid in named],
        since=_moment(part.get("failing_since")),
        settings_revision=part.get("settings_revision"),
        team_settings_revision=part.get("team_settings_revision"),
    )


def _cycle(number: int, run: list[TimelineEntry]) -> Cycle:
    first, last = run[0], run[-1]
    is_over = last.key == TransitionKey.RESOLVED
    lasted = _lasting(first.timestamp, last.timestamp) if is_over else ""
    return Cycle(number, [_entry(each) for each in run], lasted)


def _entry(entry: TimelineEntry) -> Entry:
    why = words.ENDINGS.get(entry.reason or "", "")
    return Entry(
        look=words.transition_look(entry.key),
        at=entry.timestamp,
        who=entry.user.name if entry.user else "",
        why="" if entry.user else str(why),
    )


def _reason(check: CheckView) -> str:
    return {
        None: gettext("manual"),
        "scheduled": gettext("scheduled"),
        "confirmation_retry": gettext("confirmation"),
        "incident_follow_up": gettext("follow-up"),
    }.get(check.run_reason, "")


def _lasting(start: datetime, end: datetime | None = None) -> str:
    end = clock.now() if end is None else end
    if (end - start).total_seconds() < MINUTE_SECONDS:
        return gettext("less than a minute")
    return timesince(start, end, depth=2)


def _part(context: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    part = context.get(name)
    return part if isinstance(part, Mapping) else {}


def _number(part: Mapping[str, Any], name: str) -> int:
    value = part.get(name)
    return value if isinstance(value, int) else 0


def _uuid(text: object) -> UUID | None:
    try:
        return UUID(str(text))
    except ValueError:
        return None


def _moment(text: object) -> datetime | None:
    try:
        return datetime.fromisoformat(str(text))
    except ValueError:
        return None
