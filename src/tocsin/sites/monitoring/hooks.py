"""What apps above do when settings change, within the same transaction. See `sites.hooks`."""

from collections.abc import Callable
from dataclasses import dataclass, field

from tocsin.sites.models import Site
from tocsin.teams.models import Team

TeamHook = Callable[[Team], None]
SiteHook = Callable[[Site], None]


@dataclass(frozen=True, slots=True)
class MonitoringHooks:
    """`team_changed` after a team's settings or floor changed, `site_changing` before a site's
    settings or address are written (to take locks in order), `site_changed` after it,
    `site_moved` after that, where the address is another.
    """

    team_changed: list[TeamHook] = field(default_factory=list)
    site_changing: list[SiteHook] = field(default_factory=list)
    site_changed: list[SiteHook] = field(default_factory=list)
    site_moved: list[SiteHook] = field(default_factory=list)


HOOKS = MonitoringHooks()
