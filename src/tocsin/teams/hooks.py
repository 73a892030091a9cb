"""What apps above do when a team's plan changes, within the same transaction.

`teams` may not know them, so they register a function when they are loaded.
"""

from collections.abc import Callable

from tocsin.teams.models import Team

TeamHook = Callable[[Team], None]

PLAN_CHANGED: list[TeamHook] = []


def plan_changed(team: Team) -> None:
    """Call each in the order of registration."""
    for hook in PLAN_CHANGED:
        hook(team)
