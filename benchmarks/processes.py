"""What processes cost: CPU by thread and peak memory, as the kernel counts them.

python -m benchmarks.processes ROLE…     run Tocsin's roles with threads that the kernel can name
"""

import contextlib
import os
import sys
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from threading import Thread, current_thread

PROC = Path("/proc")
TICKS = os.sysconf("SC_CLK_TCK")
# How the threads of a worker begin their names, and which part of a check they do.
PARTS = {
    "python": "events",
    "tocsin-status": "probe",
    "scheduler": "claim",
    "intake": "intake",
}


def cpu_of_threads(pids: Iterable[int]) -> Counter[str]:
    """Return the CPU seconds of processes by part of the work; threads that ended are missed."""
    found: Counter[str] = Counter()
    for pid in pids:
        for task in (PROC / str(pid) / "task").iterdir():
            name, seconds = _cpu(task)
            found[_part(name)] += seconds
    return found


def cpu_of_family(pid: int) -> float:
    """Return the CPU seconds of a process and of its children, those that ended included."""
    _, total = _cpu(PROC / str(pid), ended_children=True)
    return total + sum(_cpu(PROC / str(child))[1] for child in _children(pid))


def peak_mib(pid: int) -> float:
    """Return the most memory that a process has had resident."""
    lines = (PROC / str(pid) / "status").read_text().splitlines()
    return sum(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1024


def idle_seconds() -> float:
    """Return the CPU seconds that nobody on this machine has wanted since it was started."""
    return int((PROC / "stat").read_text().split()[4]) / TICKS


def _part(name: str) -> str:
    return next((part for begin, part in PARTS.items() if name.startswith(begin)), "rest")


def _children(pid: int) -> list[int]:
    found = []
    for task in (PROC / str(pid) / "task").iterdir():
        found += [int(child) for child in (task / "children").read_text().split()]
    return found


def _cpu(place: Path, *, ended_children: bool = False) -> tuple[str, float]:
    """Return the name of a task and its CPU seconds; none where it has ended meanwhile."""
    try:
        text = (place / "stat").read_text()
    except OSError:
        return "", 0.0
    name = text[text.index("(") + 1 : text.rindex(")")]
    fields = text[text.rindex(")") + 2 :].split()
    ticks = fields[11:15] if ended_children else fields[11:13]
    return name, sum(map(int, ticks)) / TICKS


def _name_threads() -> None:
    """Let the kernel know the names of Python's threads, which it does by itself from 3.14."""
    run = Thread.run

    def named_run(self: Thread) -> None:
        with contextlib.suppress(OSError):
            (PROC / "thread-self" / "comm").write_text(current_thread().name[:15])
        run(self)

    Thread.run = named_run  # type: ignore[method-assign] — for the figures alone


def _main(roles: list[str]) -> int:
    from tocsin.runtime.__main__ import run
    from tocsin.runtime.roles import Role

    _name_threads()
    return run({Role(role) for role in roles})


if __name__ == "__main__":
    sys.exit(_main(sys.argv[1:]))
