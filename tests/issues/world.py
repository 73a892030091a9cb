"""A world of sites that break by script, seen through checks, on a clock of its own.

The world knows what is really wrong with each site and when, so it can tell afterwards what a
monitor should have found. It knows nothing of the rules: it hands out what a check would see.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from random import Random

from tests.issues.oracle import BAD, MEANINGS, ONE_IS_ENOUGH, Arrival, Event, events
from tocsin.probes.contract import Tool

MINUTE = 60
HOUR = 3600
# How long a check takes: a good answer, and one that is waited for in vain.
QUICK, SLOW = 1, 10


@dataclass(frozen=True)
class Interval:
    """From `start` until before `end`, in seconds."""

    start: int
    end: int

    def holds(self, moment: float) -> bool:
        return self.start <= moment < self.end

    def overlaps(self, other: "Interval") -> bool:
        return self.start < other.end and other.start < self.end


@dataclass(frozen=True)
class Outage(Interval):
    """Something is wrong: `word` is what a check sees of it."""

    word: str


@dataclass(frozen=True)
class ScriptedSite:
    """One site, the tool that watches it, its settings and what will happen to it."""

    number: int
    tool: Tool
    cadence: int
    to_open: int
    to_resolve: int
    retry: int
    follow_up: int
    outages: tuple[Outage, ...]
    slow: tuple[Interval, ...]

    def state(self, moment: float) -> str:
        """What a check should see then."""
        return next((each.word for each in self.outages if each.holds(moment)), "good")

    def seconds(self, moment: float) -> int:
        """How long a check that begins then takes."""
        intervals = (*self.outages, *self.slow)
        return SLOW if any(each.holds(moment) for each in intervals) else QUICK

    def needed(self, fingerprint: str) -> int:
        """How many checks in a row open an issue."""
        return 1 if fingerprint in ONE_IS_ENOUGH else self.to_open

    def patience(self, fingerprint: str) -> int:
        """How long after its beginning an outage must be known: cadence and confirmation.

        A retry that falls near a slot waits for it, at most half a minute.
        """
        confirmation = (self.needed(fingerprint) - 1) * (self.retry * MINUTE + SLOW + 30)
        return self.cadence * MINUTE + SLOW + confirmation


@dataclass(frozen=True)
class World:
    """All sites, and when our own network was at fault: then every check is `unknown`."""

    sites: tuple[ScriptedSite, ...]
    own_faults: tuple[Interval, ...]
    start: int
    end: int

    def word(self, site: ScriptedSite, moment: float) -> str:
        """What a check that begins then sees."""
        if any(fault.holds(moment) for fault in self.own_faults):
            return "unknown"
        return site.state(moment)


def make(seed: int, count: int, hours: int, *, start: int) -> World:
    """Script a world: most sites have nothing, some an outage, some flap."""
    random = Random(seed)
    end = start + hours * HOUR
    faults = [_interval(random, start, end, 2 * MINUTE, 15 * MINUTE) for _ in range(2)]
    return World(
        sites=tuple(_site(random, number, start, end) for number in range(count)),
        own_faults=tuple(faults),
        start=start,
        end=end,
    )


def _site(random: Random, number: int, start: int, end: int) -> ScriptedSite:
    tool = random.choice([Tool.STATUS, Tool.STATUS, Tool.STATUS, Tool.SSL, Tool.DNS])
    kind = random.choice(["calm", "calm", "outage", "outages", "flaps", "for ever"])
    outages: list[Interval] = []
    if kind == "outage":
        outages = [_interval(random, start, end, 2 * MINUTE, 2 * HOUR)]
    if kind == "outages":
        outages = [_interval(random, start, end, 5 * MINUTE, HOUR) for _ in range(4)]
    if kind == "flaps":
        outages = [_interval(random, start, end, 5, 90) for _ in range(40)]
    if kind == "for ever":
        outages = [Interval(random.randrange(start, end), end + 1)]
    return ScriptedSite(
        number=number,
        tool=tool,
        cadence=random.choice([1, 2, 5, 10] if tool is Tool.STATUS else [10, 30]),
        to_open=random.choice([1, 2, 2, 3]),
        to_resolve=random.choice([1, 1, 2]) if tool is Tool.STATUS else 1,
        retry=random.choice([1, 2, 5]),
        follow_up=random.choice([1, 5, 60]),
        outages=tuple(_worded(random, tool, _merged(outages))),
        slow=(_interval(random, start, end, MINUTE, HOUR),),
    )


def _interval(random: Random, start: int, end: int, least: int, most: int) -> Interval:
    begin = random.randrange(start, end)
    return Interval(begin, begin + random.randrange(least, most))


def _worded(random: Random, tool: Tool, intervals: Sequence[Interval]) -> list[Outage]:
    words = sorted({word for meanings in MEANINGS[tool].values() for word in meanings} - {"good"})
    return [Outage(each.start, each.end, random.choice(words)) for each in intervals]


def fingerprint_of(tool: Tool, word: str) -> str:
    """Which issue a word stands for."""
    return next(name for name, means in MEANINGS[tool].items() if means.get(word) == BAD)


def _merged(intervals: list[Interval]) -> list[Interval]:
    merged: list[Interval] = []
    for each in sorted(intervals, key=lambda interval: interval.start):
        if merged and each.start <= merged[-1].end:
            merged[-1] = Interval(merged[-1].start, max(each.end, merged[-1].end))
        else:
            merged.append(each)
    return merged


@dataclass(frozen=True)
class Seen:
    """A check that was made: when it was due, when it began, what it saw."""

    due: float
    began: float
    word: str


@dataclass
class SiteLog:
    """What a monitor did about one site, in order: its checks, and what it did to which issue."""

    site: ScriptedSite
    checks: list[Seen] = field(default_factory=list)
    happened: list[tuple[float, str, str]] = field(default_factory=list)

    def opened(self, fingerprint: str) -> list[float]:
        """When an issue opened."""
        return [at for at, what, name in self.happened if (what, name) == ("open", fingerprint)]


@dataclass
class Report:
    """How well the monitor did."""

    sites: int = 0
    checks: int = 0
    outages: int = 0
    found: int = 0
    missed: int = 0
    false_alarms: int = 0
    duplicates: int = 0
    left_open: int = 0
    unlike_oracle: int = 0
    latest: float = 0.0

    @property
    def is_perfect(self) -> bool:
        wrong = (self.missed, self.false_alarms, self.duplicates, self.left_open)
        return not any(wrong) and self.unlike_oracle == 0 and self.latest <= 1.0

    def __str__(self) -> str:
        return (
            f"{self.sites} sites, {self.checks} checks, {self.outages} outages to be found: "
            f"missed outages {self.missed}, false alarms {self.false_alarms}, "
            f"duplicate openings {self.duplicates}, left open {self.left_open}, "
            f"unlike the oracle {self.unlike_oracle}, "
            f"slowest detection {self.latest:.0%} of cadence + confirmation"
        )


def examine(world: World, logs: Sequence[SiteLog]) -> Report:
    """Hold what a monitor did against what really happened."""
    report = Report(sites=len(logs), checks=sum(len(log.checks) for log in logs))
    for log in logs:
        _examine_order(log, report)
        _examine_alarms(log, report)
        _examine_outages(world, log, report)
        _examine_end(world, log, report)
    return report


def _examine_order(log: SiteLog, report: Report) -> None:
    for fingerprint in MEANINGS[log.site.tool]:
        told = [what for _, what, name in log.happened if name == fingerprint]
        report.duplicates += sum(before == after == "open" for before, after in pairwise(told))


def _examine_alarms(log: SiteLog, report: Report) -> None:
    """An alarm is false where the checks before it did not really see the trouble in a row."""
    for fingerprint, meanings in MEANINGS[log.site.tool].items():
        speaking = [each for each in log.checks if each.word in meanings]
        needed = log.site.needed(fingerprint)
        for at in log.opened(fingerprint):
            deciding = [each for each in speaking if each.began <= at][-needed:]
            really = [meanings.get(log.site.state(each.began)) == BAD for each in deciding]
            report.false_alarms += not (all(really) and len(really) == needed)


def _examine_outages(world: World, log: SiteLog, report: Report) -> None:
    """Every outage that lasts longer than cadence + confirmation must be known by then."""
    before: Outage | None = None
    for outage in log.site.outages:
        fingerprint = fingerprint_of(log.site.tool, outage.word)
        patience = log.site.patience(fingerprint)
        due = outage.start + patience
        # Soon after the outage before, its issue may still be open: it is the same one.
        merged = before is not None and outage.start - before.end < 2 * patience + 2 * HOUR
        before = outage
        watched = Interval(outage.start, due + SLOW)
        masked = any(fault.overlaps(watched) for fault in world.own_faults)
        if merged or masked or outage.end < due or due > world.end:
            continue
        report.outages += 1
        opened = [at for at in log.opened(fingerprint) if outage.start <= at <= outage.end]
        if not opened:
            report.missed += 1
            continue
        report.found += 1
        report.latest = max(report.latest, (opened[0] - outage.start) / patience)


def _examine_end(world: World, log: SiteLog, report: Report) -> None:
    """A site that has long been fine has nothing open."""
    site = log.site
    quiet_from = max([outage.end for outage in site.outages], default=world.start)
    slack = (site.to_resolve + 1) * (site.cadence * MINUTE + SLOW) + HOUR
    if quiet_from + slack >= world.end:
        return
    last = {name: what for _, what, name in log.happened}
    report.left_open += sum(what == "open" for what in last.values())


def unlike_oracle(log: SiteLog, events: Sequence[Event]) -> bool:
    """Tell whether a monitor did otherwise; what is under way at the end has not arrived."""
    told = [(what, name) for _, what, name in log.happened]
    return [(event.what, event.fingerprint) for event in events][: len(told)] != told


def expected_events(log: SiteLog) -> list[Event]:
    """Ask the oracle about the checks of a log."""
    arrivals = [Arrival(each.due, each.word) for each in log.checks]
    site = log.site
    return events(site.tool, arrivals, to_open=site.to_open, to_resolve=site.to_resolve)


def report_on(world: World, logs: Sequence[SiteLog]) -> Report:
    """Examine logs, against the truth and against the oracle."""
    report = examine(world, logs)
    report.unlike_oracle = sum(unlike_oracle(log, expected_events(log)) for log in logs)
    return report
