"""A worker that is killed at any moment leaves no slot without an account."""

import random
import signal
import subprocess
import sys
from pathlib import Path

from tests.runtime.conftest import environment, rows, seed, until, write

# Independent of the code under test: slots by arithmetic on the raw columns.
UNACCOUNTED = """
SELECT s.id, s.inflight_slot,
    1 + (SELECT count(*) FROM seconds
         WHERE at > s.since AND at < s.next_slot AND (at - s.phase) % s.cadence = 0) AS expected,
    (SELECT count(*) FROM checks_check c
     WHERE c.site_id = s.site_id AND c.type = s.tool AND c.run_reason = 'scheduled') AS ran,
    (SELECT count(DISTINCT scheduled_for) FROM checks_check c WHERE c.site_id = s.site_id) AS slots,
    (SELECT coalesce(sum(g.count), 0) FROM checks_gap g
     WHERE g.site_id = s.site_id AND g.tool = s.tool) AS unrun
FROM checks_schedule s
WHERE s.inflight_slot IS NOT NULL OR expected <> ran + unrun OR ran <> slots
"""
SECONDS = """
WITH RECURSIVE seconds(at) AS (
    SELECT min(since) FROM checks_schedule
    UNION ALL SELECT at + 1 FROM seconds WHERE at < (SELECT max(next_slot) FROM checks_schedule)
)
"""
KILLS = 2
MOST_KILLS = 12


def start(data_dir: Path) -> "subprocess.Popen[bytes]":
    command = [sys.executable, "-m", "tocsin.runtime", "worker"]
    return subprocess.Popen(
        command, env=environment(data_dir), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )


def test_it_accounts_for_every_slot_after_any_kill(tmp_path: Path, target: str) -> None:
    data_dir = tmp_path / "data"
    data_dir.mkdir()
    seed(
        data_dir, [f"{target}/{'slow' if number % 2 else 'fast'}/{number}" for number in range(24)]
    )
    write(data_dir, "UPDATE checks_schedule SET cadence = 2, phase = id % 2")
    chance = random.Random(20261124)

    def checks() -> int:
        return int(rows(data_dir, "SELECT count(*) FROM checks_check")[0][0])

    def held() -> int:
        found = rows(data_dir, "SELECT count(*) FROM checks_schedule WHERE inflight_slot > 0")
        return int(found[0][0])

    caught_in_the_act = False
    for kill in range(MOST_KILLS):
        before = checks()
        worker = start(data_dir)
        until(lambda before=before: checks() > before, "a check of the new worker")
        try:
            worker.wait(chance.uniform(0, 1.5))
        except subprocess.TimeoutExpired:
            worker.send_signal(signal.SIGKILL)
        assert worker.wait() == -signal.SIGKILL
        caught_in_the_act |= held() > 0
        if caught_in_the_act and kill + 1 >= KILLS:
            break
    assert caught_in_the_act

    worker = start(data_dir)
    before = checks()
    until(lambda: checks() > before + 12, "a round of checks of the last worker")
    worker.terminate()
    assert worker.wait() == 0

    # What was handed back at the end waits to be claimed: it is the next slot, not a past one.
    assert rows(data_dir, SECONDS + UNACCOUNTED) == []
    reasons = {reason for (reason,) in rows(data_dir, "SELECT DISTINCT reason FROM checks_gap")}
    assert "worker_lost" in reasons
    assert reasons <= {"worker_lost", "scheduler_down", "previous_still_running", "overload"}
