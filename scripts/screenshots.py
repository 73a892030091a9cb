"""Take the README's pictures of the demo, and on request one of every page.

Fills a demo in a directory of its own, serves it, drives the distribution's Chromium, and writes
`docs/images/{home,site,issue}-{light,dark}.png`; with `--all DIR` every page in both themes and at
phone width. Needs the development environment.
"""

import argparse
import os
import socketserver
import sys
import tempfile
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer

from scripts.demo import target
from scripts.demo.__main__ import environment

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

ROOT = Path(__file__).resolve().parent.parent
IMAGES = ROOT / "docs" / "images"
CHROMIUM = "/usr/bin/chromium"
FLAGS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
DESK, PHONE = {"width": 1280, "height": 800}, {"width": 390, "height": 844}
THEMES = ("light", "dark")
# A page lays out what is in sight alone, and would be blank below in a picture of its whole length.
LAY_OUT_ALL = """() => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync("* { content-visibility: visible !important }");
  document.adoptedStyleSheets.push(sheet);
}"""
SEED, DAYS = 7, 90
# Seconds that pictures take, of the README's pages and of all.
FEW_TAKE, ALL_TAKE = 150, 600
# A picture stays below 200 kB so.
COLOURS, NO_DITHER = 256, 0
# By name; the values are filled in once the demo is there.
README_PAGES = {
    "home": "/teams/{team}/",
    "site": "/teams/{team}/sites/{site}/",
    "issue": "/teams/{team}/issues/{issue}",
}
# Tools, and the sites whose checks are worth a look.
CHECKED = (
    ("status", "shop"),
    ("ssl", "careers"),
    ("dns", "newsletter"),
    ("broken-links", "docs"),
    ("performance", "search"),
)
OTHER_PAGES = {
    "sites": "/teams/{team}/sites",
    "site-broken-links": "/teams/{team}/sites/{docs}/",
    "site-performance": "/teams/{team}/sites/{search}/",
    "site-down": "/teams/{team}/sites/{old}/",
    "site-certificate": "/teams/{team}/sites/{careers}/",
    "checks": "/teams/{team}/sites/{site}/checks",
    "slots": "/teams/{team}/sites/{site}/slots",
    "site-settings": "/teams/{team}/sites/{site}/settings",
    "check-status": "/check-link/{check_status}",
    "check-ssl": "/check-link/{check_ssl}",
    "check-dns": "/check-link/{check_dns}",
    "check-broken-links": "/check-link/{check_broken_links}",
    "check-performance": "/check-link/{check_performance}",
    "issues": "/teams/{team}/issues",
    "issues-all": "/teams/{team}/issues?status=all",
    "reports": "/teams/{team}/reports",
    "report": "/teams/{team}/reports/{site}",
    "monitoring": "/teams/{team}/monitoring",
    "destinations": "/teams/{team}/destinations",
    "deliveries": "/teams/{team}/deliveries",
    "team": "/teams/{team}/team",
    "audit": "/teams/{team}/audit",
    "notices": "/notices/",
    "profile": "/settings/profile",
    "tokens": "/settings/tokens",
    "mcp": "/settings/mcp",
    "two-factor": "/accounts/2fa/",
    "sessions": "/accounts/sessions/",
    "email": "/accounts/email/",
    "password": "/accounts/password/change/",
    "missing": "/nowhere",
}


