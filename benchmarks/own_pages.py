"""What Lighthouse says of Tocsin's own pages, with Lighthouse and the browser of our own tool.

    python -m benchmarks.own_pages [--only site] [--runs 3] [--days 90]

Fills a demo, serves it by the web role alone on loopback, signs in as the team's owner, and audits
every page as our tool does: as a phone on a slow network (the mobile preset). Goals: performance at
least 95, accessibility and best practices 100. Prints a line a page, and what cost points where
one misses its goal; exits 1 then. With more than one run a page's middle one by performance counts.
Run it on an idle machine: a starved one measures itself. Where Lighthouse's CPU index is below
CALM a page is audited again, at most TRIES times, and then its performance is not judged: that is a
miss as well, named `starved`. Ends what it started, and itself after LIMIT_SECONDS.
"""

import argparse
import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import msgspec

from benchmarks.own_instance import Instance, served, sign_in
from tocsin.probes.contract import ProbeOptions
from tocsin.probes.performance.installation import Installation, find_installation

GOALS = {"performance": 95, "accessibility": 100, "best-practices": 100}
# A machine of two cores that has nothing else to do reaches about 2,000.
CALM = 1000
TRIES = 3
LIMIT_SECONDS = 3600
DRIVER = Path(__file__).with_suffix(".mjs")
ROW = "{:<20} {:>11} {:>13} {:>14} {:>5}  {}"

ENTRANCE = {
    "sign in": "/accounts/login/",
    "sign up": "/accounts/signup/",
    "forgotten password": "/accounts/password/reset/",
    "API reference": "/api-reference",
}
# Those that want a fresh proof of who asks come first: it ages.
SIGNED_IN = {
    "API tokens": "/settings/tokens",
    "MCP": "/settings/mcp",
    "two-factor": "/accounts/2fa/",
    "email": "/accounts/email/",
    "password": "/accounts/password/change/",
    "sessions": "/accounts/sessions/",
    "profile": "/settings/profile",
    "notices": "/notices/",
    "home": "/teams/{team}/",
    "sites": "/teams/{team}/sites",
    "sites import": "/teams/{team}/sites/import",
    "site": "/teams/{team}/sites/{site}/",
    "site checks": "/teams/{team}/sites/{site}/checks",
    "site check": "/teams/{team}/sites/{site}/checks/{check}",
    "site slots": "/teams/{team}/sites/{site}/slots",
    "site settings": "/teams/{team}/sites/{site}/settings",
    "issues": "/teams/{team}/issues",
    "issue": "/teams/{team}/issues/{issue}",
    "monitoring": "/teams/{team}/monitoring",
    "destinations": "/teams/{team}/destinations",
    "new destination": "/teams/{team}/destinations/new/webhook",
    "deliveries": "/teams/{team}/deliveries",
    "reports": "/teams/{team}/reports",
    "report": "/teams/{team}/reports/{site}",
    "team": "/teams/{team}/team",
    "audit": "/teams/{team}/audit",
    "new team": "/teams/new",
}


class PageToAudit(msgspec.Struct, frozen=True):
    """A page, and the Cookie header to ask for it with; empty for nobody's."""

    name: str
    url: str
    cookie: str


class Audited(msgspec.Struct, frozen=True):
    """What one run of Lighthouse gave: where it `ended`, Lighthouse's CPU index,
    scores 0 to 100, what cost points."""

    name: str
    ended: str
    cpu: float
    scores: dict[str, int]
    faults: list[str]


def main() -> int:
    """Run; returns the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", action="append", metavar="PAGE", help="by its name; repeatable")
    parser.add_argument("--runs", type=int, default=1, help="of each page")
    parser.add_argument("--days", type=int, default=90, help="of history in the demo")
    wanted = parser.parse_args()
    names = wanted.only or [*ENTRANCE, *SIGNED_IN]
    if unknown := set(names) - {*ENTRANCE, *SIGNED_IN}:
        parser.error(f"no such page: {', '.join(sorted(unknown))}")
    installation = find_installation(ProbeOptions())
    if not isinstance(installation, Installation):
        sys.exit(installation.message)
    with tempfile.TemporaryDirectory() as folder, served(wanted.days) as instance:
        pages = [each for each in pages_of(instance) if each.name in names]
        print(ROW.format("page", *GOALS, "CPU", "verdict"))
        print(ROW.format("goal", *GOALS.values(), "", ""), flush=True)
        missed = [judge(pages, run) for run in audit(installation, folder, pages, wanted.runs)]
    print("FAIL" if any(missed) else "PASS")
    return 1 if any(missed) else 0


def pages_of(instance: Instance) -> list[PageToAudit]:
    """Sign in and return every page, the entrance last."""
    session, base = sign_in(instance), instance.base
    inside = [
        PageToAudit(name, base + path.format(**session.places), session.cookie)
        for name, path in SIGNED_IN.items()
    ]
    return inside + [PageToAudit(name, base + path, "") for name, path in ENTRANCE.items()]


def judge(pages: Sequence[PageToAudit], found: Audited) -> bool:
    """Print a page's figures; return whether one misses its goal."""
    asked = next(each.url for each in pages if each.name == found.name)
    scores = [found.scores[each] for each in GOALS]
    verdict = _verdict(found, asked)
    print(ROW.format(found.name, *scores, round(found.cpu), verdict), flush=True)
    if found.ended != asked:
        print(f"    asked for {asked}, was shown {found.ended}", flush=True)
    for fault in found.faults if verdict != "ok" else ():
        print(f"    {fault}", flush=True)
    return verdict != "ok"


def _verdict(found: Audited, asked: str) -> str:
    missed = {name for name, goal in GOALS.items() if found.scores[name] < goal}
    if not missed and found.ended == asked:
        return "ok"
    is_starved = missed == {"performance"} and found.ended == asked and found.cpu < CALM
    return "starved" if is_starved else "MISS"


def audit(
    installation: Installation, folder: str, pages: Sequence[PageToAudit], runs: int
) -> Iterator[Audited]:
    """Yield each page's middle run by performance."""
    options = {
        "lighthouse": installation.lighthouse,
        "chromium": installation.chromium,
        "directory": folder,
        "calm": CALM,
        "tries": TRIES,
        "pages": [msgspec.to_builtins(page) for page in pages for _ in range(runs)],
    }
    with driver([installation.node, str(DRIVER), json.dumps(options)]) as process:
        for _ in pages:
            lines = [process.stdout.readline() for _ in range(runs)] if process.stdout else []
            if not all(lines):
                sys.exit("the driver ended early")
            found = [msgspec.json.decode(line, type=Audited) for line in lines]
            yield sorted(found, key=lambda each: each.scores["performance"])[(runs - 1) // 2]


@contextmanager
def driver(command: Sequence[str]) -> Iterator["subprocess.Popen[bytes]"]:
    """Run Node and its browser as one group, and end the group at the end or at the limit."""
    process = subprocess.Popen(command, stdout=subprocess.PIPE, start_new_session=True)
    limit = threading.Timer(LIMIT_SECONDS, os.killpg, (process.pid, signal.SIGKILL))
    limit.start()
    try:
        yield process
    finally:
        limit.cancel()
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGTERM)
        process.wait(timeout=20)


if __name__ == "__main__":
    sys.exit(main())
