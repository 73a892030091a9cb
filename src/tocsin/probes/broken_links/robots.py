"""robots.txt: which pages of an origin a robot may read, and how slowly."""

from collections.abc import Iterator
from itertools import islice

from protego import Protego

AGENT = "TocsinBot"
MAX_SITEMAPS = 10


class Robots:
    """The rules of one origin. Without a file everything is allowed (RFC 9309)."""

    def __init__(self, text: str = "") -> None:
        self._rules = Protego.parse(text)

    @classmethod
    def closed(cls) -> "Robots":
        """Make the rules of an origin whose file could not be read: nothing is allowed."""
        return cls("User-agent: *\nDisallow: /")

    def allows(self, url: str) -> bool:
        """Tell whether a page may be read."""
        return self._rules.can_fetch(url, AGENT)

    @property
    def crawl_delay(self) -> float:
        """Return the seconds between requests that the site asks for, 0 where it does not."""
        return self._rules.crawl_delay(AGENT) or 0.0

    @property
    def sitemaps(self) -> Iterator[str]:
        """Yield the sitemaps that the file names, as written."""
        return islice(self._rules.sitemaps, MAX_SITEMAPS)
