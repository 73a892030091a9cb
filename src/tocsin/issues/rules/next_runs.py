"""Which extra check to run before the next slot."""

from tocsin.issues.rules.facts import Settings
from tocsin.issues.rules.state import State
from tocsin.issues.rules.verdict import NextRun
from tocsin.probes.contract import RunReason

MINUTE = 60


def next_run(state: State, settings: Settings, now: float) -> NextRun | None:
    """Ask for a retry while a failure waits to be confirmed, for a follow-up while one is active.

    A follow-up that would come no sooner than the next slot is none: the slot does.
    """
    if not state.tracks:
        return None
    # For a moment that has counted already (the clock was set back) it would count for nothing.
    since = max(now, state.counted_to)
    follow_up, retry = settings.follow_up_minutes, settings.retry_minutes
    if follow_up is not None and any(track.active for track in state.tracks.values()):
        if follow_up >= settings.cadence_minutes:
            return None
        return NextRun(since + follow_up * MINUTE, RunReason.INCIDENT_FOLLOW_UP)
    if retry is not None and settings.may_open(now) and _awaits_confirmation(state, settings):
        return NextRun(since + retry * MINUTE, RunReason.CONFIRMATION_RETRY)
    return None


def _awaits_confirmation(state: State, settings: Settings) -> bool:
    return any(
        not track.active and 0 < track.breaches < settings.to_open
        for track in state.tracks.values()
    )
