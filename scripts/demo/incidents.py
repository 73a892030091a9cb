"""The issues of the past: what checks saw goes through the real rules, in the order of time."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from random import Random
from uuid import UUID

from django.db import transaction

from scripts.demo.history import CONFIRMED, CONFIRMS_AFTER, Subject, uuid_at
from scripts.demo.plan import DAY, MINUTE, Episode
from scripts.demo.results import sight
from tocsin.access.principal import Principal
from tocsin.checks.models import Check
from tocsin.issues import actions, states
from tocsin.issues.actions.writing import Change, write
from tocsin.issues.models import Issue
from tocsin.issues.rules import QUIET, Observation, State, evaluate
from tocsin.issues.settings import settings_of
from tocsin.kit import clock
from tocsin.notifications.actions import escalating
from tocsin.probes.contract import CheckStatus, Outcome, Tool
from tocsin.sites.models import Site

REMINDS_AFTER = 30 * MINUTE
NOTICED_AFTER = 9 * MINUTE


@dataclass(frozen=True, slots=True)
class Seen:
    """A check that the rules are told of."""

    at: float
    site_id: UUID
    observation: Observation


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """Somebody takes care of what is open at a site."""

    at: float
    site_id: UUID
    tool: Tool


@dataclass(frozen=True, slots=True)
class Reminded:
    """Escalations are due."""

    at: float


Event = Seen | Acknowledged | Reminded


def events_of(subject: Subject, checks: list[Check]) -> Iterator[Event]:
    """Yield what happened at one site, in any order; `checks` are those that are kept."""
    for number, episode in enumerate(subject.known):
        if episode.word == "unknown":
            continue
        seen = list(_sights(subject, episode, checks))
        yield from seen
        if episode.lasts(subject.now) > REMINDS_AFTER and len(seen) > 1:
            opened = seen[1].at
            yield Reminded(opened + REMINDS_AFTER + 5)
            days = episode.lasts(subject.now) // DAY
            yield from (Reminded(opened + day * DAY + 5) for day in range(1, days + 1))
            is_kept = episode.end is not None or subject.demo.profile.value == "acknowledged"
            if is_kept and (number + len(subject.demo.label)) % 2 == 0:
                yield Acknowledged(opened + NOTICED_AFTER, subject.site_id, episode.tool)


def replay(events: Iterable[Event], somebody: Principal, now: int) -> None:
    """Let everything happen again, the oldest first, and keep the rules' counters."""
    sites = Site.objects.select_related("team__monitoring").in_bulk()
    known: dict[states.Key, State] = {}
    for event in sorted(events, key=lambda each: each.at):
        if event.at > now:
            continue
        with clock.frozen(event.at), transaction.atomic():
            match event:
                case Seen():
                    _see(event, sites, known)
                case Acknowledged():
                    _acknowledge(event, somebody)
                case Reminded():
                    escalating.fire(clock.now())
    states.keep(known)


def _sights(subject: Subject, episode: Episode, checks: list[Check]) -> Iterator[Seen]:
    """Yield the failing checks that decided, the latest one, and the good one that ended it."""
    of_tool = [each for each in checks if each.type == episode.tool]
    during = sorted((each for each in of_tool if episode.covers(_moment(each))), key=_moment)
    if during:
        decided = [*during[:3], *during[-1:]] if len(during) > 3 else during  # noqa: PLR2004
        yield from (_seen(subject, each) for each in decided)
        if episode.end is not None:
            after = [each for each in of_tool if _moment(each) >= episode.end]
            yield from (_seen(subject, each) for each in sorted(after, key=_moment)[:1])
        return
    retry = CONFIRMS_AFTER if episode.tool in CONFIRMED else 0
    moments = [episode.start + number * retry for number in range(3)]
    yield from (_made_up(subject, episode.tool, episode.word, each) for each in moments)
    if episode.end is not None:
        yield _made_up(subject, episode.tool, "good", episode.end)


def _moment(check: Check) -> float:
    return check.scheduled_for.timestamp() if check.scheduled_for else 0.0


def _seen(subject: Subject, check: Check) -> Seen:
    moment = _moment(check)
    observation = Observation(
        check=str(check.pk),
        tool=Tool(check.type),
        moment=moment,
        status=CheckStatus(check.status),
        outcome=Outcome(check.outcome),
        result=check.result,
        problem=str((check.error or {}).get("message", "")),
    )
    ended = moment + 2 if check.completed_at is None else check.completed_at.timestamp()
    return Seen(ended, subject.site_id, observation)


def _made_up(subject: Subject, tool: Tool, word: str, moment: int) -> Seen:
    """Return a check that is no longer kept."""
    seen = sight(subject.demo, tool, word, moment, subject.now)
    uuid = uuid_at(moment, Random(f"{subject.site_id} {tool} {moment}"))
    problem = "" if seen.problem is None else seen.problem[1]
    observation = Observation(
        str(uuid), tool, float(moment), seen.status, seen.outcome, seen.result, problem
    )
    return Seen(moment + 2, subject.site_id, observation)


def _see(event: Seen, sites: Mapping[UUID, Site], known: dict[states.Key, State]) -> None:
    site, seen = sites[event.site_id], event.observation
    key = (site.pk, seen.tool.value)
    verdict = evaluate(known.get(key, QUIET), seen, settings_of(site, seen.tool), event.at)
    known[key] = verdict.state
    change = Change(site.pk, site.team_id, seen.tool.value, verdict, check=UUID(seen.check))
    write([change], now=event.at)


def _acknowledge(event: Acknowledged, somebody: Principal) -> None:
    found = Issue.objects.active().filter(site_id=event.site_id, type=event.tool.value)
    for issue in found:
        actions.acknowledge(somebody, issue.pk)
