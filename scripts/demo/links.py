"""The links of the demo's sites: which are dead, since when, and on which page. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from scripts.demo.catalogue import CLOSED_PORT, TLS_PORT, ZONE, DemoSite, Profile
from tocsin.probes.broken_links.findings import finding_id
from tocsin.probes.broken_links.vocabulary import Cause

DAY = 86_400
EVER = 1000.0
STATUS = {Cause.NOT_FOUND: 404, Cause.GONE: 410, Cause.SERVER_ERROR: 500, Cause.BLOCKED: 403}
_WORDS = {
    Cause.NOT_FOUND: "404 Not Found",
    Cause.GONE: "410 Gone",
    Cause.SERVER_ERROR: "500 Internal Server Error",
    Cause.BLOCKED: "403 Forbidden",
    Cause.CONNECT: "Nothing listens there.",
    Cause.TLS: "The certificate is for another name.",
}
_OLD_SHOP = f"http://old.{ZONE}:{CLOSED_PORT}"
_PRESS = f"https://press.{ZONE}:{TLS_PORT}"
STAFF_PATH = "/staff"
_STAFF = f"https://login.{ZONE}:{TLS_PORT}{STAFF_PATH}"


@dataclass(frozen=True, slots=True)
class Link:
    """A link that is dead, or closed to us, from `since` days ago to `until` days ago.

    `target` is a path of the site itself or an address elsewhere. One of a `wave` is dead only
    while the site's story says that it has many.
    """

    target: str
    page: str
    text: str
    cause: Cause
    since: float = EVER
    until: float = 0.0
    wave: bool = False

    def is_dead(self, days_ago: float, *, many: bool) -> bool:
        """Tell whether a crawl lists it that ran so many days ago."""
        return (many or not self.wave) and self.until <= days_ago <= self.since


_STORIES: dict[str, tuple[Link, ...]] = {
    "docs": (
        Link("/guides/install-1", "/guides", "Install version 1", Cause.NOT_FOUND, 71),
        Link(_STAFF, "/about", "For staff", Cause.BLOCKED, 64),
        Link("/downloads/cli-1.4.zip", "/guides", "Command line 1.4", Cause.GONE, 44, 12),
        Link("/search", "/", "Search", Cause.SERVER_ERROR, 24, 17.5),
        Link("/api/v1/orders", "/api", "Orders", Cause.NOT_FOUND, wave=True),
        Link("/api/v1/customers", "/api", "Customers", Cause.NOT_FOUND, wave=True),
        Link("/api/v1/refunds", "/api", "Refunds", Cause.NOT_FOUND, wave=True),
        Link("/guides/webhooks-1", "/guides", "Webhooks, version 1", Cause.GONE, wave=True),
        Link("/examples/basket", "/api", "A basket, step by step", Cause.SERVER_ERROR, wave=True),
        Link(f"{_PRESS}/kit", "/about", "Press kit", Cause.TLS, 2.5),
        Link(f"{_OLD_SHOP}/manual", "/guides", "The old manual", Cause.CONNECT, 1.05),
    ),
    "forum": (
        Link("/threads/812", "/rules", "An older answer", Cause.GONE, 55),
        Link("/members/inactive", "/about", "Members", Cause.NOT_FOUND, 33, 6.5),
        Link(_STAFF, "/rules", "Moderators", Cause.BLOCKED, 80),
        Link("/uploads/size-table.png", "/threads", "Size table", Cause.NOT_FOUND, wave=True),
        Link("/uploads/returns.pdf", "/threads", "Returns form", Cause.NOT_FOUND, wave=True),
        Link("/uploads/colours.png", "/threads", "Colours", Cause.NOT_FOUND, wave=True),
        Link("/uploads/meeting.jpg", "/threads", "The meeting", Cause.NOT_FOUND, wave=True),
        Link("/threads/latest.rss", "/threads", "Feed", Cause.SERVER_ERROR, 0.9),
    ),
}


def crawl(site: DemoSite, word: str, age: float) -> dict[str, Any]:
    """Return the result of a crawl that ran `age` seconds ago, as its probe gives it."""
    listed = [_listed(site, link) for link in dead(site, word, age / DAY)]
    read = len(pages(site))
    return {
        "found": sum(each["confirmed"] for each in listed),
        "crawled": read,
        # Those that count come first.
        "urls": sorted(listed, key=lambda each: not each["confirmed"]),
        "crawl": _told("completed", read, read + len(listed)),
    }


def closed() -> dict[str, Any]:
    """Return the result of a crawl whose start page cannot be read."""
    return {"found": 0, "crawled": 0, "urls": [], "crawl": _told("start_failed", 0, 1)}


def dead(site: DemoSite, word: str, days_ago: float = 0.0) -> Iterator[Link]:
    """Yield the links that a crawl so many days ago lists; `word` "found": there are many."""
    return (link for link in story(site) if link.is_dead(days_ago, many=word == "found"))


def dead_now(site: DemoSite) -> Iterator[Link]:
    """Yield the links that are dead at the demo's moment."""
    return dead(site, "found" if site.profile is Profile.BROKEN_LINKS else "good")


def story(site: DemoSite) -> tuple[Link, ...]:
    """Return every link of a site that is or was dead; most sites have none or one."""
    number = site.number
    days = float(number % 47)
    match number % 5:
        case _ if site.label in _STORIES:
            return _STORIES[site.label]
        case _ if site.profile is Profile.NEW:
            return ()
        case 0:
            return (Link("/offers/spring", "/news", "Spring offers", Cause.NOT_FOUND, 3 + days),)
        case 1:
            until = 2 + days / 2
            return (Link("/jobs/1", "/about", "Join us", Cause.GONE, until + 9, until),)
        case 2:
            export = Link("/export.csv", "/news", "As a table", Cause.SERVER_ERROR, 0.8)
            return (Link(_STAFF, "/about", "For staff", Cause.BLOCKED, 2 + days), export)
    return ()


def pages(site: DemoSite) -> tuple[str, ...]:
    """Return the paths of a site's pages, the start page first."""
    articles = (f"/articles/{number}" for number in range(1, 4 + site.number % 30))
    every = ("/", "/about", "/contact", *(link.page for link in story(site)), *articles)
    return tuple(dict.fromkeys(every))


def address(site: DemoSite, target: str) -> str:
    """Return where a link leads, or a page is."""
    return f"{site.url}{target}" if target.startswith("/") else target


def _listed(site: DemoSite, link: Link) -> dict[str, Any]:
    url = address(site, link.target)
    return {
        "id": finding_id(url),
        "url": url,
        "source": address(site, link.page),
        "status": STATUS.get(link.cause),
        "cause": link.cause.value,
        "text": link.text,
        "confirmed": link.cause.is_dead,
        "message": _WORDS[link.cause],
    }


def _told(reason: str, read: int, checked: int) -> dict[str, Any]:
    return {
        "finish_reason": reason,
        "limits": {"max_pages": 500, "max_depth": 10, "max_seconds": 600.0},
        "links_checked": checked,
        "duration_ms": 310.0 + checked * 190.0,
        "js_rendered": False,
        "robots_blocked": 0,
        "links_dropped": 0,
        "pages_unread": 0,
        "urls_omitted": 0,
    }
