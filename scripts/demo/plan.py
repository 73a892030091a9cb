"""What happened to each site in ninety days: episodes, from a seed. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from scripts.demo.catalogue import DemoSite, Profile
from tocsin.probes.contract import Tool

MINUTE, HOUR, DAY = 60, 3600, 86_400
# When Tocsin itself was off for an upgrade: before now, and for how long.
UPGRADE_BEFORE, UPGRADE_LASTS = 3 * DAY + 5 * HOUR, 40 * MINUTE


# What a tool sees for some days now.
_FOR_DAYS = {
    Profile.SLOW: (Tool.PERFORMANCE, "slow"),
    Profile.EXPIRED: (Tool.SSL, "expired"),
    Profile.MISNAMED: (Tool.SSL, "misnamed"),
    Profile.EXPIRING: (Tool.SSL, "expiring"),
    Profile.MOVED: (Tool.DNS, "moved"),
    Profile.LOST_NAME: (Tool.DNS, "lost"),
    Profile.BROKEN_LINKS: (Tool.BROKEN_LINKS, "found"),
}
_UNTRUSTED = frozenset({Profile.EXPIRED, Profile.MISNAMED})
# What the status tool sees, and for how many seconds.
_DOWN_FOR = {
    Profile.DOWN: ("error", 47 * MINUTE),
    Profile.ACKNOWLEDGED: ("error", 3 * HOUR + 17 * MINUTE),
    Profile.REFUSING: ("refused", 26 * HOUR),
    Profile.SNOOZED: ("error", 5 * HOUR),
}


@dataclass(frozen=True, slots=True)
class Episode:
    """A tool saw `word` instead of good from `start` on, up to before `end` (None: still).

    Times are UTC epoch seconds.
    """

    tool: Tool
    word: str
    start: int
    end: int | None = None

    def covers(self, moment: float) -> bool:
        """Tell whether it goes on at a moment."""
        return self.start <= moment and (self.end is None or moment < self.end)

    def lasts(self, now: int) -> int:
        """Return its seconds so far."""
        return (self.end or now) - self.start


def episodes(site: DemoSite, now: int, days: int, seed: int) -> list[Episode]:
    """Return a site's episodes, oldest first."""
    random = Random(f"{seed} {site.label}")
    past = _outages(
        random, now, days, 7 if site.profile is Profile.FLAKY else random.choice((0, 0, 1, 2))
    )
    found = [] if site.profile is Profile.NEW else [*past, *_present(site, random, now)]
    return sorted(found, key=lambda each: each.start)


def word_at(known: list[Episode], tool: Tool, moment: float) -> str:
    """Return what a tool saw at a moment."""
    return next((each.word for each in known if each.tool is tool and each.covers(moment)), "good")


def _outages(random: Random, now: int, days: int, count: int) -> Iterator[Episode]:
    """Yield outages that are over, none near another."""
    room = (days - 1) * DAY // max(count, 1)
    for number in range(count):
        start = now - days * DAY + number * room + random.randrange(room // 2)
        lasts = random.choice((12, 18, 25, 40, 75, 160)) * MINUTE
        yield Episode(Tool.STATUS, random.choice(("error", "timeout")), start, start + lasts)


def _present(site: DemoSite, random: Random, now: int) -> Iterator[Episode]:
    """Yield what goes on now."""
    days = now - random.randrange(3, 9) * DAY
    if site.profile in _FOR_DAYS:
        tool, word = _FOR_DAYS[site.profile]
        yield Episode(tool, word, days)
    if site.profile in _DOWN_FOR:
        word, seconds = _DOWN_FOR[site.profile]
        yield Episode(Tool.STATUS, word, now - seconds)
    if site.profile in _UNTRUSTED:
        yield Episode(Tool.STATUS, "tls", days)
    if site.profile is Profile.UNSEEN:
        yield Episode(Tool.STATUS, "unknown", now - 9 * DAY, now - 9 * DAY + 5 * HOUR)
        yield Episode(Tool.DNS, "unknown", now - DAY - HOUR)
