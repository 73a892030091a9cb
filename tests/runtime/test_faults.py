"""Whatever is killed, at any moment and under load: every slot has one end, every issue one story.

In a short form always; `make soak` kills for as long as it is told to, on each database and bus.
"""

import os
import time
from pathlib import Path
from random import Random

import pytest

from tests.runtime import account
from tests.runtime.conftest import until
from tests.runtime.faulty_site import Sites, faulty_sites
from tests.runtime.rig import Rig, rigged

SOAK_SECONDS = 60 * float(os.environ.get("TOCSIN_SOAK_MINUTES", "0"))
ALL = [(database, bus) for database in ("sqlite", "postgres") for bus in ("local", "nats")]
# SQLite with the in-process bus has a test of its own, in test_crash.
PAIRS = ALL if SOAK_SECONDS else [("postgres", "nats")]
SITES = 24
CADENCE = 2
LONGEST_PAUSE = 0.7
ROUND_SECONDS = 120.0  # other tests may keep both processors busy


@pytest.mark.parametrize(("database", "bus"), PAIRS)
def test_it_accounts_for_everything_whatever_is_killed(
    database: str, bus: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    chance = Random(20261124)
    with faulty_sites() as sites, rigged(tmp_path, database, bus, sites.urls(SITES)) as rig:
        rig.write(f"UPDATE checks_schedule SET cadence = {CADENCE}, phase = id % {CADENCE}")
        for name in rig.roles:
            rig.start(name)
        wait_for_round(rig)
        killed = kill_for(rig, chance, SOAK_SECONDS / len(ALL) / 2)
        wait_for_issues(rig, "opened")
        sites.healed.set()
        killed += kill_for(rig, chance, SOAK_SECONDS / len(ALL) / 2) if SOAK_SECONDS else 0
        wait_for_issues(rig, "resolved")
        end(rig)

        found = account.ledger(rig)
        with capsys.disabled():
            print(f"\n{database} + {bus}: {killed} kills; {found}")  # noqa: T201 - the point of it
        assert found.ran > SITES
        assert found.skipped + found.lost < found.expected
        judge_issues(rig, sites)


def kill_for(rig: Rig, chance: Random, seconds: float) -> int:
    """Kill every part once, and then on at random for so long; return how many times."""
    over = time.monotonic() + seconds
    count = 0
    victims = rig.victims
    chance.shuffle(victims)
    while victims or time.monotonic() < over:
        victim = victims.pop() if victims else chance.choice(rig.victims)
        # At a random moment: there is no event to wait for, that is the point.
        time.sleep(chance.uniform(0, LONGEST_PAUSE))
        rig.revive()
        rig.kill(victim)
        time.sleep(chance.uniform(0, LONGEST_PAUSE) / 2)
        rig.start(victim)
        count += 1
    wait_for_round(rig)
    return count


def wait_for_round(rig: Rig) -> None:
    """Wait until as many checks as there are sites have come in: all parts work again."""
    sql = "SELECT count(*) FROM checks_check"
    before = rig.rows(sql)[0][0]

    def has_come() -> bool:
        rig.revive()
        return bool(rig.rows(sql)[0][0] >= before + SITES)

    until(has_come, "a round of checks", ROUND_SECONDS)


def wait_for_issues(rig: Rig, key: str) -> None:
    """Wait until the issue of every site that is down has come so far."""

    def has_come() -> bool:
        stories = [story for path, story in account.issues(rig).items() if path.startswith("down")]
        return all(key in story for story in stories)

    until(has_come, f"issues {key}")


def end(rig: Rig) -> None:
    """End everything in good order, with no slot left under way."""
    under_way = "SELECT count(*) FROM checks_schedule WHERE inflight_slot IS NOT NULL"
    if rig.nats is not None:
        rig.stop("scheduler")
        # What was taken by those who were killed waits for its lease; time is hurried on.
        rig.write("UPDATE checks_schedule SET inflight_until = 1 WHERE inflight_until > 1")
        until(lambda: rig.rows(under_way) == [(0,)], "the end of every slot")
    for name in list(rig.parts):
        rig.stop(name)


def judge_issues(rig: Rig, sites: Sites) -> None:
    """Each site that was down has one issue with one beginning and one end; no other has any."""
    assert sites.healed.is_set()
    seen = account.outcomes(rig)
    for path, story in account.issues(rig).items():
        is_down = path.startswith("down")
        assert story == (["opened", "resolved"] if is_down else []), path
        assert set(seen[path]) <= ({"ok", "failing"} if is_down else {"ok"}), (path, seen[path])
