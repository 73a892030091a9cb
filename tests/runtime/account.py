"""What an installation did, counted by SQL of the tests' own and plain arithmetic."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import Any

from tests.runtime.rig import Rig

SCHEDULES = "SELECT site_id, cadence, phase, since, next_slot, inflight_slot FROM checks_schedule"
RAN = """
SELECT site_id, count(*), count(DISTINCT scheduled_for) FROM checks_check
WHERE run_reason = 'scheduled' GROUP BY site_id
"""
GAPS = "SELECT site_id, reason, sum(count) FROM checks_gap WHERE tool = 'status' GROUP BY 1, 2"
SITES = "SELECT uuid, url FROM sites_site"
OUTCOMES = "SELECT site_id, outcome, count(*) FROM checks_check GROUP BY 1, 2"
TRANSITIONS = """
SELECT i.site_id, i.fingerprint, t.key FROM issues_transition t
JOIN issues_issue i ON i.uuid = t.issue_id ORDER BY t.id
"""
SKIPPED = {"previous_still_running"}
LOST = {"worker_lost", "scheduler_down", "overload"}


@dataclass
class Ledger:
    """The slots of all sites by their ends."""

    expected: int = 0
    ran: int = 0
    skipped: int = 0
    lost: int = 0

    def __str__(self) -> str:
        return (
            f"expected {self.expected} = ran {self.ran} + skipped {self.skipped} + lost {self.lost}"
        )


def ledger(rig: Rig) -> Ledger:
    """Account for every slot of every site; raises AssertionError where one has not one end."""
    ran = {site: (count, slots) for site, count, slots in rig.rows(RAN)}
    gaps: dict[Any, Counter[str]] = defaultdict(Counter)
    for site, reason, count in rig.rows(GAPS):
        gaps[site][reason] += int(count)
    total = Ledger()
    for site, cadence, phase, since, next_slot, held in rig.rows(SCHEDULES):
        assert held is None, f"{site} still holds {held}"
        moments = range(since + 1, next_slot)
        expected = 1 + sum((moment - phase) % cadence == 0 for moment in moments)
        checks, slots = ran.get(site, (0, 0))
        assert checks == slots, f"{site} has {checks} checks of {slots} slots"
        assert set(gaps[site]) <= SKIPPED | LOST
        skipped = sum(gaps[site][reason] for reason in SKIPPED)
        lost = sum(gaps[site][reason] for reason in LOST)
        assert expected == checks + skipped + lost, f"{site}: {expected} = {checks} + {gaps[site]}"
        total.expected += expected
        total.ran += checks
        total.skipped += skipped
        total.lost += lost
    return total


def issues(rig: Rig) -> dict[str, list[str]]:
    """Return what happened to the issues of each site, by the site's path, in order."""
    paths = {site: url.split("/", 3)[3] for site, url in rig.rows(SITES)}
    found: dict[str, list[str]] = {path: [] for path in paths.values()}
    for site, fingerprint, key in rig.rows(TRANSITIONS):
        assert fingerprint == "status:down"
        found[paths[site]].append(key)
    return found


def outcomes(rig: Rig) -> dict[str, dict[str, int]]:
    """Return how many checks of each site had which outcome, by the site's path."""
    paths = {site: url.split("/", 3)[3] for site, url in rig.rows(SITES)}
    found: dict[str, dict[str, int]] = {path: {} for path in paths.values()}
    for site, outcome, count in rig.rows(OUTCOMES):
        found[paths[site]][outcome] = count
    return found
