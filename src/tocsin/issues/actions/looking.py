"""Looking again in time after a change of cadence, while a failure is counted or an issue is open.

What was left to a slot on the timetable before would otherwise wait for one on the new timetable,
which may be a day away.
"""

from collections.abc import Mapping
from uuid import UUID

from tocsin.checks import retries
from tocsin.checks.retries import NEAR, Slots, Wish
from tocsin.issues import states
from tocsin.issues.rules import State, next_run
from tocsin.issues.settings import settings_of
from tocsin.kit import clock
from tocsin.probes.contract import Tool
from tocsin.sites.models import Site
from tocsin.teams.models import Team


def look_again_in_team(team: Team) -> None:
    """Look again at a team's sites whose cadence the plan changed; `PLAN_CHANGED`. Some queries.

    Call inside the transaction that moves the schedules, which holds them.
    """
    known = states.load_of_team(team.pk)
    rows = Site.objects.select_related("team__monitoring")
    look_again(known, rows.in_bulk({site_id for site_id, _ in known}))


def look_again(known: Mapping[states.Key, State], sites: Mapping[UUID, Site]) -> None:
    """Ask for the extra runs of counters held, where none waits and no slot comes first."""
    busy = {key: state for key, state in known.items() if not state.is_quiet}
    if not busy:
        return
    now = clock.timestamp()
    idle = retries.without_wish({site_id for site_id, _ in busy})
    wishes = (
        _wish(slots, busy[key], sites[key[0]], now)
        for slots in idle
        if (key := (slots.site_id, slots.tool)) in busy
    )
    retries.ask([wish for wish in wishes if wish is not None])


def _wish(slots: Slots, state: State, site: Site, now: float) -> Wish | None:
    settings = settings_of(site, Tool(slots.tool), cadence_seconds=slots.cadence)
    following = None if settings.off else next_run(state, settings, now)
    if following is None or slots.next_slot <= following.at + NEAR:
        return None
    return Wish(slots.id, following.at, following.reason)
