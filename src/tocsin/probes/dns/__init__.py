"""The dns tool: what the resolvers of the world say of a site's name."""

from tocsin.probes.dns.probe import DnsProbe

__all__ = ["DnsProbe"]
