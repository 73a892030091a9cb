"""How fast the performance tool measures, and how far its scores spread.

    python benchmarks/lighthouse.py [--runs 10] [--at-once 2]

One local page with styles, a script and pictures is measured through the tool's own browsers, kept
between runs as the prober keeps them: first `--runs` times by `--at-once` browsers, timed, then the
spread of all scores. Prints runs a minute, the spread, memory, and pass or fail against the goals:
10 runs a minute at 2 at once on 2 cores, and scores within 0.03. Run it on an idle machine: a
starved one measures itself (it says so by Lighthouse's CPU index).
"""

import argparse
import asyncio
import contextlib
import statistics
import sys
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass

from tocsin.probes.contract import ProbeOptions
from tocsin.probes.egress import EgressPolicy
from tocsin.probes.performance import processes, reading
from tocsin.probes.performance.browser import Browser, Look
from tocsin.probes.performance.installation import Installation, find_installation

GOAL_RUNS_A_MINUTE = 10.0
GOAL_SPREAD = 0.03
LOAD_SECONDS = 45.0
RUN_SECONDS = 120.0
MEMORY_SECONDS = 0.5
PICTURE = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="600" height="300">'
    f'<rect width="600" height="300" fill="teal"/><!--{"x" * 60_000}--></svg>'
)
SCRIPT = """
const list = document.getElementById('list');
for (let number = 0; number < 400; number++) {
  const item = document.createElement('li');
  item.textContent = 'Item ' + number + ' ' + Math.sqrt(number).toFixed(3);
  list.append(item);
}
"""
# A phone's network takes its time for these, so the score is not at its end of the scale.
HEAVY_SCRIPT = f"/*{'x' * 400_000}*/"
STYLE = "body { font: 16px sans-serif; margin: 2rem } li { padding: 2px } img { max-width: 100% }"
PAGE = (
    '<!doctype html><html lang="en"><head><title>A page</title>'
    '<meta name="viewport" content="width=device-width"><link rel="stylesheet" href="/style.css">'
    '<script src="/heavy.js"></script></head><body><h1>A page like others</h1>'
    + "<p>Some words that a reader sees first, as on most pages.</p>" * 200
    + "".join(
        f'<img src="/{n}.svg" width="600" height="300" loading="lazy" alt="">' for n in range(6)
    )
    + '<ul id="list"></ul><script src="/script.js"></script></body></html>'
)
ANSWERS = {
    "/": ("text/html; charset=utf-8", PAGE),
    "/style.css": ("text/css", STYLE),
    "/script.js": ("text/javascript", SCRIPT),
    "/heavy.js": ("text/javascript", HEAVY_SCRIPT),
    **{f"/{number}.svg": ("image/svg+xml", PICTURE) for number in range(6)},
}


@dataclass(frozen=True)
class Measured:
    """All runs, the seconds that they took together, and the most memory held."""

    looks: list[Look]
    seconds: float
    memory_mb: float

    @property
    def runs_a_minute(self) -> float:
        return len(self.looks) / self.seconds * 60

    @property
    def scores(self) -> list[float]:
        return [float(look.report["score"]) for look in self.looks]


def main() -> int:
    """Run; returns the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=10)
    parser.add_argument("--at-once", type=int, default=2)
    options = parser.parse_args()
    installation = find_installation(ProbeOptions())
    if not isinstance(installation, Installation):
        sys.exit(installation.message)
    return judge(asyncio.run(measure(installation, options.runs, options.at_once)))


def judge(measured: Measured) -> int:
    """Print the figures and hold them to the goals."""
    scores = measured.scores
    spread = max(scores) - min(scores)
    index = statistics.median(map(reading.cpu_benchmark, measured.looks))
    print(f"scores {', '.join(f'{score:.2f}' for score in scores)}; CPU index {index:.0f}")
    print(f"{measured.runs_a_minute:.1f} runs a minute (goal {GOAL_RUNS_A_MINUTE:.0f})")
    print(f"spread {spread:.3f} (at most {GOAL_SPREAD})")
    print(f"memory {measured.memory_mb:.0f} MB, shared pages counted for each process")
    passed = measured.runs_a_minute >= GOAL_RUNS_A_MINUTE and spread <= GOAL_SPREAD + 1e-9
    print("PASS" if passed else "FAIL")
    return 0 if passed else 1


async def measure(installation: Installation, runs: int, at_once: int) -> Measured:
    """Measure the page `runs` times by browsers that have started and looked once."""
    policy = EgressPolicy(("127.0.0.0/8",))
    browsers = [Browser(installation, policy, LOAD_SECONDS) for _ in range(at_once)]
    async with served() as url:
        try:
            await asyncio.gather(*(look(browser, url) for browser in browsers))
            memory = [0.0]
            watching = asyncio.create_task(watch_memory(browsers, memory))
            left = list(range(runs))
            started = time.perf_counter()
            found = await asyncio.gather(*(work(browser, url, left) for browser in browsers))
            seconds = time.perf_counter() - started
            watching.cancel()
        finally:
            await asyncio.gather(*(browser.close() for browser in browsers))
    return Measured([each for looks in found for each in looks], seconds, max(memory))


async def work(browser: Browser, url: str, left: list[int]) -> list[Look]:
    looks = []
    while left:
        left.pop()
        looks.append(await look(browser, url))
    return looks


async def look(browser: Browser, url: str) -> Look:
    return await browser.look(url, url, {}, seconds=RUN_SECONDS)


async def watch_memory(browsers: list[Browser], seen: list[float]) -> None:
    """Note now and then how many MB all browsers hold."""
    while True:
        held = sum(processes.memory_of_group(browser.pid) for browser in browsers)
        seen.append(held / 2**20)
        await asyncio.sleep(MEMORY_SECONDS)


@contextlib.asynccontextmanager
async def served() -> AsyncIterator[str]:
    """Serve the page on a free loopback port."""
    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    try:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    finally:
        server.close()


async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
        head = await reader.readuntil(b"\r\n\r\n")
        kind, text = ANSWERS.get(head.decode().split(" ")[1], ("text/plain", ""))
        body = text.encode()
        lines = f"HTTP/1.1 {200 if text else 404} Well\r\nContent-Type: {kind}\r\n"
        lines += f"Content-Length: {len(body)}\r\nConnection: close\r\n\r\n"
        writer.write(lines.encode() + body)
        await writer.drain()
    writer.close()


if __name__ == "__main__":
    sys.exit(main())
