"""What apps above do when a team's settings or its plan's floor change, in the same transaction.

See `sites.hooks`, which is the same for one site.
"""

from collections.abc import Callable

from tocsin.teams.models import Team

TeamHook = Callable[[Team], None]

TEAM_CHANGED: list[TeamHook] = []


def team_changed(team: Team) -> None:
    """Call each in the order of registration."""
    for hook in TEAM_CHANGED:
        hook(team)
