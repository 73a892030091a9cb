"""One Chromium kept between looks, driven by Lighthouse through a worker of Node."""

import asyncio
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import msgspec

from tocsin.probes.egress import EgressPolicy, Refusal
from tocsin.probes.performance import processes
from tocsin.probes.performance.filtering_proxy import FilteringProxy
from tocsin.probes.performance.installation import Installation

START_SECONDS = 30.0
# Chromium grows with what it has seen.
MAX_LOOKS = 100
MAX_MEMORY = 4 * 1024**3
MEMORY_INTERVAL = 1.0


class BrowserFailed(Exception):  # noqa: N818 — what became of a look, not a mistake of ours
    """The browser came to no result; `code` says why, in the words of a check's error."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class Look(msgspec.Struct, frozen=True):
    """What one run of Lighthouse gave (its report, trimmed), and what the policy refused."""

    report: dict[str, Any]
    refusals: tuple[Refusal, ...]
    chromium: str


class PageToRender(msgspec.Struct, frozen=True):
    """A page to write down, at most `render` characters of it; the browser says it is `agent`.

    `headers` go to `origin` only.
    """

    url: str
    origin: str
    headers: dict[str, str]
    agent: str
    render: int


class Browser:
    """Looks at one page at a time; starts when first needed and again after a failure."""

    def __init__(
        self, installation: Installation, policy: EgressPolicy, load_seconds: float
    ) -> None:
        self._installation = installation
        self._proxy = FilteringProxy(policy)
        self._load_seconds = load_seconds
        self._process: asyncio.subprocess.Process | None = None
        self._directory = Path()
        self._chromium = ""
        self._looks = 0
        self._used_at = 0.0

    @property
    def idle_seconds(self) -> float:
        """Return for how long it has been kept for nothing; 0 where none runs."""
        return time.monotonic() - self._used_at if self._process else 0.0

    @property
    def pid(self) -> int:
        """Return the process, and the process group, of all that runs in there; 0 for none."""
        return self._process.pid if self._process else 0

    @property
    def refusals(self) -> tuple[Refusal, ...]:
        """Return what the policy refused of the latest page."""
        return tuple(self._proxy.refusals)

    async def version(self, *, seconds: float) -> str:
        """Start it where it does not run and return which Chromium it is. Raises BrowserFailed."""
        try:
            async with asyncio.timeout(seconds):
                if self._process is None:
                    await self._start()
        except TimeoutError:
            await self.close()
            raise BrowserFailed("timeout", "The browser did not start in time.") from None
        return self._chromium

    async def look(self, url: str, origin: str, headers: dict[str, str], *, seconds: float) -> Look:
        """Run Lighthouse once. `headers` go to `origin` only. Raises BrowserFailed."""
        request = {"url": url, "origin": origin, "headers": headers}
        answer = await self._exchange(request, seconds)
        return Look(answer["lhr"], self.refusals, self._chromium)

    async def render(self, page: PageToRender, *, seconds: float) -> str:
        """Return a page's document as it is once its scripts have run. Raises BrowserFailed."""
        answer = await self._exchange(msgspec.to_builtins(page), seconds)
        return str(answer["html"])

    async def close(self) -> None:
        """End the browser with all its processes; the next look starts another."""
        process, self._process = self._process, None
        self._looks = 0
        if process is not None:
            await processes.end(process, self._directory)
        await self._proxy.close()

    async def _exchange(self, request: dict[str, Any], seconds: float) -> dict[str, Any]:
        if self._looks >= MAX_LOOKS:
            await self.close()
        try:
            async with asyncio.timeout(seconds):
                process = self._process or await self._start()
                self._proxy.forget()
                answer = await self._ask(process, request)
        except TimeoutError:
            await self.close()
            raise BrowserFailed("timeout", "The page took too long in the browser.") from None
        except BaseException:
            # Whatever was under way in there, the next page shall not meet it.
            await self.close()
            raise
        self._looks += 1
        self._used_at = time.monotonic()
        if "error" in answer:
            raise BrowserFailed("lighthouse", str(answer["error"].get("message")))
        return answer

    async def _start(self) -> asyncio.subprocess.Process:
        await self._proxy.start()
        self._process, self._directory = await processes.start(
            self._installation, self._proxy.port, self._load_seconds
        )
        async with asyncio.timeout(START_SECONDS):
            ready = await self._read(self._process)
        self._chromium = str(ready.get("chromium", ""))
        return self._process

    async def _ask(
        self, process: asyncio.subprocess.Process, request: dict[str, Any]
    ) -> dict[str, Any]:
        if process.stdin is None:
            raise RuntimeError("The worker was started without a pipe.")
        with suppress(ConnectionError):
            process.stdin.write(msgspec.json.encode(request) + b"\n")
            await process.stdin.drain()
        reading = asyncio.create_task(self._read(process))
        watching = asyncio.create_task(_watch_memory(process.pid))
        try:
            await asyncio.wait({reading, watching}, return_when=asyncio.FIRST_COMPLETED)
            if not reading.done():
                raise BrowserFailed("memory_limit", "The page took more memory than it may.")
            return reading.result()
        finally:
            for task in (reading, watching):
                task.cancel()
            await asyncio.gather(reading, watching, return_exceptions=True)

    async def _read(self, process: asyncio.subprocess.Process) -> dict[str, Any]:
        if process.stdout is None or process.stderr is None:
            raise RuntimeError("The worker was started without pipes.")
        line = await process.stdout.readline()
        if line:
            document: dict[str, Any] = msgspec.json.decode(line)
            return document
        said = " ".join((await process.stderr.read(2000)).decode(errors="replace").split())
        message = f"The browser ended before its answer: {said or 'it said nothing'}"
        raise BrowserFailed("browser_crashed", message)


async def _watch_memory(group: int) -> None:
    """Return once the group holds more than it may."""
    while True:
        await asyncio.sleep(MEMORY_INTERVAL)
        if await asyncio.to_thread(processes.memory_of_group, group) > MAX_MEMORY:
            return
