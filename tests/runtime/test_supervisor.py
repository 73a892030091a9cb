"""The supervisor keeps its children, and ends with them."""

import asyncio
import os
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

from tests.runtime.conftest import until
from tocsin.runtime.supervisor import LONGEST_PAUSE, Child, pause_after, supervise

SCRIPT = """
import os, sys, time
from pathlib import Path
from tocsin.runtime import parent
parent.end_with_supervisor()
with Path(sys.argv[1]).open("a") as file:
    file.write(f"{os.getpid()}\\n")
time.sleep(300)
"""


def child(log: Path) -> Child:
    return Child(log.name, ("-c", SCRIPT, str(log)))


def pids(log: Path) -> list[int]:
    return [int(line) for line in log.read_text().splitlines()] if log.exists() else []


def lives(pid: int) -> bool:
    with suppress(ProcessLookupError):
        os.kill(pid, 0)
        # A dead child of a dead parent may still wait for init to notice.
        return "Z" not in Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    return False


async def appears(log: Path, count: int) -> list[int]:
    return await asyncio.to_thread(until, lambda: len(p := pids(log)) >= count and p, "a child")


def test_it_restarts_a_killed_child_and_ends_all_at_the_stop(tmp_path: Path) -> None:
    one, two = tmp_path / "one", tmp_path / "two"

    async def story() -> None:
        stop = asyncio.Event()
        supervising = asyncio.create_task(supervise((child(one), child(two)), stop))
        (first,) = await appears(one, 1)
        (other,) = await appears(two, 1)
        os.kill(first, signal.SIGKILL)
        second = (await appears(one, 2))[1]
        assert not lives(first)
        assert lives(second)
        assert pids(two) == [other]
        stop.set()
        await supervising
        assert not lives(second)
        assert not lives(other)

    asyncio.run(story())


def test_it_takes_its_children_along_when_it_is_killed(tmp_path: Path) -> None:
    log = tmp_path / "child"
    script = (
        "import asyncio, sys\n"
        "from tocsin.runtime.supervisor import Child, supervise\n"
        "child = Child('child', ('-c', sys.argv[1], sys.argv[2]))\n"
        "async def main(): await supervise((child,), asyncio.Event())\n"
        "asyncio.run(main())\n"
    )
    supervisor = subprocess.Popen([sys.executable, "-c", script, SCRIPT, str(log)])
    (pid,) = until(lambda: pids(log), "the child")
    supervisor.kill()
    supervisor.wait()
    until(lambda: not lives(pid), "the child's end")


def test_it_waits_longer_after_each_failure_but_never_forever() -> None:
    pauses = [pause_after(failures) for failures in range(20)]
    assert pauses == sorted(pauses)
    assert pauses[0] < 1
    assert pauses[-1] == LONGEST_PAUSE
