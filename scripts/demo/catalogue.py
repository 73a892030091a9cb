"""The demo's forty sites: their names, addresses, and what becomes of each."""

from dataclasses import dataclass
from enum import StrEnum

HTTP_PORT = 8480
TLS_PORT = 8443
CLOSED_PORT = 8499
NAME_SERVER_PORT = 8453
ZONE = "demo.localhost"


class Profile(StrEnum):
    """What is, or was, the matter with a site."""

    HEALTHY = "healthy"
    FLAKY = "flaky"  # down now and then, up now
    DOWN = "down"  # answers 503
    REFUSING = "refusing"  # nothing listens
    ACKNOWLEDGED = "acknowledged"  # down, and somebody takes care of it
    SLOW = "slow"
    EXPIRED = "expired"
    EXPIRING = "expiring"
    MISNAMED = "misnamed"  # its certificate is for another name
    MOVED = "moved"  # its DNS records differ from what is expected
    LOST_NAME = "lost_name"  # its name servers do not know it
    BROKEN_LINKS = "broken_links"
    SNOOZED = "snoozed"  # down, and everybody knows
    QUIET = "quiet"  # only its status is watched
    UNSEEN = "unseen"  # our own network failed
    NEW = "new"  # added a moment ago


@dataclass(frozen=True, slots=True)
class DemoSite:
    """One site; `label` is the first part of its name in DNS."""

    name: str
    label: str
    profile: Profile = Profile.HEALTHY
    secure: bool = True
    pinned: bool = False

    @property
    def host(self) -> str:
        """Return its name in DNS."""
        return f"{self.label}.{ZONE}"

    @property
    def number(self) -> int:
        """Return what sets it apart from the others, the same each time."""
        return sum(map(ord, self.label))

    @property
    def pace_ms(self) -> float:
        """Return how long it usually takes to answer."""
        return 780.0 if self.profile is Profile.SLOW else 40.0 + self.number % 180

    @property
    def url(self) -> str:
        """Return its address; all of them end at this machine."""
        if self.profile is Profile.REFUSING:
            return f"http://{self.host}:{CLOSED_PORT}"
        scheme, port = ("https", TLS_PORT) if self.secure else ("http", HTTP_PORT)
        return f"{scheme}://{self.host}:{port}"


SITES = (
    DemoSite("Shop", "shop", Profile.FLAKY, pinned=True),
    DemoSite("Checkout", "checkout", pinned=True),
    DemoSite("Public API", "api", Profile.DOWN, pinned=True),
    DemoSite("Customer portal", "portal", Profile.ACKNOWLEDGED, pinned=True),
    DemoSite("Documentation", "docs", Profile.BROKEN_LINKS),
    DemoSite("Blog", "blog", Profile.EXPIRING),
    DemoSite("Careers", "careers", Profile.EXPIRED),
    DemoSite("Press", "press", Profile.MISNAMED),
    DemoSite("Newsletter", "newsletter", Profile.MOVED),
    DemoSite("Search", "search", Profile.SLOW),
    DemoSite("Media library", "media", Profile.SLOW),
    DemoSite("Images", "images"),
    DemoSite("Sign-in", "login", Profile.FLAKY),
    DemoSite("Billing", "billing"),
    DemoSite("Support", "support", Profile.FLAKY),
    DemoSite("Forum", "forum", Profile.BROKEN_LINKS),
    DemoSite("Wiki", "wiki"),
    DemoSite("Intranet", "intranet", Profile.QUIET, secure=False),
    DemoSite("Staging", "staging", Profile.SNOOZED, secure=False),
    DemoSite("Landing page", "launch", Profile.NEW),
    DemoSite("Partner portal", "partners", Profile.LOST_NAME),
    DemoSite("Returns", "returns"),
    DemoSite("Gift cards", "gifts"),
    DemoSite("Store locator", "stores"),
    DemoSite("Mobile API", "mobile", Profile.FLAKY),
    DemoSite("Webhooks", "hooks"),
    DemoSite("Analytics", "analytics", Profile.UNSEEN),
    DemoSite("Translations", "words"),
    DemoSite("Changelog", "changes"),
    DemoSite("Downloads", "downloads"),
    DemoSite("Package mirror", "mirror", secure=False),
    DemoSite("Code hosting", "code"),
    DemoSite("Builds", "builds", Profile.FLAKY),
    DemoSite("Metrics", "metrics"),
    DemoSite("Mail gateway", "mail"),
    DemoSite("Old shop", "old", Profile.REFUSING, secure=False),
    DemoSite("Campaign", "campaign", Profile.EXPIRING),
    DemoSite("Events", "events"),
    DemoSite("Feedback", "feedback"),
    DemoSite("Prices", "prices", secure=False),
)
