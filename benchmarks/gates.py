"""What authorisation, limits and the throttle cost: GET /api/v1/teams/{team} against a bare view.

Both run on the same server (granian, one worker, the same way to Django) against the same database,
in turn. Prints each round, the ratio, and pass or fail:
`python benchmarks/gates.py [--seconds 4] [--rounds 3]`.
"""

import argparse
import contextlib
import os
import re
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
GOAL = 0.5
MOST_QUERIES = 3
USERS, TOKENS_A_USER = 10, 50  # more tokens than the throttle of 120 a minute each can exhaust
CONNECTIONS = 8

ROTATE = """
local tokens = {}
for line in io.lines("%s") do tokens[#tokens + 1] = line end
local turn = 0
request = function()
  turn = turn %% #tokens + 1
  return wrk.format("GET", nil, {["Authorization"] = "Bearer " .. tokens[turn]})
end
"""


def main() -> int:
    """Run; returns the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=int, default=4)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        os.environ["TOCSIN_DATA_DIR"] = folder
        team, tokens = fill_database()
        queries, writes = count_queries(team, tokens[0])
        listing, script = Path(folder, "tokens"), Path(folder, "rotate.lua")
        listing.write_text("\n".join(tokens[1:]) + "\n", encoding="ascii")
        script.write_text(ROTATE % listing, encoding="ascii")
        with served("tocsin.config.asgi:application") as api, served("bare:application") as bare:
            ours, peer = f"{api.url}/api/v1/teams/{team}", f"{bare.url}/teams/{team}"
            ratios = [one_round(ours, peer, script, options.seconds) for _ in range(options.rounds)]
    ratio = statistics.median(ratios)
    passed = ratio >= GOAL and queries <= MOST_QUERIES and writes == 0
    print(f"queries {queries} (at most {MOST_QUERIES}), of which writes {writes} (none)")
    print(f"ratio {ratio:.2f} (median; goal {GOAL})  {'PASS' if passed else 'FAIL'}")
    return 0 if passed else 1


def fill_database() -> tuple[int, list[str]]:
    """Make a team with some people and sites; return its id and the texts of many tokens."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tocsin.config.settings")
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    from tocsin.access.actions import create_token
    from tocsin.access.principal import SYSTEM
    from tocsin.access.tokens import TokenKind
    from tocsin.accounts.models import User
    from tocsin.kit import clock
    from tocsin.sites.models import Site
    from tocsin.teams.models import Membership, Team

    team = Team.objects.create(name="Acme")
    Site.objects.bulk_create(
        Site(team=team, name=f"Site {n}", url=f"https://{n}.example.com", domain="example.com")
        for n in range(100)
    )
    texts = []
    for number in range(USERS):
        user = User.objects.create_user(
            f"user{number}@example.com", name="User", email_verified_at=clock.now()
        )
        role = "member" if number else "owner"
        Membership.objects.create(team=team, user=user, role=role)
        for _ in range(TOKENS_A_USER):
            new = create_token(
                SYSTEM, user=user, kind=TokenKind.API, name="bench", scopes=["teams:read"]
            )
            texts.append(new.plaintext)
    return team.pk, texts


def count_queries(team: int, token: str) -> tuple[int, int]:
    """Return how many queries one request makes, and how many of them write."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    client = Client(SERVER_NAME="127.0.0.1", headers={"authorization": f"Bearer {token}"})
    with CaptureQueriesContext(connection) as queries:
        response = client.get(f"/api/v1/teams/{team}")
    assert response.status_code == 200, response.content
    return len(queries), sum(not each["sql"].startswith("SELECT") for each in queries)


@dataclass(frozen=True, slots=True)
class Serving:
    """A server that answers: its base URL, and its process."""

    url: str
    pid: int


def served(application: str) -> contextlib.AbstractContextManager[Serving]:
    """Run an application on a free port, by one worker of granian."""
    port = free_port()
    command = [sys.executable, "-m", "granian", "--interface", "asgi", "--host", "127.0.0.1"]
    command += ["--port", str(port), "--workers", "1", "--no-ws", "--log-level", "error"]
    return serving([*command, application], port)


@contextlib.contextmanager
def serving(command: Sequence[str], port: int) -> Iterator[Serving]:
    """Run a server until it is no longer needed."""
    server = subprocess.Popen(command, cwd=HERE)
    try:
        wait_for(port)
        yield Serving(f"http://127.0.0.1:{port}", server.pid)
    finally:
        server.terminate()
        try:
            server.wait(10)
        except subprocess.TimeoutExpired:  # it still answers what nobody waits for any more
            server.kill()
            server.wait()


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


def wait_for(port: int, seconds: float = 90) -> None:
    """Wait until something answers HTTP there, whatever it says."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5)
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise TimeoutError(f"nothing answers on port {port}")


def one_round(ours: str, peer: str, script: Path, seconds: int) -> float:
    """Measure both in turn; print and return how ours compares."""
    bare, api = throughput(peer, script, seconds), throughput(ours, script, seconds)
    print(f"bare view {bare:7.0f}/s   api {api:7.0f}/s   ratio {api / bare:.2f}", flush=True)
    return api / bare


def throughput(url: str, script: Path, seconds: int) -> float:
    """Return requests a second; every answer must be a success."""
    command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", "-s", str(script), url]
    output = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    if "Non-2xx" in output or "Socket errors" in output:
        raise RuntimeError(output)
    found = re.search(r"Requests/sec:\s+([\d.]+)", output)
    if found is None:
        raise RuntimeError(output)
    return float(found[1])


if __name__ == "__main__":
    sys.exit(main())
