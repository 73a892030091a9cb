"""Bringing schedules to other settings: what `rescheduling` decides, on rows."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from tocsin.checks.accounting import UnrunOf
from tocsin.checks.models import PastTimetable, Schedule
from tocsin.checks.rescheduling import Change, Timetable, moved, opened, stopped
from tocsin.checks.slots import Grid, phase_of


@dataclass(slots=True)
class Resync:
    """Collects the rows to write.

    `now` in epoch seconds; `ended` are the timetables that ended not before now, by site and tool.
    """

    now: int
    ended: Mapping[tuple[UUID, str], int]
    changed: list[Schedule] = field(default_factory=list)
    past: list[PastTimetable] = field(default_factory=list)
    unrun: list[UnrunOf] = field(default_factory=list)

    def follow(self, schedule: Schedule, cadence: int | None) -> None:
        """Give a schedule its cadence in seconds, None where the tool is off."""
        if schedule.next_slot is None:
            if cadence is not None:
                ended = self.ended.get((schedule.site_id, schedule.tool))
                self._set(schedule, opened(_grid_of(schedule, cadence), self.now, ended))
            return
        grid = Grid(schedule.phase, schedule.cadence)
        old = Timetable(grid, schedule.since, schedule.next_slot)
        if cadence is None:
            self._change(schedule, stopped(old, self.now))
        elif cadence != schedule.cadence:
            self._change(schedule, moved(old, _grid_of(schedule, cadence), self.now))

    def _change(self, schedule: Schedule, change: Change) -> None:
        if change.past_until is not None:
            self.past.append(
                PastTimetable(
                    site_id=schedule.site_id,
                    tool=schedule.tool,
                    cadence=schedule.cadence,
                    phase=schedule.phase,
                    opening=schedule.since,
                    until=change.past_until,
                )
            )
        self.unrun += (UnrunOf(schedule.site_id, schedule.tool, unrun) for unrun in change.unrun)
        self._set(schedule, change.timetable)

    def _set(self, schedule: Schedule, table: Timetable | None) -> None:
        schedule.next_slot = None
        if table is not None:
            schedule.cadence, schedule.phase = table.grid.cadence, table.grid.phase
            schedule.since, schedule.next_slot = table.opening, table.next_slot
        self.changed.append(schedule)


def _grid_of(schedule: Schedule, cadence: int) -> Grid:
    return Grid(phase_of(schedule.pk, cadence), cadence)
