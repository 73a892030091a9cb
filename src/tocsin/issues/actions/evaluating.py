"""Judging what checks found, inside the transaction that files their results."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from tocsin.checks import retries
from tocsin.issues import baselines, states
from tocsin.issues.actions.writing import Change, write
from tocsin.issues.rules import QUIET, Observation, State, Verdict
from tocsin.issues.rules import evaluate as judge
from tocsin.issues.settings import settings_of
from tocsin.kit import clock
from tocsin.probes.contract import Outcome, ProbeResult, Tool
from tocsin.sites.models import Site


@dataclass(frozen=True, slots=True)
class _Seen:
    """A filed result of an automatic check, and what was known before it."""

    site_id: UUID
    schedule_id: int
    cadence_seconds: int
    observation: Observation
    state: State

    @property
    def key(self) -> states.Key:
        return self.site_id, self.observation.tool.value


def evaluate(results: Sequence[ProbeResult]) -> None:
    """Judge filed results: open, update and resolve issues, and ask for extra runs.

    Call inside the transaction that files them, with their schedules locked and at most one result
    a schedule. The number of queries does not depend on that of the results.
    """
    seen = list(_that_matter(results))
    if not seen:
        return
    now = clock.timestamp()
    rows = Site.objects.select_related("team__monitoring")
    sites = rows.in_bulk({item.site_id for item in seen})
    verdicts = [(item, _judge(item, sites, now)) for item in seen if item.site_id in sites]
    counted = [(item, verdict) for item, verdict in verdicts if verdict.counted]
    states.keep(
        {item.key: verdict.state for item, verdict in counted if _differs(item.state, verdict)}
    )
    write([_change(item, verdict, sites) for item, verdict in counted], now=now)
    baselines.adopt(
        {item.site_id: verdict.baseline for item, verdict in counted if verdict.baseline}
    )
    retries.ask([_ask(item, verdict) for item, verdict in counted if _is_busy(item, verdict)])


def _that_matter(results: Sequence[ProbeResult]) -> Iterator[_Seen]:
    """Yield what can change anything; most checks of most sites cannot."""
    automatic = [
        (UUID(result.ticket.site_id), result.ticket, result)
        for result in results
        if result.ticket is not None and result.ticket.run_reason is not None
    ]
    known = states.load(site_id for site_id, _, _ in automatic)
    for site_id, ticket, result in automatic:
        state = known.get((site_id, result.tool.value), QUIET)
        if ticket.schedule_id is not None and _may_matter(result, state):
            yield _Seen(
                site_id=site_id,
                schedule_id=ticket.schedule_id,
                cadence_seconds=ticket.cadence_seconds,
                observation=Observation.of(result),
                state=state,
            )


def _may_matter(result: ProbeResult, state: State) -> bool:
    is_fine = result.outcome is not Outcome.FAILING
    # The first good look-up becomes the baseline.
    return not (is_fine and state.is_quiet and result.tool is not Tool.DNS)


def _judge(item: _Seen, sites: Mapping[UUID, Site], now: float) -> Verdict:
    site, tool = sites[item.site_id], item.observation.tool
    settings = settings_of(site, tool, cadence_seconds=item.cadence_seconds)
    return judge(item.state, item.observation, settings, now)


def _differs(before: State, verdict: Verdict) -> bool:
    """Tell whether the counters changed; that a good check went by need not be remembered."""
    return before.tracks != verdict.state.tracks


def _is_busy(item: _Seen, verdict: Verdict) -> bool:
    """Tell whether extra runs may have been asked for, or are now."""
    return not (item.state.is_quiet and verdict.state.is_quiet)


def _change(item: _Seen, verdict: Verdict, sites: Mapping[UUID, Site]) -> Change:
    return Change(
        site_id=item.site_id,
        team_id=sites[item.site_id].team_id,
        tool=item.observation.tool.value,
        verdict=verdict,
        check=UUID(item.observation.check),
    )


def _ask(item: _Seen, verdict: Verdict) -> retries.Wish:
    following = verdict.next_run
    if following is None:
        return retries.Wish(item.schedule_id)
    return retries.Wish(item.schedule_id, following.at, following.reason)
