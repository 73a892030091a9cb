"""One browser for all tests of a process: what costs most is to start one."""

import asyncio
import time
from collections.abc import Coroutine, Iterator
from typing import Any, TypeVar

import pytest

from tests.probes.performance.pages import LOOPBACK
from tocsin.probes.contract import (
    PerformanceSettings,
    ProbeOptions,
    ProbeRequest,
    ProbeResult,
    Tool,
)
from tocsin.probes.egress import EgressPolicy
from tocsin.probes.performance import PerformanceProbe
from tocsin.probes.performance.browser import Browser, PageToRender
from tocsin.probes.performance.installation import Installation, find_installation
from tocsin.probes.performance.norm import CpuNorm

Found = TypeVar("Found")
PATIENCE = 60.0
BROWSERS = 2


class Unhurried(CpuNorm):
    """Takes no machine for starved."""

    def is_starved(self, index: float) -> bool:
        return index <= 0


class Studio:
    """Browsers, and the event loop that they live on."""

    def __init__(self, runner: asyncio.Runner) -> None:
        self._runner = runner
        options = ProbeOptions(egress_allow=LOOPBACK, browsers=BROWSERS)
        self._probe = PerformanceProbe(options, runs=1, load_seconds=3)
        # Tests run beside tests: this machine's usual speed is not theirs to judge.
        self._probe._norm = Unhurried()
        installation = find_installation(options)
        assert isinstance(installation, Installation), installation
        self.browser = Browser(installation, EgressPolicy(LOOPBACK), 3)

    def run(self, story: Coroutine[Any, Any, Found]) -> Found:
        """Run a story on the loop."""
        return self._runner.run(story)

    async def measure(self, url: str, settings: PerformanceSettings | None = None) -> ProbeResult:
        """Measure a page once; as many at once as there are browsers."""
        settings = settings or PerformanceSettings()
        deadline = time.time() + PATIENCE
        return await self._probe(ProbeRequest("check", Tool.PERFORMANCE, url, settings, deadline))

    async def render(self, url: str, origin: str, **headers: str) -> str:
        """Return a page's document once its scripts have run; `X_Key="1"` becomes a header."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        page = PageToRender(url, origin, named, "TocsinBot", 100_000)
        return await self.browser.render(page, seconds=PATIENCE)

    async def close(self) -> None:
        """End the browsers."""
        await self._probe.close()
        await self.browser.close()


@pytest.fixture(scope="session")
def studio() -> Iterator[Studio]:
    with asyncio.Runner() as runner:
        made = Studio(runner)
        yield made
        made.run(made.close())
