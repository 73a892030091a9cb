"""Take the README's picture, and others on request, of a Tocsin filled with made-up sites.

Starts a server on a data directory of its own, fills it, drives the distribution's Chromium, and
writes PNG files: `docs/images/first-page.png`, and with `--all DIR` every page in both themes and
at phone width. Needs the development environment.
"""

import argparse
import os
import socketserver
import sys
import tempfile
import threading
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

ROOT = Path(__file__).resolve().parent.parent
PICTURE = ROOT / "docs" / "images" / "first-page.png"
CHROMIUM = "/usr/bin/chromium"
FLAGS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
PASSWORD = "correct horse battery staple"
DESK, PHONE = {"width": 1280, "height": 760}, {"width": 390, "height": 844}
COLOURS = 128
VALID = "Valid for 62 more days"
# Name, address, a summary of each tool. One that ends in `!` is failing, in `?` unknown.
SITES = (
    ("Shop", "https://shop.example.com", "200 in 143 ms", VALID, "2 A, 2 AAAA, 1 MX"),
    ("Documentation", "https://docs.example.com", "200 in 88 ms", "9 more days!", "1 A, 1 CNAME"),
    ("Public API", "https://api.example.com", "503 in 1204 ms!", VALID, "2 A, 2 AAAA"),
    ("Blog", "https://blog.example.org", "200 in 212 ms", VALID, "1 A, 1 AAAA, 2 NS"),
    ("Customer portal", "https://portal.example.net", "Our network failed?", VALID, "1 A"),
    ("New landing page", "https://launch.example.net", "", "", ""),
)


def main() -> int:
    """Take the pictures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--all", type=Path, metavar="DIR", help="also every page, into DIR")
    more = parser.parse_args().all
    with tempfile.TemporaryDirectory() as data:
        os.environ |= {"TOCSIN_DATA_DIR": data, "DJANGO_SETTINGS_MODULE": "tocsin.config.settings"}
        base = _start()
        _people_and_sites()
        from playwright.sync_api import sync_playwright

        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
            _first_page(browser, base)
            if more is not None:
                _every_page(browser, base, more)
            browser.close()
    return 0


class _Server(socketserver.ThreadingMixIn, WSGIServer):
    daemon_threads = True


class _Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - its signature
        pass


def _start() -> str:
    import django
    from django.core.management import call_command
    from django.core.wsgi import get_wsgi_application

    django.setup()
    call_command("migrate", verbosity=0)
    server = _Server(("127.0.0.1", 0), _Quiet)
    server.set_app(get_wsgi_application())
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return f"http://localhost:{server.server_port}"


def _people_and_sites() -> None:
    from tocsin.access.principal import SYSTEM
    from tocsin.accounts.actions import create_user
    from tocsin.teams import actions as teams

    ada = create_user(
        SYSTEM, email="ada@example.com", name="Ada Example", password=PASSWORD, verified=True
    )
    ben = create_user(
        SYSTEM, email="ben@example.com", name="Ben Example", password=PASSWORD, verified=True
    )
    team = teams.create_team(SYSTEM, owner_id=ada.pk, name="Example Shop")
    teams.add_member(SYSTEM, team.pk, ben.pk, "member")
    teams.invite(SYSTEM, team.pk, email="cleo@example.com", role="viewer")
    for number, site in enumerate(reversed(SITES)):
        _site(team.pk, number, *site)


def _site(team_id: int, number: int, name: str, url: str, *summaries: str) -> None:
    from tocsin.checks.models import Schedule
    from tocsin.kit import clock
    from tocsin.sites.models import Site

    created = clock.now() + timedelta(seconds=number)
    site = Site.objects.create(
        team_id=team_id, name=name, url=url, domain=url.split("/")[2], created_at=created
    )
    for tool, summary in zip(("status", "ssl", "dns"), summaries, strict=True):
        outcome = {"!": "failing", "?": "unknown"}.get(summary[-1:], "ok" if summary else "")
        Schedule.objects.create(
            site=site,
            tool=tool,
            cadence=60,
            phase=0,
            since=0,
            latest_status="completed" if summary else "",
            latest_outcome=outcome,
            latest_summary=summary.rstrip("!?"),
            latest_at=clock.now() - timedelta(minutes=1 + number) if summary else None,
        )


def _signed_in(browser: "Browser", base: str, size: Any, theme: Any, email: str) -> "Page":
    context = browser.new_context(viewport=size, color_scheme=theme, locale="en-GB")
    page = context.new_page()
    page.goto(f"{base}/accounts/login/")
    page.get_by_label("Email").fill(email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url("**/teams/*/")
    return page


def _first_page(browser: "Browser", base: str) -> None:
    from PIL import Image

    page = _signed_in(browser, base, DESK, "light", "ada@example.com")
    sidebar = page.get_by_role("complementary")
    sidebar.get_by_label("Team:").click()
    sidebar.get_by_role("link", name="Example Shop").click()
    page.wait_for_url("**/teams/3/")
    page.wait_for_load_state("networkidle")
    PICTURE.parent.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=PICTURE)
    with Image.open(PICTURE) as image:
        image.convert("P", palette=Image.Palette.ADAPTIVE, colors=COLOURS).save(
            PICTURE, optimize=True
        )
    page.context.close()
    sys.stdout.write(f"{PICTURE.relative_to(ROOT)}: {PICTURE.stat().st_size // 1000} kB\n")


def _every_page(browser: "Browser", base: str, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    team = "teams/3"
    pages = {
        "home": f"{team}/", "sites": f"{team}/sites", "empty": "teams/1/",
        "team": f"{team}/team", "audit": f"{team}/audit",
        "profile": "settings/profile", "tokens": "settings/tokens", "mcp": "settings/mcp",
        "mfa": "accounts/2fa/", "totp": "accounts/2fa/totp/activate/",
        "sessions": "accounts/sessions/", "email": "accounts/email/",
        "password": "accounts/password/change/", "missing": "nowhere",
    }  # fmt: skip
    for theme in ("light", "dark"):
        for width, size in (("desk", DESK), ("phone", PHONE)):
            page = _signed_in(browser, base, size, theme, "ada@example.com")
            page.goto(f"{base}/settings/tokens")
            page.get_by_label("Password", exact=True).fill(PASSWORD)
            page.get_by_role("button", name="Confirm").click()
            for name, path in pages.items():
                page.goto(f"{base}/{path}")
                page.screenshot(path=folder / f"{name}-{theme}-{width}.png", full_page=True)
            page.context.close()
            outside = browser.new_context(viewport=size, color_scheme=theme).new_page()
            for name in ("login", "signup", "password/reset"):
                outside.goto(f"{base}/accounts/{name}/")
                outside.screenshot(path=folder / f"{Path(name).name}-{theme}-{width}.png")
            outside.context.close()


if __name__ == "__main__":
    raise SystemExit(main())
