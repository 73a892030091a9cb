"""What changes of settings reach."""

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import settings

from tocsin.access.principal import Principal, PrincipalKind
from tocsin.sites import hooks as site_hooks
from tocsin.sites.monitoring import hooks as team_hooks

# A busy machine is no failure: what is slow is measured in benchmarks/.
settings.register_profile("sites", deadline=None)
settings.load_profile("sites")


@pytest.fixture
def adams(adam: Any) -> Principal:
    """Adam, signed in."""
    return Principal(PrincipalKind.SESSION, user_id=adam.pk)


@pytest.fixture
def heard() -> Iterator[list[tuple[str, Any]]]:
    """Which hooks were called, in order, with what."""
    calls: list[tuple[str, Any]] = []
    lists: list[tuple[list[Any], Any]] = []
    for name in ("changing", "changed", "moved"):
        hooks = getattr(site_hooks.HOOKS, name)
        lists.append((hooks, lambda site, name=name: calls.append((name, site))))
    lists.append((team_hooks.TEAM_CHANGED, lambda team: calls.append(("team_changed", team))))
    for hooks, hook in lists:
        hooks.append(hook)
    yield calls
    for hooks, hook in lists:
        hooks.remove(hook)
