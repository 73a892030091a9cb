"""Every tool's probe, one line a tool."""

from collections.abc import Callable, Mapping
from pkgutil import resolve_name
from typing import Protocol, runtime_checkable

from tocsin.probes.contract import Probe, ProbeOptions, Tool

# Named, not imported: a prober that runs one tool does not load the libraries of the others.
PROBES: Mapping[Tool, str] = {
    Tool.STATUS: "tocsin.probes.status:StatusProbe",
    Tool.SSL: "tocsin.probes.ssl:SslProbe",
    Tool.DNS: "tocsin.probes.dns:DnsProbe",
}


@runtime_checkable
class Closable(Protocol):
    """A probe that holds threads, sockets or processes and lets go of them."""

    async def close(self) -> None:
        """Let go of everything; the probe is not used again."""
        ...


def build_probes(options: ProbeOptions) -> Mapping[Tool, Probe]:
    """Build every tool's probe with the operator's options."""
    return {tool: _load(name)(options) for tool, name in PROBES.items()}


def _load(name: str) -> Callable[[ProbeOptions], Probe]:
    factory: Callable[[ProbeOptions], Probe] = resolve_name(name)
    return factory
