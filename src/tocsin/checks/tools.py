"""What the scheduler knows of each tool: how heavy it is and how long its run may take."""

from dataclasses import dataclass
from enum import StrEnum

from tocsin.probes.contract import Tool


class Weight(StrEnum):
    """Which queue a tool's requests wait in: a browser must not hold up hundreds of requests."""

    LIGHT = "light"
    HEAVY = "heavy"
    BROWSER = "browser"


@dataclass(frozen=True, slots=True)
class Effort:
    """`seconds` is the time from claim to answer after which nobody waits any more."""

    weight: Weight
    seconds: int


EFFORTS = {
    Tool.STATUS: Effort(Weight.LIGHT, 45),
    Tool.SSL: Effort(Weight.LIGHT, 45),
    Tool.DNS: Effort(Weight.LIGHT, 45),
    # A crawl takes ten minutes at most, and may wait for one before it.
    Tool.BROKEN_LINKS: Effort(Weight.HEAVY, 1300),
    # Three runs and a spare one take two minutes each at most, and may wait for a page before them.
    Tool.PERFORMANCE: Effort(Weight.BROWSER, 1000),
}
# How long after a request's deadline its answer may still be on the bus.
LEASE_MARGIN = 15


def tools_of(weight: Weight) -> tuple[Tool, ...]:
    """Return the tools whose requests wait in one queue."""
    return tuple(tool for tool, effort in EFFORTS.items() if effort.weight is weight)
