"""How fast the broken-links tool crawls, and what it gets wrong, beside linkchecker and linkinator.

    python benchmarks/crawl.py [--pages 500] [--links 20000] [--rounds 1]

One site of our own on a local nginx is given to all three in the same run, one after the other:
each page links to its neighbours, to files of its own, and here and there to a dead page or to one
of the traps (servers that refuse HEAD, that answer it falsely, or that turn robots away). Without
politeness: the server is ours. Prints links a second, dead links missed and links wrongly called
dead, ratios, memory, and pass or fail. linkchecker comes from PyPI (uvx) and linkinator from npm
(npx), each into a place of its own; nginx is the distribution's package.
"""

import argparse
import asyncio
import contextlib
import csv
import json
import os
import resource
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from tocsin.probes.broken_links.limits import CrawlLimits
from tocsin.probes.broken_links.probe import BrokenLinksProbe
from tocsin.probes.contract import LinksSettings, ProbeOptions, ProbeRequest, Tool

GOALS = {"linkchecker": 5.0, "linkinator": 1.5}
MEMORY_LIMIT_MB = 150
EVERY = 200  # a dead link for so many, and of each trap one for so many
TRAPS = ("refuses-head", "lies-to-head", "turns-robots-away", "asks-for-patience")
# Who has not come to an end by then is taken at what it had done, or at all of it at most.
PEER_SECONDS = 480
# Of its own accord it asks a host a few times a second. It goes faster only where the server's
# answers have a LinkChecker header as well.
LINKCHECKER = "[checking]\nmaxrequestspersecond=100000\nthreads=50\nrecursionlevel=-1\n"
NGINX = """
daemon off; worker_processes 1; pid {dir}/nginx.pid; error_log {dir}/error.log;
events {{ worker_connections 4000; }}
http {{
  access_log off; client_body_temp_path {dir}/body; proxy_temp_path {dir}/proxy;
  fastcgi_temp_path {dir}/f; uwsgi_temp_path {dir}/u; scgi_temp_path {dir}/s;
  keepalive_requests 1000000; types {{ text/html html; }} default_type text/plain;
  server {{
    listen 127.0.0.1:{port}; root {dir}/site; index index.html;
    add_header LinkChecker welcome always;
    location /files/ {{ return 200 "a file"; }}
    location /refuses-head/ {{ if ($request_method = HEAD) {{ return 405; }} return 200 "fine"; }}
    location /lies-to-head/ {{ if ($request_method = HEAD) {{ return 404; }} return 200 "fine"; }}
    location /turns-robots-away/ {{ return 403; }}
    location /asks-for-patience/ {{ return 429; }}
  }}
}}
"""


@dataclass(frozen=True)
class Site:
    """A site on disk: its address, how many distinct links it has, and which are dead."""

    url: str
    links: int
    dead: frozenset[str]


@dataclass(frozen=True)
class Measured:
    """Seconds, links looked at, links called dead, and the most memory held."""

    seconds: float
    links: int
    dead: frozenset[str]
    memory_mb: float = 0.0

    @property
    def rate(self) -> float:
        return self.links / self.seconds


