"""The values that monitoring settings are chosen from. Contract, section 5."""

from tocsin.probes.contract import Tool

MINUTES_OF_A_DAY = 1440
CADENCES = (1, 2, 5, 10, 15, 30, 60, 120, 180, 360, 720, MINUTES_OF_A_DAY, 10080)
ESCALATION_INTERVALS = (0, 15, 30, 60, 360, MINUTES_OF_A_DAY)

# A crawl or a browser weighs on the watched site, so these two run twice a day at most.
TOOL_FLOORS = {Tool.BROKEN_LINKS: 720, Tool.PERFORMANCE: 720}
FASTEST = CADENCES[0]


def floor_of(tool: Tool, plan_floor: int) -> int:
    """Return the fastest cadence, in minutes, that a tool may have on a plan."""
    return max(TOOL_FLOORS.get(tool, FASTEST), plan_floor)
