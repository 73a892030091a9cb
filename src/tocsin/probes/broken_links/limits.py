"""What a crawl may take, of the site and of us."""

import msgspec

_MIB = 1024 * 1024


class CrawlLimits(msgspec.Struct, frozen=True):
    """Bounds of one crawl: counts, seconds, bytes.

    `requests_per_second` and `connections_per_host` are the politeness owed to a host; a rate of 0
    is none, for servers of one's own. `confirm_seconds` lie between a dead link and the second look
    at it. A page is read up to `page_bytes`, decoded; while `unread_pages` wait for the browser to
    render them, nothing else is begun. Of one site, `max_links` addresses are remembered and
    `max_listed` of them listed, in `max_listed_chars` of text.
    """

    max_pages: int = 500
    max_depth: int = 10
    max_seconds: float = 600.0
    requests_per_second: float = 5.0
    connections_per_host: int = 4
    connections: int = 32
    connect_seconds: float = 5.0
    link_seconds: float = 10.0
    redirects: int = 10
    confirm_seconds: float = 5.0
    longest_crawl_delay: float = 5.0
    longest_retry_after: float = 60.0
    default_retry_after: float = 5.0
    page_bytes: int = 2 * _MIB
    unread_pages: int = 8
    robots_bytes: int = 500 * 1024
    sitemap_bytes: int = 10 * _MIB
    max_sitemaps: int = 10
    max_sitemap_urls: int = 5_000
    max_links: int = 50_000
    max_listed: int = 1_000
    max_listed_chars: int = 300_000
