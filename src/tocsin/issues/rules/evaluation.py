"""From state and observation to verdict: the counters that all tools share."""

from typing import Any

from tocsin.issues.rules.closing import close
from tocsin.issues.rules.facts import Observation, Settings
from tocsin.issues.rules.next_runs import next_run
from tocsin.issues.rules.readers import read
from tocsin.issues.rules.reading import Breach, Reading
from tocsin.issues.rules.state import MOST_CHECKS, State, Track
from tocsin.issues.rules.verdict import Opening, Resolution, Sighting, Verdict
from tocsin.issues.vocabulary import ResolveReason
from tocsin.kit import clock

_NEW = Track()


def evaluate(state: State, seen: Observation, settings: Settings, now: float) -> Verdict:
    """Decide what a check changes at `now` (UTC epoch seconds).

    Manual checks, and checks that are no newer than what was counted last (given twice, late or
    out of order), change nothing. What says nothing, such as an unknown outcome, changes no
    counter.
    """
    if seen.moment is None or seen.moment <= state.counted_to:
        return Verdict(state)
    if settings.off is not None:
        return close(state, settings.off, now)
    reading = read(seen, settings.limits)
    if not reading.breaches and not reading.clear:
        return Verdict(state, counted=True, next_run=next_run(state, settings, now))
    return _count(state, seen, reading, settings, now)


def _count(
    state: State, seen: Observation, reading: Reading, settings: Settings, now: float
) -> Verdict:
    tracks = dict(state.tracks)
    openings: list[Opening] = []
    sightings: list[Sighting] = []
    resolutions: list[Resolution] = []
    for breach in reading.breaches:
        track = _breached(tracks.get(breach.fingerprint, _NEW), seen)
        needed = 1 if breach.at_once else settings.to_open
        if track.active:
            sightings.append(_seen_again(breach, track, seen))
        elif track.breaches >= needed and settings.may_open(now):
            track = _opened(track)
            openings.append(_opening(breach, track, needed, settings))
        tracks[breach.fingerprint] = track
    for name in reading.clear:
        known = tracks.pop(name, None)
        if known is None or not known.active:
            continue
        track = _cleared(known, seen)
        if track.goods >= settings.to_resolve:
            resolutions.append(_recovery(name, track, settings))
        else:
            sightings.append(Sighting(name))
            tracks[name] = track
    after = State(tracks, counted_to=seen.moment or 0.0)
    return Verdict(
        state=after,
        counted=True,
        openings=tuple(openings),
        sightings=tuple(sightings),
        resolutions=tuple(resolutions),
        next_run=next_run(after, settings, now),
        baseline=reading.baseline,
    )


def _breached(track: Track, seen: Observation) -> Track:
    return Track(
        breaches=track.breaches + 1,
        since=track.since if track.breaches else seen.moment or 0.0,
        checks=(*track.checks, seen.check)[-MOST_CHECKS:],
        active=track.active,
    )


def _cleared(track: Track, seen: Observation) -> Track:
    return Track(
        goods=track.goods + 1,
        good_checks=(*track.good_checks, seen.check)[-MOST_CHECKS:],
        active=True,
    )


def _opened(track: Track) -> Track:
    return Track(track.breaches, track.since, track.checks, active=True)


def _opening(breach: Breach, track: Track, needed: int, settings: Settings) -> Opening:
    decided: dict[str, Any] = {
        "checks": list(track.checks),
        "breaches_in_a_row": track.breaches,
        "breaches_to_open": needed,
        "failing_since": clock.from_timestamp(track.since).isoformat(timespec="seconds"),
        **_revisions(settings),
    }
    context = {"opening": decided, "facts": dict(breach.facts)}
    return Opening(breach.fingerprint, breach.severity, breach.summary, context)


def _revisions(settings: Settings) -> dict[str, int]:
    return {
        "settings_revision": settings.revision,
        "team_settings_revision": settings.team_revision,
    }


def _seen_again(breach: Breach, track: Track, seen: Observation) -> Sighting:
    latest = {"check": seen.check, "breaches_in_a_row": track.breaches}
    context = {"latest": latest, "facts": dict(breach.facts)}
    return Sighting(breach.fingerprint, breach.severity, breach.summary, context)


def _recovery(fingerprint: str, track: Track, settings: Settings) -> Resolution:
    decided = {
        "checks": list(track.good_checks),
        "goods_in_a_row": track.goods,
        "goods_to_resolve": settings.to_resolve,
        **_revisions(settings),
    }
    return Resolution(fingerprint, ResolveReason.RECOVERED, {"resolution": decided})
