"""A site that is slow and full of dead links, and an installation that watches it."""

import json
import subprocess
import sys
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

from tests.runtime.conftest import environment

DEAD = 6
# A phone four times slower than this machine is busy for two seconds.
LINKS = "".join(f'<p><a href="/dead-{number}">dead</a></p>' for number in range(DEAD))
PAGE = f"""<!doctype html><html lang="en"><head><title>Slow</title>
<meta name="viewport" content="width=device-width">
<script>const end = Date.now() + 500; while (Date.now() < end) {{}}</script></head>
<body><h1>Slow</h1>{LINKS}</body></html>"""
INSTALL = """
import json, sys
from tocsin.cli.database import bring_up_to_date
bring_up_to_date()
from tocsin.access.actions import create_token
from tocsin.access.principal import SYSTEM
from tocsin.access.tokens import TokenKind
from tocsin.accounts.actions import create_user
from tocsin.sites.actions import create_site
from tocsin.teams.models import Team
user = create_user(SYSTEM, email="a@example.com", name="A", verified=True)
team = Team.objects.get()
site = create_site(SYSTEM, team, url=sys.argv[1], monitoring_settings=json.loads(sys.argv[2]))
scopes = ("sites:read", "checks:read", "checks:run", "issues:read")
token = create_token(SYSTEM, user=user, kind=TokenKind.API, name="t", scopes=scopes)
print(json.dumps({"site": str(site.pk), "token": token.plaintext}))
"""


class HeavyHandler(BaseHTTPRequestHandler):
    """Answers the page at `/`, and nothing anywhere else."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        found = self.path == "/"
        body = PAGE.encode() if found else b""
        self.send_response(200 if found else 404)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(body)

    def do_HEAD(self) -> None:
        self.do_GET()

    def log_message(self, *args: Any) -> None:
        pass


def install(data_dir: Path, url: str, settings: Mapping[str, Any]) -> dict[str, str]:
    """Make a database with a user whose team watches `url`; return `site` and `token`."""
    made = subprocess.run(
        [sys.executable, "-c", INSTALL, url, json.dumps(settings)],
        env=environment(data_dir), check=True, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    installed: dict[str, str] = json.loads(made.stdout)
    return installed


def ask(port: int, token: str, path: str, body: Any = None) -> Any:
    """Ask the API; return what stands under `data`."""
    request = Request(
        f"http://127.0.0.1:{port}/api/v1{path}",
        data=None if body is None else json.dumps(body).encode(),
        headers={
            "Authorization": f"Bearer {token}",
            "Accept": "application/json",
            "Content-Type": "application/json",
        },
    )
    with urlopen(request, timeout=20) as answer:
        return json.load(answer)["data"]
