"""Which reader belongs to which tool."""

from collections.abc import Callable
from typing import Any

import msgspec

from tocsin.issues.rules import broken_links, dns, performance, ssl, status
from tocsin.issues.rules.facts import Limits, Observation
from tocsin.issues.rules.reading import SILENT, Reading
from tocsin.probes.contract import Outcome, Tool

_READERS: dict[Tool, Callable[[Observation, Any], Reading]] = {
    Tool.STATUS: status.read,
    Tool.SSL: ssl.read,
    Tool.DNS: dns.read,
    Tool.BROKEN_LINKS: broken_links.read,
    Tool.PERFORMANCE: performance.read,
}


def read(seen: Observation, limits: Limits) -> Reading:
    """Return what a check says; nothing where we cannot tell them from us.

    A result of another shape than its tool's says nothing either: it must not stop the batch that
    it came with.
    """
    if seen.outcome is Outcome.UNKNOWN:
        return SILENT
    try:
        return _READERS[seen.tool](seen, limits)
    except msgspec.ValidationError:
        return SILENT
