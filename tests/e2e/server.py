"""A Tocsin of its own for browser tests: web and worker, own data directory, mails kept in it."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

import msgspec

from tocsin.kit.outbox import KeptMail

START_SECONDS = 120


@dataclass
class Server:
    """Starts on entry, ends on exit."""

    data: Path
    port: int = 0
    process: subprocess.Popen[bytes] | None = None

    @property
    def base(self) -> str:
        """Passkeys need a name and not an address."""
        return f"http://localhost:{self.port}"

    @property
    def environment(self) -> dict[str, str]:
        """What the server and commands beside it run with."""
        return os.environ | {
            "TOCSIN_DATA_DIR": str(self.data),
            "TOCSIN_BASE_URL": self.base,
            "TOCSIN_EGRESS_ALLOW": "127.0.0.0/8,::1/128",
            # There is none: Lighthouse on each site that a test adds would take the processor from
            # the tests' own browser.
            "TOCSIN_LIGHTHOUSE": str(self.data),
        }

    def __enter__(self) -> Self:
        self.port = _free_port()
        with (self.data / "server.log").open("wb") as log:
            self.process = subprocess.Popen(
                [
                    *(sys.executable, "-m", "tocsin.cli.main", "up"),
                    *("--host", "127.0.0.1", "--port", str(self.port)),
                ],
                env=self.environment,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        try:
            self._wait()
        except BaseException:
            self._end()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._end()

    def _end(self) -> None:
        assert self.process is not None
        self.process.terminate()
        try:
            self.process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def mails_to(self, address: str) -> list[KeptMail]:
        """Return the mails to an address, oldest first."""
        files = sorted((self.data / "outbox").glob("*.json"))
        mails = [msgspec.json.decode(file.read_bytes(), type=KeptMail) for file in files]
        return [mail for mail in mails if address in mail.to]

    def link_to(self, address: str, containing: str) -> str:
        """Return the newest link mailed to an address that contains some text."""
        links = [link for mail in self.mails_to(address) for link in mail.links]
        return next(link for link in reversed(links) if containing in link)

    def _wait(self) -> None:
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            assert self.process is not None
            assert self.process.poll() is None, (self.data / "server.log").read_text()
            if self._is_ready():
                return
            time.sleep(0.1)  # nothing tells when another process is ready
        raise AssertionError((self.data / "server.log").read_text())

    def _is_ready(self) -> bool:
        try:
            with urllib.request.urlopen(
                f"http://127.0.0.1:{self.port}/healthz", timeout=2
            ) as answer:
                ready: bool = answer.status == 200
        except OSError:
            return False
        return ready


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
