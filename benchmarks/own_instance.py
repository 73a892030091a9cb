"""A filled Tocsin on loopback, and a session in it: for benchmarks of whole pages."""

import http.cookiejar
import os
import re
import socket
import subprocess
import sys
import tempfile
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
FILL_SECONDS = 600
START_SECONDS = 60
END_SECONDS = 20
READ_SECONDS = 30
SIGN_IN = "/accounts/login/"
PROVE = "/accounts/reauthenticate/"
UUID = "[0-9a-f]{8}-[0-9a-f-]{27}"
# What the demo says once it is filled.
WORDS = re.compile(r"sign in as (\S+), password: (.+)")
TOKEN = r'name="csrfmiddlewaretoken" value="([^"]+)"'


@dataclass(frozen=True)
class Instance:
    """Where it answers, and who may sign in."""

    base: str
    email: str
    password: str


@dataclass(frozen=True)
class Session:
    """The Cookie header of somebody who signed in; `places` are the ids of what they see.

    Keys: team, site, check, issue.
    """

    cookie: str
    places: dict[str, str]


@contextmanager
def served(days: int) -> Iterator[Instance]:
    """Fill a demo of so many days and serve it, with nothing else that takes the machine's time.

    Exits with words where it cannot be filled or does not start.
    """
    with tempfile.TemporaryDirectory() as folder:
        port, data = _free_port(), Path(folder) / "data"
        base = f"http://127.0.0.1:{port}"
        email, password = _fill(data, port, days)
        serve = ("-m", "tocsin.cli.main", "run", "web", "--port", str(port), "--web-processes", "1")
        variables = os.environ | {"TOCSIN_DATA_DIR": str(data), "TOCSIN_BASE_URL": base}
        with (Path(folder) / "web.log").open("wb") as log:
            web = subprocess.Popen((sys.executable, *serve), env=variables, stdout=log, stderr=log)
        try:
            _wait(f"{base}/healthz")
            yield Instance(base, email, password)
        finally:
            web.terminate()
            web.wait(timeout=END_SECONDS)


def sign_in(instance: Instance) -> Session:
    """Sign in by the form, prove it once more, and look for something to see of each kind."""
    visitor = _Visitor(instance.base)
    proof = {"password": instance.password}
    home = visitor.fill_in(SIGN_IN, proof | {"login": instance.email})
    visitor.fill_in(PROVE, proof)
    # Everybody's own team is older than the one that the demo fills.
    team = max(re.findall(r"/teams/(\d+)/", home), key=int)
    site = visitor.first(f"/teams/{team}/sites", f"/sites/({UUID})")
    check = visitor.first(f"/teams/{team}/sites/{site}/checks", f"/checks/({UUID})")
    issue = visitor.first(f"/teams/{team}/issues", f"/issues/({UUID})")
    places = {"team": team, "site": site, "check": check, "issue": issue}
    return Session(visitor.cookie, places)


class _Visitor:
    """Reads pages and fills in forms, and keeps cookies."""

    def __init__(self, base: str) -> None:
        self._base = base
        self._jar = http.cookiejar.CookieJar()
        cookies = urllib.request.HTTPCookieProcessor(self._jar)
        self._browser = urllib.request.build_opener(cookies)

    @property
    def cookie(self) -> str:
        return "; ".join(f"{each.name}={each.value}" for each in self._jar)

    def read(self, path: str, fields: dict[str, str] | None = None) -> str:
        data = urllib.parse.urlencode(fields).encode() if fields else None
        asked = urllib.request.Request(self._base + path, data)
        with self._browser.open(asked, timeout=READ_SECONDS) as answer:
            text: str = answer.read().decode()
        return text

    def fill_in(self, path: str, fields: dict[str, str]) -> str:
        token = self.first(path, TOKEN)
        return self.read(path, {"csrfmiddlewaretoken": token, **fields})

    def first(self, path: str, pattern: str) -> str:
        found = re.search(pattern, self.read(path))
        return found[1] if found else sys.exit(f"nothing like {pattern} at {path}")


def _fill(data: Path, port: int, days: int) -> tuple[str, str]:
    """Fill a demo; return who may sign in, and the password."""
    wanted = ("--fill-only", "--days", str(days), "--data", str(data), "--port", str(port))
    done = subprocess.run(
        (sys.executable, "-m", "scripts.demo", *wanted),
        cwd=ROOT, stdout=subprocess.PIPE, text=True, timeout=FILL_SECONDS, check=False,
    )  # fmt: skip
    said = WORDS.search(done.stdout)
    if done.returncode or said is None:
        sys.exit(f"the demo was not filled: {done.stdout}")
    return said[1], said[2]


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


def _wait(address: str) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(address, timeout=2):
                return
        except OSError:
            time.sleep(0.2)  # nothing tells when another process is ready
    sys.exit("the web role did not start")
