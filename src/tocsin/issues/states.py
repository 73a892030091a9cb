"""Loading and keeping the rules' counters."""

from collections.abc import Iterable, Mapping
from uuid import UUID

import msgspec

from tocsin.checks.columns import among_uuids
from tocsin.issues.models import IssueState
from tocsin.issues.rules import State, Track

Key = tuple[UUID, str]


def load(site_ids: Iterable[UUID]) -> dict[Key, State]:
    """Read and lock the counters of sites, by site and tool, in one order. One query."""
    rows = IssueState.objects.select_for_update().filter(site_id__in=among_uuids(set(site_ids)))
    return {(row.site_id, row.tool): _state(row) for row in rows.order_by("pk")}


def load_of_team(team_id: int) -> dict[Key, State]:
    """Read and lock all counters of a team that count anything, in one order. One query."""
    rows = IssueState.objects.select_for_update(of=("self",)).filter(site__team_id=team_id)
    return {(row.site_id, row.tool): _state(row) for row in rows.exclude(tracks={}).order_by("pk")}


def keep(states: Mapping[Key, State]) -> None:
    """Write counters, new and changed. One query."""
    IssueState.objects.bulk_create(
        [
            IssueState(
                site_id=site_id,
                tool=tool,
                tracks=msgspec.to_builtins(state.tracks),
                counted_to=state.counted_to,
            )
            for (site_id, tool), state in states.items()
        ],
        update_conflicts=True,
        unique_fields=("site", "tool"),
        update_fields=("tracks", "counted_to"),
    )


def _state(row: IssueState) -> State:
    return State(msgspec.convert(row.tracks, dict[str, Track]), row.counted_to)
