"""Ending issues for another reason than a good check."""

from collections.abc import Container
from dataclasses import replace
from math import floor

from tocsin.issues.rules.state import State
from tocsin.issues.rules.verdict import Resolution, Verdict
from tocsin.issues.vocabulary import ResolveReason


def close(
    state: State, reason: ResolveReason, now: float, *, only: Container[str] | None = None
) -> Verdict:
    """End what is active and count from nothing again, for all fingerprints or `only` some.

    What is under way belongs to the times before and will not count.
    """
    ending = {name: track for name, track in state.tracks.items() if only is None or name in only}
    kept = {name: track for name, track in state.tracks.items() if name not in ending}
    # A check that is due this very second is the first of the new times.
    after = State(kept, counted_to=max(state.counted_to, floor(now) - 1))
    resolutions = tuple(
        Resolution(name, reason, {}) for name, track in ending.items() if track.active
    )
    return Verdict(after, counted=True, resolutions=resolutions)


def forget(state: State, fingerprint: str) -> State:
    """Note that a person ended or deleted an issue.

    The breaches in a row did happen and stay, so the next failing check opens it again.
    """
    track = state.tracks.get(fingerprint)
    if track is None:
        return state
    ended = replace(track, active=False, goods=0, good_checks=())
    return replace(state, tracks={**state.tracks, fingerprint: ended})
