"""What should have happened, decided as a child would: look at the whole list each time.

Independent of the rules on purpose: no counters, no state; it shares only the words of `SIGHTS`.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from tocsin.probes.contract import Tool

BAD, GOOD = "bad", "good"

# What each word means for each fingerprint; a word that is not there says nothing.
MEANINGS: dict[Tool, dict[str, dict[str, str]]] = {
    Tool.STATUS: {"status:down": {"down": BAD, "good": GOOD}},
    Tool.SSL: {
        "ssl:invalid": {"invalid": BAD, "expiring": GOOD, "good": GOOD},
        "ssl:expiring": {"expiring": BAD, "good": GOOD},
    },
    Tool.DNS: {
        "dns:lookup_failed": {"failed": BAD, "changed": GOOD, "good": GOOD},
        "dns:records_changed": {"changed": BAD, "good": GOOD},
    },
    Tool.BROKEN_LINKS: {"broken-links:found": {"found": BAD, "good": GOOD}},
    Tool.PERFORMANCE: {"performance:degraded": {"slow": BAD, "good": GOOD}},
}
ONE_IS_ENOUGH = {"ssl:expiring"}


@dataclass(frozen=True)
class Arrival:
    """A check that arrives: its moment, what it saw, whether the site is snoozed then.

    `by_hand` is a person who resolves everything at that point instead of a check.
    """

    moment: float
    word: str
    snoozed: bool = False
    by_hand: bool = False


@dataclass(frozen=True)
class Event:
    """At which arrival (by number) a fingerprint opened or ended."""

    number: int
    fingerprint: str
    what: str


def events(
    tool: Tool, arrivals: Sequence[Arrival], *, to_open: int, to_resolve: int
) -> list[Event]:
    """Return everything that should have happened, in order."""
    counted = _drop_what_is_not_newer(tool, arrivals)
    found: list[Event] = []
    for fingerprint, meanings in MEANINGS[tool].items():
        enough = 1 if fingerprint in ONE_IS_ENOUGH else to_open
        story: list[Event] = []
        for number, arrival in enumerate(arrivals):
            is_active = bool(story) and story[-1].what == "open"
            if arrival.by_hand:
                if is_active:
                    story.append(Event(number, fingerprint, "by hand"))
                continue
            if number not in counted or arrival.word not in meanings:
                continue
            said = [
                meanings[arrivals[each].word]
                for each in counted
                if each <= number and arrivals[each].word in meanings
            ]
            if is_active:
                if said[-to_resolve:] == [GOOD] * to_resolve:
                    story.append(Event(number, fingerprint, "resolve"))
            elif said[-enough:] == [BAD] * enough and not arrival.snoozed:
                story.append(Event(number, fingerprint, "open"))
        found += story
    return sorted(found, key=lambda event: (event.number, event.fingerprint))


def _drop_what_is_not_newer(tool: Tool, arrivals: Sequence[Arrival]) -> list[int]:
    """Return the numbers of the checks that count: newer than all that said something before."""
    speaking = {word for meanings in MEANINGS[tool].values() for word in meanings}
    counted: list[int] = []
    for number, arrival in enumerate(arrivals):
        before = [arrivals[each].moment for each in counted]
        if arrival.by_hand or arrival.word not in speaking:
            continue
        if all(arrival.moment > moment for moment in before):
            counted.append(number)
    return counted
