"""A monitor made of the pure rules alone, run through a scripted world."""

import heapq
from dataclasses import dataclass, replace

from tests.issues.builders import SETTINGS, sight
from tests.issues.world import MINUTE, Report, ScriptedSite, Seen, SiteLog, World, report_on
from tocsin.checks.retries import is_near_slot
from tocsin.checks.slots import Grid, phase_of
from tocsin.issues.rules import QUIET, Settings, State, evaluate
from tocsin.probes.contract import Tool


@dataclass
class _Watch:
    """One site under watch: its slots, the extra run that is asked for, what the rules remember."""

    log: SiteLog
    grid: Grid
    settings: Settings
    next_slot: int
    retry_at: float | None = None
    busy_until: float = 0.0
    state: State = QUIET

    @property
    def next_at(self) -> float:
        return self.next_slot if self.retry_at is None else min(self.next_slot, self.retry_at)


def settings_of(site: ScriptedSite) -> Settings:
    return replace(
        SETTINGS[site.tool],
        to_open=site.to_open,
        to_resolve=site.to_resolve,
        retry_minutes=site.retry,
        follow_up_minutes=site.follow_up if site.tool is Tool.STATUS else None,
        cadence_minutes=site.cadence,
    )


def run(world: World) -> Report:
    """Watch all sites from start to end."""
    watches = [_watch(site, world.start) for site in world.sites]
    queue = [(watch.next_at, number) for number, watch in enumerate(watches)]
    heapq.heapify(queue)
    while queue:
        now, number = heapq.heappop(queue)
        if now > world.end:
            continue
        watch = watches[number]
        _step(world, watch, now)
        heapq.heappush(queue, (max(watch.next_at, now), number))
    return report_on(world, [watch.log for watch in watches])


def _watch(site: ScriptedSite, start: int) -> _Watch:
    cadence = site.cadence * MINUTE
    grid = Grid(phase_of(site.number, cadence), cadence)
    return _Watch(SiteLog(site), grid, settings_of(site), grid.at_or_after(start))


def _step(world: World, watch: _Watch, now: float) -> None:
    """Run what is due; a slot goes first, and one that finds a run under way is skipped."""
    is_slot = watch.next_slot <= now
    if is_slot:
        watch.next_slot = watch.grid.after(now)
        if watch.busy_until > now:
            return
        if watch.retry_at is not None and watch.retry_at <= now + 30:
            watch.retry_at = None
    else:
        watch.retry_at = None
    _check(world, watch, now)


def _check(world: World, watch: _Watch, moment: float) -> None:
    site = watch.log.site
    word = world.word(site, moment)
    done = moment + site.seconds(moment)
    watch.busy_until = done
    watch.log.checks.append(Seen(moment, moment, word))
    verdict = evaluate(watch.state, sight(site.tool, word, moment), watch.settings, done)
    watch.state = verdict.state
    told = [(done, "open", str(each.fingerprint)) for each in verdict.openings]
    told += [(done, "resolve", str(each.fingerprint)) for each in verdict.resolutions]
    watch.log.happened += sorted(told, key=lambda event: event[2])
    following = verdict.next_run
    wanted = None if following is None else following.at
    near = wanted is not None and is_near_slot(int(wanted), watch.grid)
    watch.retry_at = None if near else wanted
