"""How each tool watches one site: when next, how often, and how it last went."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from tocsin.access.principal import Principal
from tocsin.checks.models import Schedule
from tocsin.checks.queries import ToolState
from tocsin.kit import clock
from tocsin.probes.contract import Tool
from tocsin.sites import queries as sites


@dataclass(frozen=True, slots=True)
class ToolWatch:
    """One tool at one site; `cadence` in seconds, `next_at` None where it is turned off.

    `is_running` tells whether a prober has it right now.
    """

    cadence: int
    next_at: datetime | None
    is_running: bool
    state: ToolState


def watches_of_site(principal: Principal, site_uuid: UUID) -> Mapping[Tool, ToolWatch]:
    """Return each tool that has ever watched a site. One query; empty for a foreign site."""
    seen = sites.sites(principal).filter(pk=site_uuid)
    return {
        Tool(row.tool): ToolWatch(
            cadence=row.cadence,
            next_at=None if row.next_slot is None else clock.from_timestamp(row.next_slot),
            is_running=row.inflight_slot is not None,
            state=ToolState(
                status=row.latest_status or None,
                outcome=row.latest_outcome or None,
                checked_at=row.latest_at,
                summary=row.latest_summary,
            ),
        )
        for row in Schedule.objects.filter(site__in=seen)
    }
