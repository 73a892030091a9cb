"""What a change of a team's settings would do to its sites, before it is made."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from tocsin.access.principal import Principal
from tocsin.probes.contract import Tool
from tocsin.sites import queries as sites
from tocsin.sites.monitoring.layers import Layer
from tocsin.sites.monitoring.queries import stored_of_team
from tocsin.sites.monitoring.resolving import resolve
from tocsin.sites.monitoring.team_body import changed_team_settings
from tocsin.teams.models import Team
from tocsin.teams.plans import plan_of

Path = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Effect:
    """One setting that would change: for so many `sites`, while those named keep their own."""

    path: Path
    before: Any
    after: Any
    sites: int
    keeping: tuple[str, ...]


def impact(principal: Principal, team: Team, body: object) -> list[Effect]:
    """Say what a request body would change. Three queries at most. Raises InvalidInput."""
    stored = stored_of_team(team)
    changed = changed_team_settings(stored, body, plan_of(team.plan))
    before, after = _leaves(_plain(stored)), _leaves(_plain(changed))
    total = sites.sites(principal, team_id=team.pk).count()
    overrides = _overrides(principal, team)
    effects = []
    for path, value in after.items():
        if before.get(path) == value:
            continue
        keeping = tuple(name for name, layer in overrides if _has(layer, path))
        effects.append(Effect(path, before.get(path), value, total - len(keeping), keeping))
    return effects


def overriding_sites(principal: Principal, team: Team) -> dict[Tool, list[str]]:
    """Name, for each tool, the sites that set something of it themselves. One query."""
    overrides = _overrides(principal, team)
    return {
        tool: [name for name, layer in overrides if _has(layer, ("tools", tool.value))]
        for tool in Tool
    }


def _overrides(principal: Principal, team: Team) -> list[tuple[str, Layer]]:
    own = sites.sites(principal, team_id=team.pk).exclude(monitoring_overrides={})
    return list(own.order_by("name", "pk").values_list("name", "monitoring_overrides"))


def _plain(layer: Layer) -> dict[str, Any]:
    return resolve(layer).model_dump(mode="json", by_alias=True)


def _leaves(value: Mapping[str, Any]) -> dict[Path, Any]:
    return dict(_walk(value, ()))


def _walk(value: object, path: Path) -> Iterator[tuple[Path, Any]]:
    if not isinstance(value, Mapping):
        yield path, value
        return
    for key, item in value.items():
        yield from _walk(item, (*path, str(key)))


def _has(layer: Any, path: Iterable[str]) -> bool:
    for step in path:
        if not isinstance(layer, Mapping) or step not in layer:
            return False
        layer = layer[step]
    return True
