"""A NATS server of a test's own."""

import os
import shutil
import signal
import socket
import subprocess
import time
from pathlib import Path

# Debian puts it where only root looks.
PROGRAM = shutil.which("nats-server", path=f"{os.environ.get('PATH', os.defpath)}:/usr/sbin")
NO_SERVER = "No NATS server found; run: sudo apt-get install nats-server"
PATIENCE = 10.0


class NatsServer:
    """A server on a free loopback port, with its store in a directory; it can end and begin."""

    def __init__(self, store: Path, config: Path | None = None) -> None:
        self._store = store
        self._config = config
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Return the address without a user."""
        return f"nats://127.0.0.1:{self.port}"

    def url_of(self, user: str, password: str) -> str:
        """Return the address of a user."""
        return f"nats://{user}:{password}@127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start, and wait until it listens."""
        if PROGRAM is None:
            raise FileNotFoundError(NO_SERVER)
        command = [PROGRAM, "-a", "127.0.0.1", "-p", str(self.port), "-sd", str(self._store)]
        command += ["-js"] if self._config is None else ["-c", str(self._config)]
        self._process = subprocess.Popen(
            command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            try:
                with socket.create_connection(("127.0.0.1", self.port), 1) as probe:
                    if probe.recv(4) == b"INFO":
                        return
            except OSError:
                time.sleep(0.02)
        raise AssertionError("the NATS server does not listen")

    @property
    def pid(self) -> int:
        """Return the id of its process."""
        if self._process is None:
            raise ProcessLookupError
        return self._process.pid

    def kill(self) -> None:
        """End it as a crash would."""
        if self._process is not None:
            self._process.send_signal(signal.SIGKILL)
            self._process.wait()
            self._process = None
