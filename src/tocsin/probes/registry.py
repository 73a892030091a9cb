"""Every tool's probe, one line a tool."""

from collections.abc import Callable, Collection, Mapping
from pkgutil import resolve_name
from typing import Protocol, runtime_checkable

from tocsin.probes.contract import Probe, ProbeOptions, ProbeRequest, Progress, Tool

# Named, not imported: a prober that runs one tool does not load the libraries of the others.
PROBES: Mapping[Tool, str] = {
    Tool.STATUS: "tocsin.probes.status:StatusProbe",
    Tool.SSL: "tocsin.probes.ssl:SslProbe",
    Tool.DNS: "tocsin.probes.dns:DnsProbe",
    Tool.BROKEN_LINKS: "tocsin.probes.broken_links.probe:BrokenLinksProbe",
    Tool.PERFORMANCE: "tocsin.probes.performance.probe:PerformanceProbe",
}


@runtime_checkable
class Closable(Protocol):
    """A probe that holds threads, sockets or processes and lets go of them."""

    async def close(self) -> None:
        """Let go of everything; the probe is not used again."""
        ...


OnProgress = Callable[[ProbeRequest, Progress], None]


@runtime_checkable
class Watchable(Protocol):
    """A probe whose checks take long enough to tell how far they have come."""

    def watch(self, on_progress: OnProgress) -> None:
        """Call `on_progress` on the event loop of each check, now and then, from now on."""
        ...


def build_probes(
    options: ProbeOptions, tools: Collection[Tool] = tuple(PROBES)
) -> Mapping[Tool, Probe]:
    """Build the probes of some tools, or of all, with the operator's options."""
    return {tool: _load(PROBES[tool])(options) for tool in tools if tool in PROBES}


def _load(name: str) -> Callable[[ProbeOptions], Probe]:
    factory: Callable[[ProbeOptions], Probe] = resolve_name(name)
    return factory