def main() -> int:
    """Run; returns the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=500)
    parser.add_argument("--links", type=int, default=20_000)
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--only", choices=("tocsin", *GOALS), action="append")
    parser.add_argument("--crawl", metavar="URL", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.crawl:
        print(json.dumps(asyncio.run(crawl(options.crawl))))
        return 0
    tools = {name: PEERS[name] for name in options.only or PEERS}
    with tempfile.TemporaryDirectory(prefix="tocsin-crawl-") as name:
        folder = Path(name)
        folder.chmod(0o755)  # nginx' workers are another user
        with served(folder, options.pages, options.links) as site:
            print(f"{options.pages} pages, {site.links} links, {len(site.dead)} dead")
            rounds = [
                {name: measure(name, run, site, folder) for name, run in tools.items()}
                for _ in range(options.rounds)
            ]
    return judge(rounds)


def judge(rounds: list[dict[str, Measured]]) -> int:
    """Hold ratios and memory to the goals."""
    ours = [each["tocsin"] for each in rounds]
    passed = max(each.memory_mb for each in ours) <= MEMORY_LIMIT_MB
    print(f"memory {max(each.memory_mb for each in ours):.0f} MB (at most {MEMORY_LIMIT_MB})")
    for name, goal in GOALS.items():
        ratios = [each["tocsin"].rate / each[name].rate for each in rounds if name in each]
        if ratios:
            ratio = statistics.median(ratios)
            passed = passed and ratio >= goal
            print(f"{ratio:.2f} × {name} (median; goal {goal})")
    print("PASS" if passed else "FAIL")
    return 0 if passed else 1


def measure(name: str, run: Callable[[Site, Path], Measured], site: Site, folder: Path) -> Measured:
    """Let one tool crawl the site and print what came of it."""
    measured = run(site, folder)
    missed, wrong = len(site.dead - measured.dead), len(measured.dead - site.dead)
    print(
        f"{name:12} {measured.rate:8.0f} links/s  {measured.seconds:6.1f} s  "
        f"{measured.links} links  {missed} missed  {wrong} false positives",
        flush=True,
    )
    return measured


def run_tocsin(site: Site, _folder: Path) -> Measured:
    command = [sys.executable, __file__, "--crawl", site.url]
    said = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    found = json.loads(said.stdout)
    return Measured(found["seconds"], found["links"], frozenset(found["dead"]), found["memory_mb"])


async def crawl(url: str) -> dict[str, object]:
    """Crawl in this process; memory is that of the process and of its reading child."""
    limits = CrawlLimits(
        requests_per_second=0,
        connections_per_host=50,
        connections=50,
        confirm_seconds=0,
        default_retry_after=0.01,
    )
    probe = BrokenLinksProbe(ProbeOptions(egress_allow=("127.0.0.0/8",)), limits=limits)
    request = ProbeRequest("b", Tool.BROKEN_LINKS, url, LinksSettings(), time.time() + 800)
    started = time.perf_counter()
    result = await probe(request)
    seconds = time.perf_counter() - started
    await probe.close()
    assert result.result is not None, result.error
    assert result.result["crawl"]["finish_reason"] == "completed", result.result["crawl"]
    usage = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return {
        "seconds": seconds,
        "links": result.result["crawl"]["links_checked"],
        "dead": [each["url"] for each in result.result["urls"] if each["confirmed"]],
        "memory_mb": sum(each.ru_maxrss for each in usage) / 1024,
        "cpu_seconds": sum(each.ru_utime + each.ru_stime for each in usage),
    }


def run_linkchecker(site: Site, folder: Path) -> Measured:
    settings, report = folder / "linkcheckerrc", folder / "linkchecker.csv"
    settings.write_text(LINKCHECKER, encoding="utf-8")
    # As root it becomes nobody, who must be able to write it.
    report.touch()
    report.chmod(0o666)
    tool = ["uvx", "--quiet", "--from", "linkchecker", "linkchecker"]
    subprocess.run([*tool, "--version"], check=True, capture_output=True)
    seconds, _ = timed(
        [*tool, "--config", str(settings), "--no-status", "--verbose", "--output", "none",
         "--file-output", f"csv/utf-8/{report}", site.url],
        folder,
    )  # fmt: skip
    with report.open(encoding="utf-8") as file:
        rows = list(csv.DictReader((line for line in file if line[0] != "#"), delimiter=";"))
    links = {row["url"]: row["valid"] for row in rows}
    return Measured(
        seconds, len(links), frozenset(url for url, valid in links.items() if valid != "True")
    )


def run_linkinator(site: Site, folder: Path) -> Measured:
    home = folder / "npm"
    home.mkdir(exist_ok=True)
    tool = ["npx", "--yes", "--prefix", str(home), "--cache", str(home / "cache"), "linkinator"]
    subprocess.run([*tool, "--version"], check=True, capture_output=True, cwd=home)
    seconds, said = timed([*tool, site.url, "--recurse", "--format", "json"], home)
    if not said.rstrip().endswith("}"):
        return Measured(seconds, site.links, frozenset())
    links = json.loads(said[said.index("{") :])["links"]
    return Measured(
        seconds,
        len({each["url"] for each in links}),
        frozenset(each["url"] for each in links if each["state"] == "BROKEN"),
    )


PEERS = {"tocsin": run_tocsin, "linkchecker": run_linkchecker, "linkinator": run_linkinator}


def timed(command: list[str], folder: Path) -> tuple[float, str]:
    """Run a peer; both end with an error code where they found dead links."""
    started = time.perf_counter()
    output = folder / "peer.out"
    with output.open("w", encoding="utf-8") as file:
        peer = subprocess.Popen(
            command, stdout=file, stderr=subprocess.DEVNULL, cwd=folder, start_new_session=True,
            env={**os.environ, "LC_ALL": "C.UTF-8"},
        )  # fmt: skip
        try:
            peer.wait(PEER_SECONDS)
        except subprocess.TimeoutExpired:
            print(f"{command[0]} did not come to an end within {PEER_SECONDS} s")
            os.killpg(peer.pid, signal.SIGKILL)
            peer.wait()
    return time.perf_counter() - started, output.read_text(encoding="utf-8")


@contextlib.contextmanager
def served(folder: Path, pages: int, links: int) -> Iterator[Site]:
    """Write the site and serve it."""
    nginx = shutil.which("nginx", path="/usr/sbin:/usr/bin")
    if nginx is None:
        sys.exit("nginx is missing: apt install nginx")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    site = write_site(folder / "site", f"http://127.0.0.1:{port}", pages, links)
    settings = folder / "nginx.conf"
    settings.write_text(NGINX.format(dir=folder, port=port), encoding="utf-8")
    server = subprocess.Popen([nginx, "-c", str(settings), "-p", str(folder)])
    try:
        wait_for(port)
        yield site
    finally:
        server.terminate()
        server.wait()


def wait_for(port: int) -> None:
    for _ in range(100):
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.05)
    sys.exit("nginx did not start")


def write_site(root: Path, url: str, pages: int, links: int) -> Site:
    """Write the pages: `links` distinct addresses in all, the pages among them."""
    root.mkdir()
    names = ["", *(f"page-{number}.html" for number in range(1, pages))]
    others = [address(number) for number in range(links - pages)]
    share = len(others) // pages + 1
    for number, name in enumerate(names):
        near = {names[(number * 2 + step) % pages] for step in (1, 2)}
        own = others[number * share : (number + 1) * share]
        anchors = "".join(f'<p><a href="/{each}">to {each}</a></p>\n' for each in (*near, *own))
        file = root / (name or "index.html")
        file.write_text(f"<!doctype html><title>{name}</title>{anchors}", encoding="utf-8")
    dead = frozenset(f"{url}/{each}" for each in others if each.startswith("dead/"))
    return Site(url, links, dead)


def address(number: int) -> str:
    turn, kind = divmod(number, EVERY)
    kinds = ("dead", *TRAPS)
    return f"{kinds[kind]}/{turn}" if kind < len(kinds) else f"files/{number}"


if __name__ == "__main__":
    sys.exit(main())
