"""Ending issues because of what people set, not of what checks saw. Nobody is alerted."""

from collections.abc import Mapping
from uuid import UUID

from tocsin.checks import retries
from tocsin.issues import states
from tocsin.issues.actions.looking import look_again
from tocsin.issues.actions.writing import Change, write
from tocsin.issues.rules import State, Verdict, close
from tocsin.issues.settings import settings_of
from tocsin.issues.vocabulary import Fingerprint, ResolveReason
from tocsin.kit import clock
from tocsin.probes.contract import Tool
from tocsin.sites.models import Site
from tocsin.teams.models import Team


def follow_site(site: Site) -> None:
    """End what may no longer be open after a site's settings changed.

    Call inside the transaction that changes them, as all functions here.
    """
    # Before the counters, as intake does: two that wait for each other would wait for ever.
    retries.take_back(site.pk, [tool for tool in Tool if settings_of(site, tool).off])
    _follow(states.load([site.pk]), {site.pk: site})


def follow_team(team: Team) -> None:
    """End what may no longer be open after a team's settings changed; some queries in all."""
    known = states.load_of_team(team.pk)
    rows = Site.objects.select_related("team__monitoring")
    _follow(known, rows.in_bulk({site_id for site_id, _ in known}))


def follow_move(site: Site) -> None:
    """End all issues of a site that has another address now."""
    resolve_for_reason(site, ResolveReason.TARGET_CHANGED)


def resolve_for_reason(site: Site, reason: ResolveReason, *, tool: Tool | None = None) -> None:
    """End all active issues of a site, or of one tool there, and count from nothing again.

    What is under way belongs to the times before and will not count.
    """
    retries.take_back(site.pk, list(Tool) if tool is None else [tool])
    now = clock.timestamp()
    known = {(site.pk, each.value): State() for each in Tool} | states.load([site.pk])
    verdicts = {
        key: close(state, reason, now)
        for key, state in known.items()
        if tool is None or key[1] == tool.value
    }
    _write(verdicts, {site.pk: site}, now)


def _follow(known: Mapping[states.Key, State], sites: Mapping[UUID, Site]) -> None:
    now = clock.timestamp()
    verdicts = {
        key: verdict
        for key, state in known.items()
        if (verdict := _judge(sites[key[0]], Tool(key[1]), state, now)) is not None
    }
    _write(verdicts, sites, now)
    look_again({key: state for key, state in known.items() if key not in verdicts}, sites)


def _judge(site: Site, tool: Tool, state: State, now: float) -> Verdict | None:
    if state.is_quiet:
        return None
    off = settings_of(site, tool).off
    if off is not None:
        return close(state, off, now)
    if tool is Tool.DNS and not site.dns_expected_records:
        only = {Fingerprint.DNS_RECORDS_CHANGED}
        return close(state, ResolveReason.BASELINE_DELETED, now, only=only)
    return None


def _write(verdicts: Mapping[states.Key, Verdict], sites: Mapping[UUID, Site], now: float) -> None:
    if not verdicts:
        return
    states.keep({key: verdict.state for key, verdict in verdicts.items()})
    changes = [
        Change(site_id=site_id, team_id=sites[site_id].team_id, tool=tool, verdict=verdict)
        for (site_id, tool), verdict in verdicts.items()
    ]
    write(changes, now=now)
