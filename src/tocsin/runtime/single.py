"""One worker a data directory, while the bus is within the process."""

import fcntl
from pathlib import Path
from typing import IO


class AlreadyRunning(Exception):  # noqa: N818 — it is a verdict, not a mistake
    """Another process holds the data directory."""


def hold(data_dir: Path) -> IO[str]:
    """Hold the data directory until the returned file is closed or this process ends.

    Raises AlreadyRunning, or OSError where the directory cannot be written.
    """
    file = (data_dir / "worker.lock").open("a", encoding="ascii")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        file.close()
        raise AlreadyRunning(f"Tocsin is running already on the data in {data_dir}.") from None
    return file