def main() -> int:
    """Take the pictures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--all", type=Path, metavar="DIR", help="also every page, into DIR")
    parser.add_argument("--days", type=int, default=DAYS, help="of history")
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, target.serving(Path(folder)) as served:
        os.environ |= environment(Path(folder), served, "http://127.0.0.1:8000")
        values = _filled(wanted.days)
        with _browser() as browser, _serving() as base:
            for theme in THEMES:
                _readme(browser, base, theme, values)
            if wanted.all is not None:
                _put_off(ALL_TAKE)
                _every_page(browser, base, wanted.all, values)
    return 0


def _filled(days: int) -> Mapping[str, Any]:
    """Fill the demo; return its team, its first pinned site and an issue that tells much."""
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    from scripts.demo.catalogue import SITES
    from scripts.demo.fill import fill
    from tocsin.issues.models import Issue
    from tocsin.sites.models import Site

    team = fill(seed=SEED, days=days).team
    _put_off(FEW_TAKE)
    issue = Issue.objects.filter(team=team, status="acknowledged").earliest("opened_at")
    keys = {demo.url: demo.label for demo in SITES}
    sites = {keys[site.url]: site.pk for site in Site.objects.filter(team=team)}
    return {"team": team.pk, "site": sites["shop"], "issue": issue.pk, **sites, **_checks(sites)}


def _checks(sites: Mapping[str, Any]) -> dict[str, Any]:
    """Return each tool's latest check at a site where it has something to tell, by placeholder."""
    from tocsin.checks.models import Schedule

    told = {tool: Schedule.objects.get(site=sites[label], tool=tool) for tool, label in CHECKED}
    return {f"check_{tool.replace('-', '_')}": each.latest_check for tool, each in told.items()}


def _put_off(seconds: int) -> None:
    """Let nothing be due while the pictures are taken: nobody is at work here."""
    from django.db.models import F

    from tocsin.checks.models import Schedule
    from tocsin.kit import clock

    soon = int(clock.timestamp()) + seconds
    Schedule.objects.filter(next_slot__lt=soon).update(next_slot=F("next_slot") + seconds)


class _Server(socketserver.ThreadingMixIn, WSGIServer):
    daemon_threads = True


class _Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - its signature
        pass


@contextmanager
def _serving() -> Iterator[str]:
    from django.core.wsgi import get_wsgi_application

    with _Server(("127.0.0.1", 0), _Quiet) as server:
        server.set_app(get_wsgi_application())
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://localhost:{server.server_port}"
        server.shutdown()


@contextmanager
def _browser() -> Iterator["Browser"]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


def _signed_in(browser: "Browser", base: str, size: Any, theme: Any) -> "Page":
    from scripts.demo.cast import OWNER, PASSWORD

    context = browser.new_context(viewport=size, color_scheme=theme, locale="en-GB")
    page = context.new_page()
    page.goto(f"{base}/accounts/login/")
    page.get_by_label("Email").fill(OWNER)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url("**/teams/*/**")
    return page


def _readme(browser: "Browser", base: str, theme: str, values: Mapping[str, Any]) -> None:
    IMAGES.mkdir(parents=True, exist_ok=True)
    page = _signed_in(browser, base, DESK, theme)
    for name, path in README_PAGES.items():
        page.goto(base + path.format(**values))
        page.wait_for_load_state("networkidle")
        _save(page, IMAGES / f"{name}-{theme}.png")
    page.context.close()


def _save(page: "Page", picture: Path) -> None:
    from PIL import Image

    page.screenshot(path=picture)
    with Image.open(picture) as image:
        # Chooses also the colours that few pixels have: links, a red mark among much grey.
        widely = Image.Quantize.MAXCOVERAGE
        small = image.convert("RGB").quantize(COLOURS, method=widely, kmeans=1, dither=NO_DITHER)
        small.save(picture, optimize=True)
    sys.stdout.write(f"{picture.relative_to(ROOT)}: {picture.stat().st_size // 1000} kB\n")


def _every_page(browser: "Browser", base: str, folder: Path, values: Mapping[str, Any]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for theme in THEMES:
        for width, size in (("desk", DESK), ("phone", PHONE)):
            page = _signed_in(browser, base, size, theme)
            for name, path in (README_PAGES | OTHER_PAGES).items():
                page.goto(base + path.format(**values))
                page.wait_for_load_state("networkidle")
                page.evaluate(LAY_OUT_ALL)
                page.screenshot(path=folder / f"{name}-{theme}-{width}.png", full_page=True)
            page.context.close()
            outside = browser.new_context(viewport=size, color_scheme=theme).new_page()
            for name in ("login", "signup", "password/reset"):
                outside.goto(f"{base}/accounts/{name}/")
                outside.screenshot(path=folder / f"{Path(name).name}-{theme}-{width}.png")
            outside.context.close()


if __name__ == "__main__":
    raise SystemExit(main())
