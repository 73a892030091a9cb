"""A worker runs what people ask for."""

import subprocess
import sys
from pathlib import Path

from tests.runtime.conftest import environment, rows, seed, until, write
from tests.runtime.test_crash import start

ASK = """
import sys
from tocsin.cli.database import open_database
open_database()
from tocsin.access.principal import SYSTEM
from tocsin.checks.manual import queue_checks
from tocsin.sites.models import Site
queue_checks(SYSTEM, Site.objects.get(), tools=["status"])
"""
STATES = "SELECT status, outcome, error FROM checks_check WHERE NOT automatic"
DAY = 86_400


def ask(data_dir: Path) -> None:
    subprocess.run([sys.executable, "-c", ASK], env=environment(data_dir), check=True)


def test_it_runs_what_was_asked_for_although_a_worker_died_with_it(
    data_dir: Path, target: str
) -> None:
    seed(data_dir, [f"{target}/"])
    # No slot is due for long, so whatever runs is what was asked for.
    write(data_dir, f"UPDATE checks_schedule SET next_slot = next_slot + {DAY}")
    ask(data_dir)
    write(data_dir, "UPDATE checks_manualrun SET leased_until = deadline")
    worker = start(data_dir)
    until(lambda: rows(data_dir, STATES) == [("completed", "ok", None)], "a completed check")
    worker.terminate()
    assert worker.wait() == 0
    assert rows(data_dir, "SELECT count(*) FROM checks_check") == [(1,)]
    assert rows(data_dir, "SELECT latest_check FROM checks_schedule") == [(None,)]
    assert rows(data_dir, "SELECT count(*) FROM checks_dailyrollup") == [(0,)]


def test_it_ends_what_nobody_ran_in_time(data_dir: Path, target: str) -> None:
    seed(data_dir, [f"{target}/"])
    ask(data_dir)
    write(data_dir, "UPDATE checks_manualrun SET deadline = asked_at")
    worker = start(data_dir)
    until(lambda: rows(data_dir, STATES)[0][0] != "pending", "the end of the check")
    worker.terminate()
    assert worker.wait() == 0
    ((status, outcome, error),) = rows(data_dir, STATES)
    assert (status, outcome) == ("failed", "unknown")
    assert '"lost"' in error


def test_it_forgets_old_history_when_it_starts(data_dir: Path, target: str) -> None:
    seed(data_dir, [f"{target}/"])
    ask(data_dir)
    write(data_dir, "UPDATE checks_check SET created_at = '2020-01-01 00:00:00'")
    write(data_dir, "UPDATE checks_manualrun SET finished_at = asked_at")
    worker = start(data_dir)
    until(lambda: rows(data_dir, STATES) == [], "the end of the old check")
    worker.terminate()
    assert worker.wait() == 0
