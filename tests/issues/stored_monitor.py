"""The whole way through claims, intake and storage, run through a scripted world."""

from typing import Any
from uuid import UUID

from tests.issues.builders import EXPECTED
from tests.issues.conftest import TOOLS, answer
from tests.issues.world import MINUTE, Report, ScriptedSite, Seen, SiteLog, World, report_on
from tocsin.checks import claims, intake
from tocsin.checks.models import Schedule
from tocsin.issues.models import Transition
from tocsin.kit import clock
from tocsin.probes.contract import ProbeRequest, Tool
from tocsin.sites.models import Site

_WORDS = {"opened": "open", "reopened": "open", "resolved": "resolve"}


def run(world: World, team: Any) -> Report:
    """Watch all sites from start to end; every result is delivered twice."""
    logs = {_watched(site, team, world.start): SiteLog(site) for site in world.sites}
    pending: list[tuple[float, ProbeRequest, str]] = []
    now = float(world.start)
    while now <= world.end:
        with clock.frozen(now):
            pending += _claim(world, logs, now)
            done = [each for each in pending if each[0] <= now]
            pending = [each for each in pending if each[0] > now]
            results = [answer(request, word) for _, request, word in done]
            intake.store([*results, *results])
        now = _next(now, pending)
    _read_transitions(logs)
    return report_on(world, list(logs.values()))


def _watched(site: ScriptedSite, team: Any, start: int) -> UUID:
    settings = {
        "failures_to_open": site.to_open,
        "confirmation_retry_minutes": site.retry,
    }
    if site.tool is Tool.STATUS:
        settings |= {
            "successes_to_resolve": site.to_resolve,
            "incident_follow_up_minutes": site.follow_up,
        }
    row = Site.objects.create(
        team=team,
        name=str(site.number),
        url=f"https://{site.number}.example.com",
        domain=f"{site.number}.example.com",
        monitoring_overrides={"tools": {site.tool.value: {"settings": settings}}},
        dns_expected_records=EXPECTED if site.tool is Tool.DNS else None,
    )
    cadence = site.cadence * MINUTE
    # All share a phase: they are claimed and filed together, as in a large installation.
    Schedule.objects.create(
        site=row, tool=site.tool.value, cadence=cadence, phase=0, since=start, next_slot=start
    )
    return row.pk


def _claim(
    world: World, logs: dict[UUID, SiteLog], now: float
) -> list[tuple[float, ProbeRequest, str]]:
    """Take what is due: when it will be done, the request, and what it will have seen."""
    requests = claims.claim(TOOLS, now=now, running_since=world.start).requests
    taken = []
    for request in requests:
        assert request.ticket is not None
        log = logs[UUID(request.ticket.site_id)]
        word = world.word(log.site, now)
        log.checks.append(Seen(request.ticket.slot or 0.0, now, word))
        taken.append((now + log.site.seconds(now), request, word))
    return taken


def _next(now: float, pending: list[tuple[float, ProbeRequest, str]]) -> float:
    due = claims.next_due(TOOLS)
    moments = [each[0] for each in pending] + ([] if due is None else [due])
    return max(now + 1, min(moments))


def _read_transitions(logs: dict[UUID, SiteLog]) -> None:
    rows = Transition.objects.order_by("at", "issue__fingerprint").values_list(
        "issue__site_id", "key", "at", "issue__fingerprint"
    )
    for site_id, key, at, fingerprint in rows:
        logs[site_id].happened.append((at.timestamp(), _WORDS[key], fingerprint))
