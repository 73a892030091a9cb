"""The dns tool's section: the records that most resolvers see, and who sees others."""

from collections.abc import Iterable
from typing import Any

import msgspec
from rich.text import Text

from tocsin.cli.render.section import Section
from tocsin.cli.render.text import BAD, GOOD, QUIET, WARN, clean, counted, plain
from tocsin.probes.dns.judge import Observations, dissenters, hard_failure
from tocsin.probes.dns.observation import Observation

VALUES_SHOWN = 8


def dns_section(result: dict[str, Any]) -> Section:
    """Tell records by type, differences between resolvers, and the zone."""
    seen = msgspec.convert(result["resolver_observations"], dict[str, dict[str, Observation]])
    records = {kind: values for kind, values in result["records"].items() if values}
    section = Section(_headline(seen, records))
    for kind, values in records.items():
        for number, value in enumerate(_shown(values)):
            section.add("" if number else kind, value)
    for (resolver, said), kinds in _differences(seen, result["records"]).items():
        line = Text(clean(resolver), style=WARN)
        section.add("differs", line.append(f"  {clean(said)} for {', '.join(kinds)}", "default"))
    servers = ", ".join(clean(server) for server in result["nameservers"])
    section.add("zone", _zone(servers, result["soa_serial"]), QUIET)
    section.add("behind", "Cloudflare" if result["is_cloudflare"] else None)
    return section


def _headline(seen: Observations, records: dict[str, list[str]]) -> Text:
    failure = hard_failure(seen)
    if failure is not None:
        return plain(failure.message, BAD)
    count = counted(sum(map(len, records.values())), "record")
    resolvers = counted(len(seen), "resolver")
    return Text("Resolves", style=GOOD).append(f": {count}, asked {resolvers}", style="default")


def _shown(values: list[str]) -> list[str]:
    more = len(values) - VALUES_SHOWN
    return [*values[:VALUES_SHOWN], f"and {more} more"] if more > 0 else values


def _differences(seen: Observations, kinds: Iterable[str]) -> dict[tuple[str, str], list[str]]:
    """Group what single resolvers say otherwise than most: resolver and words, to types."""
    found: dict[tuple[str, str], list[str]] = {}
    for kind in kinds:
        for resolver in dissenters(seen, kind):
            found.setdefault((resolver, _said(seen[resolver][kind])), []).append(kind)
    return found


def _said(observation: Observation) -> str:
    if observation.error is not None:
        return observation.error.replace("_", " ")
    return ", ".join(_shown(list(observation.values))) or "no record"


def _zone(servers: str, serial: int | None) -> str:
    return " · ".join(part for part in (servers, f"serial {serial}" if serial else "") if part)
