"""What apps above do when a site changes, within the same transaction.

`sites` may not know them, so they register a function when they are loaded. It is a list of calls
made in order, not a signal: an exception of one undoes the whole change.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from tocsin.sites.models import Site

SiteHook = Callable[[Site], None]


@dataclass(frozen=True, slots=True)
class SiteHooks:
    """Functions of one site.

    `created`, `moved` (the address is another) and then `changed` (settings or address) come after
    the write. `changing` and `deleting` come before it, to take in time the locks that what follows
    needs.
    """

    created: list[SiteHook] = field(default_factory=list)
    changing: list[SiteHook] = field(default_factory=list)
    changed: list[SiteHook] = field(default_factory=list)
    moved: list[SiteHook] = field(default_factory=list)
    deleting: list[SiteHook] = field(default_factory=list)


HOOKS = SiteHooks()


def run(hooks: list[SiteHook], site: Site) -> None:
    """Call each in the order of registration."""
    for hook in hooks:
        hook(site)
