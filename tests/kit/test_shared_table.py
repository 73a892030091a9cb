"""The table, shared by real processes that are killed as it comes."""

import os
import subprocess
import sys
import threading
from collections.abc import Iterator

import pytest

from tocsin.kit import shared_table
from tocsin.kit.shared_table import SharedTable
from tocsin.kit.throttle import SlidingWindow

BEGIN = """
import sys
from tocsin.kit import shared_table
from tocsin.kit.throttle import SlidingWindow
shared_table.join(int(sys.argv[1]))
window = SlidingWindow("test", 100, 3600)
"""
HAMMER = "print(sum(window.hit('a').allowed for _ in range(200)))"
HAMMER_ON = "while True: print(window.hit('a').allowed, flush=True)"
HOLD = """
with shared_table.ours().entry(shared_table.owner("test"), "a") as entry:
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def file() -> Iterator[int]:
    """The memory of a table."""
    made = shared_table.create()
    yield made
    os.close(made)


@pytest.fixture
def table(file: int) -> SharedTable:
    """The table as this process has it."""
    return shared_table.joined(file)


def start(file: int, script: str) -> "subprocess.Popen[str]":
    """Run a script in a process that has the table."""
    return subprocess.Popen(
        [sys.executable, "-c", BEGIN + script, str(file)],
        pass_fds=(file,), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip


def test_processes_that_hammer_one_key_get_exactly_the_limit(file: int) -> None:
    processes = [start(file, HAMMER) for _ in range(3)]
    allowed = [int(process.communicate()[0]) for process in processes]
    assert sum(allowed) == 100


def test_nobody_waits_for_a_holder_that_was_killed(file: int, table: SharedTable) -> None:
    hundred = SlidingWindow("test", 100, 3600, table=table)
    with start(file, HOLD) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        allowed: list[bool] = []
        waiting = threading.Thread(target=lambda: allowed.append(hundred.hit("a").allowed))
        waiting.start()
        # It waits, as far as one can see that; that it must is what the test above shows.
        assert allowed == []
        holder.kill()
        waiting.join(30)
        assert allowed == [True]


def test_what_killed_processes_leave_is_no_more_and_no_less(file: int, table: SharedTable) -> None:
    hundred = SlidingWindow("test", 100, 3600, table=table)
    told = 0
    for _ in range(4):
        with start(file, HAMMER_ON) as process:
            assert process.stdout is not None
            first = process.stdout.readline()
            process.kill()
            told += (first + process.stdout.read()).count("True")
    mine = 0
    while hundred.hit("a").allowed:
        mine += 1
    # Each may have died between counting and telling.
    assert 100 - 4 <= told + mine <= 100
    assert hundred.peek("a").remaining == 0


def test_it_is_not_for_others_and_has_no_name(file: int) -> None:
    assert os.fstat(file).st_nlink == 0
    assert os.fstat(file).st_size == shared_table.size()
    # Nobody gets it who was not meant to.
    assert not os.get_inheritable(file)


def test_keys_cannot_be_read_from_it(file: int, table: SharedTable) -> None:
    SlidingWindow("secrets", 5, 60, table=table).hit("token-of-somebody")
    assert b"token-of-somebody" not in os.pread(file, shared_table.size(), 0)


def test_windows_count_no_further_than_an_entry_holds() -> None:
    with pytest.raises(ValueError, match="120"):
        SlidingWindow("test", 121, 60)
